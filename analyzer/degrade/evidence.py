"""Which n-grams went and which came, with a place where each stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from degrade.census.kernels import ngram_hashes
from degrade.census.section import Section
from degrade.exhibits import Evidence, Exemplar
from degrade.significance import student_tail_of_normal
from degrade.text.document import Batch, Document
from degrade.text.layer import Layer

FEWEST_DOCUMENTS = 5
FALSE_DISCOVERY = 0.05
SHOWN = 20
_CANDIDATES = 80
"""N-grams looked up in the text for each list; overlapping ones are then shown once."""
CONTEXT = 60
"""Characters that are shown on either side of what is found."""
_BATCH = 256
_HALVED = 0.5
"""An n-gram is lost or gained if one side holds it at most half as often as the other."""

Texts = Callable[[], Iterable[Document]]


@dataclass(frozen=True, slots=True)
class _Ranked:
    """N-grams of one order, tested: ``strength`` orders them, ``lost`` says which way they went."""

    n: int
    hashes: NDArray[np.uint64]
    reference: NDArray[np.int64]
    candidate: NDArray[np.int64]
    p: NDArray[np.float64]
    strength: NDArray[np.float64]
    lost: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Place:
    """Where an n-gram was found: ``text``, at ``start`` of the ``context`` around it."""

    text: str
    context: str
    start: int
    document: str


def gather(
    pairs: dict[int, tuple[Section, Section]],
    documents: tuple[NDArray[np.int64], NDArray[np.int64]],
    texts: tuple[Texts, Texts],
    layer: Layer | None,
) -> Evidence:
    """Return the n-grams whose document frequencies differ most, reference against candidate.

    ``pairs`` holds the sections of both corpora by order; ``documents`` their documents by group,
    (groups,) each; ``texts`` where to look n-grams up. Without a ``layer`` none can be shown.
    """
    if not pairs:
        return Evidence()
    ranked = [_ranked(n, *sections, *documents) for n, sections in sorted(pairs.items())]
    every_p = np.concatenate([r.p for r in ranked])
    adjusted = np.split(_benjamini_hochberg(every_p), np.cumsum([len(r.p) for r in ranked])[:-1])
    totals = int(documents[0].sum()), int(documents[1].sum())
    lists: list[tuple[Exemplar, ...]] = []
    counts = []
    unresolved = 0
    for lost, look in ((True, texts[0]), (False, texts[1])):
        chosen = [
            (float(r.strength[i]), r, int(i), float(q[i]))
            for r, q in zip(ranked, adjusted, strict=True)
            for i in np.flatnonzero((q <= FALSE_DISCOVERY) & (r.lost == lost))
        ]
        counts.append(len(chosen))
        chosen.sort(key=lambda item: (-item[0], item[1].n, int(item[1].hashes[item[2]])))
        top = chosen[:_CANDIDATES]
        wanted: dict[int, set[int]] = {}
        for _, r, i, _ in top:
            wanted.setdefault(r.n, set()).add(int(r.hashes[i]))
        places = located(wanted, look(), layer) if layer is not None and top else {}
        exemplars = [_exemplar(r, i, q, totals, places) for _, r, i, q in top]
        unresolved += sum(exemplar.ngram is None for exemplar in exemplars[:SHOWN])
        lists.append(tuple(_without_overlaps(exemplars))[:SHOWN])
    return Evidence(lists[0], lists[1], counts[0], counts[1], len(every_p), unresolved)


def _ranked(
    n: int,
    reference: Section,
    candidate: Section,
    reference_documents: NDArray[np.int64],
    candidate_documents: NDArray[np.int64],
) -> _Ranked:
    """Test the document frequency of every n-gram held by enough documents.

    Given the documents of both sides that hold it, those of one side are binomial; counts are first
    divided by their overdispersion between groups, so that groups and not documents are the units,
    and p-values are those of t with the freedom that leaves.
    """
    sizes = reference_documents, candidate_documents
    hashes, found, squares = reference.frequent(candidate, "documents", sizes, FEWEST_DOCUMENTS)
    freedom = sum(max(1, int((d > 0).sum()) - 1) for d in sizes)
    # Pearson's statistic over groups, sum x^2 / e - sum x, with e the share of documents.
    whole = np.array([[reference_documents.sum()], [candidate_documents.sum()]])
    with np.errstate(invalid="ignore", divide="ignore"):
        spread = np.nan_to_num(squares * whole / found - found)
    overdispersion = np.maximum(1.0, spread.sum(axis=0) / freedom)
    x, y = found / overdispersion
    mine, theirs = float(reference_documents.sum()), float(candidate_documents.sum())
    share = mine / (mine + theirs)
    lost = found[1] * mine <= _HALVED * found[0] * theirs
    gained = found[0] * theirs <= _HALVED * found[1] * mine
    # P(X >= x) and P(X <= x) of a binomial, through the incomplete beta at real arguments.
    above = np.where(x > 0, special.betainc(np.maximum(x, 1e-9), y + 1, share), 1.0)
    below = np.where(y > 0, special.betainc(np.maximum(y, 1e-9), x + 1, 1 - share), 1.0)
    p = np.minimum(1.0, 2 * np.minimum(above, below))
    # Overdispersion is itself estimated, from so many groups: t has the tails for that.
    p = 2 * student_tail_of_normal(p / 2, freedom)
    p[~(lost | gained)] = 1.0
    strength = special.xlogy(x, x) + special.xlogy(y, y) - special.xlogy(x + y, x + y)
    strength -= x * np.log(share) + y * np.log(1 - share)
    counts = found.astype(np.int64)
    return _Ranked(n, hashes, counts[0], counts[1], p, strength, lost)


def _benjamini_hochberg(p: NDArray[np.float64]) -> NDArray[np.float64]:
    order = np.argsort(p)
    ranks = np.arange(1, len(p) + 1)
    adjusted = np.minimum.accumulate((p[order] * len(p) / ranks)[::-1])[::-1]
    out = np.empty(len(p))
    out[order] = np.minimum(adjusted, 1.0)
    return out


def _exemplar(
    ranked: _Ranked,
    i: int,
    adjusted: float,
    totals: tuple[int, int],
    places: dict[tuple[int, int], Place],
) -> Exemplar:
    place = places.get((ranked.n, int(ranked.hashes[i])))
    return Exemplar(
        ngram=place.text if place else None,
        n=ranked.n,
        reference_count=int(ranked.reference[i]),
        candidate_count=int(ranked.candidate[i]),
        reference_documents=totals[0],
        candidate_documents=totals[1],
        p=float(ranked.p[i]),
        p_adjusted=adjusted,
        context=place.context if place else None,
        start=place.start if place else 0,
        end=place.start + len(place.text) if place else 0,
        document=place.document if place else None,
    )


def _without_overlaps(exemplars: Iterable[Exemplar]) -> Iterator[Exemplar]:
    """Yield exemplars, passing over those that hold, or are held by, one that came before."""
    said: list[str] = []
    for exemplar in exemplars:
        if exemplar.ngram is not None:
            words = f" {exemplar.ngram.casefold()} "
            if any(words in other or other in words for other in said):
                continue
            said.append(words)
        yield exemplar


def located(
    wanted: dict[int, set[int]], documents: Iterable[Document], layer: Layer
) -> dict[tuple[int, int], Place]:
    """Return the first place of each n-gram, reading no further than it takes."""
    missing = {(n, hashed) for n, hashes in wanted.items() for hashed in hashes}
    places: dict[tuple[int, int], Place] = {}
    for batch in batches(documents):
        segments = batch.segments(layer)
        for n, hashes in wanted.items():
            found, starts = ngram_hashes(segments.symbols, segments.bounds, n)
            sought = np.array(sorted(hashes), dtype=np.uint64)
            for i in np.flatnonzero(np.isin(found, sought)):
                key = (n, int(found[i]))
                if key in missing:
                    missing.discard(key)
                    first = int(starts[i])
                    place = int(segments.starts[first]), int(segments.ends[first + n - 1])
                    places[key] = place_of(batch, *place)
        if not missing:
            break
    return places


def place_of(batch: Batch, start: int, end: int) -> Place:
    """Return the place of the bytes ``start`` to ``end`` of the buffer of ``batch``."""
    document = int(np.searchsorted(batch.bounds, start, side="right")) - 1
    low, high = int(batch.bounds[document]), int(batch.bounds[document + 1])
    before = batch.data[max(low, start - 4 * CONTEXT) : start].tobytes()
    after = batch.data[end : min(high, end + 4 * CONTEXT)].tobytes()
    left = before.decode("utf-8", "ignore")[-CONTEXT:]
    right = after.decode("utf-8", "ignore")[:CONTEXT]
    text = batch.data[start:end].tobytes().decode("utf-8")
    return Place(text, left + text + right, len(left), batch.document(document).id)


def batches(documents: Iterable[Document]) -> Iterator[Batch]:
    """Yield ``documents`` in batches, each of them as it fills."""
    held: list[Document] = []
    for document in documents:
        held.append(document)
        if len(held) == _BATCH:
            yield Batch(held)
            held = []
    if held:
        yield Batch(held)
