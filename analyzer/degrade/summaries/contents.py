"""Which texts there are, whatever their ids, as a bounded sample that is the same everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from degrade.summaries.bounded import CLEAR, HEAVY, placed
from degrade.summaries.need import Arrays, Need
from degrade.text.blocks import trim
from degrade.text.document import GROUPS, Batch
from degrade.text.layer import Layer
from degrade.text.spans import Offsets, Texts, texts_of
from degrade.text.symbols import exact_symbols
from degrade.text.unicode_tables import tables

CAPACITY = 16_384


@dataclass(frozen=True, slots=True)
class Repeats:
    """Documents that repeat another of their corpus.

    Attributes
    ----------
    documents, distinct : the documents looked at, and how many different texts they hold
    share : share of the documents that repeat another
    of_text : share of the text (bytes) that stands in them
    scattered : the same of those that repeat a text of another group of documents
    exact : whether these were all documents, or a sample by text
    """

    documents: int
    distinct: int
    share: float
    of_text: float
    scattered: float
    exact: bool


@dataclass(frozen=True, slots=True)
class Overlap:
    """Documents of one corpus whose text is also in another.

    Attributes
    ----------
    documents, common : the documents looked at, and how many of them the other corpus holds too
    of_text : share of the text (bytes) that stands in the latter
    exact : whether these were all documents, or a sample by text
    """

    documents: int
    common: int
    of_text: float
    exact: bool

    @property
    def share(self) -> float:
        """Share of the documents looked at that the other corpus holds too."""
        return self.common / self.documents if self.documents else 0.0


class Contents:
    """The texts of smallest hash, with the documents that hold each.

    Below ``CAPACITY`` different texts, that is all of them. A text that is among the smallest of
    the whole is among the smallest of every part that holds it, so merging is exact. Above, what is
    kept is a sample in which every text has the same chance, and shares are estimated from it. A
    text that makes up much of a corpus may not be in it, or be far too much of it: what such texts
    hold is what all documents are more than those of the light ones (``heavy``). Texts are the same
    if their bytes are, white space at the ends apart; documents without any text are left out.

    Attributes
    ----------
    hashes : uint64 array, sorted
    documents : int64 array, documents that hold each text
    lengths : int64 array, bytes of each text
    groups : uint64 array, the groups of these documents, as bit sets
    totals : int64 array, (GROUPS, 2), all documents of each group, and the bytes of their texts
    """

    def __init__(self, need: Need) -> None:
        del need
        self.hashes: NDArray[np.uint64] = np.empty(0, dtype=np.uint64)
        self.documents: NDArray[np.int64] = np.empty(0, dtype=np.int64)
        self.lengths: NDArray[np.int64] = np.empty(0, dtype=np.int64)
        self.groups: NDArray[np.uint64] = np.empty(0, dtype=np.uint64)
        self.totals: NDArray[np.int64] = np.zeros((GROUPS, 2), dtype=np.int64)

    @classmethod
    def layers(cls, need: Need) -> tuple[str, ...]:
        """Return nothing: texts are compared as bytes."""
        del need
        return ()

    def update(self, batch: Batch, layers: Mapping[str, Layer]) -> None:
        """Add the texts of ``batch``."""
        del layers
        held, hashes, lengths = contents_of(batch)
        groups = batch.groups[held]
        np.add.at(self.totals[:, 0], groups, 1)
        np.add.at(self.totals[:, 1], groups, lengths)
        self._absorb(
            hashes,
            np.ones(len(held), dtype=np.int64),
            lengths,
            np.uint64(1) << groups.astype(np.uint64),
        )

    def merge(self, other: Self) -> None:
        """Add the texts of ``other``."""
        self.totals = self.totals + other.totals
        self._absorb(other.hashes, other.documents, other.lengths, other.groups)

    def _absorb(
        self,
        hashes: NDArray[np.uint64],
        documents: NDArray[np.int64],
        lengths: NDArray[np.int64],
        groups: NDArray[np.uint64],
    ) -> None:
        if len(self.hashes) == CAPACITY:
            # Of many texts, most lie above all that is kept.
            near = hashes <= self.hashes[-1]
            hashes, documents, lengths, groups = (
                column[near] for column in (hashes, documents, lengths, groups)
            )
        if not len(hashes):
            return
        every, mine, theirs = placed(self.hashes, hashes)
        counts = np.zeros((2, len(every)), dtype=np.int64)
        sets = np.zeros(len(every), dtype=np.uint64)
        counts[0, mine], counts[1, mine], sets[mine] = self.documents, self.lengths, self.groups
        np.add.at(counts[0], theirs, documents)
        # Equal texts are of one length.
        counts[1, theirs] = lengths
        np.bitwise_or.at(sets, theirs, groups)
        self.hashes, self.groups = every[:CAPACITY].copy(), sets[:CAPACITY].copy()
        self.documents, self.lengths = counts[0, :CAPACITY].copy(), counts[1, :CAPACITY].copy()

    def arrays(self) -> Arrays:
        """Return the four columns, and what all documents are."""
        return {
            "totals": self.totals,
            "hashes": self.hashes,
            "documents": self.documents,
            "lengths": self.lengths,
            "groups": self.groups,
        }

    @classmethod
    def from_arrays(cls, need: Need, arrays: Arrays) -> Self:
        """Return the contents that gave ``arrays``."""
        contents = cls(need)
        size = len(arrays["hashes"])
        for name, expected in contents.arrays().items():
            shape = expected.shape if name == "totals" else (size,)
            if arrays[name].dtype != expected.dtype or arrays[name].shape != shape:
                raise ValueError(f"{name}: not what it should be")
        totals, hashes, documents, lengths, groups = (arrays[k] for k in contents.arrays())
        if size > CAPACITY or not bool((hashes[1:] > hashes[:-1]).all()):
            raise ValueError("text hashes out of order")
        if size and (documents.min() < 1 or lengths.min() < 1 or groups.min() < 1):
            raise ValueError("texts that no document holds")
        if totals.min() < 0 or int(documents.sum()) > int(totals[:, 0].sum()):
            raise ValueError("more documents of some texts than there are")
        contents.totals = totals
        contents.hashes, contents.documents = hashes, documents
        contents.lengths, contents.groups = lengths, groups
        return contents

    @property
    def exact(self) -> bool:
        """Whether every text is kept."""
        return len(self.hashes) < CAPACITY

    @property
    def total(self) -> int:
        """The number of different texts: exact below ``CAPACITY``, else from the largest hash."""
        if self.exact:
            return len(self.hashes)
        return round(len(self.hashes) / self.chance)

    @property
    def chance(self) -> float:
        """The chance that a text is kept: 1 where all are (Bar-Yossef et al. 2002, k smallest)."""
        if self.exact:
            return 1.0
        return len(self.hashes) / (len(self.hashes) - 1) * (int(self.hashes[-1]) + 1) / 2.0**64

    @property
    def light(self) -> NDArray[np.bool_]:
        """Which of the texts kept stand for those that were not: all, where all were kept."""
        if self.exact:
            return np.ones(len(self.documents), dtype=bool)
        light: NDArray[np.bool_] = self.documents < HEAVY * np.median(self.documents)
        return light

    @property
    def heavy(self) -> tuple[float, float]:
        """Share of all documents, and of all text, in texts that very many documents hold.

        0 where all texts are kept. Where what the light ones account for falls short by more than
        chance does, all that is missing; otherwise what is known of the heavy ones kept.
        """
        light, chance = self.light, self.chance
        every = self.totals.sum(axis=0)
        if self.exact or not every[1]:
            return 0.0, 0.0
        sizes = np.stack([self.documents, self.documents * self.lengths], axis=1)
        told = sizes[light].sum(axis=0) / chance
        missing = every - told
        errors = np.hypot(
            np.sqrt((sizes[light].astype(np.float64) ** 2).sum(axis=0) * (1 - chance)) / chance,
            told / np.sqrt(len(self.hashes)),
        )
        held = missing if missing[0] > CLEAR * errors[0] else sizes[~light].sum(axis=0)
        documents, text = np.clip(held / every, 0.0, 1.0)
        return float(documents), float(text)

    def repeats(self) -> Repeats:
        """Return how many documents repeat another, and how much of the text is theirs."""
        light = self.light
        documents, lengths = self.documents[light], self.lengths[light]
        text = int((documents * lengths).sum())
        if not text:
            return Repeats(0, 0, 0.0, 0.0, 0.0, self.exact)
        scattered = (_sizes(self.groups[light]) - 1) * lengths
        heavy, heavy_text = self.heavy
        return Repeats(
            int(self.documents.sum()),
            len(self.hashes),
            heavy + (1 - heavy) * float((documents - 1).sum() / documents.sum()),
            heavy_text + (1 - heavy_text) * int(((documents - 1) * lengths).sum()) / text,
            heavy_text * self._spread(heavy) + (1 - heavy_text) * int(scattered.sum()) / text,
            self.exact,
        )

    def _spread(self, heavy: float) -> float:
        """Return which part of the ``heavy`` documents lies in other groups than most of them.

        Copies without an id of their own are of one cluster, so that one group holds them all.
        """
        held = np.sort(self.totals[:, 0])
        together = float(held[-1] - np.median(held)) / held.sum()
        return max(0.0, 1 - together / heavy) if heavy else 0.0

    def shared_with(self, other: Contents) -> Overlap:
        """Return how many documents hold a text that ``other`` holds too.

        Texts are looked at up to the hash up to which both keep every one. The larger the other
        corpus, the fewer documents of a small one these are.
        """
        bound = np.iinfo(np.uint64).max
        for side in (self, other):
            if not side.exact:
                bound = min(bound, int(side.hashes[-1]))
        end = int(np.searchsorted(self.hashes, np.uint64(bound), side="right"))
        documents, lengths = self.documents[:end], self.lengths[:end]
        common = np.isin(self.hashes[:end], other.hashes, assume_unique=True)
        text = int((documents * lengths).sum())
        return Overlap(
            int(documents.sum()),
            int(documents[common].sum()),
            int((documents * lengths)[common].sum()) / text if text else 0.0,
            self.exact and other.exact,
        )


def contents_of(batch: Batch) -> tuple[Offsets, NDArray[np.uint64], Offsets]:
    """Return the documents of ``batch`` that hold text, its hash, and its length in bytes.

    White space at the ends is no part of it.
    """
    texts = texts_of(batch.data, batch.bounds)
    starts, ends = _trimmed(texts)
    held = np.flatnonzero(ends > starts)
    starts, ends = starts[held], ends[held]
    return held, exact_symbols(texts.lanes, starts, ends), ends - starts


def _trimmed(texts: Texts) -> tuple[Offsets, Offsets]:
    """Return where each document starts and ends, white space at its ends left out."""
    known = tables()
    starts, ends = texts.bounds[:-1].copy(), texts.bounds[1:].copy()
    trim(texts.octets, texts.lanes, starts, ends, known.index, known.words.classes)
    return starts, ends


def _sizes(sets: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Return how many bits are set in each."""
    bits = np.unpackbits(np.ascontiguousarray(sets).view(np.uint8)).reshape(len(sets), 64)
    sizes: NDArray[np.int64] = bits.sum(axis=1, dtype=np.int64)
    return sizes
