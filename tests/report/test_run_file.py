import dataclasses
import json
import math
import os
import stat

import pytest
from example_records import RECORDS, everything
from hypothesis import HealthCheck, given, settings

from degrade.errors import RunFileError, UsageError
from degrade.findings import Estimate
from degrade.report import run_file

CASES = everything()
SEVERE = CASES["severe"]


@given(RECORDS)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_loading_what_was_dumped_gives_the_same_record(record):
    text = run_file.dump(record)
    assert run_file.load(text) == record
    assert run_file.dump(run_file.load(text)) == text


@pytest.mark.parametrize("name", CASES)
def test_a_real_run_survives_and_stays_ascii(name):
    text = run_file.dump(CASES[name])
    assert run_file.load(text) == CASES[name]
    assert text.isascii()
    assert text.endswith("}\n")


def test_equal_records_give_equal_bytes_whatever_the_order_of_their_maps():
    turned = dataclasses.replace(SEVERE, settings=dict(reversed(SEVERE.settings.items())))
    assert turned == SEVERE
    assert run_file.dump(turned) == run_file.dump(SEVERE)


def test_a_reproducible_dump_says_nothing_of_time_and_machine():
    later = dataclasses.replace(SEVERE, run={"seconds": 99.0})
    text = run_file.dump(later, reproducible=True)
    assert text == run_file.dump(SEVERE, reproducible=True)
    assert "run" not in json.loads(text)
    assert run_file.load(text).run == {}


def test_the_layout_is_the_published_one():
    document = json.loads(run_file.dump(SEVERE))
    assert list(document) == [
        "schema_version", "tool", "settings", "corpora", "comparisons", "trend", "warnings",
        "curves", "metrics", "run",
    ]  # fmt: skip
    assert document["tool"] == {"name": "degrade", "version": "0.1.0"}
    assert document["corpora"][0]["files"][0]["sha256"] == "0f" * 32
    compared = document["comparisons"][0]
    assert compared["verdict"]["families"]["rare n-gram loss"]["metric"] == "rare_loss_3"
    assert compared["findings"][0]["change"]["scale"] == "relative"
    assert compared["evidence"]["lost"][0]["reference_count"] == 41


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_a_number_that_is_none_is_refused_by_its_place(bad):
    first, *rest = SEVERE.comparisons[0].findings
    first = dataclasses.replace(first, reference=Estimate(bad))
    compared = dataclasses.replace(SEVERE.comparisons[0], findings=(first, *rest))
    with pytest.raises(ValueError, match=r"comparisons\[0\]\.findings\[0\]\.reference\.value"):
        run_file.dump(dataclasses.replace(SEVERE, comparisons=(compared,)))


def changed(path, value):
    """Return the severe run as JSON with ``value`` at ``path`` (a deletion if Ellipsis)."""
    document = json.loads(run_file.dump(SEVERE))
    *steps, last = path
    at = document
    for step in steps:
        at = at[step]
    if value is ...:
        del at[last]
    else:
        at[last] = value
    return json.dumps(document)


VERDICT = ("comparisons", 0, "verdict")
FINDING = ("comparisons", 0, "findings", 0)


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (("schema_version",), 3, r"schema_version: 3 cannot be read.*later degrade wrote it"),
        (("schema_version",), 0, r"schema_version: 0 cannot be read, only 1 to 2: no degrade"),
        (("schema_version",), True, r"schema_version: expected a whole number, found true"),
        (("schema_version",), ..., "not a run file of degrade"),
        (("tool", "name"), "other", r"\$\.tool: expected"),
        (("tool", "version"), None, r"\$\.tool\.version: expected a string, found null"),
        (("version",), "1", 'unknown key "version"'),
        (("extra",), 1, r"\$: unknown key 'extra'"),
        (("corpora",), {}, r"\$\.corpora: expected a list, found an object"),
        (("corpora", 0, "documents"), "9", r"corpora\[0\]\.documents: expected a whole number"),
        (("corpora", 0, "documents"), True, r"documents: expected a whole number, found true"),
        (("corpora", 0, "documents"), 1.0, r"documents: expected a whole number, found 1\.0"),
        (("corpora", 0, "exact"), 1, r"exact: expected true or false, found 1"),
        (("corpora", 0, "name"), ..., r"corpora\[0\]: the key 'name' is missing"),
        (("corpora", 0, "files", 0, "bytes"), None, r"files\[0\]\.bytes: .* found null"),
        ((*VERDICT, "level"), "dreadful", r"verdict\.level: expected one of none, minor"),
        ((*VERDICT, "level"), ["none"], r"verdict\.level: expected one of .* found a list"),
        ((*VERDICT, "families", "\x1b[2J"), 3, r"families\['\\x1b\[2J'\]: expected an object"),
        ((*FINDING, "thresholds"), [1, 2], r"thresholds: expected 3 items, found 2"),
        ((*FINDING, "change", "value"), "much", r"change\.value: expected a number, found 'much'"),
        ((*FINDING, "change", "low"), 10**400, r"low: expected a number within range"),
        ((*FINDING, "change"), [], r"findings\[0\]\.change: expected an object, found a list"),
        (("settings", "seed"), [1], r"settings\.seed: expected one of a string, .* found a list"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_place(path, value, words):
    with pytest.raises(RunFileError, match=words) as caught:
        run_file.load(changed(path, value), "run.json")
    assert str(caught.value).startswith("run.json: ")
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "line 1, column 1: not JSON"),
        ("{", "not JSON"),
        ("[]", r"\$: expected an object, found a list"),
        ("null", r"\$: expected an object, found null"),
        ("NaN", "NaN is not a number that JSON has"),
        ('{"a": 1, "a": 2}', "the key 'a' stands twice"),
        (b"\xff\xff\xff", "not JSON"),
        ("[" * 200_000, "not a run file|not JSON"),
        ("9" * 20_000, "not a run file"),
        (run_file.dump(SEVERE)[:-400], "not JSON"),
        (changed((*FINDING, "p"), 1.5).replace("1.5,", "1e999,"), r"\.p: expected a number within"),
    ],
)  # fmt: skip
def test_what_is_no_run_file_is_refused_without_a_traceback(text, words):
    with pytest.raises(RunFileError, match=words):
        run_file.load(text)


def test_a_whole_number_in_a_real_field_is_read_as_real():
    loaded = run_file.load(changed((*FINDING, "change", "value"), -1))
    assert isinstance(loaded.comparisons[0].findings[0].change.value, float)


def test_a_run_file_without_a_trend_is_read():
    assert run_file.load(changed(("trend",), ...)) == SEVERE


def test_a_field_left_out_that_has_a_default_takes_it():
    loaded = run_file.load(changed((*FINDING, "note"), ...))
    assert loaded.comparisons[0].findings[0].note is None


def test_saving_replaces_the_file_whole_and_leaves_nothing_beside_it(tmp_path):
    path = tmp_path / "run.json"
    path.write_text("old")
    run_file.save(SEVERE, path)
    assert run_file.read(path) == SEVERE
    assert os.listdir(tmp_path) == ["run.json"]  # noqa: PTH208 - hidden files too
    umask = os.umask(0)
    os.umask(umask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~umask


def test_a_link_keeps_pointing_where_it_did(tmp_path):
    (tmp_path / "there").mkdir()
    link = tmp_path / "run.json"
    link.symlink_to(tmp_path / "there" / "real.json")
    run_file.save(SEVERE, link)
    assert link.is_symlink()
    assert run_file.read(tmp_path / "there" / "real.json") == SEVERE


def test_a_failed_write_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "run.json"
    path.write_text("old")

    def fail(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(UsageError, match=r"run\.json: cannot be written: No space"):
        run_file.save(SEVERE, path)
    assert path.read_text() == "old"
    assert [item.name for item in tmp_path.iterdir()] == ["run.json"]


@pytest.mark.parametrize("where", ["file/run.json", "."])
def test_a_place_that_cannot_be_written_is_named(tmp_path, where):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(UsageError, match="cannot be written"):
        run_file.save(SEVERE, tmp_path / where)


def test_a_missing_run_file_is_named(tmp_path):
    with pytest.raises(RunFileError, match=r"none\.json: cannot be read: No such file"):
        run_file.read(tmp_path / "none.json")
