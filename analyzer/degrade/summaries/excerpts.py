"""The symbols of some documents in reading order, for what no count of n-grams tells."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from itertools import pairwise
from typing import Self

import numpy as np
from numpy.typing import NDArray

from degrade.summaries.need import Arrays, Need
from degrade.text.document import GROUPS, Batch
from degrade.text.layer import Layer

LONGEST = 256
"""Symbols of a document that are kept: its first."""
Key = tuple[int, int, int]


class Excerpts:
    """The documents whose ids have the smallest hashes, until they hold ``symbols`` symbols.

    A document that stands that early in the whole stands as early in every part that holds it, so
    merging is exact. Documents are equal if their ids, groups and texts are; those without symbols
    are left out.
    """

    def __init__(self, need: Need) -> None:
        self.layer = str(need["layer"])
        self.capacity = int(need["symbols"])
        self._kept: dict[Key, NDArray[np.uint64]] = {}

    @classmethod
    def layers(cls, need: Need) -> tuple[str, ...]:
        """Return the layer whose symbols are kept."""
        return (str(need["layer"]),)

    def update(self, batch: Batch, layers: Mapping[str, Layer]) -> None:
        """Offer the documents of ``batch``."""
        segments = batch.segments(layers[self.layer])
        offered, last, groups = 0, -1, batch.groups
        for i in np.argsort(batch.ids, kind="stable").tolist():
            first, end = int(segments.bounds[i]), int(segments.bounds[i + 1])
            hashed = int(batch.ids[i])
            # Of one id there may be several texts, of which any may come first.
            if offered >= self.capacity and hashed > last:
                break
            last = hashed
            if first == end:
                continue
            text = batch.data[batch.bounds[i] : batch.bounds[i + 1]].tobytes()
            content = hashlib.blake2b(text, digest_size=8).digest()
            key = hashed, int.from_bytes(content, "little"), int(groups[i])
            if key not in self._kept:
                self._kept[key] = segments.symbols[first : min(end, first + LONGEST)].copy()
                offered += len(self._kept[key])
        self._trim()

    def _trim(self) -> None:
        held = 0
        for key in sorted(self._kept):
            if held >= self.capacity:
                del self._kept[key]
            else:
                held += len(self._kept[key])

    def merge(self, other: Self) -> None:
        """Keep the earliest of both."""
        self._kept.update(other._kept)
        self._trim()

    def inside(self, groups: NDArray[np.bool_]) -> list[NDArray[np.uint64]]:
        """Return the symbols of the documents of ``groups``, (GROUPS,), in order of their ids."""
        return [self._kept[key] for key in sorted(self._kept) if groups[key[2]]]

    def arrays(self) -> Arrays:
        """Return the hash of id, the hash of text and the group of each document, and symbols."""
        keys = sorted(self._kept)
        symbols = [np.empty(0, dtype=np.uint64), *(self._kept[key] for key in keys)]
        return {
            "documents": np.array(keys, dtype=np.uint64).reshape(-1, 3),
            "ends": np.cumsum([len(self._kept[key]) for key in keys], dtype=np.int64),
            "symbols": np.concatenate(symbols),
        }

    @classmethod
    def from_arrays(cls, need: Need, arrays: Arrays) -> Self:
        """Return the sequences that gave ``arrays``."""
        sequences = cls(need)
        documents, ends, symbols = arrays["documents"], arrays["ends"], arrays["symbols"]
        starts = [0, *ends.tolist()]
        lengths = np.diff(starts)
        if documents.shape != (len(ends), 3) or starts[-1] != len(symbols):
            raise ValueError("columns of unequal length")
        if documents.dtype != np.uint64 or symbols.dtype != np.uint64 or ends.dtype != np.int64:
            raise ValueError("columns of the wrong dtype")
        if bool(((lengths < 1) | (lengths > LONGEST)).any()):
            raise ValueError("documents of a length that cannot be")
        if len(ends) and int(documents[:, 2].max()) >= GROUPS:
            raise ValueError("a group that cannot be")
        for key, (start, end) in zip(documents.tolist(), pairwise(starts), strict=True):
            sequences._kept[(key[0], key[1], key[2])] = symbols[start:end].copy()
        return sequences
