"""``degrade baseline``: the store from the shell, and gates that measure by its entries."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

CORPORA = Path(__file__).resolve().parents[3] / "shared" / "corpora"
LARGE = CORPORA / "standard_ebooks.jsonl.gz"


@pytest.fixture
def project(tmp_path, samples, monkeypatch, degrade):
    """A project with a store of one baseline, by which its gate measures."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "degrade.toml").write_text(
        'store = "baselines"\nmetrics = ["primary"]\n[check]\nbaseline = "human"\n',
        encoding="utf-8",
    )
    monkeypatch.chdir(tmp_path)
    status, out, _ = degrade("baseline", "add", "human", samples / "gen0-heldout", "--note", "Ours")
    assert status == 0
    assert out.startswith("human: ")
    return tmp_path


def profile_in(project):
    (path,) = (project / "baselines").glob("human-*.profile")
    return path


def test_what_was_added_is_listed_and_shown(degrade, project, samples):
    _, out, _ = degrade("baseline", "list")
    (line,) = out.splitlines()
    assert line.split()[0] == "human"
    assert line.endswith("Ours")
    _, out, _ = degrade("baseline", "show", "human")
    said = dict(line.split(maxsplit=1) for line in out.splitlines() if line[:1].strip())
    entry = json.loads((project / "baselines" / "index.json").read_text())["baselines"][0]
    assert said["SHA-256"] == entry["sha256"]
    assert said["note"] == "Ours"
    assert said["source"].startswith(f"{samples / 'gen0-heldout'}: ")
    assert f"{entry['content']['documents']:,} documents" in said["holds"]


def test_a_name_is_a_baseline_and_a_changed_byte_is_refused(degrade, project, samples):
    good, bad = samples / "gen0", samples / "gen5"
    assert degrade("check", good)[0] == 0
    status, out, _ = degrade("check", bad, "--baseline", "human")
    assert status == 1
    # What it says to run can be run: the name stands for the file.
    assert f"degrade compare baselines/{profile_in(project).name} FILES" in " ".join(out.split())
    assert degrade("check", "--each", good / "part-000.jsonl")[0] == 0
    assert degrade("baseline", "verify")[:2] == (0, "baselines: 1 baseline, as added\n")
    path = profile_in(project)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))
    status, out, errors = degrade("check", good)
    assert (status, out) == (2, "")
    assert "damaged or changed: not the baseline 'human'" in errors
    status, out, _ = degrade("baseline", "verify")
    assert status == 1
    assert path.name in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["baseline", "add", "human", "x.profile"], "a baseline 'human' is there"),
        (["baseline", "add", "new", "missing.jsonl"], "missing.jsonl: no such file"),
        (["baseline", "add", "new", "x.profile", "--small"], "--small is for corpora"),
        (["baseline", "show", "humans"], "did you mean 'human'?"),
        (["baseline", "verify", "--store", "nowhere"], "nowhere: no such folder"),
        (["check", "x", "--baseline", "other"], "no baseline 'other'; "),
        (["check", "x", "--store", "nowhere"], "nowhere: no baseline 'human'; it has none"),
    ],
)
def test_what_cannot_be_is_an_error_that_says_why(degrade, project, arguments, said):
    status, out, errors = degrade(*arguments)
    assert (status, out) == (2, "")
    assert said in errors


def test_without_a_store_it_says_how_to_name_one(degrade, tmp_path, monkeypatch):
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    status, _, errors = degrade("baseline", "list")
    assert status == 2
    assert "no store: name its folder or URL by --store" in errors


def test_small_stands_for_its_options_and_those_typed_come_first(degrade, project, samples):
    source = samples / "gen0-heldout"
    small = ["--small", "--limit", "200", "-q"]
    degrade("baseline", "add", "small", source, *small)
    said = ["--metrics", "primary", "--no-text", "--limit", "200", "-q"]
    degrade("baseline", "add", "said", source, *said)
    degrade("baseline", "add", "smaller", source, *small, "--capacity", "2000")
    index = json.loads((project / "baselines" / "index.json").read_text())
    entries = {entry["name"]: entry for entry in index["baselines"]}
    assert entries["small"]["sha256"] == entries["said"]["sha256"]
    assert entries["small"]["content"]["exact"]
    assert not entries["smaller"]["content"]["exact"]
    assert entries["small"]["content"]["sampled_documents"] == 0


@pytest.mark.slow
@pytest.mark.skipif(not LARGE.exists(), reason="the corpus of 56 MB is not in ../shared/corpora")
def test_a_small_baseline_of_56_megabytes_is_at_most_ten(degrade, tmp_path, samples):
    store = tmp_path / "baselines"
    status, _, errors = degrade(
        "baseline", "add", "books", LARGE, "--store", store, "--small", "-q"
    )
    assert (status, errors) == (0, "")
    (path,) = store.glob("books-*.profile")
    assert 2_500_000 < path.stat().st_size <= 10_000_000
    (entry,) = json.loads((store / "index.json").read_text())["baselines"]
    # So many that a gate can pass by them: in all groups, and every n-gram.
    assert entry["content"]["exact"]
    assert entry["content"]["documents"] > 100


def test_by_a_small_baseline_a_gate_passes_and_fails(degrade, tmp_path, samples, monkeypatch):
    from degrade.cli import baseline

    monkeypatch.setattr(baseline, "SMALL_BYTES", 2_500_000)
    store = ("--store", str(tmp_path / "baselines"))
    assert degrade("baseline", "add", "human", "gen0-heldout", "--small", *store, "-q")[0] == 0
    (path,) = (tmp_path / "baselines").glob("human-*.profile")
    # Of all documents, it would be 3.4 MB.
    assert 1_000_000 < path.stat().st_size <= 2_500_000
    (entry,) = json.loads((tmp_path / "baselines" / "index.json").read_text())["baselines"]
    assert entry["content"]["exact"]
    # One in two of 1,200, and four errors of that.
    assert abs(entry["content"]["documents"] - 600) < 70
    at_most = ("--baseline", "human", *store, "--fail-on", "severe")
    assert degrade("check", "gen0", *at_most)[0] == 0
    status, said, _ = degrade("check", "gen5", *at_most)
    assert status == 1
    assert "not at hand" not in said


def test_a_failed_gate_says_how_its_baseline_is_made_anew(degrade, project, samples):
    import re

    status, out, _ = degrade("check", samples / "gen5")
    assert status == 1
    said = " ".join(out.split())
    (command,) = re.findall(r"make a new baseline \(degrade (.*?)\)", said)
    assert command == "baseline add human HUMAN_TEXT --replace --store baselines"
    words = command.replace("HUMAN_TEXT", str(samples / "gen5")).split()
    assert degrade(*words)[0] == 0
    assert degrade("check", samples / "gen5", "--allow-inconclusive")[0] == 0


def test_a_name_in_the_store_stands_for_a_profile_where_one_is_taken(degrade, samples, tmp_path):
    store = ("--store", str(tmp_path / "kept"))
    added = ("baseline", "add", "human", "gen0-heldout", "--limit", "200", *store, "-q")
    assert degrade(*added, "--metrics", "primary")[0] == 0
    status, said, _ = degrade(
        *("compare", "human", "gen5", "--limit", "200", "--self-check", "0"),
        *("--metrics", "types_1", *store),
    )
    assert status == 0
    assert "human" in said
    status, said, _ = degrade("audit", "gen5", "--baseline", "human", *store)
    assert status == 0
    assert "200 documents of the baseline" in " ".join(said.split())
    for command in (("compare", "humane", "gen5"), ("audit", "gen5", "--baseline", "humane")):
        status, said, errors = degrade(*command, *store)
        assert (status, said) == (2, "")
        assert "no baseline 'humane'; did you mean 'human'? known: human" in errors
    status, said, errors = degrade("audit", "gen5", "--baseline", "humane")
    assert (status, said) == (2, "")
    assert "--baseline humane: a profile is meant" in errors
    assert "--store" in errors
