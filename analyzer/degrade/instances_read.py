"""Repeats, loops and copies behind findings, read off the documents themselves."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from degrade.census.kernels import ngram_hashes
from degrade.evidence import CONTEXT, Texts, batches
from degrade.instances import Asked, Instance, Listing, Occurrence
from degrade.text.document import Batch
from degrade.text.layer import Layer, Segments

REPEATED, WINDOW = 4, 200
"""Symbols of the shortest repeat, and how far back it is looked for."""
SHORTEST, TIMES = 2, 3
"""Symbols of the phrase of a loop, and how often it stands at the end of its document."""
_MOST_TURNS = 12
_LONGEST = 480
"""Characters of a context: what is said again further away stands in one of its own."""


@dataclass(frozen=True, slots=True, order=True)
class Again:
    """A stretch of symbols that stood ``back`` symbols before; negative ``length`` orders it.

    ``first`` is its first symbol of the batch, ``length`` how many symbols are said again.
    """

    rank: int
    document: str
    first: int
    length: int
    back: int


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


def _listed(
    name: str,
    texts: Texts,
    layer: Layer,
    asked: Asked,
    find: Callable[[Batch, Segments], Iterator[Again]],
    title: str,
) -> Listing:
    """Return the longest of what ``find`` finds in each batch."""
    kept: list[tuple[int, int, Instance]] = []
    total = 0
    for batch in batches(texts()):
        segments = batch.segments(layer)
        for again in find(batch, segments):
            total += 1
            if len(kept) == asked.limit and again.length <= kept[0][0]:
                continue
            instance = _instance(name, batch, segments, again)
            if not asked.wants(instance.text or ""):
                continue
            # Of those as long, the first that was found stays.
            item = (again.length, -total, instance)
            (heapq.heappush if len(kept) < asked.limit else heapq.heappushpop)(kept, item)
    instances = tuple(item[2] for item in sorted(kept, key=lambda item: (-item[0], -item[1])))
    return Listing(title.format(total=total), "", instances, total)


def _repeats(batch: Batch, segments: Segments) -> Iterator[Again]:
    """Yield the stretches of each document whose n-grams stood there at one distance before."""
    bounds = segments.bounds
    for document in range(len(batch)):
        first, stop = int(bounds[document]), int(bounds[document + 1])
        symbols = segments.symbols[first:stop]
        if len(symbols) <= REPEATED:
            continue
        ends = np.array([0, len(symbols)], dtype=np.int64)
        back = _back(ngram_hashes(symbols, ends, REPEATED)[0])
        edges = np.flatnonzero(np.diff(back)) + 1
        for start, end in zip((0, *edges), (*edges, len(back)), strict=True):
            if back[start]:
                length = int(end - start) + REPEATED - 1
                yield Again(-length, batch.documents[document].id, first + int(start), length,
                            int(back[start]))  # fmt: skip


def _back(hashes: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Return how many symbols before each n-gram it stood last, within the window; 0 if nowhere."""
    order = np.argsort(hashes, kind="stable")
    same = hashes[order[1:]] == hashes[order[:-1]]
    back = np.zeros(len(hashes), dtype=np.int64)
    back[order[1:][same]] = (order[1:] - order[:-1])[same]
    back[back > WINDOW - REPEATED] = 0
    return back


def _loops(batch: Batch, segments: Segments) -> Iterator[Again]:
    """Yield the shortest phrase that stands three times or more at the end of each document."""
    bounds = segments.bounds
    for document in range(len(batch)):
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
                yield Again(-said, batch.documents[document].id, stop - said, said, length)
                break


def _instance(name: str, batch: Batch, segments: Segments, again: Again) -> Instance:
    """Return ``again`` with both places marked, or with each turn of a loop."""
    looping = again.back <= again.length
    turns = 1 + again.length // again.back
    if looping:
        begin = again.first - again.back
        detail = f"{turns} times running, {again.back} words each"
        spans = [
            (begin + turn * again.back, begin + (turn + 1) * again.back)
            for turn in range(min(turns, _MOST_TURNS))
        ]
    else:
        begin = again.first - again.back
        detail = f"{again.length} words, said again after {again.back}"
        spans = [
            (begin, begin + again.length),
            (again.first, again.first + again.length),
        ]
    places = [(int(segments.starts[a]), int(segments.ends[b - 1])) for a, b in spans]
    text = batch.data[places[0][0] : places[0][1]].tobytes().decode("utf-8")
    return Instance(
        text[:_LONGEST],
        again.back if looping else again.length,
        None,
        None,
        detail,
        tuple(_occurrences(name, batch, places)),
    )


def _occurrences(name: str, batch: Batch, places: list[tuple[int, int]]) -> Iterator[Occurrence]:
    """Yield the places together where one context holds them, else the first and the last."""
    if places[-1][1] - places[0][0] <= _LONGEST:
        yield _occurrence(name, batch, places)
    elif places[1][1] - places[0][0] <= _LONGEST:
        near = [place for place in places if place[1] - places[0][0] <= _LONGEST]
        yield _occurrence(name, batch, near)
    else:
        yield _occurrence(name, batch, places[:1])
        yield _occurrence(name, batch, places[-1:])


def _occurrence(name: str, batch: Batch, places: list[tuple[int, int]]) -> Occurrence:
    start, end = places[0][0], min(places[-1][1], places[0][0] + 4 * _LONGEST)
    document = int(np.searchsorted(batch.bounds, start, side="right")) - 1
    low, high = int(batch.bounds[document]), int(batch.bounds[document + 1])

    def text(a: int, b: int) -> str:
        return batch.data[a:b].tobytes().decode("utf-8", "ignore")

    said = text(max(low, start - 4 * CONTEXT), start)[-CONTEXT:]
    marks, at = [], start
    for a, b in places:
        if b > end:
            b = end
        said += text(at, a)
        begun = len(said)
        said += text(a, b)
        marks.append((begun, len(said)))
        at = b
    said += text(at, min(high, at + 4 * CONTEXT))[:CONTEXT]
    return Occurrence(name, batch.documents[document].id, said, tuple(marks))
