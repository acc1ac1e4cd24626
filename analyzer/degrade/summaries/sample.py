"""A bounded sample of documents, the same whoever takes it."""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Iterator, Mapping
from typing import Self

import numpy as np

from degrade.summaries.need import Arrays, Need
from degrade.summaries.saved_sample import Sampled, SavedSample
from degrade.text.document import Batch
from degrade.text.layer import Layer

LONGEST = 8_192
"""Bytes of a sampled document that are kept: its beginning."""


class Sample:
    """The documents whose ids have the smallest hashes, for examples in context."""

    def __init__(self, need: Need) -> None:
        self.capacity = int(need["documents"])
        self._read: dict[tuple[int, int], Sampled] = {}
        self._saved: SavedSample | None = None
        # No hash above it is kept any more.
        self._bound = int(np.iinfo(np.uint64).max)

    @property
    def _kept(self) -> dict[tuple[int, int], Sampled]:
        """The documents by their hashes, those that were saved read by now."""
        if self._saved is not None:
            saved, self._saved = self._saved, None
            for i in range(len(saved)):
                self._offer(saved[i])
        return self._read

    @classmethod
    def layers(cls, need: Need) -> tuple[str, ...]:
        """Return nothing: the text is kept as it is."""
        del need
        return ()

    def update(self, batch: Batch, layers: Mapping[str, Layer]) -> None:
        """Offer the documents of ``batch``."""
        del layers
        if not self.capacity:
            return
        candidates = np.flatnonzero(batch.ids <= np.uint64(self._bound))
        candidates = candidates[np.argsort(batch.ids[candidates], kind="stable")]
        offered: set[tuple[int, int]] = set()
        last = -1
        for i in candidates.tolist():
            # Repeats of a document take one place; of one id, any text may be the smallest.
            if len(offered) >= self.capacity and int(batch.ids[i]) > last:
                break
            last = int(batch.ids[i])
            text = batch.data[batch.bounds[i] : batch.bounds[i + 1]].tobytes()
            content = int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "little")
            offered.add((last, content))
            self._offer(
                Sampled(
                    last,
                    content,
                    batch.document(i).id,
                    text[:LONGEST].decode("utf-8", "ignore"),
                    int(batch.clusters[i]),
                )
            )
        self._trim()

    def _offer(self, document: Sampled) -> None:
        key = (document.hash, document.content)
        # Equal ids and texts are one document; which id string is kept must not depend on order.
        self._read[key] = min(document, self._read.get(key, document))

    def _trim(self) -> None:
        excess = len(self._kept) - self.capacity
        for key in heapq.nlargest(excess, self._kept):
            del self._kept[key]
        if excess > 0 and self._kept:
            self._bound = max(self._kept)[0]

    def merge(self, other: Self) -> None:
        """Keep the smallest of both, as many as the smaller sample may hold."""
        self.capacity = min(self.capacity, other.capacity)
        kept = self._kept
        saved = other._saved
        if saved is None:
            for document in other._kept.values():
                self._offer(document)
        else:
            # Of many saved samples, all but a few documents are beyond what is kept.
            full = len(kept) >= self.capacity
            end = saved.first_above(max(kept)[0]) if full and kept else len(saved)
            for i in range(min(end, self.capacity)):
                self._offer(saved[i])
        self._trim()

    def __iter__(self) -> Iterator[Sampled]:
        """Yield the sampled documents in the order of their hashes."""
        return (self._kept[key] for key in sorted(self._kept))

    def __len__(self) -> int:
        return len(self._kept) if self._saved is None else len(self._saved)

    def arrays(self) -> Arrays:
        """Return hashes and clusters, and ids and texts as bytes with the end of each."""
        kept = list(self)
        ids = [document.id.encode("utf-8", "surrogatepass") for document in kept]
        texts = [document.text.encode("utf-8") for document in kept]
        return {
            "capacity": np.array([self.capacity], dtype=np.int64),
            "hashes": np.array([[d.hash, d.content] for d in kept], dtype=np.uint64).reshape(-1, 2),
            "clusters": np.array([d.cluster for d in kept], dtype=np.uint64),
            "ids": np.frombuffer(b"".join(ids), dtype=np.uint8),
            "id_ends": np.cumsum([len(id_) for id_ in ids], dtype=np.int64),
            "texts": np.frombuffer(b"".join(texts), dtype=np.uint8),
            "text_ends": np.cumsum([len(text) for text in texts], dtype=np.int64),
        }

    @classmethod
    def from_arrays(cls, need: Need, arrays: Arrays) -> Self:
        """Return the sample that gave ``arrays``."""
        sample = cls(need)
        sample.capacity = int(arrays["capacity"].item())
        sample._saved = SavedSample(arrays)
        return sample
