"""The worst documents, so many at most."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from degrade.audited import BadDocument
from degrade.auditing.chunks import Chunk
from degrade.auditing.measures import REPETITION, Measured
from degrade.auditing.reasons import REASONS, Told

PLACE_BITS = 40
"""Bits of a place that hold the record; the file is above them."""


def places(chunk: Chunk) -> NDArray[np.int64]:
    """Return file and record of each document as one number."""
    return (chunk.files << PLACE_BITS) | chunk.records


def place_at(place: int) -> tuple[int, int]:
    """Return the number of the file, and the record, of a place."""
    return divmod(place, 1 << PLACE_BITS)


@dataclass(slots=True)
class Worst:
    """Documents to be listed: the worst ``most``, and how many there are.

    What is listed for itself is worse than what is listed for its source; of these, what has more
    said before; then what has more reasons; then the earlier.

    Attributes
    ----------
    bad : documents that are listed for what there is against them by themselves
    flagged : documents by what there is against them, enough to be listed or not
    short : of each source, documents by what there is against them where it is not enough, and at
        the end all of these
    cut : whether there are more than ``most``
    """

    most: int
    bad: int = 0
    flagged: Counter[str] = field(default_factory=Counter)
    short: dict[str, NDArray[np.int64]] = field(default_factory=dict)
    cut: bool = False
    _passed: int = 0
    _heap: list[tuple[bool, float, int, int, BadDocument]] = field(default_factory=list)

    def add(
        self,
        chunk: Chunk,
        measured: Measured,
        told: Told,
        sources: Sequence[str],
        files: Sequence[str],
    ) -> None:
        """Look at the documents of ``chunk``, of which there is that to be told."""
        given = told.given
        self.bad += int(told.listed.sum())
        self.flagged.update(dict(zip(REASONS, given.sum(axis=0).tolist(), strict=True)))
        short = given.any(axis=1) & ~told.listed
        for number in np.unique(chunk.sources[short]).tolist():
            mine = given[short & (chunk.sources == number)]
            counts = np.append(mine.sum(axis=0), len(mine))
            self.short[sources[number]] = self.short.get(sources[number], 0) + counts
        self.keep(told.listed, chunk, measured, told, sources, files)

    def keep(
        self,
        which: NDArray[np.bool_],
        chunk: Chunk,
        measured: Measured,
        told: Told,
        sources: Sequence[str],
        files: Sequence[str],
    ) -> None:
        """List documents of ``chunk``, whatever there is against them, if they are bad enough."""
        over, under = measured.sums[REPETITION]
        repeated, badness = over / np.maximum(1, under), told.badness
        for i in np.flatnonzero(which).tolist():
            against = tuple(n for n, so in zip(REASONS, told.given[i], strict=True) if so)
            of_itself = bool(told.listed[i])
            rank = of_itself, float(badness[i]), len(against), -(self._passed + i)
            full = len(self._heap) == self.most
            self.cut |= full
            if full and (not self.most or rank < self._heap[0][:-1]):
                continue
            first = place_at(int(told.firsts[i])) if told.firsts[i] >= 0 else None
            document = BadDocument(
                id=chunk.batch.document(i).id,
                source=sources[int(chunk.sources[i])],
                file=files[int(chunk.files[i])],
                record=int(chunk.records[i]),
                reasons=against,
                repeated=float(repeated[i]),
                words=int(measured.words[i]),
                said_before=round(float(told.said_before[i]), 2),
                first_file=files[first[0]] if first else None,
                first_record=first[1] if first else None,
                resemblance=round(float(told.resemblances[i]), 2) if first else None,
            )
            put = heapq.heappushpop if full else heapq.heappush
            put(self._heap, (*rank, document))
        self._passed += len(which)

    def listed(self) -> tuple[BadDocument, ...]:
        """Return the documents kept, the worst first."""
        return tuple(document for *_, document in sorted(self._heap, reverse=True))
