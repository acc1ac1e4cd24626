"""What each metric shows and rules out, and what follows for the whole."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from degrade.findings import (
    FEWEST_TOKENS,
    SEVERITY,
    Direction,
    FamilyLevel,
    Finding,
    Level,
)
from degrade.inference.estimates import Estimated
from degrade.inference.jackknife import Contrast
from degrade.inference.scales import badness, mirrored, threshold
from degrade.inference.yardstick import Yardstick
from degrade.metric import Metric

LEVELS: tuple[Level, ...] = ("minor", "moderate", "severe")


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one level-setting metric says at the simultaneous and at its own level."""

    level: Level
    ruled_out: Level | None
    direction: Direction


def judge(metric: Metric, found: Estimated, yardstick: Yardstick) -> Judgement:
    """Return what ``metric`` shows and rules out."""
    if metric.thresholds is None:
        raise ValueError(f"{metric.name} sets no level")
    # At the corner where ratio and difference both lie at their limits, either may rule out by
    # chance: the level is shared out (at full level each, 6 to 8% were measured for 5%).
    correlation = found.correlation if metric.floor is not None else 1.0
    reaches = yardstick.reaches(metric.name, found.contrast, correlation)
    low, high = _worse_interval(metric, found.contrast, reaches.simultaneous)
    bound = _worse_interval(metric, found.contrast, reaches.bound)[1]
    # How far the difference lies beyond the floor: surely for the worse, surely for the better
    # (below 0), and not beyond it for the worse (below 0). Without a floor, ratios alone decide.
    floor_low, floor_high, floor_bound = math.inf, -math.inf, math.inf
    if found.difference is not None and metric.floor is not None:
        reaches = yardstick.reaches(metric.name, found.difference, correlation)
        least, most = _worse_interval(metric, found.difference, reaches.simultaneous)
        floor_low, floor_high = least - metric.floor, most + metric.floor
        floor_bound = _worse_interval(metric, found.difference, reaches.bound)[1] - metric.floor
    level: Level = "none"
    ruled_out: Level | None = None
    for name, limit in zip(LEVELS, metric.thresholds, strict=True):
        edge = threshold(metric, limit)
        # With a floor, ratio and difference must both lie beyond; either suffices to rule out.
        if low > edge and floor_low > 0:
            level = name
        if ruled_out is None and (bound < edge or floor_bound < 0):
            ruled_out = name
    better = high < mirrored(metric, metric.thresholds[0]) and floor_high < 0
    direction: Direction = "worse" if level != "none" else "better" if better else "same"
    if level == "none" and (ruled_out is None or SEVERITY[ruled_out] > SEVERITY["moderate"]):
        level = "inconclusive"
    return Judgement(level, ruled_out, direction)


def seeming(metric: Metric, found: Estimated) -> Level:
    """Return the level that ``metric`` would have were its estimates without error."""
    if metric.thresholds is None:
        raise ValueError(f"{metric.name} sets no level")
    beyond = math.inf
    if found.difference is not None and metric.floor is not None:
        beyond = badness(metric, found.difference.value) - metric.floor
    value = badness(metric, found.contrast.value)
    passed = [
        name
        for name, limit in zip(LEVELS, metric.thresholds, strict=True)
        if value > threshold(metric, limit) and beyond > 0
    ]
    return passed[-1] if passed else "none"


def _worse_interval(metric: Metric, contrast: Contrast, reach: float) -> tuple[float, float]:
    low, high = sorted(badness(metric, end) for end in contrast.within(reach))
    return low, high


@dataclass(frozen=True, slots=True)
class Whole:
    """What the comparison as a whole may be called."""

    level: Level
    ruled_out: Level | None
    direction: Direction
    families: dict[str, FamilyLevel]


def conclude(
    findings: Sequence[Finding], *, blocked: bool, matched_tokens: float, tested: bool
) -> Whole:
    """Return the verdict over the level-setting ``findings``.

    ``blocked`` says that a primary could not be computed where it should have been; ``tested``
    that there were groups enough for errors to be believed.
    """
    families = worst_by_family((f.family, f.metric, f.level) for f in findings if f.level)
    shown_levels = [f.level for f in families.values() if SEVERITY.get(f.level, 0) > 0]
    bounds = [SEVERITY[f.ruled_out] for f in findings if f.ruled_out is not None]
    ruled_out: Level | None = None
    if tested and bounds and not blocked and len(bounds) == len(findings):
        ruled_out = LEVELS[max(bounds) - 1]
    directions = {finding.direction for finding in findings}
    direction: Direction = "same"
    if {"worse", "better"} <= directions:
        direction = "mixed"
    elif "worse" in directions or "better" in directions:
        direction = "worse" if "worse" in directions else "better"
    level: Level = "inconclusive"
    if shown_levels:
        level = max(shown_levels, key=lambda name: SEVERITY[name])
        if level == "severe" and shown_levels.count("severe") < 2:
            level = "moderate"
    elif ruled_out in ("minor", "moderate") and matched_tokens >= FEWEST_TOKENS:
        level = "none"
    return Whole(level, ruled_out, direction, families)


def worst_by_family(levels: Iterable[tuple[str, str, Level]]) -> dict[str, FamilyLevel]:
    """Return the worst level of each family and the metric that has it, of equals the first.

    ``levels`` are of (family, metric, level).
    """
    families: dict[str, FamilyLevel] = {}
    for family, metric, level in levels:
        seen = families.get(family)
        if seen is None or _rank(level) > _rank(seen.level):
            families[family] = FamilyLevel(level, metric)
    return families


def _rank(level: Level) -> float:
    return 0.5 if level == "inconclusive" else SEVERITY[level]
