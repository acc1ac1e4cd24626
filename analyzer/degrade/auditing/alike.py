"""Documents that say almost the same as another, word for word."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from degrade.auditing.alike_kernels import ALIKE, AT, NOTHING, link, relinked
from degrade.auditing.signatures import BANDS, HASHES, Signatures
from degrade.text.document import GROUPS

CAPACITY = 1 << 21
"""Documents that are kept, at 130 bytes each; beyond, half of those by their keys, and so on."""
OCTAVES = 16
_LIMITS = np.uint64(0xFFFFFFFFFFFFFFFF) >> np.arange(1, OCTAVES, dtype=np.uint64)
_FIRST = 1 << 12


@dataclass(frozen=True, slots=True)
class Likes:
    """Of each document, the place of an earlier one that it is like, or -1, and how much so."""

    places: NDArray[np.int64]
    resemblances: NDArray[np.float64]


@dataclass(slots=True)
class _Kept:
    """What is kept of documents, a row a document.

    ``octaves`` say how small the key is, ``company`` the largest octave of a document that it is
    like, plus one; ``twins`` is an earlier document with the same words, or -1; ``before`` leads to
    the document before with the same key of each band.
    """

    cells: NDArray[np.int32]
    places: NDArray[np.int64]
    digests: NDArray[np.uint64]
    bits: NDArray[np.uint64]
    octaves: NDArray[np.uint8]
    company: NDArray[np.uint8]
    twins: NDArray[np.int32]
    before: NDArray[np.int32]

    @classmethod
    def of(cls, rows: int) -> _Kept:
        return cls(
            np.zeros(rows, np.int32),
            np.zeros(rows, np.int64),
            np.zeros(rows, np.uint64),
            np.zeros((rows, HASHES // 64), np.uint64),
            np.zeros(rows, np.uint8),
            np.zeros(rows, np.uint8),
            np.zeros(rows, np.int32),
            np.zeros((rows, BANDS), np.int32),
        )

    def columns(self) -> tuple[NDArray[np.generic], ...]:
        return tuple(getattr(self, name) for name in self.__slots__)


@dataclass(slots=True)
class Alike:
    """The documents seen so far, and how many of each cell are like another that is no copy.

    Alike are two whose signatures say that they share ``ALIKE`` or more of their five-word phrases
    taken together. Among very many that have a key in common, each is held against the last of
    them only. Of more documents than ``capacity``, some are looked at: documents alike are kept
    together with a chance of their resemblance, so shares are up to a fifth too low, of all sources
    alike. A cell is a source and a group of clusters.

    Attributes
    ----------
    halvings : how often half of the documents were dropped
    """

    capacity: int = CAPACITY
    halvings: int = 0
    _held: int = 0
    _kept: _Kept = field(default_factory=lambda: _Kept.of(_FIRST))
    _tags: NDArray[np.uint32] = field(default_factory=lambda: np.zeros(_FIRST * 8, np.uint32))
    _heads: NDArray[np.int32] = field(default_factory=lambda: np.full(_FIRST * 8, NOTHING))
    _cells: int = 0

    def add(
        self,
        signed: Signatures,
        digests: NDArray[np.uint64],
        places: NDArray[np.int64],
        cells: NDArray[np.int64],
    ) -> Likes:
        """Count documents; ``digests`` are the same for the same words in the same order."""
        found = Likes(np.full(len(cells), -1, dtype=np.int64), np.zeros(len(cells)))
        self._cells = max(self._cells, int(cells.max(initial=-1)) + 1)
        octaves = (signed.keys[:, None] <= _LIMITS).sum(axis=1).astype(np.uint8)
        inside = np.flatnonzero((signed.keys != 0) & (octaves >= self.halvings))
        self._make_room(len(inside))
        inside = inside[octaves[inside] >= self.halvings]
        rows = slice(self._held, self._held + len(inside))
        kept = self._kept
        kept.cells[rows], kept.places[rows] = cells[inside], places[inside]
        kept.digests[rows], kept.bits[rows] = digests[inside], signed.bits[inside]
        kept.octaves[rows], kept.company[rows] = octaves[inside], 0
        likes, agreeing = link(
            self._tags,
            self._heads,
            kept.digests,
            kept.bits,
            kept.octaves,
            kept.company,
            kept.twins,
            kept.before,
            signed.bands[inside],
            self._held,
        )
        self._held += len(inside)
        alike = likes >= 0
        found.places[inside[alike]] = kept.places[likes[alike]]
        found.resemblances[inside[alike]] = 2 * agreeing[alike] / HASHES - 1
        return found

    def counts(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return documents that are like another and all looked at, (sources, groups) each."""
        kept, rows = self._kept, np.arange(self._held)
        inside = rows[kept.octaves[: self._held] >= self.halvings]
        twins = kept.twins[inside]
        company = kept.company[np.where(twins >= 0, twins, inside)] > self.halvings
        cells = -(-self._cells // GROUPS) * GROUPS
        alike, looked = (
            np.bincount(kept.cells[each], minlength=cells).astype(np.int64).reshape(-1, GROUPS)
            for each in (inside[company], inside)
        )
        return alike, looked

    def _make_room(self, more: int) -> None:
        while self._held + more > len(self._kept.cells):
            if len(self._kept.cells) < self.capacity:
                self._widen()
                continue
            if self.halvings == OCTAVES - 1:
                self._widen()
                return
            self.halvings += 1
            self._shrink()

    def _widen(self) -> None:
        wider = _Kept.of(2 * len(self._kept.cells))
        for old, new in zip(self._kept.columns(), wider.columns(), strict=True):
            new[: self._held] = old[: self._held]
        self._kept = wider
        self._relink(np.arange(self._held, dtype=np.int32))

    def _shrink(self) -> None:
        """Drop documents whose keys are too large."""
        kept = self._kept
        inside = np.flatnonzero(kept.octaves[: self._held] >= self.halvings)
        moved = np.full(self._held, NOTHING, dtype=np.int32)
        moved[inside] = np.arange(len(inside), dtype=np.int32)
        twins = kept.twins[inside]
        new_twins = np.where(twins >= 0, moved[np.maximum(twins, 0)], NOTHING)
        self._relink(moved)
        for column in kept.columns():
            if column is not kept.before:
                column[: len(inside)] = column[inside]
        kept.twins[: len(inside)] = new_twins
        self._held = len(inside)

    def _relink(self, moved: NDArray[np.int32]) -> None:
        """Give documents the numbers ``moved``, -1 for those that go."""
        slots = AT * len(self._kept.cells)
        self._tags, self._heads, self._kept.before = relinked(
            self._tags, self._heads, self._kept.before, moved, slots
        )


__all__ = ["ALIKE", "CAPACITY", "Alike", "Likes"]
