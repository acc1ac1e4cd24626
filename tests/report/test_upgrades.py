"""Run files that earlier versions wrote."""

import copy
import json
from pathlib import Path

import pytest
from example_records import everything
from jsonschema import Draft202012Validator

from degrade.report import junit, markdown, run_file, tabular, terminal, upgrades

FOLDER = Path(__file__).parent / "runs"
STORED = sorted(FOLDER.glob("*.json"))
SCHEMA = Path(__file__).parents[2] / "docs" / "run-file.schema.json"


def test_there_are_stored_files_of_every_earlier_version():
    versions = {json.loads(path.read_text())["schema_version"] for path in STORED}
    assert versions == set(range(1, upgrades.SCHEMA_VERSION))
    assert set(upgrades.STEPS) == versions


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)
def test_an_old_file_is_read_and_written_as_a_new_one(path):
    record = run_file.read(path)
    assert record.comparisons[0].verdict.level == "moderate"
    document = json.loads(run_file.dump(record))
    Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(document)
    assert document["schema_version"] == upgrades.SCHEMA_VERSION
    # What it held is what it holds.
    old = json.loads(path.read_text())
    assert_within(old["comparisons"], document["comparisons"])
    assert_within(old["corpora"], document["corpora"])


def assert_within(old, new):
    if isinstance(old, dict):
        for key, value in old.items():
            assert_within(value, new[key])
    elif isinstance(old, list):
        for one, other in zip(old, new, strict=True):
            assert_within(one, other)
    else:
        assert old == new


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)
@pytest.mark.parametrize(
    "format_",
    [
        junit.REPORTER,
        markdown.REPORTER,
        tabular.CSV,
        tabular.PARQUET,
        terminal.REPORTER,
        run_file.REPORTER,
    ],
    ids=lambda format_: format_.name,
)
def test_an_old_file_is_shown_in_every_format(path, format_):
    shown = format_.render(run_file.read(path))
    shown = shown if isinstance(shown, bytes) else shown.encode()
    assert b"gen3" in shown


def test_alarms_that_were_not_counted_follow_from_their_rate():
    document = json.loads(run_file.dump(everything()["severe"]))
    document["schema_version"] = 1
    del document["comparisons"][0]["self_check"]["alarms"]
    loaded = run_file.load(json.dumps(document))
    assert loaded == everything()["severe"]
    assert loaded.comparisons[0].self_check.alarms == 2


def test_steps_are_taken_one_after_the_other(monkeypatch):
    taken = []
    monkeypatch.setattr(upgrades, "SCHEMA_VERSION", 4)
    steps = {at: lambda document, at=at: taken.append(at) for at in (1, 2, 3)}
    monkeypatch.setattr(upgrades, "STEPS", steps)
    upgrades.upgrade({}, 2)
    assert taken == [2, 3]


@pytest.mark.parametrize(
    "damage",
    [
        {"comparisons": 3},
        {"comparisons": [3]},
        {"comparisons": [{"findings": {}, "verdict": 1, "evidence": [], "self_check": "x"}]},
        {"comparisons": [{"self_check": {"splits": "x", "false_alarm_rate": None}}]},
    ],
)
def test_a_damaged_old_file_is_refused_and_not_a_crash(damage):
    document = copy.deepcopy(json.loads(STORED[0].read_text())) | damage
    with pytest.raises(run_file.RunFileError, match=r"^run file: \$\."):
        run_file.load(json.dumps(document))
