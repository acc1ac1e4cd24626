"""Documents, and batches of them as the kernels see them."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from degrade.errors import InputError
from degrade.text.blake2b import short_digests
from degrade.text.lanes import padded
from degrade.text.strings import Strings
from degrade.text.units import Units, drawn

if TYPE_CHECKING:
    from degrade.text.layer import Layer, Segments

GROUPS = 64
LEVELS = 6
_THINNING = 8
"""The lowest bit of a cluster's hash that tells which clusters are left: above those of groups, and
below those of ladder levels."""


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


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Documents side by side, as a reader finds them; none is an object before it is asked for.

    An empty id, cluster or source is none.
    """

    texts: Strings
    ids: Strings
    clusters: Strings
    sources: Strings

    @classmethod
    def of(cls, documents: Sequence[Document]) -> Self:
        """Return ``documents`` without their metadata.

        Raises InputError for a text with half of a surrogate pair.
        """
        return cls(
            Strings.of([_encoded(document) for document in documents]),
            Strings.of([document.id.encode("utf-8") for document in documents]),
            Strings.of([document.cluster.encode("utf-8") for document in documents]),
            Strings.of([b""] * len(documents)),
        )

    @classmethod
    def joined(cls, parts: Sequence[Columns]) -> Self:
        """Return the documents of all ``parts``, of which there is one at least."""
        return cls(
            *(Strings.joined(column) for column in zip(*(p._all for p in parts), strict=True))
        )

    @property
    def _all(self) -> tuple[Strings, Strings, Strings, Strings]:
        return self.texts, self.ids, self.clusters, self.sources

    def __len__(self) -> int:
        return len(self.texts)

    def __iter__(self) -> Iterator[Document]:
        return map(self.document, range(len(self)))

    def part(self, start: int, stop: int) -> Self:
        """Return the documents ``start`` to ``stop``; the bytes are shared."""
        if start == 0 and stop == len(self):
            return self
        return type(self)(*(column.part(start, stop) for column in self._all))

    def taken(self, rows: NDArray[np.int64]) -> Self:
        """Return the documents that have these numbers."""
        return type(self)(*(column.taken(rows) for column in self._all))

    def document(self, i: int) -> Document:
        """Return document ``i``."""
        text, id_, cluster, source = (column.text(i) for column in self._all)
        return Document(text, id_, cluster, {"source": source} if source else {})


Rows: TypeAlias = Document | Columns
"""Documents as readers yield them: one by one, or side by side."""


def size_of(row: Rows) -> int:
    """Return how much text there is: bytes of documents side by side, otherwise characters."""
    return row.texts.size if isinstance(row, Columns) else len(row.text)


class _Pieces:
    """Documents as they were given, each found by its number."""

    def __init__(self, rows: Iterable[Rows]) -> None:
        self.pieces: list[tuple[Document, ...] | Columns] = []
        held: list[Document] = []
        for row in rows:
            if isinstance(row, Document):
                held.append(row)
                continue
            if held:
                self.pieces.append(tuple(held))
                held = []
            self.pieces.append(row)
        if held or not self.pieces:
            self.pieces.append(tuple(held))
        self._ends = list(accumulate(map(len, self.pieces)))

    def document(self, i: int) -> Document:
        """Return document ``i``."""
        number = bisect_right(self._ends, i)
        piece = self.pieces[number]
        place = i - self._ends[number] + len(piece)
        return piece.document(place) if isinstance(piece, Columns) else piece[place]

    def taken(self, numbers: NDArray[np.int64]) -> list[Rows]:
        """Return the documents that have these rising ``numbers``."""
        rows: list[Rows] = []
        cuts = np.searchsorted(numbers, [0, *self._ends])
        for piece, end, some in zip(
            self.pieces, self._ends, map(slice, cuts[:-1], cuts[1:]), strict=True
        ):
            inside = numbers[some] - (end - len(piece))
            if not len(inside):
                continue
            if isinstance(piece, Columns):
                rows.append(piece.taken(inside))
            else:
                rows.extend(piece[i] for i in inside)
        return rows


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

    def __init__(self, rows: Iterable[Rows]) -> None:
        pieces = _Pieces(rows)
        columns = Columns.joined(
            [piece if isinstance(piece, Columns) else Columns.of(piece) for piece in pieces.pieces]
        )
        ids = _id_hashes(columns)
        clustered = np.diff(columns.clusters.bounds) > 0
        clusters = np.where(clustered, _hashes(columns.clusters), ids) if clustered.any() else ids
        self._fill(columns.texts, ids, clusters, clustered)
        self._pieces = pieces
        self._places: NDArray[np.int64] = np.arange(len(self))

    def _fill(
        self,
        texts: Strings,
        ids: NDArray[np.uint64],
        clusters: NDArray[np.uint64],
        clustered: NDArray[np.bool_],
    ) -> None:
        self.data: NDArray[np.uint8] = texts.data
        self.bounds: NDArray[np.int64] = texts.bounds
        self.ids, self.clusters, self.clustered = ids, clusters, clustered
        self.groups: NDArray[np.uint8] = (clusters & np.uint64(GROUPS - 1)).astype(np.uint8)
        self._segments: dict[tuple[str, str], Segments] = {}
        self._units: dict[Hashable, tuple[Units, NDArray[np.int64]]] = {}

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def documents(self) -> Sequence[Document]:
        """All documents, as objects, which takes longer than to count them."""
        return tuple(map(self.document, range(len(self))))

    def document(self, i: int) -> Document:
        """Return document ``i`` as an object."""
        return self._pieces.document(int(self._places[i]))

    def rows_at(self, k: int) -> list[Rows]:
        """Return the documents that ladder level ``k`` holds, as they were given."""
        return self._pieces.taken(self._places[self._inside(k)])

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
        return self if k == 0 else self.taken(self._inside(k))

    def _inside(self, k: int) -> NDArray[np.bool_]:
        return self.clusters <= np.uint64((1 << (64 - 4 * k)) - 1)

    def thinned(self, halvings: int) -> Batch:
        """Return the documents of one cluster in ``2**halvings``, by bits of their own."""
        bits = np.uint64(((1 << halvings) - 1) << _THINNING)
        return self.taken((self.clusters & bits) == 0)

    def taken(self, which: NDArray[np.bool_]) -> Batch:
        """Return some of the documents."""
        inside = np.flatnonzero(which)
        part = Batch.__new__(Batch)
        part._fill(
            Strings(self.data, self.bounds).taken(inside),
            self.ids[inside],
            self.clusters[inside],
            self.clustered[inside],
        )
        part._pieces, part._places = self._pieces, self._places[inside]
        return part


def _hashes(strings: Strings) -> NDArray[np.uint64]:
    """Return ``stable_hash`` of each of ``strings``."""
    # Without compiling, numpy's scalars warn where sums are meant to wrap.
    with np.errstate(over="ignore"):
        return short_digests(padded(strings.data)[1], strings.bounds, 8, hexadecimal=False)


def _id_hashes(columns: Columns) -> NDArray[np.uint64]:
    """Return the hash of each id; where there is none, of the content's."""
    hashes = _hashes(columns.ids)
    nameless = np.flatnonzero(np.diff(columns.ids.bounds) == 0)
    if len(nameless):
        texts = columns.texts.taken(nameless)
        with np.errstate(over="ignore"):
            hashes[nameless] = short_digests(
                padded(texts.data)[1], texts.bounds, 8, hexadecimal=True
            )
    return hashes


def _encoded(document: Document) -> bytes:
    try:
        return document.text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise InputError(
            f"document {document.id!r}: an unpaired surrogate at character {error.start:,} "
            "is not text; remove it or read the corpus with --on-error skip"
        ) from None
