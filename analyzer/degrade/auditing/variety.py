"""How many different words a source has in as many words as any other: variety at equal size."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from degrade.text.document import GROUPS
from degrade.text.hashing import D, E

CAPACITY = 1 << 22
"""Words by source and group that are kept, at 16 bytes each; beyond, half of the words."""
DRAWN = 20_000
"""Words in which different ones are counted."""
FEWEST_WORDS = 2 * DRAWN
SOURCE_BITS, GROUP_BITS = 14, 6
_CELLS = SOURCE_BITS + GROUP_BITS
_27, _31 = np.uint64(27), np.uint64(31)

Words = tuple[NDArray[np.uint64], NDArray[np.int64]]


def counted(
    symbols: NDArray[np.uint64], bounds: NDArray[np.int64], cells: NDArray[np.int64]
) -> Words:
    """Return words by cell, as keys in order, and how often each occurs.

    A key holds 44 bits of the word's hash, mixed anew, then the cell of its document.
    """
    mixed = (symbols ^ (symbols >> _31)) * D
    mixed = (mixed ^ (mixed >> _27)) * E
    owners = np.repeat(cells.astype(np.uint64), np.diff(bounds))
    keys, counts = np.unique(
        (mixed >> np.uint64(_CELLS) << np.uint64(_CELLS)) | owners, return_counts=True
    )
    return keys, counts.astype(np.int64)


@dataclass(slots=True)
class Variety:
    """The words of a corpus by source and group of clusters, or those of small hash.

    ``halvings`` is how often half of the words were dropped, by hash: the same of every source.
    """

    capacity: int = CAPACITY
    halvings: int = 0
    _keys: NDArray[np.uint64] = field(default_factory=lambda: np.empty(0, np.uint64))
    _counts: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    _waiting: list[Words] = field(default_factory=list)
    _size: int = 0

    def add(self, words: Words) -> None:
        """Count what ``counted`` found."""
        end = int(np.searchsorted(words[0], self._last, side="right"))
        self._waiting.append((words[0][:end].copy(), words[1][:end].copy()))
        self._size += end
        if self._size > self.capacity // 4:
            self._settle()

    @property
    def _last(self) -> np.uint64:
        return np.uint64(2**64 - 1) >> np.uint64(self.halvings)

    def _settle(self) -> None:
        every = [(self._keys, self._counts), *self._waiting]
        keys, place = np.unique(np.concatenate([k for k, _ in every]), return_inverse=True)
        counts = np.bincount(place, np.concatenate([c for _, c in every]), len(keys))
        self._keys, self._counts = keys, counts.astype(np.int64)
        self._waiting, self._size = [], 0
        while True:
            end = int(np.searchsorted(self._keys, self._last, side="right"))
            self._keys, self._counts = self._keys[:end], self._counts[:end]
            if len(self._keys) <= self.capacity:
                return
            self.halvings += 1

    def types(self, words: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the expected different words in ``DRAWN`` words, (sources, 1 + groups).

        ``words`` are all words of each source and group. Column 0 is of the whole source, the
        others of it without each group. Words are drawn each by itself: of a word that occurs c
        times among N, none is drawn with chance (1 - DRAWN / N)**c. NaN for a source of fewer than
        ``FEWEST_WORDS``.
        """
        self._settle()
        owner = (self._keys & np.uint64((1 << _CELLS) - 1)).astype(np.int64)
        order = np.argsort(owner >> GROUP_BITS, kind="stable")
        owner, counts = owner[order], self._counts[order]
        types = (self._keys[order] >> np.uint64(_CELLS)).astype(np.int64)
        ends = np.searchsorted(owner >> GROUP_BITS, np.arange(len(words) + 1))
        found = np.full((len(words), 1 + GROUPS), np.nan)
        for source, all_words in enumerate(words):
            if all_words.sum() >= FEWEST_WORDS:
                mine = slice(ends[source], ends[source + 1])
                found[source] = _expected(
                    types[mine], owner[mine] % GROUPS, counts[mine], all_words
                )
        return found * 2.0**self.halvings


def _expected(
    types: NDArray[np.int64],
    groups: NDArray[np.int64],
    counts: NDArray[np.int64],
    words: NDArray[np.int64],
) -> NDArray[np.float64]:
    _, first, place = np.unique(types, return_index=True, return_inverse=True)
    whole = np.bincount(place, counts, len(first))
    frequencies, times = np.unique(whole, return_counts=True)
    total = int(words.sum())
    found = np.empty(1 + GROUPS)
    found[0] = _drawn(frequencies, total) @ times
    for group in range(GROUPS):
        left = total - int(words[group])
        mine = groups == group
        before, without = whole[place[mine]], whole[place[mine]] - counts[mine]
        changed = _drawn(without, left).sum() - _drawn(before, left).sum()
        found[1 + group] = _drawn(frequencies, left) @ times + changed
    return found


def _drawn(counts: NDArray[Any], words: int) -> NDArray[np.float64]:
    """Return the chance that a word which occurs so often is among ``DRAWN`` of ``words``."""
    share = DRAWN / max(words, DRAWN + 1)
    found: NDArray[np.float64] = -np.expm1(counts * np.log1p(-share))
    return found
