"""The documents of a corpus, for metrics that have to read them again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from degrade.errors import UndefinedMetricError
from degrade.profiles import Profile
from degrade.text.document import GROUPS, Columns, Rows, stable_hash
from degrade.text.layer import Layer, Segments

MOST_BYTES = 4 << 20
"""Bytes of a corpus that are read again: the documents of the smallest cluster hashes that fit."""
LONGEST = 64 << 10
"""Characters of a document that are looked at: its beginning."""


@dataclass(frozen=True, slots=True)
class Passages:
    """Documents side by side, in an order that depends on nothing but themselves.

    Attributes
    ----------
    segments : their symbols, with the texts
    groups : uint8 array, (documents,), the group of each, 0 to 63
    there : documents that the corpus has
    sampled : they are those that its profile sampled, and cut as these are
    """

    segments: Segments
    groups: NDArray[np.uint8]
    there: int
    sampled: bool

    @property
    def lengths(self) -> NDArray[np.int64]:
        """The symbols of each document, (documents,)."""
        return np.diff(self.segments.bounds)

    @property
    def said(self) -> str | None:
        """What was read, in words, if it was not all."""
        read = len(self.groups)
        if self.sampled:
            return f"{read:,} sampled documents of {self.there:,}"
        return f"{read:,} of {self.there:,} documents" if read < self.there else None


@dataclass(frozen=True, slots=True, order=True)
class _Kept:
    """A document by what orders it: hashes of its cluster and its id, then the text."""

    cluster: int
    id: int
    text: bytes


class Texts:
    """The documents of one corpus: read when asked for, and once.

    ``documents`` reads the corpus again; without it, the profile's sample stands for it.
    ``results`` keeps what was computed from them.
    """

    def __init__(
        self,
        profile: Profile,
        documents: Callable[[], Iterable[Rows]] | None,
        layers: Mapping[str, Layer],
    ) -> None:
        self._profile = profile
        self._documents = documents
        self._layers = layers
        self._passages: dict[str, Passages] = {}
        self._kept: list[_Kept] | None = None
        self.results: dict[object, object] = {}

    def passages(self, layer: str) -> Passages:
        """Return the documents in symbols of ``layer``. Undefined where none are at hand."""
        if layer not in self._passages:
            if layer not in self._layers:
                raise UndefinedMetricError(f"layer {layer!r} is not at hand to read texts again")
            if self._kept is None:
                self._kept = self._read()
            if not self._kept:
                raise UndefinedMetricError(
                    "it reads the documents themselves, and none are at hand: they were profiled "
                    "with --no-text"
                )
            self._passages[layer] = self._in(self._layers[layer], self._kept)
        return self._passages[layer]

    def _read(self) -> list[_Kept]:
        if self._documents is None:
            return _first(
                _Kept(one.cluster, one.hash, one.text.encode("utf-8"))
                for one in self._profile.sample
            )
        return _first(
            _Kept(
                stable_hash(one.cluster or one.id),
                stable_hash(one.id),
                one.text[:LONGEST].encode("utf-8"),
            )
            for row in self._documents()
            for one in (row if isinstance(row, Columns) else (row,))
        )

    def _in(self, layer: Layer, kept: list[_Kept]) -> Passages:
        data = np.frombuffer(b"".join(one.text for one in kept), dtype=np.uint8)
        texts = np.zeros(len(kept) + 1, dtype=np.int64)
        np.cumsum([len(one.text) for one in kept], out=texts[1:])
        found = layer.segment(data, texts)
        return Passages(
            Segments(found.symbols, found.bounds, found.starts, found.ends, data, texts),
            np.array([one.cluster % GROUPS for one in kept], dtype=np.uint8),
            self._profile.documents,
            self._documents is None,
        )


def _first(documents: Iterable[_Kept]) -> list[_Kept]:
    """Return the first documents in order, as many as fit; the order they come in does not count.

    What has to go at any time would have to go in the end: more only ever comes before it.
    """
    kept: list[_Kept] = []
    held = 0
    for one in documents:
        kept.append(one)
        held += len(one.text)
        if held > 2 * MOST_BYTES:
            kept = _fitting(kept)
            held = sum(len(each.text) for each in kept)
    return _fitting(kept)


def _fitting(documents: list[_Kept]) -> list[_Kept]:
    documents.sort()
    sizes = np.cumsum([len(one.text) for one in documents], dtype=np.int64)
    return documents[: int(np.searchsorted(sizes, MOST_BYTES, side="right"))]
