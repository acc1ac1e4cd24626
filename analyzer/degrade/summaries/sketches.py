"""What each document says, as a sketch of its n-grams: a bounded sample of documents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

import numpy as np
from numpy.typing import NDArray

from degrade.compiled import kernel
from degrade.summaries.bounded import CLEAR, HEAVY, kept_below
from degrade.summaries.need import Arrays, Need
from degrade.text.document import GROUPS, Batch
from degrade.text.hashing import A, D, E
from degrade.text.layer import Layer

CAPACITY = 8_192
"""Documents that are kept, those that are alike in one group taken as one: 4 MB."""
KEY_SHARE = 16
"""One in so many of them may be of one key, those of smallest digest; of the rest, the number of
documents is kept. Otherwise a template of very many documents would leave no room for others."""
SIZE = 128
"""N-grams of smallest hash that a sketch holds; the error of a resemblance of .8 is then .035."""
ALL_HASHES = 1 << 64
"""The bound below which every document is kept: exact."""
_27, _30, _31, _32 = np.uint64(27), np.uint64(30), np.uint64(31), np.uint64(32)
_ONE, _NONE, _ALL = np.uint64(1), np.uint64(0xFFFFFFFF), np.uint64(0xFFFFFFFFFFFFFFFF)


@kernel
def mixed(value: np.uint64) -> np.uint64:
    """Return ``value`` through the finalizer of splitmix64."""
    h = (value ^ (value >> _30)) * D
    h = (h ^ (h >> _27)) * E
    return h ^ (h >> _31)


@kernel
def sketched(
    symbols: NDArray[np.uint64], bounds: NDArray[np.int64], n: int, size: int, last: np.uint64
) -> tuple[NDArray[np.int64], NDArray[np.uint64], NDArray[np.uint64], NDArray[np.uint32]]:
    """Return documents, keys, digests and sketches: the smallest hashes of their n-grams.

    A sketch holds the ``size`` smallest different 32-bit hashes, in order, and ends with ones where
    there are fewer. The key is the smallest hash of all, hashed anew: alike documents share it with
    a chance of their resemblance, and it does not depend on length. Documents without n-grams, and
    those with keys above ``last``, are left out. The digest is that of the sketch.
    """
    count = len(bounds) - 1
    documents = np.empty(count, dtype=np.int64)
    keys = np.empty(count, dtype=np.uint64)
    digests = np.empty(count, dtype=np.uint64)
    sketches = np.empty((count, size), dtype=np.uint32)
    longest = 0
    for document in range(count):
        longest = max(longest, bounds[document + 1] - bounds[document])
    hashes, laid, ordered = np.empty((3, longest), dtype=np.uint32)
    drawers = np.empty(longest + 1, dtype=np.int64)
    found = 0
    for document in range(count):
        grams = bounds[document + 1] - bounds[document] - n + 1
        if grams < 1:
            continue
        smallest = _ALL
        for i in range(grams):
            h = np.uint64(0)
            for k in range(n):
                h = (h + symbols[bounds[document] + i + k]) * A
                h ^= h >> _32
            h = mixed(h)
            smallest = min(smallest, h)
            # All ones are kept free, to fill up sketches with.
            hashes[i] = min(h >> _32, _NONE - _ONE)
        key = mixed(smallest + A)
        if key > last:
            continue
        # Hashes are spread evenly: as many drawers as there are hold about one each, in order.
        drawers[: grams + 1] = 0
        for i in range(grams):
            drawers[(np.uint64(hashes[i]) * np.uint64(grams) >> _32) + _ONE] += 1
        for drawer in range(grams):
            drawers[drawer + 1] += drawers[drawer]
        for i in range(grams):
            own = np.uint64(hashes[i]) * np.uint64(grams) >> _32
            laid[drawers[own]] = hashes[i]
            drawers[own] += 1
        held, at = 0, 0
        for drawer in range(grams):
            if held >= size:
                break
            before = held
            for i in range(at, drawers[drawer]):
                place = held
                while place > before and ordered[place - 1] > laid[i]:
                    place -= 1
                if place > before and ordered[place - 1] == laid[i]:
                    continue
                for k in range(held, place, -1):
                    ordered[k] = ordered[k - 1]
                ordered[place] = laid[i]
                held += 1
            at = drawers[drawer]
        held = min(held, size)
        sketch = sketches[found]
        for k in range(size):
            sketch[k] = ordered[k] if k < held else _NONE
        digest = np.uint64(held)
        for k in range(held):
            digest = mixed(digest * A + np.uint64(sketch[k]))
        documents[found], keys[found], digests[found] = document, key, digest
        found += 1
    return documents[:found], keys[:found], digests[:found], sketches[:found]


class Sketches:
    """Documents as sketches of their n-grams (Broder 1997), those of smallest key.

    Below ``CAPACITY`` of them, these are all documents with an n-gram. Above, alike documents are
    kept or dropped together with a chance of their resemblance, so that near-duplicates are found
    in the sample as they are in the whole. What very many documents are alike to may be in the
    sample or not: how many these are is what all documents are more than the others (``heavy``).

    Attributes
    ----------
    keys, digests : uint64 arrays, sorted by key, digest and group
    groups : uint8 array
    documents : int64 array, documents of that group with that sketch
    sketches : uint32 array, (entries, SIZE)
    beyond : int64 array, at the first entry of a key, documents of it that have no entry
    bound : documents whose key lies below it are all kept, the others none
    total : all documents with an n-gram
    """

    def __init__(self, need: Need) -> None:
        self.layer = str(need["layer"])
        self.n = int(need["n"])
        self.keys: NDArray[np.uint64] = np.empty(0, dtype=np.uint64)
        self.digests: NDArray[np.uint64] = np.empty(0, dtype=np.uint64)
        self.groups: NDArray[np.uint8] = np.empty(0, dtype=np.uint8)
        self.documents: NDArray[np.int64] = np.empty(0, dtype=np.int64)
        self.sketches: NDArray[np.uint32] = np.empty((0, SIZE), dtype=np.uint32)
        self.beyond: NDArray[np.int64] = np.empty(0, dtype=np.int64)
        self.bound = ALL_HASHES
        self.total = 0

    @classmethod
    def layers(cls, need: Need) -> tuple[str, ...]:
        """Return the layer whose n-grams are sketched."""
        return (str(need["layer"]),)

    @property
    def exact(self) -> bool:
        """Whether every document is kept."""
        return self.bound == ALL_HASHES and not self.beyond.any()

    @property
    def weights(self) -> NDArray[np.float64]:
        """How many documents each entry stands for, those of its key without one among them."""
        first, families = self._families
        if not len(first):
            return np.empty(0, dtype=np.float64)
        stand = families / np.add.reduceat(self.documents, first)
        weights: NDArray[np.float64] = np.repeat(stand, self._sizes(first)).astype(np.float64)
        return weights * self.documents

    @property
    def _families(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return where the entries of each key begin, and how many documents it has in all."""
        first = np.flatnonzero(np.diff(self.keys, prepend=~self.keys[:1]))
        if not len(first):
            return first, self.documents
        return first, np.add.reduceat(self.documents + self.beyond, first)

    def _sizes(self, first: NDArray[np.int64]) -> NDArray[np.int64]:
        return np.diff(np.append(first, len(self.keys)))

    @property
    def kept(self) -> float:
        """The share of documents that are kept, by the chance of each."""
        return self.bound / ALL_HASHES

    @property
    def heavy(self) -> tuple[NDArray[np.bool_], float]:
        """Which entries are of a key that very many documents have, and the share of all such.

        None where every document is kept. The share is what those of light keys do not account for,
        where that is more than chance does, or else what is known of the heavy ones kept.
        """
        first, families = self._families
        if self.exact or not len(families):
            return np.zeros(len(self.keys), dtype=bool), 0.0
        heavy = families >= HEAVY * np.median(families)
        light = families[~heavy].astype(np.float64)
        told = light.sum() / self.kept
        missing = self.total - told
        # Of keys, which are spread evenly, as many as there are lie below the bound by chance.
        error = float(np.sqrt((light**2).sum() * (1 - self.kept))) / self.kept
        held = missing if missing > CLEAR * error else float(families[heavy].sum())
        return np.repeat(heavy, self._sizes(first)), min(1.0, max(0.0, held / self.total))

    def update(self, batch: Batch, layers: Mapping[str, Layer]) -> None:
        """Add the documents of ``batch``."""
        segments = batch.segments(layers[self.layer])
        found, keys, digests, sketches = sketched(
            segments.symbols, segments.bounds, self.n, SIZE, np.uint64(self.bound - 1)
        )
        self.total += int((np.diff(segments.bounds) >= self.n).sum())
        if len(found):
            ones = np.ones(len(found), dtype=np.int64)
            columns = keys, digests, batch.groups[found], ones, sketches, 0 * ones
            self._absorb(columns, self.bound)

    def merge(self, other: Self) -> None:
        """Add the documents of ``other``."""
        self.total += other.total
        self._absorb(other._columns, other.bound)

    @property
    def _columns(self) -> tuple[NDArray[np.generic], ...]:
        return self.keys, self.digests, self.groups, self.documents, self.sketches, self.beyond

    def _absorb(self, columns: tuple[NDArray[np.generic], ...], bound: int) -> None:
        pairs = zip(self._columns, columns, strict=True)
        keys, digests, groups, documents, sketches, beyond = (np.concatenate(p) for p in pairs)
        order = np.lexsort((groups, digests, keys))
        keys, digests, groups = keys[order], digests[order], groups[order]
        new = np.ones(len(order), dtype=np.bool_)
        new[1:] = (keys[1:] != keys[:-1]) | (digests[1:] != digests[:-1])
        new[1:] |= groups[1:] != groups[:-1]
        first = np.flatnonzero(new)
        if not len(first):
            return
        counts = np.add.reduceat(documents[order], first)
        beyond = np.add.reduceat(beyond[order], first)
        begins = np.flatnonzero(np.diff(keys[first], prepend=~keys[:1]))
        ranks = np.arange(len(first)) - np.repeat(begins, np.diff(np.append(begins, len(first))))
        within = ranks < max(1, CAPACITY // KEY_SHARE)
        # What has no entry is remembered at the first entry of its key.
        without = np.add.reduceat(beyond + np.where(within, 0, counts), begins)
        beyond[:] = 0
        beyond[begins] = without
        first, counts, beyond = first[within], counts[within], beyond[within]
        end, self.bound = kept_below(keys[first], CAPACITY, min(self.bound, bound))
        first = first[:end]
        self.keys, self.digests, self.groups = keys[first], digests[first], groups[first]
        self.documents, self.beyond = counts[:end].copy(), beyond[:end].copy()
        self.sketches = sketches[order[first]]

    def arrays(self) -> Arrays:
        """Return the six columns, the bound less one, and the number of all documents."""
        return {
            "keys": self.keys,
            "digests": self.digests,
            "groups": self.groups,
            "documents": self.documents,
            "sketches": self.sketches,
            "beyond": self.beyond,
            "last": np.array([self.bound - 1], dtype=np.uint64),
            "total": np.array([self.total], dtype=np.int64),
        }

    @classmethod
    def from_arrays(cls, need: Need, arrays: Arrays) -> Self:
        """Return the sketches that gave ``arrays``."""
        made = cls(need)
        size = len(arrays["keys"])
        for name, expected in made.arrays().items():
            shape = (1,) if name in ("last", "total") else (size, *expected.shape[1:])
            if arrays[name].dtype != expected.dtype or arrays[name].shape != shape:
                raise ValueError(f"{name}: not what it should be")
        keys, groups, documents = (arrays[name] for name in ("keys", "groups", "documents"))
        if size > CAPACITY or not bool((keys[1:] >= keys[:-1]).all()):
            raise ValueError("documents out of order")
        beyond = arrays["beyond"]
        if (groups >= GROUPS).any() or (documents < 1).any() or (beyond < 0).any():
            raise ValueError("documents that cannot be")
        made.total = int(arrays["total"].item())
        if made.total < int(documents.sum() + beyond.sum()):
            raise ValueError("more documents than there are")
        made.keys, made.digests, made.sketches = keys, arrays["digests"], arrays["sketches"]
        made.groups, made.documents, made.beyond = groups, documents, beyond
        made.bound = int(arrays["last"].item()) + 1
        return made
