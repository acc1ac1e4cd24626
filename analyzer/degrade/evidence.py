"""Which n-grams went and which came, with a place where each stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy import special

from degrade.census.section import Section
from degrade.exhibits import Evidence, Exemplar
from degrade.seeking import Places
from degrade.significance import student_tail_of_normal

FEWEST_DOCUMENTS = 5
FALSE_DISCOVERY = 0.05
SHOWN = 20
_CANDIDATES = 80
"""N-grams looked up in the text for each list; overlapping ones are then shown once."""
_NEARLY = 0.8
"""Share of an n-gram's documents that hold a longer one, for which it is then left out."""
_HALVED = 0.5
"""An n-gram is lost or gained if one side holds it at most half as often as the other."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Ranked:
    """N-grams of one order, tested: ``strength`` orders them, ``lost`` says which way they went.

    ``hashes`` are in order; ``reference`` and ``candidate`` are the documents that hold each.
    """

    n: int
    hashes: NDArray[np.uint64]
    reference: NDArray[np.int64]
    candidate: NDArray[np.int64]
    p: NDArray[np.float64]
    strength: NDArray[np.float64]
    lost: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Way:
    """The n-grams that went, or those that came: the clearest of ``total``, in their order.

    Each is an order's n-grams, its place among them and its adjusted p.
    """

    top: tuple[tuple[Ranked, int, float], ...]
    total: int

    @property
    def wanted(self) -> dict[int, set[int]]:
        found: dict[int, set[int]] = {}
        for ranked, i, _ in self.top:
            found.setdefault(ranked.n, set()).add(int(ranked.hashes[i]))
        return found


@dataclass(frozen=True, slots=True)
class Changed:
    """N-grams whose document frequencies differ most, to be looked up in the text.

    ``documents`` are those of reference and candidate; ``tested`` is how many n-grams were.
    ``ranked`` are all of these by order, ``adjusted`` their adjusted p.
    """

    lost: _Way
    gained: _Way
    documents: tuple[int, int]
    tested: int
    ranked: tuple[Ranked, ...] = ()
    adjusted: tuple[NDArray[np.float64], ...] = ()

    @property
    def wanted(self) -> tuple[dict[int, set[int]], dict[int, set[int]]]:
        """What to look up in the reference and in the candidate: hashes by order."""
        return self.lost.wanted, self.gained.wanted

    def shown(self, places: tuple[Places, Places]) -> Evidence:
        """Return them with their ``places``, those found in reference and in candidate."""
        lists = []
        unresolved = 0
        for way, found in zip((self.lost, self.gained), places, strict=True):
            exemplars = [_exemplar(*each, self.documents, found) for each in way.top]
            unresolved += sum(exemplar.ngram is None for exemplar in exemplars[:SHOWN])
            lists.append(tuple(_without_overlaps(exemplars))[:SHOWN])
        return Evidence(
            lists[0], lists[1], self.lost.total, self.gained.total, self.tested, unresolved
        )


def changed_ngrams(
    pairs: dict[int, tuple[Section, Section]],
    documents: tuple[NDArray[np.int64], NDArray[np.int64]],
) -> Changed:
    """Return the n-grams whose document frequencies differ most, reference against candidate.

    ``pairs`` holds the sections of both corpora by order; ``documents`` their documents by group,
    (groups,) each.
    """
    totals = int(documents[0].sum()), int(documents[1].sum())
    if not pairs:
        return Changed(_Way((), 0), _Way((), 0), totals, 0)
    ranked = [_ranked(n, *sections, *documents) for n, sections in sorted(pairs.items())]
    every_p = np.concatenate([r.p for r in ranked])
    adjusted = np.split(_benjamini_hochberg(every_p), np.cumsum([len(r.p) for r in ranked])[:-1])
    lost, gained = (_clearest(ranked, adjusted, lost=lost) for lost in (True, False))
    return Changed(lost, gained, totals, len(every_p), tuple(ranked), tuple(adjusted))


def _clearest(ranked: list[Ranked], adjusted: list[NDArray[np.float64]], *, lost: bool) -> _Way:
    chosen = [
        (r, int(i), float(q[i]))
        for r, q in zip(ranked, adjusted, strict=True)
        for i in np.flatnonzero((q <= FALSE_DISCOVERY) & (r.lost == lost))
    ]
    chosen.sort(
        key=lambda item: (-item[0].strength[item[1]], item[0].n, int(item[0].hashes[item[1]]))
    )
    return _Way(tuple(chosen[:_CANDIDATES]), len(chosen))


def _ranked(
    n: int,
    reference: Section,
    candidate: Section,
    reference_documents: NDArray[np.int64],
    candidate_documents: NDArray[np.int64],
) -> Ranked:
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
    return Ranked(n, hashes, counts[0], counts[1], p, strength, lost)


def _benjamini_hochberg(p: NDArray[np.float64]) -> NDArray[np.float64]:
    order = np.argsort(p)
    ranks = np.arange(1, len(p) + 1)
    adjusted = np.minimum.accumulate((p[order] * len(p) / ranks)[::-1])[::-1]
    out = np.empty(len(p))
    out[order] = np.minimum(adjusted, 1.0)
    return out


def _exemplar(
    ranked: Ranked,
    i: int,
    adjusted: float,
    totals: tuple[int, int],
    places: Places,
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


def longest(found: Sequence[T], weights: Sequence[tuple[str | None, int]]) -> list[T]:
    """Return what is not all said by a longer one of nearly the same weight.

    ``weights`` are the text of each, None where it is not known, and its documents or occurrences.
    """
    said = [(f" {text.casefold()} ", weight) for text, weight in weights if text is not None]
    kept = []
    for each, (text, weight) in zip(found, weights, strict=True):
        words = "" if text is None else f" {text.casefold()} "
        if not words or not any(
            len(other) > len(words) and words in other and more >= _NEARLY * weight
            for other, more in said
        ):
            kept.append(each)
    return kept
