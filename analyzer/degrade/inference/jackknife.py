"""Estimates with each group left out, and the errors that follow."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats


@dataclass(frozen=True, slots=True)
class Replicates:
    """An estimate, and the same with each of the occupied groups left out, (groups,)."""

    value: float
    left_out: NDArray[np.float64]

    @property
    def variance(self) -> float:
        """Delete-a-group jackknife: (G - 1) / G times the sum of squared deviations."""
        groups = len(self.left_out)
        return (groups - 1) / groups * float(((self.left_out - self.left_out.mean()) ** 2).sum())


@dataclass(frozen=True, slots=True)
class Contrast:
    """An estimated difference with its standard error and Welch's degrees of freedom."""

    value: float
    error: float
    freedom: float

    def reach(self, alpha: float) -> float:
        """Return how many errors the two-sided t interval at 1 - ``alpha`` reaches."""
        return float(stats.t.ppf(1 - alpha / 2, self.freedom))

    def within(self, reach: float) -> tuple[float, float]:
        """Return the interval of ``reach`` errors to either side."""
        return self.value - reach * self.error, self.value + reach * self.error

    def interval(self, alpha: float) -> tuple[float, float]:
        """Return the two-sided t interval at 1 - ``alpha``."""
        return self.within(self.reach(alpha))

    @property
    def statistic(self) -> float:
        """The value in errors, T; infinite where the error is 0 and the value is not."""
        if self.error == 0:
            return math.copysign(math.inf, self.value) if self.value else 0.0
        return self.value / self.error

    @property
    def p(self) -> float:
        """Two-sided p-value of no difference."""
        if self.error == 0:
            return 1.0 if self.value == 0 else 0.0
        return float(2 * stats.t.sf(abs(self.value) / self.error, self.freedom))


def single(estimate: Replicates) -> Contrast:
    """Return the estimate itself as a contrast with nothing."""
    return Contrast(
        estimate.value, float(np.sqrt(estimate.variance)), max(1.0, len(estimate.left_out) - 1.0)
    )


def welch(value: float, *parts: Replicates) -> Contrast:
    """Return ``value`` with the errors of independent ``parts`` added."""
    variances = [part.variance for part in parts]
    total = sum(variances)
    if total == 0:
        return Contrast(value, 0.0, float(sum(len(part.left_out) - 1 for part in parts)))
    shares = sum(v**2 / (len(p.left_out) - 1) for v, p in zip(variances, parts, strict=True))
    return Contrast(value, float(np.sqrt(total)), total**2 / shares)


def holm(p_values: list[float]) -> list[float]:
    """Return Holm's adjusted p-values, in the order given."""
    order = np.argsort(p_values)
    adjusted = np.empty(len(p_values))
    running = 0.0
    for rank, i in enumerate(order):
        running = max(running, min(1.0, (len(p_values) - rank) * p_values[i]))
        adjusted[i] = running
    return [float(p) for p in adjusted]
