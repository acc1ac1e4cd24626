"""What passes a gate, what fails it, and what it cannot decide."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from degrade.checking import check_corpus
from degrade.errors import UsageError
from degrade.findings import SEVERITY, Verdict
from degrade.gate import judged

LEVELS = ["inconclusive", "none", "minor", "moderate", "severe"]


def compared(level, ruled_out, findings=(), missing=()):
    verdict = Verdict(level, ruled_out, "worse", False, "", {}, missing)
    return SimpleNamespace(verdict=verdict, matched_tokens=1_000_000, findings=findings)


def found(family, level, ruled_out):
    return SimpleNamespace(family=family, level=level, ruled_out=ruled_out)


@pytest.mark.parametrize(
    ("level", "ruled_out", "fail_on", "outcome"),
    [
        ("none", "moderate", "minor", "passed"),
        ("none", "moderate", "moderate", "passed"),
        ("minor", "moderate", "minor", "failed"),
        ("minor", "moderate", "moderate", "passed"),
        ("minor", "severe", "moderate", "undecided"),
        ("minor", None, "severe", "undecided"),
        ("moderate", "severe", "moderate", "failed"),
        ("moderate", "severe", "severe", "passed"),
        ("severe", None, "severe", "failed"),
        ("inconclusive", "severe", "moderate", "undecided"),
        ("inconclusive", "moderate", "moderate", "passed"),
        ("inconclusive", None, "severe", "undecided"),
    ],
)
def test_what_is_neither_shown_nor_ruled_out_is_undecided(level, ruled_out, fail_on, outcome):
    assert judged(compared(level, ruled_out), fail_on) == outcome


@pytest.mark.parametrize("fail_on", ["minor", "moderate", "severe"])
@pytest.mark.parametrize("ruled_out", [None, "minor", "moderate", "severe"])
def test_more_loss_shown_never_passes_what_less_did_not(ruled_out, fail_on):
    strictness = {"passed": 0, "undecided": 1, "failed": 2}
    shown = [
        level
        for level in LEVELS
        if level != "none"
        and (level == "inconclusive" or ruled_out is None or SEVERITY[level] < SEVERITY[ruled_out])
    ]
    outcomes = [strictness[judged(compared(level, ruled_out), fail_on)] for level in shown]
    assert outcomes == sorted(outcomes)


def test_a_severe_loss_of_one_family_alone_is_no_severe_loss():
    one = [found("diversity", "severe", None), found("repetition", "none", "moderate")]
    assert judged(compared("moderate", None, one), "severe") == "passed"
    assert judged(compared("moderate", None, one, ("types_2",)), "severe") == "undecided"
    two = [*one, found("homogeneity", "moderate", None)]
    assert judged(compared("moderate", None, two), "severe") == "undecided"


def test_a_limit_that_is_none_is_refused_before_anything_is_counted():
    with pytest.raises(UsageError, match="fail_on is minor, moderate or severe, not 'bad'"):
        check_corpus(iter(()), "missing", name="x", fail_on="bad")
