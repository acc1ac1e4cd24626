"""``degrade evidence``, as a person runs it."""

import csv
import gzip
import io
import json
import re
import shutil

import pytest


@pytest.fixture
def run(degrade, samples, tmp_path):
    """Return a folder with copies of two sample corpora, and the run file of comparing them."""
    for name in ("gen0-heldout", "gen3"):
        (tmp_path / name).mkdir()
        lines = (samples / name / "part-000.jsonl").read_text(encoding="utf-8").split("\n")[:300]
        (tmp_path / name / "part-000.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return tmp_path


@pytest.fixture
def compared(degrade, run, monkeypatch):
    monkeypatch.chdir(run)
    assert degrade("compare", "gen0-heldout", "gen3", "-q", "-o", "run.json")[0] == 0
    return run


def test_ngrams_behind_a_finding_are_shown_in_context(degrade, compared):
    code, out, err = degrade("evidence", "run.json", "--metric", "rare_loss_2", "--limit", "5")
    assert (code, err) == (0, "")
    assert "Once-seen word pairs lost (rare_loss_2): gen3 against gen0-heldout" in out
    assert len(re.findall(r"^  [\d,]+ → 0 ", out, re.MULTILINE)) == 5
    assert "read again, unchanged since the run" in out


@pytest.mark.parametrize(
    "metric",
    ["rare_loss_1", "rare_loss_3", "types_1", "types_2", "shared_4", "simpson", "jsd_1",
     "repetition_4", "terminal_loops", "exact_duplicates"],
)  # fmt: skip
def test_every_such_metric_of_a_run_has_something_to_say(degrade, compared, metric):
    code, out, _ = degrade("evidence", "run.json", "--metric", metric, "--limit", "2")
    assert code == 0
    assert f"({metric}): gen3 against gen0-heldout" in out


def test_a_metric_without_ngrams_names_those_that_have(degrade, compared):
    code, _, err = degrade("evidence", "run.json", "--metric", "hapax_share")
    assert code == 2
    assert "no n-grams or places behind it; in this run, these have: shared_4" in err


def test_names_that_are_not_there_are_answered_with_the_nearest(degrade, compared):
    for arguments, words in (
        (("--metric", "rare_los_2"), "did you mean 'rare_loss_2'"),
        (("--metric", "types_1", "--candidate", "gen4"), "did you mean 'gen3'"),
        (("--metric", "types_1", "--corpus", "gen4=x"), "did you mean 'gen3'"),
        (("--metric", "types_1", "--corpus", "gen3"), "write NAME=PATH"),
        (("--metric", "types_1", "-o", "x.pdf"), "evidence is written as .txt, .json, .csv"),
    ):
        code, _, err = degrade("evidence", "run.json", *arguments)
        assert code == 2
        assert words in err


def test_corpora_are_found_beside_the_run_file_too(degrade, compared, monkeypatch):
    monkeypatch.chdir("/")
    code, out, _ = degrade("evidence", compared / "run.json", "--metric", "types_1")
    assert code == 0
    assert "read again" in out


def test_a_changed_file_is_named_and_not_believed(degrade, compared):
    with (compared / "gen3" / "part-000.jsonl").open("a", encoding="utf-8") as file:
        file.write('\n{"text": "something else"}')
    code, out, _ = degrade("evidence", "run.json", "--metric", "jsd_1")
    assert code == 0
    assert "gen3: changed since the run (another SHA-256): gen3/part-000.jsonl" in out
    assert "what the run file itself holds" in out
    assert "Words that gen3 uses less" in out
    code, out, _ = degrade("evidence", "run.json", "--metric", "jsd_1", "--corpus", "gen3=gen3")
    assert code == 0
    assert "gen3: read from gen3, as given." in out


def test_without_any_text_it_says_what_is_missing(degrade, compared):
    shutil.rmtree(compared / "gen3")
    code, _, err = degrade("evidence", "run.json", "--metric", "repetition_4")
    assert code == 2
    assert "gen3: not there any more: gen3/part-000.jsonl" in err
    assert "--corpus NAME=PATH" in err


def test_a_profile_shows_what_its_documents_hold_and_counts_the_rest(degrade, run, monkeypatch):
    monkeypatch.chdir(run)
    for name in ("gen0-heldout", "gen3"):
        assert degrade("profile", name, "-q", "-o", f"{name}.profile")[0] == 0
    degrade("compare", "gen0-heldout.profile", "gen3.profile", "-q", "-o", "run.json")
    whole = degrade("evidence", "run.json", "--metric", "types_1", "--limit", "4")[1]
    assert "gen3: from a profile, which keeps 300 of its 300 documents as text." in whole
    assert "(text not at hand)" not in whole
    degrade("profile", "gen3", "--no-text", "-q", "-o", "bare.profile")
    code, out, _ = degrade("evidence", "run.json", "--metric", "types_1", "--limit", "4",
                           "--corpus", "gen3=bare.profile")  # fmt: skip
    assert code == 0
    assert "4 of them have no text at hand to show" in out


def test_a_search_shows_only_what_holds_it(degrade, compared):
    out = degrade("evidence", "run.json", "--metric", "rare_loss_2", "--search", "the ")[1]
    found = re.findall(r"^  [\d,]+ → 0 +(.+)$", out, re.MULTILINE)
    assert found
    assert all("the " in each.lower() for each in found)
    nothing = degrade("evidence", "run.json", "--metric", "rare_loss_2", "--search", "qqqq")[1]
    assert "none to show" in nothing


def test_of_several_candidates_the_worst_is_taken_or_the_one_named(degrade, run, monkeypatch):
    monkeypatch.chdir(run)
    shutil.copytree(run / "gen0-heldout", run / "other")
    path = run / "other" / "part-000.jsonl"
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    degrade("compare", "gen0-heldout", "gen3", "other", "-q", "-o", "run.json")
    assert "gen3 against" in degrade("evidence", "run.json", "--metric", "types_1")[1]
    for option in ("--candidate", "--comparison"):
        out = degrade("evidence", "run.json", "--metric", "types_1", option, "other")[1]
        assert "other against gen0-heldout" in out


def test_files_hold_the_same_and_are_the_same_twice(degrade, compared):
    names = ("a.json", "a.csv", "a.txt")
    arguments = ("evidence", "run.json", "--metric", "rare_loss_1", "--limit", "7")
    code, out, err = degrade(*arguments, *(x for name in names for x in ("-o", name)))
    assert (code, out) == (0, "")
    assert "Evidence written to a.json" in err
    first = [(compared / name).read_bytes() for name in names]
    found = json.loads(first[0])
    assert found["schema_version"] == 1
    texts = [each["text"] for each in found["listings"][0]["instances"]]
    assert len(texts) == 7
    rows = list(csv.DictReader(io.StringIO(first[1].decode())))
    assert list(dict.fromkeys(row["text"] for row in rows)) == texts
    assert all(text in first[2].decode() for text in texts)
    degrade(*arguments, *(x for name in names for x in ("-o", name)))
    assert [(compared / name).read_bytes() for name in names] == first


def test_fields_of_the_run_are_read_again_without_being_named(degrade, run, monkeypatch):
    monkeypatch.chdir(run)
    for name in ("gen0-heldout", "gen3"):
        path = run / name / "part-000.jsonl"
        path.write_text(path.read_text(encoding="utf-8").replace('"text"', '"content"'))
    degrade("compare", "gen0-heldout", "gen3", "-q", "-o", "run.json", "--text-field", "content",
            "--limit", "250")  # fmt: skip
    settings = json.loads((run / "run.json").read_text())["settings"]
    assert (settings["text_field"], settings["limit"]) == ("content", 250)
    code, out, _ = degrade("evidence", "run.json", "--metric", "types_1", "--limit", "1")
    assert code == 0
    assert "of 250 in gen3" in out


def test_hostile_text_is_shown_and_does_nothing(degrade, run, monkeypatch):
    monkeypatch.chdir(run)
    evil = "\x1b]0;owned\x07\x1b[31m\u202e=1+1 <script>alert</script> `x`|y @all"
    for name, extra in (("gen0-heldout", f"{evil} zebra "), ("gen3", f"-1+1 {evil} ")):
        path = run / name / "part-000.jsonl"
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
        for row in rows:
            row["text"] = extra + row["text"]
        path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    degrade("compare", "gen0-heldout", "gen3", "-q", "-o", "run.json")
    for metric in ("types_1", "shared_4", "repetition_4", "jsd_1"):
        out = degrade("evidence", "run.json", "--metric", metric, "-o", "a.csv", "-o", "a.txt")
        assert out[0] == 0
        shown = (run / "a.txt").read_text(encoding="utf-8")
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", shown)
        for row in csv.reader(io.StringIO((run / "a.csv").read_text(encoding="utf-8"))):
            for cell in row:
                assert not re.match(r"\s*[=+\-@]", cell)


def test_corpora_of_several_files_and_archives_are_read_again(degrade, run, monkeypatch):
    monkeypatch.chdir(run)
    for name in ("gen0-heldout", "gen3"):
        path = run / name / "part-000.jsonl"
        lines = path.read_text(encoding="utf-8").split("\n")
        path.write_text("\n".join(lines[:100]), encoding="utf-8")
        packed = gzip.compress("\n".join(lines[100:]).encode(), mtime=0)
        (run / name / "part-001.jsonl.gz").write_bytes(packed)
    degrade("compare", "gen0-heldout", "gen3", "-q", "-o", "run.json")
    # A file that was not there then is not of the corpus.
    shutil.copy(run / "gen3" / "part-000.jsonl", run / "gen3" / "part-002.jsonl")
    code, out, _ = degrade("evidence", "run.json", "--metric", "types_1", "--limit", "1")
    assert code == 0
    assert "of 300 in gen0-heldout, of 300 in gen3" in out
    (run / "gen3" / "part-001.jsonl.gz").unlink()
    out = degrade("evidence", "run.json", "--metric", "jsd_1", "--limit", "1")[1]
    assert "gen3: not there any more: gen3/part-001.jsonl.gz." in out
