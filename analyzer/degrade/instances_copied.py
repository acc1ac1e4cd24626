"""Documents that are copies of one another, or nearly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher

import numpy as np
from numpy.typing import NDArray

from degrade.census.kernels import ngram_hashes
from degrade.evidence import Texts, batches
from degrade.instances import Asked, Instance, Listing, Occurrence
from degrade.text.document import stable_hash
from degrade.text.layer import Layer

LEAST = 0.8
"""The resemblance of near-duplicates: the share of their five-word phrases that both have."""
_ORDER, _ROOM, _PROBES = 5, 128, 8
_MOST_ASKED = 64
"""Documents of one probe that each other one is compared with."""
_OPENING, _NAMED, _SHOWN = 160, 5, 2

Sketch = NDArray[np.uint64]


@dataclass(slots=True)
class _Copies:
    """Documents in the order in which they are read, and those joined to each."""

    ids: list[str] = field(default_factory=list)
    openings: list[str] = field(default_factory=list)
    leader: list[int] = field(default_factory=list)
    least: dict[int, float] = field(default_factory=dict)

    def enter(self, id_: str, text: str) -> int:
        self.ids.append(id_)
        self.openings.append(" ".join(text[: 2 * _OPENING].split())[:_OPENING])
        self.leader.append(len(self.leader))
        return len(self.leader) - 1

    def root(self, at: int) -> int:
        while self.leader[at] != at:
            self.leader[at] = self.leader[self.leader[at]]
            at = self.leader[at]
        return at

    def join(self, one: int, other: int, likeness: float) -> None:
        first, second = sorted((self.root(one), self.root(other)))
        self.leader[second] = first
        found = (likeness, *(self.least.pop(at, 1.0) for at in {first, second}))
        self.least[first] = min(found)

    def clusters(self) -> Iterator[tuple[list[int], float]]:
        members: dict[int, list[int]] = {}
        for at in range(len(self.leader)):
            members.setdefault(self.root(at), []).append(at)
        for root, found in members.items():
            if len(found) > 1:
                yield found, self.least.get(root, 1.0)


def duplicates(name: str, texts: Texts, asked: Asked) -> Listing:
    """Return the texts that several documents have, but for white space at their ends."""
    copies = _Copies()
    seen: dict[int, int] = {}
    for document in texts():
        at = copies.enter(document.id, document.text)
        key = stable_hash(document.text.strip())
        if key in seen:
            copies.join(seen[key], at, 1.0)
        else:
            seen[key] = at
    return _listing(name, copies, asked, "the same text as another")


def near_duplicates(name: str, texts: Texts, layer: Layer, asked: Asked) -> Listing:
    """Return documents of which another shares .8 of the five-word phrases of both, or more.

    By the 128 smallest hashes of each (Broder 1997, theorem 1); those alike are found through the
    eight smallest.
    """
    copies = _Copies()
    sketches: list[Sketch] = []
    holders: dict[int, list[int]] = {}
    for batch in batches(texts()):
        segments = batch.segments(layer)
        for i, document in enumerate(batch.documents):
            at = copies.enter(document.id, document.text)
            inside = segments.symbols[segments.bounds[i] : segments.bounds[i + 1]]
            ends = np.array([0, len(inside)], dtype=np.int64)
            sketch = np.unique(ngram_hashes(inside, ends, _ORDER)[0])[:_ROOM]
            sketches.append(sketch)
            for other in sorted(_alike(sketch, holders)):
                likeness = resemblance(sketch, sketches[other])
                if likeness >= LEAST:
                    copies.join(other, at, likeness)
            for probe in sketch[:_PROBES]:
                holders.setdefault(int(probe), []).append(at)
    return _listing(name, copies, asked, "nearly the text of another")


def _alike(sketch: Sketch, holders: dict[int, list[int]]) -> set[int]:
    return {at for probe in sketch[:_PROBES] for at in holders.get(int(probe), ())[:_MOST_ASKED]}


def resemblance(one: Sketch, two: Sketch) -> float:
    """Return the share held by both of the smallest hashes of their union."""
    union = np.union1d(one, two)[:_ROOM]
    if not len(union):
        return 0.0
    return float((np.isin(union, one) & np.isin(union, two)).mean())


def _listing(name: str, copies: _Copies, asked: Asked, what: str) -> Listing:
    found = sorted(copies.clusters(), key=lambda each: (-len(each[0]), each[0][0]))
    wanted = [each for each in found if any(asked.wants(copies.openings[at]) for at in each[0])]
    instances = tuple(_instance(name, copies, *each) for each in wanted[: asked.limit])
    documents = sum(len(members) for members, _ in found)
    title = f"Of {len(copies.ids):,} documents of {name}, none has {what}"
    if found:
        groups = "one group" if len(found) == 1 else f"{len(found):,} groups, the largest first"
        title = f"Of {len(copies.ids):,} documents of {name}, {documents:,} have {what}: {groups}"
    return Listing(title, "", instances, len(found))


def _instance(name: str, copies: _Copies, members: list[int], least: float) -> Instance:
    ids = [copies.ids[at] for at in members]
    more = f" and {len(ids) - _NAMED:,} more" if len(ids) > _NAMED else ""
    alike = "" if least >= 1 else f", alike by {least:.2f} or more"
    detail = f"{len(ids):,} documents{alike}: {', '.join(ids[:_NAMED])}{more}"
    places = tuple(
        Occurrence(name, copies.ids[at], copies.openings[at], _common(copies, members[0], at))
        for at in members[:_SHOWN]
    )
    return Instance(copies.openings[members[0]], 0, None, None, detail, places)


def _common(copies: _Copies, first: int, at: int) -> tuple[tuple[int, int], ...]:
    """Return what of an opening is that of the first of its group, or of the next if it is that."""
    one, other = copies.openings[first], copies.openings[at]
    if first == at:
        return ((0, len(one)),) if one else ()
    blocks = SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    return tuple((block.b, block.b + block.size) for block in blocks if block.size > 1)
