"""A bounded sample of documents as sequences of symbols: no text is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Self

import numpy as np
from numpy.typing import NDArray

from degrade.summaries.need import Arrays, Need
from degrade.text.document import GROUPS, Batch
from degrade.text.layer import Layer

_Kept = tuple[int, NDArray[np.uint64]]


class Sequences:
    """The first symbols of the documents whose ids have the smallest hashes, with their groups.

    A document that is among the smallest of the whole is among the smallest of every part that
    holds it, so merging is exact. ``documents`` and ``tokens`` of the need say how many there are
    at most. Documents without symbols are left out. ``derived`` holds what was computed of the
    sample, by what it was computed with, and is emptied when the sample changes.
    """

    def __init__(self, need: Need) -> None:
        self.layer = str(need["layer"])
        self.capacity = int(need["documents"])
        self.tokens = int(need["tokens"])
        self._kept: dict[tuple[int, int], _Kept] = {}
        self.derived: dict[object, object] = {}

    @classmethod
    def layers(cls, need: Need) -> tuple[str, ...]:
        """Return the layer whose symbols are kept."""
        return (str(need["layer"]),)

    def update(self, batch: Batch, layers: Mapping[str, Layer]) -> None:
        """Offer the documents of ``batch``."""
        segments = batch.segments(layers[self.layer])
        full = len(self._kept) >= self.capacity
        bound = max(self._kept)[0] if full and self._kept else np.iinfo(np.uint64).max
        held = (batch.ids <= np.uint64(bound)) & (np.diff(segments.bounds) > 0)
        offered: set[tuple[int, int]] = set()
        last = -1
        for i in sorted(np.flatnonzero(held), key=lambda i: int(batch.ids[i])):
            # Repeats of a document take one place; of one id, any text may be the smallest.
            if len(offered) >= self.capacity and int(batch.ids[i]) > last:
                break
            last = int(batch.ids[i])
            start, end = (int(bound) for bound in segments.bounds[i : i + 2])
            symbols = segments.symbols[start : min(end, start + self.tokens)].copy()
            offered.add(self._offer(last, int(batch.groups[i]), symbols))
        self._trim()

    def _offer(self, hashed: int, group: int, symbols: NDArray[np.uint64]) -> tuple[int, int]:
        self.derived.clear()
        digest = hashlib.blake2b(symbols.astype("<u8").tobytes(), digest_size=8).digest()
        key = hashed, int.from_bytes(digest, "little")
        # Which group is kept, where clusters differ, must not depend on order.
        self._kept[key] = min(group, self._kept.get(key, (group,))[0]), symbols
        return key

    def _trim(self) -> None:
        for key in sorted(self._kept)[self.capacity :]:
            del self._kept[key]

    def merge(self, other: Self) -> None:
        """Keep the smallest of both."""
        for (hashed, _), (group, symbols) in other._kept.items():
            self._offer(hashed, group, symbols)
        self._trim()

    def arrays(self) -> Arrays:
        """Return the hash and group of each document, and their symbols with the end of each."""
        kept = [(key[0], *self._kept[key]) for key in sorted(self._kept)]
        sequences = [symbols for _, _, symbols in kept]
        return {
            "hashes": np.array([hashed for hashed, _, _ in kept], dtype=np.uint64),
            "groups": np.array([group for _, group, _ in kept], dtype=np.uint8),
            "ends": np.cumsum([len(symbols) for symbols in sequences], dtype=np.int64),
            "symbols": np.concatenate([np.empty(0, dtype=np.uint64), *sequences]),
        }

    @classmethod
    def from_arrays(cls, need: Need, arrays: Arrays) -> Self:
        """Return the sample that gave ``arrays``."""
        sample = cls(need)
        hashes, groups, ends, symbols = (
            arrays[name] for name in ("hashes", "groups", "ends", "symbols")
        )
        lengths = np.diff(ends, prepend=0)
        if not len(hashes) == len(groups) == len(ends) or len(hashes) > sample.capacity:
            raise ValueError("columns of unequal length, or too many documents")
        if int(lengths.sum()) != len(symbols) or symbols.dtype != np.uint64:
            raise ValueError("symbols that are not those of the documents")
        if len(hashes) and (lengths.min() < 1 or lengths.max() > sample.tokens):
            raise ValueError("lengths that cannot be")
        if len(groups) and int(groups.max()) >= GROUPS:
            raise ValueError("groups that cannot be")
        for i, end in enumerate(ends):
            start = int(end - lengths[i])
            sample._offer(int(hashes[i]), int(groups[i]), symbols[start : int(end)].copy())
        return sample

    def sequences(self) -> tuple[NDArray[np.uint8], list[NDArray[np.uint64]]]:
        """Return the group and the first symbols of each document, in the order of the hashes."""
        kept = [self._kept[key] for key in sorted(self._kept)]
        groups = np.array([group for group, _ in kept], dtype=np.uint8)
        return groups, [symbols for _, symbols in kept]
