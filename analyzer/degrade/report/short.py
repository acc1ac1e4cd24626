"""What a gate says: a few lines, for a commit hook, a test that fails or a log."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from degrade.findings import SEVERITY, Comparison
from degrade.gate import Outcome
from degrade.report import figures
from degrade.report.blocks import NO_TEXT, examples_of, families_of
from degrade.report.escape import plain

WIDTH = 100
_EXAMPLES = 5
_WORDS = {"undecided": "too little text to tell"}


def said(
    name: str, outcome: Outcome, comparison: Comparison | None, reason: str, fail_on: str
) -> list[str]:
    """Return what came of a corpus: its headline, what was lost if it failed, or the reason."""
    lines = [f"{plain(name)}: {_WORDS.get(outcome, outcome)}"]
    if comparison is None:
        return lines + _wrapped(plain(reason), "  ")
    return lines + told(comparison, fail_on)


def told(comparison: Comparison, fail_on: str) -> list[str]:
    """Return the headline of a comparison and, where it fails at ``fail_on``, what was lost."""
    lines = _wrapped(plain(comparison.verdict.headline), "  ")
    if SEVERITY.get(comparison.verdict.level, 0) < SEVERITY[fail_on]:
        return lines
    lines += [
        f"    {row.title}: {row.change} {row.interval} {row.level}"
        for family in families_of(comparison)
        for row in family.rows
        if row.primary and SEVERITY.get(row.level, 0) > 0
    ]
    # Of a baseline without text, those that the candidate does not hold cannot be told.
    known = [row.ngram for row in examples_of(comparison, "lost").rows if row.ngram != NO_TEXT]
    if known:
        said = "; ".join(known[:_EXAMPLES])
        lines += _wrapped(f"In fewer documents than before: {said}", "    ")
    return lines


def advice(
    outcomes: Sequence[Outcome],
    baseline: str,
    renewal: str,
    on_inconclusive: str,
    *,
    each: bool,
    thresholds: str = "[tool.degrade.thresholds] of pyproject.toml",
) -> list[str]:
    """Return how many passed, where ``each`` was judged, and what to do about what did not.

    ``renewal`` is what makes a new ``baseline``; ``thresholds`` says where they are set.
    """
    lines = []
    if each:
        lines += _wrapped(
            f"{figures.count(outcomes.count('passed'))} of {figures.things(len(outcomes), 'file')} "
            f"passed, {figures.count(outcomes.count('failed'))} failed, "
            f"{figures.count(outcomes.count('undecided'))} had too little text to tell."
        )
    if "failed" in outcomes:
        lines += _wrapped(
            f"To see what was lost, in context: degrade compare {plain(baseline)} FILES -o "
            "report.json"
        )
        lines += _wrapped(
            f"If the change is meant, make a new baseline ({plain(renewal)}), or set thresholds "
            f"under {plain(thresholds)}."
        )
    if "undecided" in outcomes and on_inconclusive != "pass":
        more = "together (--together)" if each else "with more text"
        lines += _wrapped(
            f"What is undecided may be checked {more}, or passed (--on-inconclusive pass)."
        )
    return lines


def _wrapped(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(
        text, WIDTH, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
    )


__all__ = ["advice", "said", "told"]
