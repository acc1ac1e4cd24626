"""Sums of x log x of frequencies in selections of groups: what entropies are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

import numpy as np
from numpy.typing import NDArray

from degrade.census import log_sum_kernels
from degrade.census.bit_sets import flags
from degrade.census.grouped import LogSum
from degrade.census.log_sum_kernels import ROWS
from degrade.census.spectra import GroupCounts

Columns = tuple[GroupCounts, NDArray[np.int64]]
"""The counts of a section, and where its n-grams stand among all."""
_TABLED = 1 << 16
"""Frequencies below which x log x is looked up; a look-up is several times faster than a log."""
_NEAR = 16
"""Groups that two selections may differ in without a state of their own."""
_STATES = 8
_HELD = 2_000_000
"""N-grams whose frequencies are held at most in all states but the first."""


@dataclass(slots=True)
class _State:
    """The frequencies in four selections, and the row that each group is in, -1 for none.

    Selections are bit sets of the groups of all corpora together.
    """

    selections: Sequence[int]
    rows: NDArray[np.int64]
    frequencies: NDArray[np.int64]


class LogSums:
    """Frequencies of the n-grams of one corpus, or of two, in four selections of groups at a time.

    Each is counted from the nearest four before, through the groups that differ. N-grams of a
    single group of a single corpus, about half of all words, are summed by group once and for all.
    Groups of a second corpus are numbered after those of the first.
    """

    def __init__(self, columns: Sequence[Columns], types: int) -> None:
        self._groups = [len(counts.starts) - 1 for counts, _ in columns]
        starts = np.zeros(sum(self._groups) + 1, dtype=np.int64)
        np.cumsum(np.concatenate([np.diff(counts.starts) for counts, _ in columns]), out=starts[1:])
        owner = np.concatenate([place[counts.owner] for counts, place in columns])
        sums = np.concatenate([counts.sums for counts, _ in columns])
        self._occurrences = np.diff(np.append(0, np.cumsum(sums))[starts])
        self._table = log_sum_kernels.x_log_x_below(_TABLED)
        self._parted = log_sum_kernels.parted(starts, owner, sums, types, self._table)
        self._most = max(1, min(_STATES, _HELD // max(1, self._parted[-2])))
        self._states: list[_State] = []

    def of(self, *selections: Sequence[int]) -> LogSum:
        """Return the sums of each selection, and of each two of them pooled.

        ``selections`` are those of the first corpus and those of the second, bit sets, four in all
        and without groups in common. The diagonal of the last array is 0.
        """
        rows = np.full(sum(self._groups), -1, dtype=np.int64)
        chosen: list[int] = []
        first = 0
        for some, groups in zip(selections, self._groups, strict=True):
            for selected in some:
                rows[first : first + groups][flags(selected, groups)] = len(chosen)
                chosen.append(selected << first)
            first += groups
        if len(chosen) != ROWS:
            raise ValueError(f"{len(chosen)} selections of {ROWS}")
        if reduce(or_, chosen).bit_count() < sum(each.bit_count() for each in chosen):
            raise ValueError("selections with groups in common")
        starts, owner, sums, alone, words, frequent = self._parted
        state = self._nearest(chosen, words)
        log_sum_kernels.move(starts, owner, sums, state.rows, rows, state.frequencies)
        state.selections = chosen
        return log_sum_kernels.log_sums(
            state.frequencies, rows, self._occurrences, alone, frequent, self._table
        )

    def _nearest(self, chosen: Sequence[int], words: int) -> _State:
        apart = [_apart(state.selections, chosen) for state in self._states]
        if len(apart) < self._most and min(apart, default=_NEAR + 1) > _NEAR:
            none = np.full(sum(self._groups), -1, dtype=np.int64)
            frequencies = np.zeros((words, ROWS), dtype=np.int64)
            self._states.append(_State([0] * ROWS, none, frequencies))
            return self._states[-1]
        return self._states[apart.index(min(apart))]


def _apart(some: Sequence[int], others: Sequence[int]) -> int:
    """Return how many groups are not in the same of ``some`` selections as of ``others``."""
    moved = 0
    for one, other in zip(some, others, strict=True):
        moved |= one ^ other
    return moved.bit_count()
