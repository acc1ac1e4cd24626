"""Looking for several things in documents at once, reading no further than it takes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from degrade.census.kernels import ngram_hashes
from degrade.text.document import Batch, Columns, Rows
from degrade.text.layer import Layer

CONTEXT = 60
"""Characters that are shown on either side of what is found."""
_BATCH = 256

Texts = Callable[[], Iterable[Rows]]
"""Documents to be read, one by one or side by side, as often as asked for."""
Ngrams = Mapping[int, Set[int]]
"""Hashes of n-grams by their order."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an n-gram was found: ``text``, at ``start`` of the ``context`` around it."""

    text: str
    context: str
    start: int
    document: str


Places = Mapping[tuple[int, int], Place]
"""Places of n-grams by order and hash."""


class Seeker(Protocol):
    """Looks for something in documents, batch by batch."""

    def look(self, batch: Batch) -> bool:
        """Look through ``batch``; return whether the next one may hold more."""
        ...


def read_through(texts: Texts, seekers: Sequence[Seeker]) -> None:
    """Show the documents of ``texts`` to all ``seekers`` in one pass, until none wants more."""
    left = list(seekers)
    for batch in batches(texts()) if left else ():
        left = [seeker for seeker in left if seeker.look(batch)]
        if not left:
            break


class NgramSeeker:
    """Looks for the first place of each n-gram ``wanted``; ``places`` holds those found."""

    def __init__(self, wanted: Ngrams, layer: Layer) -> None:
        self.places: dict[tuple[int, int], Place] = {}
        self._layer = layer
        self._sought = {
            n: np.array(sorted(hashes), dtype=np.uint64) for n, hashes in wanted.items() if hashes
        }
        self._missing = {(n, hashed) for n, hashes in wanted.items() for hashed in hashes}

    def look(self, batch: Batch) -> bool:
        """Look through ``batch`` for what was not found yet."""
        segments = batch.segments(self._layer)
        for n, sought in self._sought.items():
            found, starts = ngram_hashes(segments.symbols, segments.bounds, n)
            for i in np.flatnonzero(np.isin(found, sought)):
                key = (n, int(found[i]))
                if key in self._missing:
                    self._missing.discard(key)
                    first = int(starts[i])
                    place = int(segments.starts[first]), int(segments.ends[first + n - 1])
                    self.places[key] = place_of(batch, *place)
        return bool(self._missing)


def located(wanted: Ngrams, documents: Iterable[Rows], layer: Layer) -> Places:
    """Return the first place of each n-gram, reading no further than it takes."""
    seeker = NgramSeeker(wanted, layer)
    read_through(lambda: documents, (seeker,))
    return seeker.places


def place_of(batch: Batch, start: int, end: int) -> Place:
    """Return the place of the bytes ``start`` to ``end`` of the buffer of ``batch``."""
    document = int(np.searchsorted(batch.bounds, start, side="right")) - 1
    low, high = int(batch.bounds[document]), int(batch.bounds[document + 1])
    before = batch.data[max(low, start - 4 * CONTEXT) : start].tobytes()
    after = batch.data[end : min(high, end + 4 * CONTEXT)].tobytes()
    left = before.decode("utf-8", "ignore")[-CONTEXT:]
    right = after.decode("utf-8", "ignore")[:CONTEXT]
    text = batch.data[start:end].tobytes().decode("utf-8")
    return Place(text, left + text + right, len(left), batch.document(document).id)


def batches(rows: Iterable[Rows]) -> Iterator[Batch]:
    """Yield documents in batches, each of them as it fills."""
    held: list[Rows] = []
    size = 0
    for row in rows:
        for part in _parts(row) if isinstance(row, Columns) else (row,):
            held.append(part)
            size += len(part) if isinstance(part, Columns) else 1
            if size >= _BATCH:
                yield Batch(held)
                held, size = [], 0
    if held:
        yield Batch(held)


def _parts(columns: Columns) -> Iterator[Columns]:
    """Yield the documents of ``columns`` in runs that are no longer than a batch."""
    for start in range(0, len(columns), _BATCH):
        yield columns.part(start, min(start + _BATCH, len(columns)))
