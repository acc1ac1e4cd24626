"""Bad input of every kind, in both modes: named, counted, and nothing half-written."""

import pytest

KINDS = {
    "truncated-archive": 1,
    "not-utf8": 1,
    "malformed-json": 1,
    "missing-field": 1,
    "empty-file": 1,
    "empty-document": 1,
    "not-text": 1,
}
NAMES = {
    "binary.dat": "not text: a NUL byte",
    "broken.jsonl": "line 2: not JSON",
    "cut.jsonl.gz": "archive ends too early",
    "empty.jsonl": "the file is empty",
    "latin.txt": "byte 0xE9 at offset 3 is not UTF-8",
    "white.jsonl": "line 1: the text is empty",
    "wrong.jsonl": 'no field "text" (fields: content, id); name it with --text-field',
}


@pytest.mark.parametrize(("name", "says"), NAMES.items())
def test_a_bad_file_stops_the_run_with_its_name_and_place(degrade, damaged, tmp_path, name, says):
    target = tmp_path / "out" / "out.profile"
    status, out, err = degrade("profile", damaged / name, "-o", target)
    assert status == 2
    assert name in err
    assert says in err
    assert not out
    assert not target.parent.exists()


def test_skipping_goes_on_and_counts_every_kind(degrade, damaged, tmp_path):
    import degrade as library

    target = tmp_path / "out.profile"
    status, out, _ = degrade("profile", damaged, "--on-error", "skip", "-o", target)
    assert status == 0
    profile = library.Profile.load(target)
    assert dict(profile.skipped) == KINDS
    assert all(f"1 {kind} skipped" in out for kind in KINDS)
    # 120 good ones, the two whole lines of broken.jsonl, the long text, and of the archive as many
    # as it still gives.
    of_archive = profile.documents - 123
    assert 0 < of_archive < 120
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["out.profile"]


def test_the_report_says_what_was_skipped_with_examples(degrade, damaged, samples):
    status, out, _ = degrade("compare", damaged, "gen1", "--on-error", "skip")
    assert status == 0
    assert "7 skipped" in " ".join(out.split())
    assert "latin.txt" in out


def test_the_first_problem_stops_a_folder_with_nothing_written(degrade, damaged, tmp_path):
    status, _, err = degrade("profile", damaged, "-o", tmp_path / "out.profile")
    assert status == 2
    assert "binary.dat" in err
    assert not (tmp_path / "out.profile").exists()
