"""The verdict as test results."""

import dataclasses
from xml.etree import ElementTree as ET

import pytest
from example_records import everything, record, severe
from junit_schema import assert_valid

from degrade.report import junit

CASES = everything()


def results(made, fail_on=None):
    """Return the outcome of each test, by suite and metric or verdict."""
    if fail_on:
        made = dataclasses.replace(made, settings={**made.settings, "fail_on": fail_on})
    root = ET.fromstring(junit.REPORTER.render(made))
    assert_valid(root)
    found = {}
    for suite in root:
        for case in suite.findall("testcase"):
            name = case.get("name")
            key = name[name.rindex("(") + 1 : -1] if "(" in name else name
            found[suite.get("name").split()[0], key] = case[0].tag
    return found


@pytest.mark.parametrize("name", CASES)
def test_every_run_is_valid(name):
    assert_valid(ET.fromstring(junit.REPORTER.render(CASES[name])))


def test_a_loss_fails_its_metric_and_the_verdict_and_nothing_else():
    found = results(CASES["severe"])
    assert found["gen5", "Verdict"] == found["gen5", "types_1"] == "failure"
    assert found["gen5", "simpson"] == found["gen5", "jsd_1"] == "system-out"
    assert ("gen5", "mattr") not in found


def test_what_cannot_be_told_or_computed_is_skipped():
    found = results(CASES["undecided"])
    assert set(found.values()) == {"skipped"}
    assert results(CASES["training"])["gen1", "rare_loss_1"] == "skipped"


def test_the_level_to_fail_at_is_that_of_the_gate():
    found = results(CASES["severe"], fail_on="severe")
    assert found["gen5", "types_1"] == "failure"
    assert found["gen5", "rare_loss_1"] == "system-out"


def test_no_test_fails_where_the_verdict_passes():
    # Severe takes two families: a severe metric alone makes a moderate verdict.
    verdict = dataclasses.replace(severe().verdict, level="moderate")
    made = record(dataclasses.replace(severe(), verdict=verdict))
    assert "failure" not in results(made, fail_on="severe").values()
    assert results(made, fail_on="moderate")["gen5", "types_2"] == "failure"


def test_messages_are_in_plain_words():
    root = ET.fromstring(junit.REPORTER.render(CASES["severe"]))
    said = {case.get("name"): case[0].get("message") for case in root.iter("testcase")}
    assert said["Word types at matched size (types_1)"] == (
        "Word types at matched size: gen0-heldout 14,210, gen5 7,375; change -48.1% "
        "[-51.2, -44.8]; 2.6% is noise (severe)"
    )
    assert root[0].find("testcase").get("classname") == "gen5.verdict"
    assert "What" not in said["Verdict"]
    assert "rare words and phrases" in said["Verdict"]


def test_each_comparison_is_a_suite_of_its_own():
    root = ET.fromstring(junit.REPORTER.render(CASES["generations"]))
    assert [suite.get("name") for suite in root] == [
        f"{name} against gen0-heldout" for name in ("gen0", "gen1", "gen5")
    ]


def test_times_are_told_where_the_run_has_them():
    made = dataclasses.replace(CASES["severe"], run={"started": "2026-03-04T05:06:07Z"})
    text = junit.REPORTER.render(made)
    assert 'timestamp="2026-03-04T05:06:07"' in text
    assert "timestamp" not in junit.REPORTER.render(dataclasses.replace(made, run={}))
