"""Documents that say the same as another: the same words in the same order."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from degrade.compiled import kernel
from degrade.summaries.sketches import mixed
from degrade.text.document import GROUPS
from degrade.text.hashing import A

CAPACITY = 1 << 22
"""Different texts that are kept, at 40 bytes each; beyond, half of those by hash, and so on."""
OCTAVES = 16
_ALL = np.uint64(0xFFFFFFFFFFFFFFFF)
_ONE = np.uint64(1)
_FIRST_SLOTS = 1 << 12
_LIMITS = _ALL >> np.arange(1, OCTAVES, dtype=np.uint64)
_TWICE = np.int64(1) << np.int64(62)
"""Marks a text that came again."""


@kernel
def digests(symbols: NDArray[np.uint64], bounds: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Return a hash of the symbols of each document, in their order; 0 where there are none."""
    found = np.zeros(len(bounds) - 1, dtype=np.uint64)
    for document in range(len(found)):
        value = np.uint64(bounds[document + 1] - bounds[document])
        if not value:
            continue
        for i in range(bounds[document], bounds[document + 1]):
            value = mixed(value * A + symbols[i])
        found[document] = max(value, _ONE)
    return found


@kernel
def enter(
    keys: NDArray[np.uint64],
    firsts: NDArray[np.int64],
    cells: NDArray[np.int64],
    hashes: NDArray[np.uint64],
    places: NDArray[np.int64],
    owners: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Enter documents into a table with free slots; return where the first of each text stands.

    -1 where it is the first itself; and the cell of a first document that is only now known to have
    a copy, else -1. A free slot has the key 0.
    """
    before = np.full(len(hashes), -1, dtype=np.int64)
    newly = np.full(len(hashes), -1, dtype=np.int64)
    last = np.uint64(len(keys) - 1)
    for i in range(len(hashes)):
        slot = hashes[i] & last
        while keys[slot] != 0 and keys[slot] != hashes[i]:
            slot = (slot + _ONE) & last
        if keys[slot] == 0:
            keys[slot], firsts[slot], cells[slot] = hashes[i], places[i], owners[i]
            continue
        before[i] = firsts[slot] & ~_TWICE
        if not firsts[slot] & _TWICE:
            newly[i] = cells[slot]
            firsts[slot] |= _TWICE
    return before, newly


@kernel
def strangers(keys: NDArray[np.uint64], hashes: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Return which of ``hashes`` are not in a table with free slots."""
    found = np.zeros(len(hashes), dtype=np.bool_)
    last = np.uint64(len(keys) - 1)
    for i in range(len(hashes)):
        slot = hashes[i] & last
        while keys[slot] != 0 and keys[slot] != hashes[i]:
            slot = (slot + _ONE) & last
        found[i] = keys[slot] == 0
    return found


@dataclass(slots=True)
class Copies:
    """The texts seen so far, and how many documents of each cell have a copy.

    A cell is a source and a group of clusters. Counts do not depend on the order of documents.

    Attributes
    ----------
    documents, copied : int64 arrays, (octaves, cells): documents by how small the hash of their
        text is, and those of which there is another in the corpus
    halvings : how often half of the texts were dropped, those of larger hash
    """

    capacity: int = CAPACITY
    documents: NDArray[np.int64] = field(default_factory=lambda: np.zeros((OCTAVES, 0), np.int64))
    copied: NDArray[np.int64] = field(default_factory=lambda: np.zeros((OCTAVES, 0), np.int64))
    halvings: int = 0
    _held: int = 0
    _keys: NDArray[np.uint64] = field(default_factory=lambda: np.zeros(_FIRST_SLOTS, np.uint64))
    _firsts: NDArray[np.int64] = field(default_factory=lambda: np.zeros(_FIRST_SLOTS, np.int64))
    _cells: NDArray[np.int64] = field(default_factory=lambda: np.zeros(_FIRST_SLOTS, np.int64))

    def add(
        self,
        hashes: NDArray[np.uint64],
        places: NDArray[np.int64],
        cells: NDArray[np.int64],
    ) -> NDArray[np.int64]:
        """Count documents; return where the first of each text stands, -1 if it is the first.

        ``places`` are any numbers below 2**62.
        """
        self._widen(int(cells.max(initial=-1)) + 1)
        found = np.full(len(hashes), -1, dtype=np.int64)
        inside = np.flatnonzero((hashes != 0) & (hashes <= self._last))
        if not len(inside):
            return found
        self._make_room(np.unique(hashes[inside]))
        inside = inside[hashes[inside] <= self._last]
        taken = hashes[inside]
        before, newly = enter(
            self._keys, self._firsts, self._cells, taken, places[inside], cells[inside]
        )
        again = before >= 0
        self._held += int((~again).sum())
        octaves = (taken[:, None] <= _LIMITS).sum(axis=1)
        np.add.at(self.documents, (octaves, cells[inside]), 1)
        np.add.at(self.copied, (octaves[again], cells[inside][again]), 1)
        late = newly >= 0
        np.add.at(self.copied, (octaves[late], newly[late]), 1)
        found[inside] = before
        return found

    def counts(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return documents with a copy and all that were looked at, (sources, groups) each."""
        octaves = slice(self.halvings, None)
        copied, documents = (
            each[octaves].sum(axis=0).reshape(-1, GROUPS) for each in (self.copied, self.documents)
        )
        return copied, documents

    @property
    def _last(self) -> np.uint64:
        return _ALL >> np.uint64(self.halvings)

    def _widen(self, cells: int) -> None:
        short = -(-cells // GROUPS) * GROUPS - self.documents.shape[1]
        if short > 0:
            self.documents = np.pad(self.documents, ((0, 0), (0, short)))
            self.copied = np.pad(self.copied, ((0, 0), (0, short)))

    def _make_room(self, texts: NDArray[np.uint64]) -> None:
        """Have room for those of ``texts``, all different, that are not held."""
        new = texts[strangers(self._keys, texts)]
        slots = len(self._keys)
        while 2 * (self._held + len(new)) > slots and slots < 2 * self.capacity:
            slots *= 2
        if slots > len(self._keys):
            self._move(slots)
        # By texts and not by documents: so what is dropped does not depend on the order.
        while 2 * (self._held + len(new)) > slots and self.halvings < OCTAVES - 1:
            self.halvings += 1
            self._move(slots)
            new = new[new <= self._last]

    def _move(self, slots: int) -> None:
        kept = np.flatnonzero((self._keys != 0) & (self._keys <= self._last))
        keys, firsts, cells = self._keys[kept], self._firsts[kept], self._cells[kept]
        self._keys = np.zeros(slots, dtype=np.uint64)
        self._firsts, self._cells = np.zeros((2, slots), dtype=np.int64)
        enter(self._keys, self._firsts, self._cells, keys, firsts, cells)
        self._held = len(kept)
