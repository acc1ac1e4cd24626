"""Gates: whether a verdict passes, and the exit status that says so."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from degrade.findings import FEWEST_TOKENS, SEVERITY, Verdict

Outcome = Literal["passed", "failed", "undecided"]


def judged(verdict: Verdict, matched_tokens: int, fail_on: str) -> Outcome:
    """Return whether a verdict passes a gate that fails at ``fail_on`` or worse.

    It is undecided where nothing was shown and ``fail_on`` itself cannot be ruled out.
    """
    limit = SEVERITY[fail_on]
    if SEVERITY.get(verdict.level, 0) >= limit:
        return "failed"
    if verdict.level != "inconclusive":
        return "passed"
    enough = matched_tokens >= FEWEST_TOKENS
    ruled_out = verdict.ruled_out is not None and SEVERITY[verdict.ruled_out] <= limit
    return "passed" if enough and ruled_out else "undecided"


def exit_status(outcomes: Iterable[Outcome], on_inconclusive: str) -> int:
    """Return 0 where all passed, 1 where one failed, 3 where one is undecided and that matters.

    ``on_inconclusive`` is what undecided counts as: ``pass``, ``fail``, or ``report``, which is 3.
    """
    found = set(outcomes)
    if "failed" in found or ("undecided" in found and on_inconclusive == "fail"):
        return 1
    return 3 if "undecided" in found and on_inconclusive == "report" else 0
