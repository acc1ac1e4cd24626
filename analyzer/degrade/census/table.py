"""A census as sorted columns, and how two of them become one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from degrade.census.kernels import counted, in_order, merged, ngram_keys
from degrade.census.keys import GROUP_MASK, HASH_SHIFT, position_codes

_CODES = position_codes()
ALL_HASHES = 1 << 54
"""The threshold below which every n-gram is kept: exact."""


@dataclass(frozen=True, slots=True)
class Table:
    """Entries of one order, sorted by key.

    Attributes
    ----------
    keys : uint64 array, (entries,), laid out as in ``degrade.census.keys``
    occurrences : uint32 or uint64 array, (entries,)
    documents : the same dtype, (entries,), documents that first hold the n-gram there
    threshold : n-grams whose 54-bit hash lies below it are all kept, the others none
    """

    keys: NDArray[np.uint64]
    occurrences: NDArray[np.unsignedinteger]
    documents: NDArray[np.unsignedinteger]
    threshold: int = ALL_HASHES

    def __len__(self) -> int:
        return len(self.keys)

    @property
    def exact(self) -> bool:
        """Whether every n-gram is kept."""
        return self.threshold == ALL_HASHES

    @classmethod
    def empty(cls) -> Table:
        """Return a table without entries: neutral in a merge."""
        none = np.empty(0, dtype=np.uint32)
        return cls(np.empty(0, dtype=np.uint64), none, none)

    @classmethod
    def count(
        cls,
        symbols: NDArray[np.uint64],
        bounds: NDArray[np.int64],
        groups: NDArray[np.uint8],
        n: int,
        threshold: int = ALL_HASHES,
    ) -> Table:
        """Return the n-grams of the documents ``symbols[bounds[i]:bounds[i + 1]]``, counted.

        Only those whose hash lies below ``threshold``.
        """
        limit = np.uint64(threshold)
        keys, repeats = ngram_keys(symbols, bounds, groups, n, _CODES, limit)
        columns = counted(in_order(keys, limit), in_order(repeats, limit))
        return cls(*columns, threshold)

    def below(self, threshold: int) -> Table:
        """Return the entries whose hash lies below ``threshold``."""
        if threshold >= self.threshold:
            return self
        end = self._count_below(threshold)
        return Table(
            self.keys[:end].copy(),
            self.occurrences[:end].copy(),
            self.documents[:end].copy(),
            threshold,
        )

    def fitted(self, capacity: int) -> Table:
        """Return the table, its threshold halved until it has at most ``capacity`` entries.

        All of them for a capacity of 0. Below a threshold of 1 there is one n-gram at most, which
        stays, however many entries it has.
        """
        threshold = self.threshold
        while capacity and threshold > 1 and self._count_below(threshold) > capacity:
            threshold //= 2
        return self.below(threshold)

    def _count_below(self, threshold: int) -> int:
        if threshold >= self.threshold:
            return len(self)
        return int(np.searchsorted(self.keys, np.uint64(threshold) << HASH_SHIFT, side="left"))

    def plus(self, other: Table) -> Table:
        """Return the sum of both, kept where both keep."""
        threshold = min(self.threshold, other.threshold)
        a, b = self.below(threshold), other.below(threshold)
        if not len(a) or not len(b):
            return a if len(a) else b
        # Documents never exceed occurrences, so one check serves both columns.
        largest = int(a.occurrences.max()) + int(b.occurrences.max())
        if largest > np.iinfo(np.uint32).max or a.occurrences.dtype != b.occurrences.dtype:
            a, b = a.widened(), b.widened()
        columns = merged(a.keys, a.occurrences, a.documents, b.keys, b.occurrences, b.documents)
        return Table(*columns, threshold)

    def regrouped(self, place: NDArray[np.int64]) -> Table:
        """Return the table with group g called ``place[g]``, without the groups where that is < 0.

        ``place`` is (64,); groups called alike become one.
        """
        to = place[(self.keys & GROUP_MASK).astype(np.int64)]
        kept = np.flatnonzero(to >= 0)
        keys = (self.keys[kept] & ~GROUP_MASK) | to[kept].astype(np.uint64)
        order = np.argsort(keys, kind="stable")
        keys = keys[order]
        first = np.flatnonzero(np.diff(keys, prepend=~keys[:1]))
        if not len(first):
            return Table(keys, self.occurrences[:0], self.documents[:0], self.threshold)
        occurrences, documents = (
            np.add.reduceat(column[kept][order].astype(np.uint64), first)
            for column in (self.occurrences, self.documents)
        )
        return Table(keys[first], occurrences, documents, self.threshold)

    def widened(self) -> Table:
        """Return the same table with 64-bit counts."""
        return Table(
            self.keys,
            self.occurrences.astype(np.uint64, copy=False),
            self.documents.astype(np.uint64, copy=False),
            self.threshold,
        )
