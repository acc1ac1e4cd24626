"""N-grams that many documents hold, counted by group in bounded memory."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from degrade.census.keys import HASH_SHIFT
from degrade.census.table import Table


class Frequent:
    """The n-grams of one order, without those of few documents where there are too many.

    Before there are more than ``capacity`` entries, n-grams of the fewest documents are dropped, as
    in the lossy counting of Manku and Motwani 2002, until half of that is left. ``missed`` is the
    most documents of any one n-gram that were dropped: one that more documents hold is there, and
    at most that many of its documents are not counted.
    """

    def __init__(self, n: int, capacity: int) -> None:
        self.n = n
        self.capacity = capacity
        self.missed = 0
        self._runs: list[Table] = []

    def add(
        self, symbols: NDArray[np.uint64], bounds: NDArray[np.int64], groups: NDArray[np.uint8]
    ) -> None:
        """Count the documents ``symbols[bounds[i]:bounds[i + 1]]`` of ``groups[i]``, below 64."""
        self._runs.append(Table.count(symbols, bounds, groups, self.n))
        while len(self._runs) > 1 and len(self._runs[-2]) < 2 * len(self._runs[-1]):
            self._join()
        if sum(map(len, self._runs)) > self.capacity:
            self._prune()

    @property
    def table(self) -> Table:
        """Everything that is kept, as one table."""
        while len(self._runs) > 1:
            self._join()
        return self._runs[0] if self._runs else Table.empty()

    def _join(self) -> None:
        last = self._runs.pop()
        self._runs[-1] = self._runs[-1].plus(last)

    def _prune(self) -> None:
        table = self.table
        # Nearly full, the runs would be joined again at every batch.
        if len(table) <= self.capacity * 3 // 4:
            return
        hashes = table.keys >> HASH_SHIFT
        first = np.flatnonzero(np.append(True, hashes[1:] != hashes[:-1]))
        documents = np.add.reduceat(table.documents.astype(np.int64), first)
        entries = np.diff(np.append(first, len(hashes)))
        order = np.argsort(documents, kind="stable")
        excess = len(hashes) - self.capacity // 2
        last = int(np.searchsorted(np.cumsum(entries[order]), excess))
        fewest = int(documents[order[last]])
        kept = np.repeat(documents > fewest, entries)
        self.missed += fewest
        self._runs = [Table(table.keys[kept], table.occurrences[kept], table.documents[kept])]
