"""Repeats, loops and copies behind findings, read off the documents themselves."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from degrade.census.kernels import ngram_hashes
from degrade.exhibits import Loop, Loops
from degrade.instances import Asked, Instance, Listing, Occurrence
from degrade.repeat_kernels import running, said_before
from degrade.seeking import CONTEXT, Texts, read_through
from degrade.text.document import Batch
from degrade.text.layer import Layer, Segments

T = TypeVar("T")

REPEATED, WINDOW = 4, 200
"""Symbols of the shortest repeat, and how far back it is looked for."""
SHORTEST, TIMES = 2, 3
"""Symbols of the phrase of a loop, and how often it stands at the end of its document."""
_MOST_TURNS = 12
_LONGEST = 480
"""Characters of a context: what is said again further away stands in one of its own."""
_SHOWN = 120
"""Bytes of a loop that a comparison shows, in its context."""


@dataclass(frozen=True, slots=True)
class Again:
    """A stretch of symbols that stood ``back`` symbols before.

    ``document`` is its number in the batch, ``first`` its first symbol there, ``length`` how many
    symbols are said again.
    """

    document: int
    first: int
    length: int
    back: int

    @property
    def turns(self) -> int:
        """How often a phrase of ``back`` symbols stands in a row."""
        return 1 + self.length // self.back


Find = Callable[[Segments], Iterator[Again]]
Show = Callable[[Batch, Segments, Again], T | None]


class StretchSeeker(Generic[T]):
    """Looks for what ``find`` finds in each batch, and keeps the ``most`` longest as ``show`` says.

    Attributes
    ----------
    total : how many there are, without those that ``show`` has None for
    documents, holding : the documents looked at, and how many of them hold one
    """

    def __init__(self, layer: Layer, find: Find, show: Show[T], most: int) -> None:
        self.total = self.documents = self.holding = 0
        self._layer, self._find, self._show, self._most = layer, find, show, most
        self._kept: list[tuple[int, int, T]] = []

    def look(self, batch: Batch) -> bool:
        """Look through ``batch``; the longest may always be in the next."""
        segments = batch.segments(self._layer)
        self.documents += len(batch)
        last = -1
        for again in self._find(segments):
            self.total += 1
            self.holding += int(again.document != last)
            last = again.document
            if len(self._kept) == self._most and again.length <= self._kept[0][0]:
                continue
            shown = self._show(batch, segments, again)
            if shown is None:
                continue
            # Of those as long, the first that was found stays.
            item = (again.length, -self.total, shown)
            (heapq.heappush if len(self._kept) < self._most else heapq.heappushpop)(
                self._kept, item
            )
        return True

    @property
    def longest(self) -> tuple[T, ...]:
        """The longest, in their order."""
        order = sorted(self._kept, key=lambda item: (-item[0], -item[1]))
        return tuple(item[2] for item in order)


def repeats(name: str, texts: Texts, layer: Layer, asked: Asked) -> Listing:
    """Return what documents say again within 200 symbols, the longest first."""
    return _listed(
        name,
        texts,
        layer,
        asked,
        _repeats,
        f"Said again within {WINDOW} words, by documents of {name}: {{total:,}} stretches of "
        f"{REPEATED} words or more",
    )


def loops(name: str, texts: Texts, layer: Layer, asked: Asked) -> Listing:
    """Return the phrases that documents say three times or more at their end, longest first."""
    return _listed(
        name,
        texts,
        layer,
        asked,
        _loops,
        f"Loops at the end of documents of {name}: {{total:,}} phrases of {SHORTEST} words or "
        f"more, said {TIMES} times or more",
    )


def _listed(name: str, texts: Texts, layer: Layer, asked: Asked, find: Find, title: str) -> Listing:
    """Return the longest of what ``find`` finds in each batch."""

    def show(batch: Batch, segments: Segments, again: Again) -> Instance | None:
        instance = _instance(name, batch, segments, again)
        return instance if asked.wants(instance.text or "") else None

    seeker = StretchSeeker(layer, find, show, asked.limit)
    read_through(texts, (seeker,))
    return Listing(title.format(total=seeker.total), "", seeker.longest, seeker.total)


class LoopSeeker(StretchSeeker[Loop]):
    """Looks for phrases that a document of corpus ``name`` says three times running or more.

    Wherever they stand in it; a single word counts as a phrase of two. ``sampled`` says that only a
    sample of the documents is looked at.
    """

    def __init__(self, name: str, layer: Layer, most: int, *, sampled: bool) -> None:
        super().__init__(layer, _running, _loop, most)
        self._name, self._sampled = name, sampled

    @property
    def found(self) -> Loops:
        """The longest of them."""
        return Loops(
            self._name, self.longest, self.total, self.holding, self.documents, self._sampled
        )


def _said_before(segments: Segments) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the first symbols of n-grams, and how many symbols before each stood last or 0."""
    hashes, starts = ngram_hashes(segments.symbols, segments.bounds, REPEATED)
    return starts, said_before(hashes, starts, WINDOW - REPEATED)


def _repeats(segments: Segments) -> Iterator[Again]:
    """Yield the stretches of each document whose n-grams stood there at one distance before."""
    starts, back = _said_before(segments)
    edges = np.flatnonzero((np.diff(back) != 0) | (np.diff(starts) != 1)) + 1
    firsts, ends = np.r_[0, edges], np.r_[edges, len(back)]
    for start, end in zip(firsts, ends, strict=True) if len(back) else ():
        if back[start]:
            first = int(starts[start])
            document = int(np.searchsorted(segments.bounds, first, side="right")) - 1
            yield Again(document, first, int(end - start) + REPEATED - 1, int(back[start]))


def _running(segments: Segments) -> Iterator[Again]:
    """Yield the phrases that stand three times running or more, wherever in their document."""
    starts, back = _said_before(segments)
    at = np.flatnonzero(back)
    found = running(
        segments.symbols, segments.bounds, starts[at], back[at], TIMES, SHORTEST * TIMES
    )
    for row in found.tolist():
        yield Again(*row)


def _loops(segments: Segments) -> Iterator[Again]:
    """Yield the shortest phrase that stands three times or more at the end of each document."""
    bounds = segments.bounds
    for document in range(len(bounds) - 1):
        first, stop = int(bounds[document]), int(bounds[document + 1])
        symbols = segments.symbols[first:stop]
        for length in range(SHORTEST, len(symbols) // TIMES + 1):
            if symbols[-1] != symbols[-1 - length]:
                continue
            differ = np.flatnonzero(symbols[:-length][::-1] != symbols[length:][::-1])
            agreeing = int(differ[0]) if len(differ) else len(symbols) - length
            times = 1 + agreeing // length
            if times >= TIMES:
                said = (times - 1) * length
                yield Again(document, stop - said, said, length)
                break


def _turns(segments: Segments, again: Again) -> list[tuple[int, int]]:
    """Return where the first turns of a loop stand, in bytes."""
    begin = again.first - again.back
    firsts = (begin + turn * again.back for turn in range(min(again.turns, _MOST_TURNS)))
    return _places(segments, [(first, first + again.back) for first in firsts])


def _places(segments: Segments, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    return [(int(segments.starts[a]), int(segments.ends[b - 1])) for a, b in spans]


def _instance(name: str, batch: Batch, segments: Segments, again: Again) -> Instance:
    """Return ``again`` with both places marked, or with each turn of a loop."""
    looping = again.back <= again.length
    if looping:
        detail = f"{again.turns} times running, {again.back} words each"
        places = _turns(segments, again)
    else:
        begin, length = again.first - again.back, again.length
        detail = f"{length} words, said again after {again.back}"
        spans = [(begin, begin + length), (again.first, again.first + length)]
        places = _places(segments, spans)
    text = batch.data[places[0][0] : places[0][1]].tobytes().decode("utf-8")
    return Instance(
        text[:_LONGEST],
        again.back if looping else again.length,
        None,
        None,
        detail,
        tuple(_occurrences(name, batch, places)),
    )


def _loop(batch: Batch, segments: Segments, again: Again) -> Loop:
    """Return ``again`` with as many turns marked as there is room for."""
    places = _turns(segments, again)
    text = batch.data[places[0][0] : places[0][1]].tobytes().decode("utf-8")
    place = marked("", batch, places, _SHOWN)
    return Loop(text[:_SHOWN], again.back, again.turns, place.document, place.context, place.marks)


def _occurrences(name: str, batch: Batch, places: list[tuple[int, int]]) -> Iterator[Occurrence]:
    """Yield the places together where one context holds them, else the first and the last."""
    if places[1][1] - places[0][0] <= _LONGEST:
        yield marked(name, batch, places, _LONGEST)
    else:
        yield marked(name, batch, places[:1], 4 * _LONGEST)
        yield marked(name, batch, places[-1:], 4 * _LONGEST)


def marked(name: str, batch: Batch, places: list[tuple[int, int]], room: int) -> Occurrence:
    """Return as many of ``places`` as stand in ``room`` bytes, marked: the first at least.

    That is cut where it is longer.
    """
    start = places[0][0]
    document = int(np.searchsorted(batch.bounds, start, side="right")) - 1
    low, high = int(batch.bounds[document]), int(batch.bounds[document + 1])

    def text(a: int, b: int) -> str:
        return batch.data[a:b].tobytes().decode("utf-8", "ignore")

    said = text(max(low, start - 4 * CONTEXT), start)[-CONTEXT:]
    marks: list[tuple[int, int]] = []
    at = start
    for a, b in places:
        if marks and b - start > room:
            break
        said += text(at, a)
        begun = len(said)
        marked = text(a, min(b, start + room))
        said += marked
        marks.append((begun, len(said)))
        at = a + len(marked.encode("utf-8"))
    said += text(at, min(high, at + 4 * CONTEXT))[:CONTEXT]
    return Occurrence(name, batch.document(document).id, said, tuple(marks))
