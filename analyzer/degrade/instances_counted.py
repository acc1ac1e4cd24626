"""N-grams behind findings that were counted: once seen and lost, of one side only, shared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from degrade.census.section import Section
from degrade.inference.matching import Side
from degrade.instances import Asked, Instance, Listing, Occurrence
from degrade.seeking import Place, Texts, located
from degrade.summaries import Need
from degrade.text.layer import Layer

MOST_SEARCHED = 200_000
"""N-grams, the most telling ones, among which a search looks."""
_EVEN, _ODD = 0x5555_5555_5555_5555, 0xAAAA_AAAA_AAAA_AAAA
"""The two halves of the groups of a corpus, as bit sets."""
_ORDERS = {1: "{}s", 2: "{} pairs", 3: "{} triples"}

Hashes = NDArray[np.uint64]
Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Look:
    """Both sides of a comparison, where their text is, and what cuts it into symbols."""

    sides: tuple[Side, Side]
    texts: tuple[Texts, Texts]
    layer: Layer

    @property
    def names(self) -> tuple[str, str]:
        """The names of reference and candidate."""
        return self.sides[0].name, self.sides[1].name


@dataclass(frozen=True, slots=True)
class _Table:
    """The n-grams of both sides: documents that hold each, and groups as bit sets, (types,)."""

    hashes: Hashes
    documents: tuple[Counts, Counts]
    masks: tuple[Hashes, Hashes]
    fresh: Counts


def once_seen(look: Look, need: Need, asked: Asked) -> tuple[Listing, ...]:
    """Return what one half of the reference holds once, its other half again, the candidate not."""
    table = _table(look.sides, need)
    reference, candidate = look.names
    half = table.masks[0] & np.uint64(_EVEN)
    once = (half != 0) & (half & (half - np.uint64(1)) == 0)
    again = once & (table.masks[0] & np.uint64(_ODD) != 0)
    gone = again & (table.masks[1] == 0)
    rows = np.flatnonzero(gone)
    rows = rows[np.lexsort((table.hashes[rows], -table.fresh[rows]))]
    what = plural(need)
    title = (
        f"Gone: {len(rows):,} {what} that one half of {reference} holds once and its other half "
        f"again, and {candidate} nowhere. Of {int(once.sum()):,} {what} that the half holds once, "
        f"the other half holds {int(again.sum()):,}, and all of {candidate} "
        f"{int((once & (table.masks[1] != 0)).sum()):,}"
    )
    return (_listing(look, need, title, table, rows, asked),)


def one_sided(look: Look, need: Need, asked: Asked) -> tuple[Listing, ...]:
    """Return what only the reference holds, and what only the candidate holds."""
    table = _table(look.sides, need)
    listings = []
    for mine, other in ((0, 1), (1, 0)):
        held = table.masks[mine] != 0
        rows = np.flatnonzero(held & (table.masks[other] == 0))
        rows = rows[np.lexsort((table.hashes[rows], -table.documents[mine][rows]))]
        title = (
            f"Only in {look.names[mine]}: {len(rows):,} of its {int(held.sum()):,} different "
            f"{plural(need)}, those of most documents first"
        )
        listings.append(_listing(look, need, title, table, rows, asked))
    return tuple(listings)


def shared(look: Look, need: Need, asked: Asked) -> tuple[Listing, ...]:
    """Return what most documents of the candidate share, beyond those of the reference."""
    table = _table(look.sides, need)
    sizes = [max(1, int(each.profile.extent(each.level).documents.sum())) for each in look.sides]
    # What each adds to the chance that two documents agree.
    chances = [d * (d - 1.0) / size**2 for d, size in zip(table.documents, sizes, strict=True)]
    gain = chances[1] - chances[0]
    rows = np.flatnonzero(gain > 0)
    rows = rows[np.lexsort((table.hashes[rows], -gain[rows]))]
    title = (
        f"Shared: {len(rows):,} {plural(need)} that documents of {look.names[1]} have in common "
        f"more than those of {look.names[0]}"
    )
    return (_listing(look, need, title, table, rows, asked),)


def plural(need: Need) -> str:
    """Return what n-grams of ``need`` are called: ``words``, ``word pairs``, ``word 4-grams``."""
    n, layer = int(need["n"]), str(need["layer"]).partition(":")[0]
    return _ORDERS.get(n, f"{{}} {n}-grams").format(layer)


def _table(sides: tuple[Side, Side], need: Need) -> _Table:
    mine, theirs = (cast(Section, each.section(need)) for each in sides)
    at, there, size = mine.alignment(theirs)
    hashes = np.empty(size, dtype=np.uint64)
    hashes[at], hashes[there] = mine.hashes, theirs.hashes
    masks, documents = [], []
    for section, place, side in ((mine, at, sides[0]), (theirs, there, sides[1])):
        held = np.zeros(size, dtype=np.uint64)
        held[place] = section.masks
        counts = np.zeros(size, dtype=np.int64)
        counts[place] = section.frequencies("documents", side.occupied)
        masks.append(held)
        documents.append(counts)
    fresh = np.zeros(size, dtype=np.int64)
    fresh[at] = mine.frequencies("documents", sides[0].occupied & _ODD)
    return _Table(hashes, (documents[0], documents[1]), (masks[0], masks[1]), fresh)


def _listing(
    look: Look, need: Need, title: str, table: _Table, rows: Counts, asked: Asked
) -> Listing:
    """Return the first of ``rows`` that hold what is searched, each where it stands."""
    n = int(need["n"])
    pool = rows[: MOST_SEARCHED if asked.search else asked.limit]
    places = [
        _places(n, table.hashes[pool[held[pool] > 0]], texts, look.layer)
        for held, texts in zip(table.documents, look.texts, strict=True)
    ]
    instances: list[Instance] = []
    unshown = 0
    for row in pool:
        found = [each.get(int(table.hashes[row])) for each in places]
        shown = next((place for place in found if place is not None), None)
        unshown += shown is None
        if len(instances) >= asked.limit or not asked.wants(shown.text if shown else ""):
            continue
        instances.append(
            Instance(
                shown.text if shown else None,
                n,
                int(table.documents[0][row]),
                int(table.documents[1][row]),
                "",
                tuple(
                    occurrence_of(name, place)
                    for name, place in zip(look.names, found, strict=True)
                    if place is not None
                ),
            )
        )
    sizes = [f"{int(each.profile.extent(each.level).documents.sum()):,}" for each in look.sides]
    counted = (
        f"documents that hold it: of {sizes[0]} in {look.names[0]}, of {sizes[1]} in "
        f"{look.names[1]}"
    )
    return Listing(title, counted, tuple(instances), len(rows), unshown)


def _places(n: int, hashes: Hashes, texts: Texts, layer: Layer) -> Mapping[int, Place]:
    if not len(hashes):
        return {}
    found = located({n: {int(each) for each in hashes}}, texts(), layer)
    return {hashed: place for (_, hashed), place in found.items()}


def occurrence_of(corpus: str, place: Place) -> Occurrence:
    """Return a place in ``corpus``, with its text marked."""
    end = place.start + len(place.text)
    return Occurrence(corpus, place.document, place.context, ((place.start, end),))
