"""Counts of n-grams in halves of two corpora: what is compared with its own noise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from degrade.errors import UndefinedMetricError
from degrade.metric import View
from degrade.summaries import Need

HALVINGS = (0, 2, 4, 6)
"""Starts of the halvings that are averaged, of the 8 evenly spaced ones."""


def halved_counts(reference: View, candidate: View, need: Need) -> Iterator[NDArray[np.int64]]:
    """Yield, for several halvings, the counts of n-grams in two halves of each corpus.

    Shape (4, n-grams): two halves of the reference, then two of the candidate, all of about the
    same size. Undefined with too few groups of documents.
    """
    for first, second in halvings(reference, candidate):
        yield reference[need].frequencies_with(candidate[need], first, second)


def halvings(reference: View, candidate: View) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Yield two halves of the reference and two of the candidate, as bit sets, several times."""
    size = min(reference.half_tokens, candidate.half_tokens)
    for start in HALVINGS:
        first, second = reference.halves(start, size), candidate.halves(start, size)
        if not all((*first, *second)):
            raise UndefinedMetricError("too few groups of documents for halves")
        yield first, second


def opposite(half: int, *, paired: bool) -> tuple[int, ...]:
    """Return the rows of the candidate that ``half`` of the reference, 0 or 1, may meet.

    Where corpora share their clusters, that is the half without common ones.
    """
    return (3 - half,) if paired else (2, 3)


def excess(apart: Iterable[NDArray[np.float64]], *, paired: bool) -> float:
    """Return how much further apart halves of different corpora are than halves of one.

    ``apart`` holds a (4, 4) table a halving: how far each half is from each other one. The mean of
    [0, 2], [0, 3], [1, 2] and [1, 3] (in pairs, of those without common clusters), less that of
    both ways within each corpus, averaged over halvings.
    """
    between = [(i, j) for i in (0, 1) for j in opposite(i, paired=paired)]
    within = [(0, 1), (1, 0), (2, 3), (3, 2)]
    found = [
        sum(float(table[pair]) for pair in between) / len(between)
        - sum(float(table[pair]) for pair in within) / len(within)
        for table in apart
    ]
    return sum(found) / len(found)
