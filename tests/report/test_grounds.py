"""What a report says of the test, the self-check and what survived."""

import dataclasses

import pytest
from example_records import everything, severe, trained_on

from degrade.findings import Permutation, SelfCheck
from degrade.report.grounds import certainty_of, grounds_of, survivors_of
from degrade.report.outline import outline

CASES = everything()


def with_(**changes):
    return dataclasses.replace(severe(), **changes)


@pytest.mark.parametrize(
    ("rate", "words"),
    [(0.0, "none of these"), (0.01, "1 of these"), (0.07, "7 of these")],
)
def test_alarms_of_the_self_check_are_counted(rate, words):
    check = SelfCheck(100, 32, 60_000, round(100 * rate), rate)
    (said,) = certainty_of(with_(self_check=check, permutation=None))
    assert said == (
        "How sure (self-check): gen0-heldout was split in random halves 100 times and compared "
        f"with itself in the same way; {words} would have been called a loss ({100 * rate:.0f}%)."
    )


def test_a_self_check_that_could_not_be_made_says_why():
    check = SelfCheck(0, note="no self-check: too few groups")
    assert certainty_of(with_(self_check=check)) == ["No self-check: too few groups."]


def test_nothing_is_said_of_what_was_not_asked_for():
    assert grounds_of(with_(self_check=None, permutation=None)) == []
    assert certainty_of(with_(self_check=None)) == []
    assert survivors_of(severe()) is None


def test_relabelings_are_told_with_their_groups():
    drawn = with_(self_check=None, permutation=Permutation(1_000, False, 32, 1))
    assert grounds_of(drawn) == [
        "P-values and intervals come from the true and 999 random ways of telling 32 groups of "
        "documents from 1 others."
    ]
    every = with_(self_check=None, permutation=Permutation(256, True, 8, 8), paired=True)
    assert grounds_of(every) == [
        "Both corpora have clusters of documents in common, so they are compared in pairs, "
        "cluster by cluster.",
        "P-values and intervals come from all 256 ways to tell 8 groups of documents from 8 "
        "others.",
    ]


def test_survivors_stand_beside_what_chance_would_leave():
    found = survivors_of(trained_on())
    assert found.rows == (
        ("8,032 words", "once", "81.1% [80.0, 82.2]", "60.2%"),
        ("1 word triple", "4 to 7 times", "100.0% [98.0, 100.0]", "98.4%"),
    )
    assert "Outside the verdict" in found.note


def test_noise_stands_in_the_row_in_the_unit_of_its_change():
    (section,) = outline(CASES["severe"]).sections
    noise = {row.metric: row.noise for block in section.families for row in block.rows}
    assert noise["types_1"] == "2.6%"
    assert noise["rare_loss_3"] == "2.7%"
    assert noise["shared_4"] == "x1.44"
    assert noise["jsd_1"] == "0.001 nats"
    assert noise["types_2"] == ""
    legend = " ".join(outline(CASES["severe"]).legend)
    assert "noise: what chance alone would change at most in 95% of cases" in legend
    assert "scaled to the errors of this comparison" in legend
    assert "noise" not in " ".join(outline(CASES["unharmed"]).legend)
