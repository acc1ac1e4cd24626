"""Curves of whole corpora, for charts: word frequencies by rank, and how the vocabulary grows."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import takewhile

import numpy as np
from numpy.typing import NDArray

from degrade.errors import ProfileError, SampledCountsError, UndefinedMetricError
from degrade.exhibits import Curve, Curves
from degrade.inference.exact_levels import counted_in_full
from degrade.inference.matching import Side, side
from degrade.summaries import Census, Need
from degrade.text.document import LEVELS

Whole = NDArray[np.int64]

ORDERS = (1, 2, 3)
STEPS = (1.0, 1.25, 1.6, 2.0, 2.5, 3.2, 4.0, 5.0, 6.3, 8.0)
"""Ten points a decade, evenly spread in logarithms, and round."""
_FEWEST_CLUSTERS = 256
"""Of a level of the ladder that a curve begins with: four in each of 64 groups."""
_DIGITS = 5


def curves_of(sides: Sequence[Side]) -> Curves:
    """Return the curves of all corpora of a run, the reference first."""
    base = sides[0].profile.plan.base
    needs = [Need(Census, layer=base, n=n) for n in ORDERS]
    held = [need for need in needs if all(need in each.profile.levels[0] for each in sides)]
    levels = min(_levels(each) for each in sides)
    words = list(_words(needs[0], sides)) if needs[0] in held else []
    return Curves(
        tokens=int(sides[0].matching.tokens),
        rank_frequency=tuple(ranks for ranks, _ in words),
        words_by_frequency=tuple(frequencies for _, frequencies in words),
        vocabulary_growth=tuple(_growth(need, each, levels) for need in held for each in sides),
    )


def _words(need: Need, sides: Sequence[Side]) -> Iterator[tuple[Curve, Curve]]:
    """Yield for each corpus its word frequencies by rank, and its words by frequency.

    At the matched size or a little more; of no corpus where only a sample of words was counted.
    """
    try:
        full = counted_in_full([need], sides)
    except ProfileError:
        return
    for each in full:
        selected = each.at_most(each.matching.tokens)
        with suppress(SampledCountsError):
            spectrum = each.view((need,), selected)[need].spectrum()
            frequencies, types = (part[::-1] for part in spectrum)
            yield (
                _curve(each.name, need, *_by_rank(frequencies, types)),
                _curve(each.name, need, *_by_frequency(frequencies, types)),
            )


def _curve(corpus: str, need: Need, x: Whole, y: NDArray[np.float64]) -> Curve:
    return Curve(corpus, int(need["n"]), tuple(map(float, x)), _rounded(y))


def _by_rank(frequencies: Whole, types: Whole) -> tuple[Whole, NDArray[np.float64]]:
    """Return ranks, and the occurrences of the word of each in a million."""
    ranks = round_numbers(1, int(types.sum()))
    # The frequency at rank r is the largest with r words or more at or above it.
    at = frequencies[np.searchsorted(np.cumsum(types), ranks)]
    return ranks, 1e6 * at / int(frequencies @ types)


def _by_frequency(frequencies: Whole, types: Whole) -> tuple[Whole, NDArray[np.float64]]:
    """Return numbers of occurrences, and how many words occur so often or more."""
    least = round_numbers(1, int(frequencies[0]))
    words = np.cumsum(types)[np.searchsorted(-frequencies, -least, side="right") - 1]
    return least, words.astype(np.float64)


def _levels(whole: Side) -> int:
    """Return how many levels of a corpus's ladder, from the one it is seen at, hold enough text."""
    there = (
        int(whole.profile.clusters.at_level(level).sum())
        for level in range(whole.level + 1, LEVELS)
    )
    return 1 + sum(1 for _ in takewhile(lambda clusters: clusters >= _FEWEST_CLUSTERS, there))


def _growth(need: Need, whole: Side, levels: int) -> Curve:
    """Return the expected different n-grams in so many tokens, small sizes from smaller levels."""
    points: dict[float, float] = {}
    for level in range(whole.level, whole.level + levels):
        view = side(whole.name, whole.profile, whole.matching, level).view((need,))
        tokens = view.corpus_tokens
        # Of less than one group the closed form says nothing.
        for size in round_numbers(math.ceil(tokens / view.groups), tokens):
            with suppress(UndefinedMetricError):
                points.setdefault(float(size), view[need].expected_types(float(size)))
    sizes = sorted(points)
    counts = np.array([points[size] for size in sizes])
    return _curve(whole.name, need, np.array(sizes, dtype=np.int64), counts)


def round_numbers(low: int, high: int) -> NDArray[np.int64]:
    """Return the whole numbers 1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20 ... from ``low`` to ``high``.

    ``high`` itself ends them, so that a curve ends where its corpus does.
    """
    decades = 10.0 ** np.arange(0, len(str(max(1, high))))
    every = np.unique(np.floor(np.outer(decades, STEPS)).astype(np.int64))
    return np.append(every[(every >= low) & (every < high)], high)


def _rounded(values: NDArray[np.float64]) -> tuple[float, ...]:
    """Return ``values`` to five digits: more than any chart shows."""
    return tuple(float(f"{value:.{_DIGITS}g}") for value in values)
