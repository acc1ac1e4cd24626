"""Estimates with each group left out, and the errors that follow."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri, owens_t, stdtr, stdtrit

from degrade.inference.roots import root


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

    @property
    def bias(self) -> float:
        """G - 1 times how far the mean with a group left out lies from the value (Quenouille 1956).

        What is left of it once subtracted falls with the square of the number of groups.
        """
        return (len(self.left_out) - 1) * float(self.left_out.mean() - self.value)

    def shifted(self, by: float) -> Replicates:
        """Return the same, all moved by so much."""
        return Replicates(self.value + by, self.left_out + by)


@dataclass(frozen=True, slots=True)
class Contrast:
    """An estimated difference with its standard error and Welch's degrees of freedom.

    ``sampling`` is the part of the error, itself a standard error, that comes from counting a
    sample of the n-grams; 0 where all were counted.
    """

    value: float
    error: float
    freedom: float
    sampling: float = 0.0

    @property
    def error_of_groups(self) -> float:
        """The error without that of the sample of n-grams: of other documents, counted likewise."""
        if not self.sampling:
            return self.error
        return math.sqrt(max(0.0, self.error**2 - self.sampling**2))

    def reach(self, alpha: float) -> float:
        """Return how many errors the two-sided t interval at 1 - ``alpha`` reaches."""
        return float(stdtrit(self.freedom, 1 - alpha / 2))

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
        return float(2 * stdtr(self.freedom, -abs(self.value) / self.error))


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


def with_sampling(contrast: Contrast, sample: Replicates, twice: float = 0.0) -> Contrast:
    """Return ``contrast`` with the error of a sample of n-grams added, as of one more part.

    ``sample`` are the estimates with a slice of the n-grams left out; ``twice`` is the part of
    their variance that the contrast has already.
    """
    variance = sample.variance - twice
    if variance <= 0:
        return contrast
    groups = contrast.error**2
    shares = groups**2 / contrast.freedom + variance**2 / (len(sample.left_out) - 1)
    freedom = (groups + variance) ** 2 / shares
    return Contrast(contrast.value, math.sqrt(groups + variance), freedom, math.sqrt(variance))


def correlation(pairs: Iterable[tuple[Replicates, Replicates]]) -> float:
    """Return the correlation of two estimates that were left out together, a pair for each part.

    Parts are independent. 0 where either estimate does not vary.
    """
    covariance = first = second = 0.0
    for one, other in pairs:
        groups = len(one.left_out)
        products = (one.left_out - one.left_out.mean()) * (other.left_out - other.left_out.mean())
        covariance += (groups - 1) / groups * float(products.sum())
        first, second = first + one.variance, second + other.variance
    if first == 0 or second == 0:
        return 0.0
    return max(-1.0, min(1.0, covariance / math.sqrt(first * second)))


def level_of_either(alpha: float, correlation: float) -> float:
    """Return the level of each of two one-sided tests of which one or the other errs in ``alpha``.

    Between alpha / 2 and alpha, as their statistics are normal with ``correlation``; with
    a = sqrt((1 - correlation) / (1 + correlation)) and Owen's T, either lies beyond c with chance
    1 - Phi(c) + 2 T(c, a) (Owen 1956).
    """
    slope = math.sqrt((1 - correlation) / (1 + correlation)) if correlation > -1 else math.inf

    def excess(c: float) -> float:
        return float(ndtr(-c) + 2 * owens_t(c, slope)) - alpha

    # A hair wider than the bounds, where rounding may have either sign.
    low, high = (-float(ndtri(each)) for each in (alpha * (1 + 1e-9), alpha / 2.000001))
    return float(ndtr(-root(excess, low, high)))


def holm(p_values: list[float]) -> list[float]:
    """Return Holm's adjusted p-values, in the order given."""
    order = np.argsort(p_values)
    adjusted = np.empty(len(p_values))
    running = 0.0
    for rank, i in enumerate(order):
        running = max(running, min(1.0, (len(p_values) - rank) * p_values[i]))
        adjusted[i] = running
    return [float(p) for p in adjusted]
