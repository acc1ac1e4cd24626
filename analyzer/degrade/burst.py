"""Bursts: phrases that many documents of one source hold, and those of other sources do not.

What is planted, copied or generated from a template comes in bursts: one phrase, in the same words,
in many documents of one source at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from degrade import registry
from degrade.attribution import CAPACITY, Attributed, Census, Labelled, attributed, batches, counted
from degrade.errors import UndefinedMetricError, UsageError
from degrade.evidence import Place
from degrade.inference.concentration import concentrated, discoveries
from degrade.phrases import Member, joined
from degrade.poisoning import place_in
from degrade.readers import Corpus, Fields, OnError, open_corpus
from degrade.readers.plain import Split
from degrade.text.document import Document
from degrade.text.layer import Layer

ORDERS = (2, 3, 4)
FALSE_DISCOVERY = 0.05
FEWEST_WORDS = 4
"""Words of a phrase, below which it is a name or a turn of speech of the source's subject."""
By = Literal["source", "shard"]


@dataclass(frozen=True, slots=True)
class Burst:
    """A phrase and the source that it is of.

    Attributes
    ----------
    source : its name, or that of the file
    documents, elsewhere : documents of the source, and of all others, that hold the phrase's
        longest n-gram
    groups : groups of clusters, of 64, in which these documents of the source are
    expected : documents of the source that would hold it if all sources were alike
    constancy : share of the documents of its most telling part in which the neighbours of that are
        the same
    p, p_adjusted : of its most telling part
    text, context, start, end : as much of it as its n-grams cover, in the text around it, at
        ``context[start:end]``
    document : where that stands
    """

    source: str
    documents: int
    elsewhere: int
    groups: int
    expected: float
    constancy: float
    p: float
    p_adjusted: float
    text: str = ""
    context: str = ""
    start: int = 0
    end: int = 0
    document: str = ""


@dataclass(frozen=True, slots=True)
class Bursts:
    """The bursts of a corpus, the least likely by chance first, and what was looked at.

    Attributes
    ----------
    found : the bursts asked for, and ``total`` how many there are
    documents : of each source, by name
    tested : pairs of an n-gram and a source, which false discoveries are counted among
    missed : n-grams that so many documents hold, or fewer, may have been passed over for lack of
        memory; 0 where everything was counted
    left_out : n-grams that were not looked at by source, being too many
    """

    found: tuple[Burst, ...]
    total: int
    documents: dict[str, int]
    tested: int
    missed: int
    left_out: int


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
    source_field: str | None = None,
    layer: str = "word",
    text_field: str = "text",
    id_field: str | None = None,
    cluster_field: str | None = None,
    split: Split | None = None,
    format: str | None = None,  # noqa: A002 - the option's name
    limit: int | None = None,
    on_error: OnError = "fail",
    capacity: int = CAPACITY,
) -> Bursts:
    """Return the phrases that stand in many documents of one source and not of the others.

    ``by`` says what a source is: ``source``, what field ``source_field`` holds, or the key
    ``source`` of ``Document.metadata``; ``shard``, the file. Documents without a source are of the
    source ````. A burst is a phrase of four words or more, in five documents or more, such that

    - more documents of the source hold a part of it than chance explains, given how many of all
      sources do: see ``degrade.inference.concentration``, Benjamini and Hochberg 1995 at .05 over
      all pairs of an n-gram (n = 2, 3, 4, five documents) and a source. Groups of clusters are the
      units, so documents of one author or prompt (``cluster_field``) are no burst;
    - its context is constant: a longer n-gram is held in nine tenths of the documents of the source
      that hold that part. A word of the source's subject, in ever new contexts, is none.

    The corpus is read twice, and up to where phrases are found a third time, in memory that
    ``capacity`` bounds (16 bytes for each entry of an order). The other arguments are those of
    ``degrade.profile``. Raises UsageError where no document names a source, UndefinedMetricError
    where all are of one.
    """
    if by not in ("source", "shard"):
        raise UsageError(f"bursts by {by!r} are not known; it is source or shard")
    fields = Fields(text_field, id_field, cluster_field, source_field)
    with open_corpus(
        corpus,
        fields,
        split=split,
        format=format,
        limit=limit,
        on_error=on_error,
        readers=registry.all_of(registry.READERS),
    ) as opened:
        return _bursts(_labelled(opened, by), registry.layer(layer), most, capacity)


def _labelled(corpus: Corpus, by: By) -> Labelled:
    def documents() -> Iterator[tuple[str, Document]]:
        for file, document in corpus.documents_by_file():
            yield (file if by == "shard" else document.metadata.get("source", "")), document

    return documents


def _bursts(corpus: Labelled, layer: Layer, most: int, capacity: int) -> Bursts:
    census = counted(corpus, layer, ORDERS, capacity)
    names = list(census.sources)
    if names == [""]:
        raise UsageError("no document names its source; say which field does with source_field")
    if len(names) < 2:
        raise UndefinedMetricError(f"all documents are of one source, {names[0]!r}")
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


def _phrases(found: Sequence[Attributed], census: Census, names: Sequence[str]) -> list[_Phrase]:
    documents = int(census.sizes.sum())
    p = [
        concentrated(each.rows, each.totals, census.sizes[each.sources], documents)
        for each in found
    ]
    adjusted = discoveries(np.concatenate(p), census.tested)
    q = np.split(adjusted, np.cumsum([len(each) for each in p])[:-1])
    phrases = []
    for source, name in enumerate(names):
        inside = [np.flatnonzero(each.sources == source) for each in found]
        chosen = []
        for order, at in enumerate(inside):
            told = np.flatnonzero(q[order][at] <= FALSE_DISCOVERY)
            chosen.append(told[np.argsort(p[order][at][told], kind="stable")])
        rows = [each.rows[at] for each, at in zip(found, inside, strict=True)]
        parts, constancy = joined(rows, chosen)
        share = float(census.sizes[source].sum()) / documents
        for part in parts:
            members = [(order, int(inside[order][i])) for order, i in part]
            constant = {
                (order, int(inside[order][i])): constancy[order, i]
                for order, i in part
                if (order, i) in constancy
            }
            phrase = _phrase(found, p, q, members, constant)
            if phrase.n >= FEWEST_WORDS:
                expected = share * (phrase.burst.documents + phrase.burst.elsewhere)
                burst = replace(phrase.burst, source=name, expected=expected)
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


def _with_places(
    phrases: Sequence[_Phrase], corpus: Labelled, layer: Layer
) -> tuple[Burst, ...]:
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
