"""One metric on generations in order, and the errors that their estimates have in common."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from degrade.inference.jackknife import Contrast, Replicates, welch

Test = Literal["jonckheere", "page"]
_LEAST_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class Lineage:
    """Contrasts of generations with one reference, on one scale.

    Attributes
    ----------
    values : (generations,) the contrasts
    by_candidate : for each generation, it with each of its own groups left out, (groups,)
    by_reference : with each group of the reference left out, (groups, generations), or None where
        that adds no error of its own
    by_sample : with each slice of the n-grams left out of all corpora, (slices, generations), or
        None where all n-grams were counted
    shared : whether generations hold the same clusters, so that leaving out a group leaves it out
        of all of them at once

    The errors of generations are independent unless ``shared``; that of the reference is common
    to all, as is that of a sample of n-grams. Of a contrast of two corpora it is the same in every
    generation and so cancels out of a slope; of a pair metric it is not quite the same, and some of
    it stays.
    """

    values: NDArray[np.float64]
    by_candidate: tuple[NDArray[np.float64], ...]
    by_reference: NDArray[np.float64] | None = None
    shared: bool = False
    by_sample: NDArray[np.float64] | None = None

    @classmethod
    def of(
        cls,
        generations: Sequence[tuple[Replicates, Replicates | None]],
        *,
        shared: bool = False,
        by_sample: Sequence[Replicates | None] = (),
    ) -> Lineage:
        """Return the lineage of (by candidate, by reference), a pair a generation.

        Where generations share clusters but not all have the same number of groups, groups cannot
        be told to be the same; errors are then taken as independent, which are too large rather
        than too small if shared clusters make generations alike.
        """
        values = np.array([mine.value for mine, _ in generations])
        by_candidate = tuple(mine.left_out for mine, _ in generations)
        groups = {len(theirs.left_out) for _, theirs in generations if theirs is not None}
        by_reference = None
        if len(groups) == 1:
            by_reference = np.tile(values, (groups.pop(), 1))
            for k, (_, theirs) in enumerate(generations):
                if theirs is not None:
                    by_reference[:, k] = theirs.left_out
        alike = len({len(left_out) for left_out in by_candidate}) == 1
        slices = None
        known = [each for each in by_sample if each is not None]
        if known and len(known) == len(values):
            # About the values themselves, from which other scales are mapped.
            apart = [each.left_out - each.value for each in known]
            slices = values + np.stack(apart, axis=1)
        return cls(values, by_candidate, by_reference, shared and alike, slices)

    def mapped(self, function: Callable[[NDArray[np.float64]], NDArray[np.float64]]) -> Lineage:
        """Return the same on another scale."""
        return Lineage(
            function(self.values),
            tuple(function(left_out) for left_out in self.by_candidate),
            None if self.by_reference is None else function(self.by_reference),
            self.shared,
            None if self.by_sample is None else function(self.by_sample),
        )

    @property
    def variances(self) -> NDArray[np.float64]:
        """The candidate-side jackknife variance of each generation."""
        return np.array([Replicates(0.0, left_out).variance for left_out in self.by_candidate])

    @property
    def weights(self) -> NDArray[np.float64]:
        """1 / variance, scaled to at most 1, for fits over the generations.

        A jackknife of very few events can come out near 0 by chance. So a variance below a quarter
        of their mean counts as that quarter, lest one generation outweigh all others.
        """
        variances = self.variances
        least = _LEAST_SHARE * float(variances.mean())
        if least <= 0:
            return np.ones(len(variances))
        weights: NDArray[np.float64] = least / np.maximum(variances, least)
        return weights

    @property
    def sources(self) -> list[NDArray[np.float64]]:
        """Independent sources of error: all contrasts with a group left out, (groups, K) each."""
        if self.shared:
            parts = [np.stack(self.by_candidate, axis=1)]
        else:
            parts = []
            for k, left_out in enumerate(self.by_candidate):
                part = np.tile(self.values, (len(left_out), 1))
                part[:, k] = left_out
                parts.append(part)
        common = (self.by_reference, self.by_sample)
        return [*parts, *(part for part in common if part is not None)]

    def combined(self, coefficients: NDArray[np.float64]) -> Contrast:
        """Return a linear combination of the contrasts, with Welch's degrees of freedom."""
        parts = [Replicates(0.0, part @ coefficients) for part in self.sources]
        return welch(float(self.values @ coefficients), *parts)

    def slope(self) -> Contrast:
        """Return the weighted least-squares slope over positions 1, 2, ... of the generations.

        Its error is that of the text samples, carried through the fit; how far the generations lie
        from a straight line does not enter.
        """
        weights = self.weights
        positions = np.arange(1.0, len(weights) + 1)
        centred = positions - np.average(positions, weights=weights)
        return self.combined(weights * centred / float(weights @ centred**2))

    def drawn(self, noise: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
        """Return draws of the contrasts with normal errors of the jackknife's covariance.

        ``noise`` holds standard normal numbers for each of ``sources``, (draws, groups).
        """
        drawn = np.tile(self.values, (len(noise[0]), 1))
        for part, normal in zip(self.sources, noise, strict=True):
            groups = len(part)
            drawn += math.sqrt((groups - 1) / groups) * normal @ (part - part.mean(axis=0))
        return drawn

    def order(self) -> tuple[float | None, Test]:
        """Return the two-sided p-value of no order among the generations, and the test.

        Jonckheere's where generations are independent. Shared clusters make the values of one
        group alike in all generations; there, Page's within groups. The reference is held fixed:
        generations of one distribution are exchangeable whatever the reference is, and whichever
        n-grams are looked at.

        The values are pseudo-values of each generation about its own estimate, theta - (G - 1)
        (theta_(-j) - their mean). Tukey's, G theta - (G - 1) theta_(-j), centre on the estimate
        less a correction of bias, which is mere noise where a group left out changes what is
        selected (measured: up to 10 errors of a power-law exponent).
        """
        pseudo = [
            value - (len(left_out) - 1) * (left_out - left_out.mean())
            for value, left_out in zip(self.values, self.by_candidate, strict=True)
        ]
        # In steps of 1e-11 of the largest, so that what is equal but for rounding is tied.
        step = 1e-11 * max(float(np.abs(values).max()) for values in pseudo) or 1.0
        samples = [np.rint(values / step) for values in pseudo]
        return (page(samples), "page") if self.shared else (jonckheere(samples), "jonckheere")


def jonckheere(samples: Sequence[NDArray[np.float64]]) -> float | None:
    """Return the two-sided p-value of Jonckheere's test (Jonckheere 1954); None if all are equal.

    Its statistic is Kendall's between sample and value, so that Kendall's normal approximation
    with ties on both sides is its own (Hollander and Wolfe 1999, eq. 6.19).
    """
    values = np.concatenate(samples)
    if (values == values[0]).all():
        return None
    order = np.repeat(np.arange(len(samples)), [len(sample) for sample in samples])
    from scipy import stats

    return float(stats.kendalltau(order, values, method="asymptotic").pvalue)


def page(samples: Sequence[NDArray[np.float64]]) -> float | None:
    """Return the two-sided p-value of Page's test (Page 1963), each place of the samples a block.

    Normal approximation with the variance of all orders within blocks, which holds with ties too.
    With two samples it is the sign test. None if all values of each block are equal.
    """
    from scipy import stats

    ranks = stats.rankdata(np.stack(samples, axis=1), axis=1)
    count = ranks.shape[1]
    places = np.arange(count) - (count - 1) / 2
    ranks -= ranks.mean(axis=1, keepdims=True)
    variance = float((places**2).sum() * (ranks**2).sum()) / (count - 1)
    if variance == 0:
        return None
    return float(2 * stats.norm.sf(abs(float((ranks @ places).sum())) / math.sqrt(variance)))
