"""Documents that are copies of one another, or nearly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

import numpy as np
from numpy.typing import NDArray

from degrade.exhibits import Copies, Duplicates, Opening
from degrade.instances import Asked, Instance, Listing, Occurrence
from degrade.seeking import Texts, read_through
from degrade.summaries import Contents
from degrade.summaries.contents import contents_of
from degrade.summaries.sketches import ALL_HASHES, SIZE, sketched
from degrade.text.document import Batch
from degrade.text.layer import Layer

LEAST = 0.8
"""The resemblance of near-duplicates: the share of their five-word phrases that both have."""
ORDER, _PROBES = 5, 8
_MOST_ASKED = 64
"""Documents of one probe that each other one is compared with."""
NAMED = 5
"""Documents of a group that are named."""
_OPENING, _SHOWN = 160, 2
_NONE = np.uint32(0xFFFFFFFF)

Sketch = NDArray[np.uint32]


@dataclass(slots=True)
class Read:
    """Documents in the order in which they are read, and those joined to each."""

    ids: list[str] = field(default_factory=list)
    openings: list[str] = field(default_factory=list)
    leader: list[int] = field(default_factory=list)
    least: dict[int, float] = field(default_factory=dict)

    def enter(self, batch: Batch, i: int) -> int:
        """Enter document ``i`` of ``batch``; return its number."""
        document = batch.document(i)
        self.ids.append(document.id)
        self.openings.append(" ".join(document.text[: 2 * _OPENING].split())[:_OPENING])
        self.leader.append(len(self.leader))
        return len(self.leader) - 1

    def _root(self, at: int) -> int:
        while self.leader[at] != at:
            self.leader[at] = self.leader[self.leader[at]]
            at = self.leader[at]
        return at

    def join(self, one: int, other: int, likeness: float) -> None:
        """Take two documents as alike, and so all that are joined to either."""
        first, second = sorted((self._root(one), self._root(other)))
        self.leader[second] = first
        found = (likeness, *(self.least.pop(at, 1.0) for at in {first, second}))
        self.least[first] = min(found)

    def clusters(self, fewest: int = 2) -> Iterator[tuple[list[int], float]]:
        """Yield the documents that are joined, with the least likeness that joins them."""
        members: dict[int, list[int]] = {}
        for at in range(len(self.leader)):
            members.setdefault(self._root(at), []).append(at)
        for root, found in members.items():
            if len(found) >= fewest:
                yield found, self.least.get(root, 1.0)

    def largest(self) -> list[tuple[list[int], float]]:
        """Return the same, the largest first."""
        return sorted(self.clusters(), key=lambda each: (-len(each[0]), each[0][0]))


class TextSeeker:
    """Looks for documents of the same text, but for white space at their ends.

    With ``wanted``, only for so many documents of each of these texts, by their hashes; ``first``
    has the first document of each that was found.
    """

    def __init__(self, wanted: Mapping[int, int] | None = None) -> None:
        self.read = Read()
        self.first: dict[int, int] = {}
        self._left = None if wanted is None else dict(wanted)

    def look(self, batch: Batch) -> bool:
        """Look through ``batch``; where all are wanted, any text may come back in the next."""
        held, hashes, _ = contents_of(batch)
        if self._left is not None:
            inside = np.isin(hashes, np.array(list(self._left), dtype=np.uint64))
            held, hashes = held[inside], hashes[inside]
        for i, hashed in zip(held.tolist(), hashes.tolist(), strict=True):
            if self._left is not None:
                if not self._left[hashed]:
                    continue
                self._left[hashed] -= 1
            at = self.read.enter(batch, i)
            self.read.join(self.first.setdefault(hashed, at), at, 1.0)
        return self._left is None or any(self._left.values())


class CopySeeker:
    """Looks for a few documents of each of the ``most`` texts that most documents of ``name`` have.

    Which these are, and how many have each, is known from ``contents``.
    """

    def __init__(self, name: str, contents: Contents, most: int) -> None:
        self._name, self._contents = name, contents
        several = np.flatnonzero(contents.documents > 1)
        keys = contents.hashes, -contents.lengths, -contents.documents
        self._several = several[np.lexsort([key[several] for key in keys])]
        self._top = {int(contents.hashes[i]): int(contents.documents[i])
                     for i in self._several[:most]}  # fmt: skip
        self._seeker = TextSeeker({each: min(n, NAMED) for each, n in self._top.items()})

    @property
    def any(self) -> bool:
        """Whether there is something to look for."""
        return bool(self._top)

    def look(self, batch: Batch) -> bool:
        """Look through ``batch`` for what was not found yet."""
        return self._seeker.look(batch)

    @property
    def found(self) -> Duplicates:
        """The texts with the documents that were found; all are counted."""
        members = {each[0]: each for each, _ in self._seeker.read.clusters(fewest=1)}
        return Duplicates(
            self._name,
            False,
            tuple(
                _copies(self._seeker.read, members.get(self._seeker.first.get(hashed, -1), []), 1.0,
                        documents)
                for hashed, documents in self._top.items()
            ),
            len(self._several),
            int(self._contents.documents[self._several].sum()),
            int(self._contents.documents.sum()),
            not self._contents.exact,
        )  # fmt: skip


class LikenessSeeker:
    """Looks for documents of which another shares .8 of the five-word phrases of both, or more.

    By the 128 smallest hashes of each (Broder 1997, theorem 1); those alike are found through the
    eight smallest. Only documents with a key below ``bound`` are looked at, as ``Sketches`` are
    kept; a corpus of fewer than ``Sketches`` keep has all of its below it.
    """

    def __init__(self, layer: Layer, bound: int = ALL_HASHES) -> None:
        self.read = Read()
        self._layer, self._bound = layer, bound
        self._sketches: list[Sketch] = []
        self._same: dict[int, int] = {}
        self._holders: dict[int, list[int]] = {}

    def look(self, batch: Batch) -> bool:
        """Look through ``batch``; any document may have its like in the next."""
        segments = batch.segments(self._layer)
        last = np.uint64(self._bound - 1)
        found, _, digests, sketches = sketched(segments.symbols, segments.bounds, ORDER, SIZE, last)
        for i, digest, sketch in zip(found.tolist(), digests.tolist(), sketches, strict=True):
            at = self.read.enter(batch, i)
            self._sketches.append(sketch)
            if digest in self._same:
                self.read.join(self._same[digest], at, 1.0)
                continue
            self._same[digest] = at
            for other in sorted(self._alike(sketch)):
                likeness = resemblance(sketch, self._sketches[other])
                if likeness >= LEAST:
                    self.read.join(other, at, likeness)
            for probe in _probes(sketch):
                self._holders.setdefault(probe, []).append(at)
        return True

    def _alike(self, sketch: Sketch) -> set[int]:
        return {
            at for probe in _probes(sketch) for at in self._holders.get(probe, ())[:_MOST_ASKED]
        }

    def found(self, name: str, most: int, *, sampled: bool) -> Duplicates:
        """Return the ``most`` largest groups of those of corpus ``name``."""
        groups = self.read.largest()
        return Duplicates(
            name,
            True,
            tuple(_copies(self.read, *each, len(each[0])) for each in groups[:most]),
            len(groups),
            sum(len(members) for members, _ in groups),
            len(self.read.ids),
            sampled or self._bound < ALL_HASHES,
        )


def _probes(sketch: Sketch) -> list[int]:
    probes: list[int] = sketch[:_PROBES][sketch[:_PROBES] != _NONE].tolist()
    return probes


def resemblance(one: Sketch, two: Sketch) -> float:
    """Return the share held by both of the smallest hashes of their union."""
    union = np.union1d(one, two)
    union = union[union != _NONE][:SIZE]
    if not len(union):
        return 0.0
    return float((np.isin(union, one) & np.isin(union, two)).mean())


def duplicates(name: str, texts: Texts, asked: Asked) -> Listing:
    """Return the texts that several documents have, but for white space at their ends."""
    seeker = TextSeeker()
    read_through(texts, (seeker,))
    return _listing(name, seeker.read, asked, "the same text as another")


def near_duplicates(name: str, texts: Texts, layer: Layer, asked: Asked) -> Listing:
    """Return documents of which another shares .8 of the five-word phrases of both, or more."""
    seeker = LikenessSeeker(layer)
    read_through(texts, (seeker,))
    return _listing(name, seeker.read, asked, "nearly the text of another")


def _copies(read: Read, members: Sequence[int], least: float, documents: int) -> Copies:
    """Return a group of copies, of which ``members`` were read."""
    ids = tuple(dict.fromkeys(read.ids[at] for at in members))[:NAMED]
    shown = members[: 1 if least >= 1 else _SHOWN]
    openings = (
        Opening(read.ids[at], read.openings[at], _common(read, members[0], at)) for at in shown
    )
    return Copies(documents, least, ids, tuple(openings))


def _listing(name: str, copies: Read, asked: Asked, what: str) -> Listing:
    found = copies.largest()
    wanted = [each for each in found if any(asked.wants(copies.openings[at]) for at in each[0])]
    instances = tuple(_instance(name, copies, *each) for each in wanted[: asked.limit])
    documents = sum(len(members) for members, _ in found)
    title = f"Of {len(copies.ids):,} documents of {name}, none has {what}"
    if found:
        groups = "one group" if len(found) == 1 else f"{len(found):,} groups, the largest first"
        title = f"Of {len(copies.ids):,} documents of {name}, {documents:,} have {what}: {groups}"
    return Listing(title, "", instances, len(found))


def _instance(name: str, copies: Read, members: list[int], least: float) -> Instance:
    ids = [copies.ids[at] for at in members]
    more = f" and {len(ids) - NAMED:,} more" if len(ids) > NAMED else ""
    alike = "" if least >= 1 else f", alike by {least:.2f} or more"
    detail = f"{len(ids):,} documents{alike}: {', '.join(ids[:NAMED])}{more}"
    places = tuple(
        Occurrence(name, copies.ids[at], copies.openings[at], _common(copies, members[0], at))
        for at in members[:_SHOWN]
    )
    return Instance(copies.openings[members[0]], 0, None, None, detail, places)


def _common(copies: Read, first: int, at: int) -> tuple[tuple[int, int], ...]:
    """Return what of an opening is that of the first of its group, or of the next if it is that."""
    one, other = copies.openings[first], copies.openings[at]
    if first == at:
        return ((0, len(one)),) if one else ()
    blocks = SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    return tuple((block.b, block.b + block.size) for block in blocks if block.size > 1)
