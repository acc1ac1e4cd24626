"""How much is enough: where a loss that falls with the share kept comes under a limit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from degrade.findings import Change, Finding, Scale

LEAST_RATIO = 0.01
"""Smaller ratios count as this one: far from any loss, they must not widen an interval."""


@dataclass(frozen=True, slots=True)
class Harm:
    """A loss in units of a limit: at 1 it is reached, below 0 it is a gain.

    Both ends are None where there is no interval.
    """

    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Enough:
    """The least share that comes under the limit, and its interval.

    The smallest of the shares says that it is enough already, and None that the largest is not.
    Without an ``interval`` both ends are None.
    """

    keep: float | None
    low: float | None
    high: float | None
    interval: bool


def enough(shares: Sequence[float], harms: Sequence[Harm]) -> Enough:
    """Return the least of ``shares``, rising, or between them, whose harm is at most 1.

    Harms are made to fall by an isotonic fit (Barlow et al. 1972) and joined by straight lines; as
    losses fall fastest where little is kept, such lines lie above them. The interval holds the
    shares at which the interval of the harm holds 1, and so the true share as surely as that.
    """
    lows = [each.low for each in harms if each.low is not None]
    highs = [each.high for each in harms if each.high is not None]
    interval = len(lows) == len(highs) == len(shares)
    return Enough(
        keep=_crossing(shares, [each.value for each in harms]),
        low=_crossing(shares, lows) if interval else None,
        high=_crossing(shares, highs) if interval else None,
        interval=interval,
    )


def _crossing(shares: Sequence[float], harms: Sequence[float]) -> float | None:
    """Return where the fit comes down to 1: the first share if it begins there, None if never."""
    from scipy.optimize import isotonic_regression

    fit = isotonic_regression(np.array(harms), increasing=False).x.tolist()
    after = next((i for i, harm in enumerate(fit) if harm <= 1.0), None)
    if not after:
        return None if after is None else float(shares[0])
    (x0, x1), (y0, y1) = shares[after - 1 : after + 1], fit[after - 1 : after + 1]
    return float(x0 + (x1 - x0) * (y0 - 1.0) / (y0 - y1))


def harm_of(finding: Finding, place: int) -> Harm | None:
    """Return the change of ``finding`` in units of its threshold ``place``, or None without one.

    With a floor, both the change and the difference have to reach theirs.
    """
    change, thresholds = finding.change, finding.thresholds
    if change is None or thresholds is None or finding.worse == "either":
        return None
    sign = -1.0 if finding.worse == "lower" else 1.0
    harm = _harm(change, sign, abs(additive(thresholds[place], change.scale)))
    if finding.floor is None or finding.difference is None:
        return harm
    # A difference counts from the floor on, whatever the level.
    other = _harm(finding.difference, sign, finding.floor)
    return Harm(
        min(harm.value, other.value),
        None if harm.low is None or other.low is None else min(harm.low, other.low),
        None if harm.high is None or other.high is None else min(harm.high, other.high),
    )


def _harm(change: Change, sign: float, limit: float) -> Harm:
    def of(end: float | None) -> float | None:
        return None if end is None else sign * additive(end, change.scale) / limit

    low, high = (change.low, change.high) if sign > 0 else (change.high, change.low)
    return Harm(sign * additive(change.value, change.scale) / limit, of(low), of(high))


def additive(change: float, scale: Scale) -> float:
    """Return a change on the scale on which it is averaged and compared: ratios by logarithm."""
    return math.log(max(change, LEAST_RATIO)) if scale == "ratio" else change


def shown(theta: float, scale: Scale) -> float:
    """Return what ``additive`` was made of."""
    return math.exp(theta) if scale == "ratio" else theta


def averaged(values: Sequence[float], confidence: float) -> tuple[float, float, float]:
    """Return the mean of two values or more, and its interval by Student's t."""
    from scipy.special import stdtrit

    mean = float(np.mean(values))
    error = float(np.std(values, ddof=1)) / math.sqrt(len(values))
    reach = float(stdtrit(len(values) - 1, (1 + confidence) / 2)) * error
    return mean, mean - reach, mean + reach
