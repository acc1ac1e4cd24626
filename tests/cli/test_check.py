"""``degrade check``: the gate, its settings, and each way it can end."""

import json
from pathlib import Path

import pytest

POINTER = (
    "version https://git-lfs.github.com/spec/v1\n"
    "oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n"
)


@pytest.fixture(scope="module")
def baseline(tmp_path_factory):
    """The human text of the sample corpora, as a profile."""
    import degrade

    samples = Path(__file__).resolve().parents[2] / "sample_corpora"
    path = tmp_path_factory.mktemp("baseline") / "human.profile"
    degrade.profile(samples / "gen0-heldout").save(path)
    return path


@pytest.fixture
def project(tmp_path, baseline, monkeypatch, samples):
    """A project with a configured gate: one good file, one that is degraded, one that is short."""
    data = tmp_path / "data"
    data.mkdir()
    for name, generation in (("good", "gen0"), ("bad", "gen5")):
        (data / f"{name}.jsonl").write_bytes((samples / generation / "part-000.jsonl").read_bytes())
    lines = (samples / "gen0" / "part-000.jsonl").read_text(encoding="utf-8").splitlines(True)
    (data / "short.jsonl").write_text("".join(lines[:100]), encoding="utf-8")
    (data / "tiny.jsonl").write_text(lines[0], encoding="utf-8")
    (tmp_path / ".git").mkdir()
    (tmp_path / "pyproject.toml").write_text(
        f"[tool.degrade.check]\nbaseline = {json.dumps(str(baseline))}\npaths = ['data']\n",
        encoding="utf-8",
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["data/good.jsonl"], 0, "data/good.jsonl: passed"),
        (["data/bad.jsonl"], 1, "data/bad.jsonl: failed"),
        (["data/short.jsonl"], 3, "data/short.jsonl: too little text to tell"),
        (["data/tiny.jsonl"], 3, "all in one group of documents"),
        (["data/short.jsonl", "--allow-inconclusive"], 0, "too little text to tell"),
        (["data/short.jsonl", "--on-inconclusive", "pass"], 0, "too little text to tell"),
        (["data/short.jsonl", "--on-inconclusive", "fail"], 1, "too little text to tell"),
        (["data/bad.jsonl", "--on-inconclusive", "pass"], 1, "failed"),
        # Of a folder, each of its four files.
        (["--each"], 1, "1 of 4 files passed, 1 failed, 2 had too little text to tell"),
        (["--each", "data/[bg]*.jsonl"], 1, "1 of 2 files passed, 1 failed, 0"),
        (["data/good.jsonl", "data/good.jsonl"], 0, "2 files: passed"),
        (["--each", "data/good.jsonl", "data/tiny.jsonl"], 3, "1 of 2 files passed, 0 failed, 1"),
        (["--each", "data/good.jsonl", "data/bad.jsonl"], 1, "1 of 2 files passed, 1 failed, 0"),
        (["data/missing.jsonl"], 2, None),
        (["data/good.jsonl", "--each", "-o", "x.json"], 2, None),
        (["--config", "missing.toml"], 2, None),
    ],
)
def test_the_exit_status_says_how_it_ended(degrade, project, arguments, status, said):
    code, out, errors = degrade("check", *arguments)
    assert code == status
    if said is None:
        assert errors
    else:
        assert said in out


def test_a_failure_says_what_was_lost_and_what_to_do(degrade, project):
    _, out, _ = degrade("check", "data/bad.jsonl")
    said = " ".join(out.split())
    assert "has lost rare words and phrases" in said
    assert "Different words (types): -47.6% [" in said
    assert "In fewer documents than before:" in said
    assert "make a new baseline" in said


def test_too_little_text_says_how_much_it_takes(degrade, project):
    _, out, _ = degrade("check", "data/short.jsonl")
    assert "tokens of each would decide" in " ".join(out.split())


def test_files_are_pooled_and_a_file_named_twice_counts_once(degrade, project):
    degrade("check", "data/good.jsonl", "data", "data/*.jsonl", "-q", "-o", "run.json")
    (_, candidate) = json.loads(Path("run.json").read_text())["corpora"]
    assert len(candidate["files"]) == 4
    assert candidate["documents"] == 1200 + 1200 + 100 + 1


@pytest.mark.parametrize("how", [{}, {"test": "permutation", "relabelings": 39}])
def test_a_file_among_others_is_judged_as_it_is_alone(project, baseline, how):
    from degrade import check

    files = sorted(Path("data").iterdir())
    judged = check(files, baseline, each=True, self_check=0, **how)
    assert [one.name for one in judged] == [str(file) for file in files]
    for one, file in zip(judged, files, strict=True):
        (alone,) = check([file], baseline, self_check=0, **how)
        assert one.outcome == alone.outcome
        assert one.reason == alone.reason
        if alone.comparison is not None:
            mine, whole = one.comparison.verdict, alone.comparison.verdict
            assert (mine.level, mine.ruled_out) == (whole.level, whole.ruled_out)
        # Of one that failed, all is there to be said.
        if alone.outcome == "failed":
            assert one.comparison.findings == alone.comparison.findings
            assert one.comparison.evidence == alone.comparison.evidence


def test_a_corpus_is_counted_once_for_files_one_by_one(project, samples, baseline):
    from degrade import check

    files = [project / "data" / name for name in ("good.jsonl", "bad.jsonl", "tiny.jsonl")]
    told = []
    judged = check(
        files,
        samples / "gen0-heldout",
        each=True,
        self_check=0,
        progress=lambda name, documents, _: told.append((name, documents)),
    )
    assert [one.outcome for one in judged] == ["passed", "failed", "undecided"]
    kept = check(files, baseline, each=True, self_check=0)
    assert [one.outcome for one in judged] == [one.outcome for one in kept]
    assert sum(documents for name, documents in told if name == "gen0-heldout") == 1200


def test_settings_hold_and_the_command_line_comes_first(degrade, project):
    # Of rare words, too, it could not be told whether the loss is severe: then of two families.
    with Path("pyproject.toml").open("a", encoding="utf-8") as file:
        file.write("fail_on = 'severe'\n[tool.degrade.thresholds]\n")
        for metric in ("types_1", "types_2", "rare_loss_1", "rare_loss_2", "rare_loss_3"):
            file.write(f"{metric} = [0.7, 0.8, 0.9]\n")
    assert degrade("check", "data/bad.jsonl")[0] == 0
    assert degrade("check", "data/bad.jsonl", "--fail-on", "moderate")[0] == 1
    # Of documents alike and one family more, both are severe; the other thresholds stay.
    strict = ["--threshold", "types_1=0.03,0.1,0.25"]
    assert degrade("check", "data/bad.jsonl", *strict)[0] == 1


def test_without_a_baseline_it_says_how_to_make_one(degrade, tmp_path, monkeypatch):
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    status, _, errors = degrade("check", "x.jsonl")
    assert status == 2
    assert "degrade profile HUMAN_TEXT -o baseline.profile" in errors


def test_pointers_of_git_lfs_are_told_from_files(degrade, project):
    Path("data/good.jsonl").write_text(POINTER, encoding="utf-8")
    status, _, errors = degrade("check", "data/good.jsonl")
    assert status == 2
    assert "data/good.jsonl: a Git LFS pointer" in errors
    Path("human.profile").write_text(POINTER, encoding="utf-8")
    status, _, errors = degrade("check", "data/short.jsonl", "--baseline", "human.profile")
    assert status == 2
    assert "human.profile: a Git LFS pointer" in errors


def test_settings_are_the_defaults_of_other_commands_too(degrade, project):
    Path("degrade.toml").write_text("text_field = 'body'\nlimit = 10\n", encoding="utf-8")
    status, _, errors = degrade("profile", "data/good.jsonl", "-o", "x.profile")
    assert status == 2
    assert 'no field "body"' in errors
    status, out, _ = degrade(
        "profile", "data/good.jsonl", "-o", "x.profile", "--text-field", "text"
    )
    assert status == 0
    assert "10 documents" in out


def test_memory_on_the_command_line_stands_for_capacity_in_the_settings(degrade, project):
    Path("degrade.toml").write_text("capacity = 20000\n", encoding="utf-8")
    arguments = ["profile", "data/short.jsonl", "-o", "x.profile", "--metrics", "primary"]
    assert degrade(*arguments, "--memory", "1GB")[0] == 0
    assert degrade(*arguments, "--memory", "1GB", "--capacity", "5")[0] == 2
