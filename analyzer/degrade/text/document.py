"""Documents, and batches of them as the kernels see them."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from degrade.errors import InputError
from degrade.text.units import Units, drawn

if TYPE_CHECKING:
    from degrade.text.layer import Layer, Segments

GROUPS = 64
LEVELS = 6


def stable_hash(text: str) -> int:
    """Return 64 bits of BLAKE2b of ``text``: the same on every machine and in every run."""
    digest = hashlib.blake2b(text.encode("utf-8"), digest_size=8).digest()
    return int.from_bytes(digest, "little")


@dataclass(frozen=True, slots=True)
class Document:
    """One text. Without an ``id``, its id is a hash of its content.

    ``cluster`` names documents that are not independent of one another (the same prompt, the same
    author); without one, a document is a cluster of its own.
    """

    text: str
    id: str = ""
    cluster: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        if not self.id:
            content = hashlib.blake2b(self.text.encode("utf-8", "surrogatepass"), digest_size=16)
            object.__setattr__(self, "id", content.hexdigest())


class Batch:
    """Documents side by side in one UTF-8 buffer, with the group and ladder level of each.

    Attributes
    ----------
    data : uint8 array, the texts one after the other
    bounds : int64 array, (documents + 1,); document i is ``data[bounds[i]:bounds[i + 1]]``
    ids, clusters : uint64 arrays, (documents,), stable hashes
    clustered : bool array, (documents,), whether the cluster was given
    groups : uint8 array, (documents,), 0 to 63: the low bits of the cluster's hash
    """

    def __init__(self, documents: Iterable[Document]) -> None:
        self.documents: Sequence[Document] = tuple(documents)
        texts = [_encoded(document) for document in self.documents]
        self.data: NDArray[np.uint8] = np.frombuffer(b"".join(texts), dtype=np.uint8)
        self.bounds: NDArray[np.int64] = np.zeros(len(texts) + 1, dtype=np.int64)
        np.cumsum([len(text) for text in texts], out=self.bounds[1:])
        self.ids: NDArray[np.uint64] = np.array(
            [stable_hash(document.id) for document in self.documents], dtype=np.uint64
        )
        self.clusters: NDArray[np.uint64] = self.ids.copy()
        for i, document in enumerate(self.documents):
            if document.cluster:
                self.clusters[i] = stable_hash(document.cluster)
        self.clustered: NDArray[np.bool_] = np.array(
            [bool(document.cluster) for document in self.documents], dtype=np.bool_
        )
        self.groups: NDArray[np.uint8] = (self.clusters & np.uint64(GROUPS - 1)).astype(np.uint8)
        self._segments: dict[tuple[str, str], Segments] = {}
        self._units: dict[Hashable, tuple[Units, NDArray[np.int64]]] = {}

    def __len__(self) -> int:
        return len(self.documents)

    @property
    def levels(self) -> NDArray[np.uint8]:
        """Highest ladder level that holds each document: k if its hash is below 16**-k."""
        bounds = np.array([1 << (64 - 4 * k) for k in range(1, LEVELS)], dtype=np.uint64)
        highest: NDArray[np.uint8] = (self.clusters[:, None] < bounds).sum(axis=1).astype(np.uint8)
        return highest

    def segments(self, layer: Layer) -> Segments:
        """Return the symbols of ``layer``, computed once for all who ask."""
        identity = layer.name, layer.version
        if identity not in self._segments:
            found = layer.segment(self.data, self.bounds)
            self._segments[identity] = replace(found, data=self.data, texts=self.bounds)
        return self._segments[identity]

    def units(
        self, layer: Layer | None, stretch: int, octave: int
    ) -> tuple[Units, NDArray[np.int64]]:
        """Return ``drawn`` of this batch, the same to all who ask."""
        key = layer and (layer.name, layer.version), stretch, octave
        if key not in self._units:
            self._units[key] = drawn(self, layer, stretch, octave)
        return self._units[key]

    def level(self, k: int) -> Batch:
        """Return the documents that ladder level ``k`` holds."""
        if k == 0:
            return self
        inside = self.clusters < np.uint64(1 << (64 - 4 * k))
        return Batch(self.documents[int(i)] for i in np.flatnonzero(inside))


def _encoded(document: Document) -> bytes:
    try:
        return document.text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise InputError(
            f"document {document.id!r}: an unpaired surrogate at character {error.start:,} "
            "is not text; remove it or read the corpus with --on-error skip"
        ) from None
