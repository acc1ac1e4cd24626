"""What a verdict is called, in a few words and in one."""

from __future__ import annotations

from collections.abc import Mapping

from degrade.findings import Level, Verdict

BADGES: Mapping[Level, str] = {
    "none": "no loss found",
    "minor": "minor loss",
    "moderate": "moderate loss",
    "severe": "severe loss",
    "inconclusive": "not enough text to tell",
}

LEVELS: Mapping[Level, str] = {
    "none": "no loss",
    "minor": "minor",
    "moderate": "moderate",
    "severe": "severe",
    "inconclusive": "unclear",
}


def without_measures(verdict: Verdict) -> bool:
    """Return whether no measure that was asked for sets a level, so that no text would tell."""
    undecided = verdict.level == "inconclusive"
    return undecided and not (verdict.families or verdict.not_computable)


def badge_of(verdict: Verdict) -> str:
    """Return what a verdict is called in a few words."""
    return "no verdict" if without_measures(verdict) else BADGES[verdict.level]
