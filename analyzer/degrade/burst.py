"""Bursts: phrases that many documents of one source hold, and those of other sources do not.

What is planted, copied or generated from a template comes in bursts: one phrase, in the same words,
in many documents of one source at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from degrade import registry
from degrade.attribution import (
    CAPACITY,
    Attributed,
    Labelled,
    SourceCensus,
    attributed,
    batches,
    counted,
)
from degrade.inference.concentration import concentrated, discoveries
from degrade.phrases import Member, joined
from degrade.poisoning import place_in
from degrade.seeking import Place
from degrade.sourced import By, check_several, labelled
from degrade.text.layer import Layer
from degrade.traces import Burst, Bursts

ORDERS = (2, 3, 4)
FALSE_DISCOVERY = 0.05
_ALONG = 2
"""Longer n-grams that go along with a part of a burst: with one, it may be a name."""


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A burst by hashes, as ``place_in`` takes it, and the number of its source."""

    burst: Burst
    source: int
    n: int
    hash: int
    members: tuple[tuple[int, frozenset[int]], ...]


def bursts(
    corpus: object,
    by: By = "source",
    *,
    most: int = 20,
    layer: str = "word",
    capacity: int = CAPACITY,
    **options: Any,
) -> Bursts:
    """Return the phrases that stand in many documents of one source and not of the others.

    ``by`` says what a source is: ``source``, what field ``source_field`` holds, or the key
    ``source`` of ``Document.metadata``; ``shard``, the file. Documents without a source are of the
    source of no name. A burst is a phrase of four words or more such that

    - documents of five groups of clusters, of 64, hold it;
    - more documents of the source hold a part of it than chance explains, given how many of all
      sources do: see ``degrade.inference.concentration``, Benjamini and Hochberg 1995 at .05 over
      all pairs of an n-gram (n = 2, 3, 4, five documents) and a source. Groups of clusters are the
      units, so documents of one author or prompt (``cluster_field``) are no burst;
    - its context is constant: two longer n-grams are each held in nine tenths of the documents of
      the source that hold that part. A word of the source's subject, in ever new contexts, is none,
      and a name hardly ever; formulas are, whoever wrote them.

    The corpus is read twice, and up to where phrases are found a third time, in memory that
    ``capacity`` bounds (16 bytes for each entry of an order). ``options`` are the fields of
    ``degrade.sourced.Reading``. Raises UsageError where no document names a source,
    UndefinedMetricError where all are of one.
    """
    with labelled(corpus, by, options) as documents:
        return bursts_of(documents, registry.layer(layer), most, capacity)


def bursts_of(corpus: Labelled, layer: Layer, most: int = 20, capacity: int = CAPACITY) -> Bursts:
    """Return the bursts of documents that come with their sources; see ``bursts``."""
    census = counted(corpus, layer, ORDERS, capacity)
    check_several(census)
    names = list(census.sources)
    found = attributed(corpus, layer, census)
    phrases = _phrases(found, census, names)
    shown = _with_places(phrases[:most], corpus, layer)
    sizes = census.sizes.sum(axis=1).tolist()
    return Bursts(
        shown,
        len(phrases),
        dict(zip(names, sizes, strict=True)),
        census.tested,
        census.missed,
        census.left_out,
    )


def _phrases(
    found: Sequence[Attributed], census: SourceCensus, names: Sequence[str]
) -> list[_Phrase]:
    documents = int(census.sizes.sum())
    p = [
        concentrated(each.rows, each.totals, census.sizes[each.sources], documents)
        for each in found
    ]
    adjusted = discoveries(np.concatenate(p), census.tested)
    q = np.split(adjusted, np.cumsum([len(each) for each in p])[:-1])
    several = [each.sources[known <= FALSE_DISCOVERY] for each, known in zip(found, q, strict=True)]
    phrases = []
    for source in np.unique(np.concatenate(several)).tolist():
        inside = [np.flatnonzero(each.sources == source) for each in found]
        chosen = []
        for order, at in enumerate(inside):
            told = np.flatnonzero(q[order][at] <= FALSE_DISCOVERY)
            chosen.append(told[np.argsort(p[order][at][told], kind="stable")])
        rows = [each.rows[at] for each, at in zip(found, inside, strict=True)]
        parts, constancy = joined(rows, chosen, _ALONG)
        share = float(census.sizes[source].sum()) / documents
        for part in parts:
            members = [(order, int(inside[order][i])) for order, i in part]
            constant = {
                (order, int(inside[order][i])): constancy[order, i]
                for order, i in part
                if (order, i) in constancy
            }
            phrase = _phrase(found, p, q, members, constant)
            expected = share * (phrase.burst.documents + phrase.burst.elsewhere)
            burst = replace(phrase.burst, source=names[source], expected=expected)
            phrases.append(replace(phrase, burst=burst))
    return sorted(phrases, key=lambda each: (each.burst.p, -each.n, each.hash, each.source))


def _phrase(
    found: Sequence[Attributed],
    p: Sequence[NDArray[np.float64]],
    q: Sequence[NDArray[np.float64]],
    members: Sequence[Member],
    constancy: dict[Member, float],
) -> _Phrase:
    order, i = min(members, key=lambda m: (-m[0], p[m[0]][m[1]], m[1]))
    shown = found[order]
    best = min(constancy, key=lambda m: (float(p[m[0]][m[1]]), m))
    hashes: dict[int, set[int]] = {}
    for o, k in members:
        hashes.setdefault(found[o].n, set()).add(int(found[o].hashes[k]))
    held = int(shown.rows[i].sum())
    burst = Burst(
        source="",
        documents=held,
        elsewhere=int(shown.totals[i]) - held,
        groups=int((shown.rows[i] > 0).sum()),
        expected=0.0,
        constancy=constancy[best],
        p=float(p[best[0]][best[1]]),
        p_adjusted=float(q[best[0]][best[1]]),
    )
    return _Phrase(
        burst,
        int(shown.sources[i]),
        shown.n,
        int(shown.hashes[i]),
        tuple((n, frozenset(hashes[n])) for n in sorted(hashes)),
    )


def _with_places(phrases: Sequence[_Phrase], corpus: Labelled, layer: Layer) -> tuple[Burst, ...]:
    """Return the bursts with a place of each, in a document of its source."""
    places: dict[int, Place] = {}
    sources = {phrase.source for phrase in phrases}
    numbers: dict[str, int] = {}
    for of, batch in batches(corpus(), numbers) if phrases else ():
        if not np.isin(of, list(sources)).any():
            continue
        for i, phrase in enumerate(phrases):
            inside = of == phrase.source
            if i not in places and inside.any():
                place = place_in(batch, phrase, layer, inside)
                if place is not None:
                    places[i] = place
        if len(places) == len(phrases):
            break
    shown = []
    for i, phrase in enumerate(phrases):
        place = places[i]
        end = place.start + len(place.text)
        shown.append(
            replace(
                phrase.burst,
                text=place.text,
                context=place.context,
                start=place.start,
                end=end,
                document=place.document,
            )
        )
    return tuple(shown)
