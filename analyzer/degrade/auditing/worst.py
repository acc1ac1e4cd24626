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
from degrade.auditing.measures import REASONS, REPETITION, Measured, Told

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
    """Documents with a reason to be listed: the worst ``most``, and how many there are of each.

    The more reasons, the worse; of as many, the more is said twice in it; of these, the earlier.
    """

    most: int
    bad: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    _passed: int = 0
    _heap: list[tuple[float, int, BadDocument]] = field(default_factory=list)

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
        over, under = measured.sums[REPETITION]
        repeated = over / np.maximum(1, under)
        listed = np.flatnonzero(given.any(axis=1))
        self.bad += len(listed)
        self.reasons.update(dict(zip(REASONS, given.sum(axis=0).tolist(), strict=True)))
        for i in listed.tolist():
            rank = float(given[i].sum() + repeated[i]), -(self._passed + i)
            if not self.most or (len(self._heap) == self.most and rank < self._heap[0][:2]):
                continue
            first = place_at(int(told.firsts[i])) if told.firsts[i] >= 0 else None
            document = BadDocument(
                id=chunk.batch.document(i).id,
                source=sources[int(chunk.sources[i])],
                file=files[int(chunk.files[i])],
                record=int(chunk.records[i]),
                reasons=tuple(name for name, so in zip(REASONS, given[i], strict=True) if so),
                repeated=float(repeated[i]),
                words=int(measured.words[i]),
                first_file=files[first[0]] if first else None,
                first_record=first[1] if first else None,
                resemblance=round(float(told.resemblances[i]), 2) if first else None,
            )
            put = heapq.heappush if len(self._heap) < self.most else heapq.heappushpop
            put(self._heap, (*rank, document))
        self._passed += len(given)

    def listed(self) -> tuple[BadDocument, ...]:
        """Return the documents kept, the worst first."""
        return tuple(document for *_, document in sorted(self._heap, key=lambda e: (-e[0], -e[1])))
