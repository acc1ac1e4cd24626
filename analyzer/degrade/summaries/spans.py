"""Long stretches of tokens, and which groups of documents hold them, as a bounded sample."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

import numpy as np
from numpy.typing import NDArray

from degrade.compiled import kernel
from degrade.summaries.bounded import counted, kept_below, summed
from degrade.summaries.need import Arrays, Need
from degrade.text.document import GROUPS, Batch
from degrade.text.hashing import A, D, E
from degrade.text.layer import Layer

CAPACITY = 1 << 17
"""Spans by group that are kept: 2 MB."""
_SHIFT = np.uint64(GROUPS.bit_length() - 1)
ALL_HASHES = 1 << (64 - int(_SHIFT))
"""The bound below which every span is kept: exact."""
_30, _27, _31, _ONE = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(1)


@kernel
def span_keys(
    symbols: NDArray[np.uint64],
    bounds: NDArray[np.int64],
    groups: NDArray[np.uint8],
    n: int,
    below: np.uint64,
) -> NDArray[np.uint64]:
    """Return a key for each different run of ``n`` symbols of each document, in reading order.

    Keys are 58 bits of hash, and the group; hashes of ``below`` and above are left out. A
    polynomial of the symbols modulo 2**64, rolled on from run to run, goes through the finalizer of
    splitmix64.
    """
    room, longest = 0, 0
    for document in range(len(bounds) - 1):
        runs = max(0, bounds[document + 1] - bounds[document] - n + 1)
        room, longest = room + runs, max(longest, runs)
    keys = np.empty(room, dtype=np.uint64)
    slots = 2
    while slots < 2 * longest:
        slots *= 2
    seen = np.zeros(slots, dtype=np.int64)
    oldest = _ONE
    for _ in range(n):
        oldest *= A
    count = 0
    for document in range(len(bounds) - 1):
        rolled = np.uint64(0)
        begin = count
        wrap = np.int64(2)
        while wrap < 2 * (bounds[document + 1] - bounds[document]) and wrap < slots:
            wrap *= 2
        wrap -= 1
        for i in range(bounds[document], bounds[document + 1]):
            rolled = rolled * A + symbols[i]
            before = i - bounds[document] - n
            if before >= 0:
                rolled -= oldest * symbols[i - n]
            if before >= -1:
                h = (rolled ^ (rolled >> _30)) * D
                h = (h ^ (h >> _27)) * E
                h = (h ^ (h >> _31)) >> _SHIFT
                if h < below:
                    key = h << _SHIFT | np.uint64(groups[document])
                    # A place holds the number of a key, from 1 on; those of documents before are
                    # free, so that nothing has to be emptied.
                    slot = np.int64(h) & wrap
                    while seen[slot] > begin and keys[seen[slot] - 1] != key:
                        slot = (slot + 1) & wrap
                    if seen[slot] <= begin:
                        keys[count] = key
                        count += 1
                        seen[slot] = count
    return keys[:count]


class Spans:
    """The runs of n tokens of smallest hash, with how many documents of each group hold them.

    Below ``CAPACITY`` of them, that is all. Above, it is a sample in which every span has the same
    chance, the same in every corpus; a span kept is kept with all documents that hold it.

    Attributes
    ----------
    keys : uint64 array, sorted: 58 bits of hash, 6 bits of group
    documents : int64 array, documents of that group that hold the span, once or more
    bound : spans whose hash lies below it are all kept, the others none
    """

    def __init__(self, need: Need) -> None:
        self.layer = str(need["layer"])
        self.n = int(need["n"])
        self.keys: NDArray[np.uint64] = np.empty(0, dtype=np.uint64)
        self.documents: NDArray[np.int64] = np.empty(0, dtype=np.int64)
        self.bound = ALL_HASHES

    @classmethod
    def layers(cls, need: Need) -> tuple[str, ...]:
        """Return the layer whose symbols make the spans."""
        return (str(need["layer"]),)

    @property
    def exact(self) -> bool:
        """Whether every span is kept."""
        return self.bound == ALL_HASHES

    @property
    def hashes(self) -> NDArray[np.uint64]:
        """The hash of each entry, sorted."""
        return self.keys >> _SHIFT

    @property
    def groups(self) -> NDArray[np.int64]:
        """The group of each entry, 0 to 63."""
        return (self.keys & np.uint64(GROUPS - 1)).astype(np.int64)

    def update(self, batch: Batch, layers: Mapping[str, Layer]) -> None:
        """Add the spans of ``batch``."""
        segments = batch.segments(layers[self.layer])
        keys = span_keys(
            segments.symbols, segments.bounds, batch.groups, self.n, np.uint64(self.bound)
        )
        if len(keys):
            keys.sort()
            self._absorb(*counted(keys), self.bound)

    def merge(self, other: Self) -> None:
        """Add the spans of ``other``."""
        self._absorb(other.keys, other.documents, other.bound)

    def _absorb(self, keys: NDArray[np.uint64], documents: NDArray[np.int64], bound: int) -> None:
        every, counts = summed(self.keys, self.documents, keys, documents)
        end, self.bound = kept_below(every >> _SHIFT, CAPACITY, min(self.bound, bound))
        self.keys, self.documents = every[:end].copy(), counts[:end].copy()

    def arrays(self) -> Arrays:
        """Return keys, documents and the bound."""
        return {
            "keys": self.keys,
            "documents": self.documents,
            "bound": np.array([self.bound], dtype=np.uint64),
        }

    @classmethod
    def from_arrays(cls, need: Need, arrays: Arrays) -> Self:
        """Return the spans that gave ``arrays``."""
        spans = cls(need)
        keys, documents, bound = (arrays[name] for name in ("keys", "documents", "bound"))
        if keys.dtype != np.uint64 or documents.dtype != np.int64 or keys.shape != documents.shape:
            raise ValueError("columns of unequal length or wrong dtype")
        if len(keys) > CAPACITY or not bool((keys[1:] > keys[:-1]).all()):
            raise ValueError("spans out of order")
        if (documents < 1).any() or not 0 <= int(bound.item()) <= ALL_HASHES:
            raise ValueError("spans that cannot be")
        spans.keys, spans.documents, spans.bound = keys, documents, int(bound.item())
        return spans
