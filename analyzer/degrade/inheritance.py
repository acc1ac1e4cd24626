"""Inherited n-grams: what an earlier generation brought in, and later ones kept.

As for the phrases of ``degrade.provenance``: rare in the human reference, frequent in a teacher,
frequent now. Here generations of one run are the teachers of those that follow.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from degrade.census.section import Section
from degrade.evidence import FALSE_DISCOVERY, FEWEST_DOCUMENTS, SHOWN, Changed, Ranked, longest
from degrade.exhibits_ngrams import Inherited, InheritedNgram
from degrade.seeking import Places

ORDERS = (2, 3)
RATIO = 5.0
"""How many times as large a share of documents holds what is brought in, as of the reference."""
FEWEST_GROUPS = 3
"""Groups of clusters, of 64, that hold it."""
_CANDIDATES = 120
"""N-grams looked up in the text; parts of longer ones are then left out."""

Key = tuple[int, int]
"""Order and hash of an n-gram."""


@dataclass(frozen=True, slots=True)
class _Strange:
    """N-grams of one order that are frequent in a generation and rare in the reference.

    Attributes
    ----------
    hashes : in order
    reference, candidate : documents that hold each
    p, adjusted : of more documents than in the reference, and over all n-grams tested
    since : number of the generation from which on every one has had each
    """

    hashes: NDArray[np.uint64]
    reference: NDArray[np.int64]
    candidate: NDArray[np.int64]
    p: NDArray[np.float64]
    adjusted: NDArray[np.float64]
    since: NDArray[np.int64]

    def find(self, hashes: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Return where ``hashes`` stand here, and which of them do."""
        if not len(self.hashes):
            return np.zeros(len(hashes), dtype=np.int64), np.zeros(len(hashes), dtype=np.bool_)
        at = np.minimum(np.searchsorted(self.hashes, hashes), len(self.hashes) - 1)
        return at, self.hashes[at] == hashes


@dataclass(frozen=True, slots=True)
class HeirsFound:
    """Inherited n-grams by order and hash, most frequent first: the first of ``total``."""

    top: tuple[tuple[Key, InheritedNgram], ...]
    total: int
    grown: int
    generations: tuple[str, ...]
    documents: tuple[int, ...]

    @property
    def wanted(self) -> dict[int, set[int]]:
        """What to look up in the candidate: hashes by order."""
        found: dict[int, set[int]] = {}
        for (n, hashed), _ in self.top:
            found.setdefault(n, set()).add(hashed)
        return found

    def shown(self, places: Places) -> Inherited:
        """Return them with their ``places``, parts of longer ones left out."""
        listed = []
        for key, found in self.top:
            place = places.get(key)
            if place is None:
                listed.append(found)
                continue
            end = place.start + len(place.text)
            listed.append(
                replace(
                    found,
                    ngram=place.text,
                    context=place.context,
                    start=place.start,
                    end=end,
                    document=place.document,
                )
            )
        kept = longest(listed, [(each.ngram, each.counts[-1]) for each in listed])
        return Inherited(
            tuple(kept[:SHOWN]), self.total, self.grown, self.generations, self.documents
        )


class Inheritance:
    """What each generation of a run has of those before it, told in their order."""

    def __init__(self) -> None:
        self._names: list[str] = []
        self._documents: list[int] = []
        self._strange: list[dict[int, _Strange]] = []

    def of(
        self, name: str, pairs: Mapping[int, tuple[Section, Section]], changed: Changed
    ) -> HeirsFound | None:
        """Return what the next generation, called ``name``, inherits.

        None of the first, and where neither pairs nor triples of words were counted.

        ``pairs`` are the sections of reference and generation by order, ``changed`` what was ranked
        of them. An n-gram of two or three is brought in by the generation in which it becomes
        frequent: five documents hold it, in three groups of clusters, five times as large a share
        as of the reference's (counted with one more), and more than by chance (Benjamini and
        Hochberg 1995 at .05, groups as units). It is inherited while that holds of every generation
        since.
        """
        self._names.append(name)
        self._documents.append(changed.documents[1])
        known = self._strange[-1] if self._strange else {}
        now = {
            ranked.n: _strange(
                ranked, adjusted, pairs[ranked.n][1], changed.documents, known.get(ranked.n),
                len(self._strange),
            )
            for ranked, adjusted in zip(changed.ranked, changed.adjusted, strict=True)
            if ranked.n in ORDERS
        }  # fmt: skip
        self._strange.append(now)
        return self._heirs(changed.documents[0]) if now and known else None

    def _heirs(self, reference: int) -> HeirsFound:
        last = len(self._strange) - 1
        found: list[tuple[int, int, int]] = []
        grown = 0
        for n, now in self._strange[-1].items():
            old = np.flatnonzero(now.since < last)
            found += ((-int(now.candidate[i]), -n, int(i)) for i in old.tolist())
            grown += self._grown(n, now, old)
        found.sort(key=lambda row: (row[0], row[1], int(self._strange[-1][-row[1]].hashes[row[2]])))
        top = tuple(self._ngram(-n, i) for _, n, i in found[:_CANDIDATES])
        documents = (reference, *self._documents)
        return HeirsFound(top, len(found), grown, tuple(self._names), documents)

    def _grown(self, n: int, now: _Strange, old: NDArray[np.int64]) -> int:
        """Return how many of the n-grams ``old`` have a larger share than when they came."""
        grown = 0
        for since in np.unique(now.since[old]).tolist():
            here = old[now.since[old] == since]
            then = self._strange[since][n]
            at, _ = then.find(now.hashes[here])
            first = then.candidate[at] * self._documents[-1]
            grown += int((now.candidate[here] * self._documents[since] > first).sum())
        return grown

    def _ngram(self, n: int, i: int) -> tuple[Key, InheritedNgram]:
        now = self._strange[-1][n]
        since, hashed = int(now.since[i]), now.hashes[i : i + 1]
        counts = []
        for generation in self._strange[since:]:
            at, _ = generation[n].find(hashed)
            counts.append(int(generation[n].candidate[at[0]]))
        ngram = InheritedNgram(
            None,
            n,
            self._names[since],
            int(now.reference[i]),
            tuple(counts),
            float(now.p[i]),
            float(now.adjusted[i]),
        )
        return (n, int(hashed[0])), ngram


def _strange(
    ranked: Ranked,
    adjusted: NDArray[np.float64],
    section: Section,
    documents: tuple[int, int],
    before: _Strange | None,
    number: int,
) -> _Strange:
    """Return what is frequent in generation ``number``, with what the one ``before`` it had."""
    limit = RATIO * (ranked.reference + 1) / documents[0]
    chosen = np.flatnonzero(
        ~ranked.lost
        & (adjusted <= FALSE_DISCOVERY)
        & (ranked.candidate >= FEWEST_DOCUMENTS)
        & (ranked.candidate / documents[1] >= limit)
    )
    groups = section.within_documents(ranked.hashes[chosen])[2]
    chosen = chosen[groups >= FEWEST_GROUPS]
    hashes = ranked.hashes[chosen]
    since = np.full(len(chosen), number, dtype=np.int64)
    if before is not None:
        at, there = before.find(hashes)
        since[there] = before.since[at[there]]
    return _Strange(
        hashes,
        ranked.reference[chosen],
        ranked.candidate[chosen],
        ranked.p[chosen],
        adjusted[chosen],
        since,
    )
