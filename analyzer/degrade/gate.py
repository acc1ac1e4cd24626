"""Gates: whether a verdict passes, and the exit status that says so."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from degrade.findings import FEWEST_TOKENS, SEVERITY, Comparison

Outcome = Literal["passed", "failed", "undecided"]


def judged(comparison: Comparison, fail_on: str) -> Outcome:
    """Return whether a comparison passes a gate that fails at ``fail_on`` or worse.

    It is undecided where ``fail_on`` is neither shown nor ruled out, unless no loss was found at
    all: a milder loss that is shown must not pass what nothing shown would not.
    """
    verdict, limit = comparison.verdict, SEVERITY[fail_on]
    if SEVERITY.get(verdict.level, 0) >= limit:
        return "failed"
    if verdict.level == "none":
        return "passed"
    if verdict.level == "inconclusive" and comparison.matched_tokens < FEWEST_TOKENS:
        return "undecided"
    if verdict.ruled_out is not None and SEVERITY[verdict.ruled_out] <= limit:
        return "passed"
    return "passed" if _one_family(comparison) and fail_on == "severe" else "undecided"


def _one_family(comparison: Comparison) -> bool:
    """Whether all families but one rule a severe loss out: it takes two to make one."""
    if comparison.verdict.not_computable:
        return False
    judged = [finding for finding in comparison.findings if finding.level is not None]
    return len({finding.family for finding in judged if finding.ruled_out is None}) == 1


def exit_status(outcomes: Iterable[Outcome], on_inconclusive: str) -> int:
    """Return 0 where all passed, 1 where one failed, 3 where one is undecided and that matters.

    ``on_inconclusive`` is what undecided counts as: ``pass``, ``fail``, or ``report``, which is 3.
    """
    found = set(outcomes)
    if "failed" in found or ("undecided" in found and on_inconclusive == "fail"):
        return 1
    return 3 if "undecided" in found and on_inconclusive == "report" else 0
