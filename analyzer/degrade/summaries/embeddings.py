"""A bounded sample of documents as vectors of some model: no text is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Self

import numpy as np
from numpy.typing import NDArray

from degrade.summaries.need import Arrays, Need
from degrade.text.document import GROUPS, Batch
from degrade.text.layer import Layer

Vector = NDArray[np.float32]
_Key = tuple[int, int]


class Embeddings:
    """The vectors of the documents whose ids have the smallest hashes, with their groups.

    The need's ``measure(text)`` gives the vector of a document or None, which leaves it out;
    ``documents`` says how many are kept at most. What is among the smallest of the whole is among
    the smallest of every part that holds it, so merging is exact.
    """

    def __init__(self, need: Need) -> None:
        self.capacity = int(need["documents"])
        self._embed = need.measure
        self._kept: dict[_Key, tuple[int, Vector]] = {}

    @classmethod
    def layers(cls, need: Need) -> tuple[str, ...]:
        """Return nothing: a model has its own tokens."""
        del need
        return ()

    def update(self, batch: Batch, layers: Mapping[str, Layer]) -> None:
        """Offer the documents of ``batch``; only those that may be kept are embedded."""
        del layers
        if self._embed is None:
            raise ValueError("a loaded sample of vectors cannot be added to; merge it with another")
        for i in np.argsort(batch.ids, kind="stable"):
            full = len(self._kept) >= self.capacity
            if full and int(batch.ids[i]) > max(self._kept)[0]:
                break
            text = batch.documents[int(i)].text
            digest = hashlib.blake2b(text.encode("utf-8"), digest_size=8).digest()
            key = int(batch.ids[i]), int.from_bytes(digest, "little")
            group = int(batch.groups[i])
            if key in self._kept:
                self._offer(key, group, self._kept[key][1])
                continue
            vector = self._embed(text)
            if vector is not None:
                self._offer(key, group, vector)
                self._trim()

    def _offer(self, key: _Key, group: int, vector: Vector) -> None:
        # Which group is kept, where clusters differ, must not depend on order.
        self._kept[key] = min(group, self._kept.get(key, (group,))[0]), vector

    def _trim(self) -> None:
        for key in sorted(self._kept)[self.capacity :]:
            del self._kept[key]

    def merge(self, other: Self) -> None:
        """Keep the smallest of both."""
        self._embed = self._embed or other._embed
        for key, (group, vector) in other._kept.items():
            self._offer(key, group, vector)
        self._trim()

    def arrays(self) -> Arrays:
        """Return hashes of id and text, (documents, 2), groups, and vectors one after the other."""
        groups, vectors = self.vectors()
        return {
            "hashes": np.array(sorted(self._kept), dtype=np.uint64).reshape(-1, 2),
            "groups": groups,
            "vectors": vectors,
        }

    @classmethod
    def from_arrays(cls, need: Need, arrays: Arrays) -> Self:
        """Return the sample that gave ``arrays``."""
        sample = cls(need)
        hashes, groups, vectors = (arrays[name] for name in ("hashes", "groups", "vectors"))
        if not len(hashes) == len(groups) == len(vectors) or len(hashes) > sample.capacity:
            raise ValueError("columns of unequal length, or too many documents")
        if len(groups) and int(groups.max()) >= GROUPS:
            raise ValueError("groups that cannot be")
        if vectors.dtype != np.float32 or not bool(np.isfinite(vectors).all()):
            raise ValueError("vectors that cannot be")
        for (hashed, digest), group, vector in zip(hashes, groups, vectors, strict=True):
            sample._offer((int(hashed), int(digest)), int(group), vector.copy())
        return sample

    def vectors(self) -> tuple[NDArray[np.uint8], Vector]:
        """Return the group, (documents,), and the vector of each, in the order of the hashes."""
        kept = [self._kept[key] for key in sorted(self._kept)]
        groups = np.array([group for group, _ in kept], dtype=np.uint8)
        if not kept:
            return groups, np.empty((0, 0), dtype=np.float32)
        return groups, np.stack([vector for _, vector in kept])
