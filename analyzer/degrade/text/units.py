"""Documents or stretches of them, of which a sample is drawn by hash, whatever their order.

A unit has an octave: the number of zeros that the hash of its document and place begins with. Half
of all units are of octave 0, a quarter of octave 1, and so on. A sample is all units from some
octave up, so samples of any two corpora are drawn by the same rule, and those of parts join to that
of the whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from degrade.compiled import kernel
from degrade.text.hashing import A, D, E
from degrade.text.layer import Segments

if TYPE_CHECKING:
    from degrade.text.document import Batch
    from degrade.text.layer import Layer

OCTAVES = 64
_30, _27, _31, _ONE = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(1)
_HIGHEST = np.uint64(1 << 63)
Offsets = NDArray[np.int64]


@kernel
def _octave(document: np.uint64, place: int) -> int:
    h = document + np.uint64(place + 1) * A
    h = (h ^ (h >> _30)) * D
    h = (h ^ (h >> _27)) * E
    h ^= h >> _31
    octave = 0
    while octave < OCTAVES - 1 and h & _HIGHEST == np.uint64(0):
        h <<= _ONE
        octave += 1
    return octave


@kernel
def cut_up(
    ids: NDArray[np.uint64], texts: Offsets, bounds: Offsets, starts: Offsets, stretch: int
) -> tuple[Offsets, Offsets, Offsets, Offsets]:
    """Return owners, octaves, first symbols and first bytes of stretches of ``stretch`` symbols.

    Shapes (units,) twice and (units + 1,) twice. Stretches follow one another from the start of
    each document, and together hold all of its text; what is left at the end is one of its own. A
    ``stretch`` of 0 is the whole document, whatever its symbols.
    """
    documents = len(ids)
    count = documents
    if stretch:
        for i in range(documents):
            count += max(0, bounds[i + 1] - bounds[i] - 1) // stretch
    owners = np.empty(count, dtype=np.int64)
    octaves = np.empty(count, dtype=np.int64)
    symbols = np.zeros(count + 1, dtype=np.int64)
    places = np.empty(count + 1, dtype=np.int64)
    unit = 0
    for i in range(documents):
        places[unit] = texts[i]
        parts = 1
        if stretch:
            symbols[unit] = bounds[i]
            parts += max(0, bounds[i + 1] - bounds[i] - 1) // stretch
        for part in range(parts):
            if part:
                symbols[unit] = bounds[i] + part * stretch
                places[unit] = starts[symbols[unit]]
            owners[unit] = i
            octaves[unit] = _octave(ids[i], part)
            unit += 1
    if stretch:
        symbols[unit] = bounds[documents]
    places[unit] = texts[documents]
    return owners, octaves, symbols, places


@kernel
def _text_taken(
    chosen: Offsets, data: NDArray[np.uint8], texts: Offsets
) -> tuple[NDArray[np.uint8], Offsets]:
    after = np.zeros(len(chosen) + 1, dtype=np.int64)
    for k in range(len(chosen)):
        after[k + 1] = after[k] + texts[chosen[k] + 1] - texts[chosen[k]]
    taken = np.empty(after[-1], dtype=np.uint8)
    for k in range(len(chosen)):
        taken[after[k] : after[k + 1]] = data[texts[chosen[k]] : texts[chosen[k] + 1]]
    return taken, after


@kernel
def _symbols_taken(
    chosen: Offsets,
    symbols: NDArray[np.uint64],
    bounds: Offsets,
    starts: Offsets,
    ends: Offsets,
    before: Offsets,
    now: Offsets,
) -> tuple[NDArray[np.uint64], Offsets, Offsets, Offsets]:
    """Return the symbols of ``chosen`` with new bounds, starts and ends.

    Their texts began at ``before[chosen]``, and begin at ``now``.
    """
    after = np.zeros(len(chosen) + 1, dtype=np.int64)
    for k in range(len(chosen)):
        after[k + 1] = after[k] + bounds[chosen[k] + 1] - bounds[chosen[k]]
    taken = np.empty(after[-1], dtype=np.uint64)
    begun, ended = np.empty((2, after[-1]), dtype=np.int64)
    for k in range(len(chosen)):
        shift = now[k] - before[chosen[k]]
        first = bounds[chosen[k]] - after[k]
        for i in range(after[k], after[k + 1]):
            taken[i] = symbols[first + i]
            begun[i], ended[i] = starts[first + i] + shift, ends[first + i] + shift
    return taken, after, begun, ended


class Units:
    """Units side by side, as a batch of their own.

    Attributes
    ----------
    data : uint8 array, their texts
    texts : int64 array, (units + 1,); unit i is ``data[texts[i]:texts[i + 1]]``
    groups : uint8 array, (units,)
    owners : int64 array, (units,), which units are of one document: they follow one another
    octaves : int64 array, (units,)
    """

    def __init__(
        self,
        data: NDArray[np.uint8],
        texts: Offsets,
        groups: NDArray[np.uint8],
        owners: Offsets,
        octaves: Offsets,
        found: Segments | None = None,
    ) -> None:
        self.data, self.texts = data, texts
        self.groups, self.owners, self.octaves = groups, owners, octaves
        self._found = found
        self._batch: Batch | None = None
        self._segments: dict[tuple[str, str], Segments] = {}
        self._joined: tuple[tuple[Units, ...], int, Units] | None = None

    def __len__(self) -> int:
        return len(self.octaves)

    def known_by(self, batch: Batch) -> None:
        """Take the symbols from ``batch``, whose documents these are, one by one."""
        self._batch = batch

    def segments(self, layer: Layer) -> Segments:
        """Return the symbols: those of the text around, or of whole documents by ``layer``."""
        if self._found is not None:
            return self._found
        if self._batch is not None:
            return self._batch.segments(layer)
        identity = layer.name, layer.version
        if identity not in self._segments:
            found = layer.segment(self.data, self.texts)
            self._segments[identity] = Segments(
                found.symbols, found.bounds, found.starts, found.ends, self.data, self.texts
            )
        return self._segments[identity]

    def taken(self, chosen: Offsets) -> Units:
        """Return some of the units, in order."""
        if len(chosen) == len(self):
            return self
        data, texts = _text_taken(chosen, self.data, self.texts)
        found = self._found
        if found is not None:
            parts = found.symbols, found.bounds, found.starts, found.ends, self.texts, texts
            found = Segments(*_symbols_taken(chosen, *parts))
        return _whole(
            data,
            texts,
            self.groups[chosen],
            self.owners[chosen],
            self.octaves[chosen],
            found,
        )

    def joined(self, others: Sequence[Units], octave: int) -> Units:
        """Return these and ``others`` side by side, as far as they are of ``octave`` or above.

        All who ask for the same are given the same, so that what is read off it is read off once.
        """
        known = self._joined
        if known is None or known[1] != octave or not _same(known[0], others):
            known = self._joined = tuple(others), octave, _side_by_side((self, *others), octave)
        return known[2]


def _same(some: Sequence[Units], others: Sequence[Units]) -> bool:
    return len(some) == len(others) and all(a is b for a, b in zip(some, others, strict=True))


def _whole(
    data: NDArray[np.uint8],
    texts: Offsets,
    groups: NDArray[np.uint8],
    owners: Offsets,
    octaves: Offsets,
    found: Segments | None,
) -> Units:
    if found is not None:
        found = Segments(found.symbols, found.bounds, found.starts, found.ends, data, texts)
    return Units(data, texts, groups, owners, octaves, found)


def _side_by_side(pieces: Sequence[Units], octave: int) -> Units:
    parts = [piece.taken(np.flatnonzero(piece.octaves >= octave)) for piece in pieces]
    if len(parts) == 1:
        return parts[0]
    sizes = np.cumsum([0, *(len(part.data) for part in parts)])
    counts = np.cumsum([0, *(int(part.owners.max(initial=-1)) + 1 for part in parts)])
    found = None
    segments = [part._found for part in parts]
    if all(each is not None for each in segments):
        held = [each for each in segments if each is not None]
        before = np.cumsum([0, *(len(each.symbols) for each in held)])
        found = Segments(
            np.concatenate([each.symbols for each in held]),
            _bounds([each.bounds for each in held], before),
            np.concatenate([each.starts + at for each, at in zip(held, sizes, strict=False)]),
            np.concatenate([each.ends + at for each, at in zip(held, sizes, strict=False)]),
        )
    return _whole(
        np.concatenate([part.data for part in parts]),
        _bounds([part.texts for part in parts], sizes),
        np.concatenate([part.groups for part in parts]),
        np.concatenate([part.owners + at for part, at in zip(parts, counts, strict=False)]),
        np.concatenate([part.octaves for part in parts]),
        found,
    )


def _bounds(each: Sequence[Offsets], before: Offsets) -> Offsets:
    shifted = [bounds[:-1] + at for bounds, at in zip(each, before, strict=False)]
    return np.concatenate([*shifted, before[-1:]])


def amounts_of(units: Units) -> NDArray[np.int64]:
    """Return the bytes of text and the number of units of each octave, (2, OCTAVES)."""
    sizes = np.diff(units.texts)
    return np.array(
        [
            np.bincount(units.octaves, sizes, OCTAVES),
            np.bincount(units.octaves, None, OCTAVES),
        ]
    ).astype(np.int64)


def drawn(
    batch: Batch, layer: Layer | None, stretch: int, octave: int
) -> tuple[Units, NDArray[np.int64]]:
    """Return the units of ``batch`` from ``octave`` up, and the amounts of all of them by octave.

    Stretches are of symbols of ``layer``; without one, whole documents are drawn.
    """
    found = None
    starts = bounds = np.zeros(0, dtype=np.int64)
    if layer is not None:
        segments = batch.segments(layer)
        starts, bounds = segments.starts, segments.bounds
    owners, octaves, symbols, texts = cut_up(batch.ids, batch.bounds, bounds, starts, stretch)
    if layer is not None:
        found = Segments(segments.symbols, symbols, segments.starts, segments.ends)
    every = _whole(batch.data, texts, batch.groups[owners], owners, octaves, found)
    if layer is None:
        # Until some are given up, these are the documents of the batch.
        every.known_by(batch)
    return every.taken(np.flatnonzero(octaves >= octave)), amounts_of(every)
