"""Bursting n-grams: what a candidate's documents, once they say it, say again and again.

Found from counts alone, whatever the order and the files of documents. Of which source or file a
phrase is takes the text: see ``degrade.burst``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from degrade.census.kernels import ngram_hashes
from degrade.census.section import Section
from degrade.evidence import FALSE_DISCOVERY, FEWEST_DOCUMENTS, SHOWN, Changed, Ranked, longest
from degrade.exhibits_ngrams import Bursting, BurstingNgram
from degrade.instances import Occurrence
from degrade.instances_read import marked
from degrade.significance import false_discovery_rates, student_tail
from degrade.text.document import Batch
from degrade.text.layer import Layer, Segments

FEWEST_GROUPS = 5
"""Groups of clusters, of 64, that hold an n-gram: five documents of one author are not many."""
MORE = 2.0
"""How many times as crowded as usual an n-gram is at least, to burst."""
_SURPLUS = 0.1
"""Variance that a document's number of occurrences has at least, over its squared mean."""
_LEAST_VARIANCE = 0.01
"""Of the logarithm of crowding between n-grams of one length."""
_CANDIDATES = 80
"""N-grams looked up in the text; parts of longer ones are then left out."""
_ROOM = 240
"""Bytes of a context from the first mark to the last."""

Floats = NDArray[np.float64]
Key = tuple[int, int]
"""Order and hash of an n-gram."""


@dataclass(frozen=True, slots=True)
class Crowding:
    """How crowded n-grams of one corpus stand in the documents that hold them, (n-grams,) each.

    ``logs`` are logarithms of occurrences over those expected if they were strewn at random over
    documents, as many of which would then hold it (Church and Gale 1995: what a Poisson
    distribution foretells from document frequency); ``variances`` are those of these, with groups
    of clusters as units.
    """

    occurrences: NDArray[np.int64]
    documents: NDArray[np.int64]
    groups: NDArray[np.int64]
    logs: Floats
    variances: Floats

    def taken(self, chosen: NDArray[np.bool_]) -> Crowding:
        """Return that of the n-grams ``chosen`` alone."""
        return Crowding(
            self.occurrences[chosen],
            self.documents[chosen],
            self.groups[chosen],
            self.logs[chosen],
            self.variances[chosen],
        )

    @classmethod
    def of(cls, section: Section, hashes: NDArray[np.uint64], documents: int) -> Crowding:
        """Return that of n-grams ``hashes``, in order, in a corpus of so many ``documents``."""
        x, d, groups, squares, products, held = section.within_documents(hashes)
        share = d / (documents + 1)
        strewn = -(documents + 1) * np.log1p(-share)
        with np.errstate(divide="ignore", invalid="ignore"):
            logs = np.log(x / strewn)
            # A group adds x_g / x to the logarithm of x, and slope * d_g to that of what is strewn.
            slope = 1 / ((1 - share) * strewn)
            sums = squares / x**2 - 2 * slope * products / x + slope**2 * held
            spread = sums - (1 - slope * d) ** 2 / section.groups
            jackknife = section.groups / (section.groups - 1) * spread
            # Of a document's number of occurrences, were it geometric: few documents show no less.
            least = (1 - d / x + _SURPLUS) / d
        return cls(x, d, groups, logs, np.maximum(jackknife, least))


@dataclass(frozen=True, slots=True)
class BurstsFound:
    """Bursting n-grams by order and hash, clearest first: the first of ``total``, of ``tested``."""

    top: tuple[tuple[Key, BurstingNgram], ...]
    total: int
    tested: int
    documents: tuple[int, int]

    def shown(self, seeker: BurstSeeker | None) -> Bursting:
        """Return them with the places that ``seeker`` found, parts of longer ones left out."""
        places: Mapping[Key, Occurrence] = {} if seeker is None else seeker.places
        listed = []
        for key, found in self.top:
            place = places.get(key)
            if place is not None:
                found = replace(
                    found,
                    ngram=place.context[slice(*place.marks[0])],
                    context=place.context,
                    marks=place.marks,
                    document=place.document,
                )
            listed.append(found)
        weights = [(each.ngram, each.candidate_occurrences) for each in listed]
        kept = longest(listed, weights)
        return Bursting(tuple(kept[:SHOWN]), self.total, self.tested, *self.documents)


def bursting_ngrams(pairs: Mapping[int, tuple[Section, Section]], changed: Changed) -> BurstsFound:
    """Return the n-grams that stand more crowded in documents of the candidate than is usual.

    ``pairs`` are the sections of both corpora by order, and ``changed`` what was ranked of them.
    Tested are n-grams of five documents of the candidate, in five groups of clusters. Their
    crowding is compared with that in the reference, or where fewer than five documents of it hold
    one with what it is there on average, by Student's t with the groups that hold it as units;
    false discoveries are held at .05 (Benjamini and Hochberg 1995). An n-gram bursts if it is twice
    as crowded at least.
    """
    tested = [_tested(each, pairs[each.n], changed.documents) for each in changed.ranked]
    every_p = np.concatenate([np.empty(0), *(each.p for each in tested)])
    adjusted = false_discovery_rates(every_p)
    chosen: list[tuple[float, _Tested, int, float]] = []
    for each, q in zip(tested, np.split(adjusted, _ends(tested)), strict=True):
        found = np.flatnonzero((q <= FALSE_DISCOVERY) & (each.more >= np.log(MORE)))
        chosen += [(float(each.statistic[i]), each, int(i), float(q[i])) for i in found]
    chosen.sort(key=lambda row: (-row[0], row[1].n, int(row[1].hashes[row[2]])))
    top = tuple(
        ((each.n, int(each.hashes[i])), each.ngram(i, q)) for _, each, i, q in chosen[:_CANDIDATES]
    )
    return BurstsFound(top, len(chosen), len(every_p), changed.documents)


@dataclass(frozen=True, slots=True)
class _Tested:
    """N-grams of order ``n``, tested: ``usual`` are logarithms, and crowding is ``more`` by that.

    ``documents`` and ``occurrences`` are those of reference and candidate, (2, n-grams).
    """

    n: int
    hashes: NDArray[np.uint64]
    documents: NDArray[np.int64]
    occurrences: NDArray[np.int64]
    usual: Floats
    more: Floats
    statistic: Floats
    p: Floats

    def ngram(self, i: int, adjusted: float) -> BurstingNgram:
        documents, occurrences = self.documents[:, i].tolist(), self.occurrences[:, i].tolist()
        return BurstingNgram(
            ngram=None,
            n=self.n,
            reference_count=documents[0],
            candidate_count=documents[1],
            reference_occurrences=occurrences[0],
            candidate_occurrences=occurrences[1],
            crowding=float(np.exp(self.usual[i] + self.more[i])),
            usual=float(np.exp(self.usual[i])),
            p=float(self.p[i]),
            p_adjusted=adjusted,
        )


def _tested(ranked: Ranked, pair: tuple[Section, Section], documents: tuple[int, int]) -> _Tested:
    """Return the tests of n-grams that are held by enough documents and groups."""
    many = [held >= FEWEST_DOCUMENTS for held in (ranked.reference, ranked.candidate)]
    theirs = Crowding.of(pair[1], ranked.hashes[many[1]], documents[1])
    spread = theirs.groups >= FEWEST_GROUPS
    hashes = ranked.hashes[many[1]][spread]
    theirs = theirs.taken(spread)
    mean, variance = _ordinary(Crowding.of(pair[0], ranked.hashes[many[0]], documents[0]))
    mine = Crowding.of(pair[0], hashes, documents[0])
    known = mine.documents >= FEWEST_DOCUMENTS
    usual = np.where(known, mine.logs, mean)
    error = np.sqrt(theirs.variances + np.where(known, mine.variances, variance))
    more = theirs.logs - usual
    statistic = more / error
    p = student_tail(statistic, theirs.groups - 1)
    return _Tested(
        ranked.n,
        hashes,
        np.stack((mine.documents, theirs.documents)),
        np.stack((mine.occurrences, theirs.occurrences)),
        usual,
        more,
        statistic,
        p,
    )


def _ordinary(reference: Crowding) -> tuple[float, float]:
    """Return the mean of the logarithms of crowding, and their variance between n-grams."""
    if not len(reference.logs):
        return 0.0, _LEAST_VARIANCE
    mean = float(reference.logs.mean())
    between = float(((reference.logs - mean) ** 2 - reference.variances).mean())
    return mean, max(_LEAST_VARIANCE, between)


def _ends(tested: Sequence[_Tested]) -> NDArray[np.int64]:
    return np.cumsum([len(each.p) for each in tested])[:-1]


class BurstSeeker:
    """Looks for a document that says each n-gram twice or more; ``places`` holds what was found.

    Where none does, for one that says it once.
    """

    def __init__(self, wanted: Sequence[Key], layer: Layer) -> None:
        self.places: dict[Key, Occurrence] = {}
        self._layer = layer
        self._missing = set(wanted)

    def look(self, batch: Batch) -> bool:
        """Look through ``batch`` for what was not found twice in one document yet."""
        segments = batch.segments(self._layer)
        for n in sorted({n for n, _ in self._missing}):
            sought = np.array(sorted(h for m, h in self._missing if m == n), dtype=np.uint64)
            hashes, starts = ngram_hashes(segments.symbols, segments.bounds, n)
            at = np.flatnonzero(np.isin(hashes, sought))
            of = np.searchsorted(segments.bounds, starts[at], side="right") - 1
            order = np.lexsort((starts[at], of, hashes[at]))
            at, of = at[order], of[order]
            edges = np.flatnonzero((np.diff(hashes[at]) != 0) | (np.diff(of) != 0)) + 1
            for run in np.split(at, edges) if len(at) else ():
                self._offer((n, int(hashes[run[0]])), batch, segments, starts[run])
        return bool(self._missing)

    def _offer(self, key: Key, batch: Batch, segments: Segments, starts: NDArray[np.int64]) -> None:
        """Take the places of n-gram ``key`` in one document, if there is none better."""
        if key not in self._missing or (len(starts) < 2 and key in self.places):
            return
        places: list[tuple[int, int]] = []
        for first in starts.tolist():
            start, end = int(segments.starts[first]), int(segments.ends[first + key[0] - 1])
            if not places or start >= places[-1][1]:
                places.append((start, end))
        begins = np.array([start for start, _ in places])
        within = np.searchsorted(begins, begins + _ROOM) - np.arange(len(places))
        self.places[key] = marked("", batch, places[int(within.argmax()) :], _ROOM)
        if len(starts) > 1:
            self._missing.discard(key)
