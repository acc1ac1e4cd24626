"""What a verdict is called, in a few words and in one."""

from __future__ import annotations

from collections.abc import Mapping

from degrade.findings import Level

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
