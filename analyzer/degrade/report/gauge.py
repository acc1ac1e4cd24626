"""Changes of unlike metrics on one scale: how far towards their own thresholds."""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass

from degrade.findings import Finding

FIRST, LAST = -1.0, 4.0


@dataclass(frozen=True, slots=True)
class Gauge:
    """A change and its interval in steps of severity.

    0 is no change and 1, 2, 3 are the thresholds of minor, moderate and severe; below 0 is better.
    Ends lie in [-1, 4]: what is further out stands at the end.
    """

    low: float
    value: float
    high: float


def gauge(finding: Finding) -> Gauge | None:
    """Return where ``finding`` stands, or None without thresholds, change or interval."""
    change, marks = finding.change, _marks(finding)
    if change is None or marks is None or change.low is None or change.high is None:
        return None
    ratio = change.scale == "ratio"
    sign = -1 if finding.worse == "lower" else 1
    low, value, high = sorted(
        _steps(sign * (_logarithm(end) if ratio else end), marks)
        for end in (change.low, change.value, change.high)
    )
    return Gauge(low, value, high)


def noise_band(finding: Finding, noise: float | None) -> tuple[float, float] | None:
    """Return the steps between which a change of size ``noise``, either way, lies."""
    marks = _marks(finding)
    if noise is None or marks is None or finding.change is None:
        return None
    size = abs(_logarithm(noise) if finding.change.scale == "ratio" else noise)
    return _steps(-size, marks), _steps(size, marks)


def _marks(finding: Finding) -> list[float] | None:
    """Return the three thresholds as sizes of harm, or None where there are none to stand at."""
    change, thresholds = finding.change, finding.thresholds
    if change is None or thresholds is None or finding.worse == "either":
        return None
    ratio = change.scale == "ratio"
    marks = [abs(_logarithm(mark)) if ratio else abs(mark) for mark in thresholds]
    return marks if 0 < marks[0] < marks[1] < marks[2] < math.inf else None


def _logarithm(ratio: float) -> float:
    return math.log(ratio) if ratio > 0 else -math.inf


def _steps(harm: float, marks: list[float]) -> float:
    """Return ``harm`` on the scale where ``marks`` are 1, 2, 3, linear between them."""
    stops = [0.0, *marks]
    step = bisect_right(stops, harm) - 1
    if step < 0:
        return max(FIRST, harm / marks[0])
    if step == len(marks):
        return min(LAST, step + (harm - stops[step]) / (stops[step] - stops[step - 1]))
    return step + (harm - stops[step]) / (stops[step + 1] - stops[step])
