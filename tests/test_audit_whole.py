"""Audits of the whole: against a baseline by the metrics of comparisons, and its bursts."""

import json
import random
from pathlib import Path

import pytest

import degrade
from degrade.report.audit import account_of

SAMPLES = Path(__file__).resolve().parents[1] / "sample_corpora"
PHRASE = "open the amber harbour gate at dusk"


@pytest.fixture(scope="module")
def baseline(tmp_path_factory):
    path = tmp_path_factory.mktemp("baseline") / "human.profile"
    degrade.profile(SAMPLES / "gen0-heldout", metrics=["primary"]).save(path)
    return path


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """Return a corpus of six sources and seven years; one source has a phrase in 40 documents."""
    rng = random.Random(0)
    path = tmp_path_factory.mktemp("planted") / "planted.jsonl"
    lines = (SAMPLES / "gen0" / "part-000.jsonl").read_text("utf-8").splitlines()
    with path.open("w", encoding="utf-8") as file:
        for i, line in enumerate(lines):
            row = {**json.loads(line), "site": f"s{i % 6}", "year": 2015 + i % 7}
            if row["site"] == "s3" and i < 6 * 40:
                words = row["text"].split()
                at = rng.randrange(len(words))
                words[at:at] = PHRASE.split()
                row["text"] = " ".join(words)
            file.write(json.dumps(row) + "\n")
    return path


def test_a_planted_phrase_is_told_with_its_source(planted):
    audit = degrade.audit(planted, source_field="site", time_field="year", bursts=True)
    (burst,) = audit.bursts.found
    assert (burst.source, burst.documents, burst.elsewhere) == ("s3", 40, 0)
    assert PHRASE in burst.text
    # Dealt to all years alike, it is of none.
    assert audit.time.bursts.found == ()
    assert len(audit.time.bins) == 7
    by_year = degrade.audit(planted, source_field="year", bursts=True)
    assert by_year.bursts == audit.time.bursts


def test_bursts_are_looked_for_where_asked_and_only_among_sources(planted):
    assert degrade.audit(planted, source_field="site").bursts is None
    assert degrade.audit(planted, bursts=True).bursts is None


def test_the_whole_is_compared_with_the_baseline_as_compare_does(baseline):
    audit = degrade.audit(SAMPLES / "gen5", baseline=baseline)
    found = {each.metric: each for each in audit.against.findings}
    assert {"types_1", "rare_loss_1", "hapax_share", "power_law_exponent"} <= set(found)
    assert "mauve" not in found
    run = degrade.compare(baseline, SAMPLES / "gen5", metrics=[*found], self_check=0)
    assert audit.against.findings == run.comparisons[0].findings
    assert audit.against.verdict == run.comparisons[0].verdict
    assert audit.against.verdict.level == "severe"
    assert audit.against_note == ""
    headline, *rows = account_of(audit).against
    assert headline == audit.against.verdict.headline
    assert any(row.startswith("Different words (types): -") for row in rows)
    assert degrade.audit(SAMPLES / "gen5").against is None


def test_where_the_baseline_does_not_tell_it_is_said(tmp_path):
    path = tmp_path / "few.profile"
    degrade.profile(["one text is here"], metrics=["types_1"]).save(path)
    audit = degrade.audit(SAMPLES / "gen5", baseline=path)
    assert audit.against is None
    assert "group" in audit.against_note


def test_files_are_told_beside_other_sources(tmp_path):
    rows = [
        {"site": f"s{i % 3}", "text": " ".join(f"{file}{i % several}x{k}" for k in range(12))}
        for file, several in (("a", 300), ("b", 100), ("c", 300))
        for i in range(300)
    ]
    for i, file in enumerate("abc"):
        part = rows[300 * i : 300 * (i + 1)]
        (tmp_path / f"{file}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in part))
    audit = degrade.audit(tmp_path, source_field="site", shards=True)
    assert sorted(source.name for source in audit.sources) == ["s0", "s1", "s2"]
    assert audit.standing_out == ()
    by_file = degrade.audit(tmp_path)
    assert audit.shards == by_file.sources
    assert [Path(each.name).name for each in audit.shards if each.stands_out] == ["b.jsonl"]
    assert account_of(audit).shards == "By file: 1 of 3 files stands out."
    assert degrade.audit(tmp_path, source_field="site").shards == ()
