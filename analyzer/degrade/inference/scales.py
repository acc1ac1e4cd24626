"""From a metric's own scale to the unit in which changes and thresholds are written."""

from __future__ import annotations

import math

from degrade.errors import UsageError
from degrade.findings import Change, Scale
from degrade.metric import Declaration


def shown(metric: Declaration, theta: float) -> float:
    """Return a contrast on the metric's scale in the unit of its thresholds."""
    if metric.scale == "loss":
        return 1.0 - math.exp(theta)
    if metric.scale != "log":
        return theta
    return math.exp(theta) if metric.threshold_unit == "ratio" else math.expm1(theta)


def change(metric: Declaration, value: float, interval: tuple[float, float] | None) -> Change:
    """Return the change that a report shows."""
    scale: Scale = metric.threshold_unit
    if interval is None:
        return Change(shown(metric, value), None, None, scale)
    low, high = sorted(shown(metric, end) for end in interval)
    return Change(shown(metric, value), low, high, scale)


def worsening(metric: Declaration) -> float:
    """Return the sign of a change for the worse on the metric's scale."""
    return -1.0 if metric.scale == "loss" or metric.worse == "lower" else 1.0


def badness(metric: Declaration, theta: float) -> float:
    """Return a contrast on a scale where more is worse and no change is 0."""
    return worsening(metric) * theta


def threshold(metric: Declaration, limit: float) -> float:
    """Return a threshold, written in the metric's unit, on the scale of ``badness``."""
    if metric.scale == "loss":
        return -math.log1p(-limit)
    if metric.scale != "log":
        return limit
    if metric.threshold_unit == "ratio":
        return math.log(limit)
    return -math.log1p(-limit) if metric.worse == "lower" else math.log1p(limit)


def mirrored(metric: Declaration, limit: float) -> float:
    """Return the change for the better as large as ``limit``, on the scale of ``badness``."""
    if metric.scale == "log" and metric.threshold_unit == "relative":
        return -math.log1p(limit) if metric.worse == "lower" else math.log1p(-min(limit, 0.99))
    if metric.scale == "loss":
        return -math.log1p(limit)
    return -threshold(metric, limit)


def check_thresholds(metric: Declaration, limits: tuple[float, ...]) -> tuple[float, float, float]:
    """Return ``limits`` if they can be thresholds of ``metric``. Raises UsageError if not."""
    unit = metric.threshold_unit
    least = 1.0 if unit == "ratio" else 0.0
    most = 1.0 if metric.scale == "loss" or (unit, metric.worse) == ("relative", "lower") else None
    if len(limits) != 3 or not limits[0] < limits[1] < limits[2] < math.inf:
        raise UsageError(f"{metric.name}: thresholds are three rising numbers, not {limits}")
    if limits[0] <= least or (most is not None and limits[2] >= most):
        between = f"above {least:g}" + (f" and below {most:g}" if most else "")
        raise UsageError(f"{metric.name}: thresholds are {unit}s {between}, not {limits}")
    return limits[0], limits[1], limits[2]
