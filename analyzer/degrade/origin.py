"""Origins: which sources the documents that hold a phrase are of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from degrade import registry
from degrade.attribution import Attributed, SourceCensus, attributed, counted
from degrade.census.kernels import ngram_hashes
from degrade.errors import UsageError
from degrade.inference.concentration import concentrated, discoveries
from degrade.sourced import By, check_several, labelled
from degrade.text.document import GROUPS, Batch, Document
from degrade.text.layer import Layer


@dataclass(frozen=True, slots=True)
class Origin:
    """A phrase, and a source some documents of which hold it.

    Attributes
    ----------
    phrase, source : as given, and the name of the source or of the file
    documents, elsewhere : documents of the source, and of all others, that hold the phrase
    groups : groups of clusters, of 64, in which these documents of the source are
    expected : documents of the source that would hold it if all sources were alike
    p, p_adjusted : chance of as many, see ``degrade.inference.concentration``; adjusted over all
        pairs of a phrase and a source
    """

    phrase: str
    source: str
    documents: int
    elsewhere: int
    groups: int
    expected: float
    p: float
    p_adjusted: float


def origins(
    corpus: object,
    phrases: Iterable[str],
    by: By = "source",
    *,
    layer: str = "word",
    **options: Any,
) -> tuple[Origin, ...]:
    """Return the sources that documents which hold ``phrases`` are of.

    For phrases such as those of ``degrade.poisoning.planted_phrases``: in the order given, of each
    first the source of which it is most, beyond chance. ``by`` is ``source``, what ``source_field``
    holds, or ``shard``, the file; ``options`` are the fields of ``degrade.sourced.Reading``. The
    corpus is read twice. Chance is that of groups of clusters, and at a ``p_adjusted`` of .05
    (Benjamini and Hochberg 1995) one in twenty of the sources told is expected to be told for
    nothing. Raises UsageError for a phrase without words, or where no document names a source;
    UndefinedMetricError where all are of one.
    """
    said = list(dict.fromkeys(phrases))
    if not said:
        return ()
    segmenter = registry.layer(layer)
    keys = [_key(phrase, segmenter) for phrase in said]
    with labelled(corpus, by, options) as documents:
        census = counted(documents, segmenter, ())
        check_several(census)
        for n in sorted({n for n, _ in keys}):
            hashes = np.unique(np.array([h for m, h in keys if m == n], dtype=np.uint64))
            census.hashes[n] = hashes
            census.wanted[n] = np.ones((len(hashes), GROUPS), dtype=np.bool_)
        attribution = attributed(documents, segmenter, census, groups=1)
    found = _origins(attribution, census, len(set(keys)) * len(census.sources))
    return tuple(
        replace(origin, phrase=phrase)
        for phrase, key in zip(said, keys, strict=True)
        for origin in found.get(key, ())
    )


def _key(phrase: str, layer: Layer) -> tuple[int, int]:
    """Return order and hash of a phrase."""
    segments = Batch([Document(phrase)]).segments(layer)
    n = len(segments.symbols)
    if not n:
        raise UsageError(f"the phrase {phrase!r} holds nothing that layer {layer.name!r} counts")
    hashes, _ = ngram_hashes(segments.symbols, segments.bounds, n)
    return n, int(hashes[0])


def _origins(
    attribution: Sequence[Attributed], census: SourceCensus, tests: int
) -> dict[tuple[int, int], list[Origin]]:
    """Return the origins of each phrase, by order and hash, the least likely by chance first."""
    p = [_chances(each, census) for each in attribution]
    q = np.split(discoveries(np.concatenate(p), tests), np.cumsum([len(each) for each in p])[:-1])
    names = list(census.sources)
    found: dict[tuple[int, int], list[Origin]] = {}
    for each, chances, adjusted in zip(attribution, p, q, strict=True):
        for i in np.lexsort((each.sources, -each.rows.sum(axis=1), chances)):
            source = int(each.sources[i])
            held, total = int(each.rows[i].sum()), int(each.totals[i])
            origin = Origin(
                phrase="",
                source=names[source],
                documents=held,
                elsewhere=total - held,
                groups=int((each.rows[i] > 0).sum()),
                expected=total * float(census.sizes[source].sum() / census.sizes.sum()),
                p=float(chances[i]),
                p_adjusted=float(adjusted[i]),
            )
            found.setdefault((each.n, int(each.hashes[i])), []).append(origin)
    return found


def _chances(found: Attributed, census: SourceCensus) -> NDArray[np.float64]:
    sizes = census.sizes[found.sources]
    return concentrated(found.rows, found.totals, sizes, int(census.sizes.sum()))
