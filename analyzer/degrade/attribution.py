"""Which source the documents of n-grams are of: two passes over a corpus, in bounded memory.

The first counts all n-grams by source, with sources in 64 bins, and says which are worth a look;
the second counts these by source and by group of clusters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from degrade.census.frequent import Frequent
from degrade.census.kernels import ngram_hashes
from degrade.census.section import Section
from degrade.errors import UsageError
from degrade.inference.concentration import upper_tail
from degrade.text.document import GROUPS, Batch, Document
from degrade.text.layer import Layer

Labelled = Callable[[], Iterable[tuple[str, Document]]]
"""The documents of a corpus, each with the name of its source, as often as asked."""

FEWEST_DOCUMENTS = 5
FEWEST_GROUPS = 5
"""Groups of clusters, of 64: five documents of one chapter or author are not many."""
CAPACITY = 1 << 23
"""Entries kept of each order in the first pass: n-grams by bin and position, 16 bytes each."""
MOST_SOURCES = 1 << 16
MOST = 50_000
"""N-grams of one order, those that chance explains least, that are looked at by source."""
_WORTH = 1e-3
"""Chance, taking documents as units, above which no n-gram can be told: with a thousand tests or
more, far above what false discovery allows."""
_BATCH = 256
_HELD = 1 << 21


@dataclass(slots=True)
class SourceCensus:
    """The sources of a corpus, and the n-grams of one source more than of others.

    Attributes
    ----------
    sources : their names, by number
    sizes : int64 array, (sources, groups), documents
    hashes : by order, uint64 array, sorted: n-grams worth a look
    wanted : by order, bool array, (n-grams, bins): where there are more than by chance
    tested : pairs of an n-gram of enough documents and a source, all orders
    missed : n-grams of more documents than that were all counted; see ``Frequent``
    left_out : n-grams worth a look that were not looked at, being too many
    """

    sources: dict[str, int] = field(default_factory=dict)
    sizes: NDArray[np.int64] = field(default_factory=lambda: np.zeros((0, GROUPS), dtype=np.int64))
    hashes: dict[int, NDArray[np.uint64]] = field(default_factory=dict)
    wanted: dict[int, NDArray[np.bool_]] = field(default_factory=dict)
    tested: int = 0
    missed: int = 0
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Attributed:
    """N-grams of one order by source: pairs of an n-gram and a source that holds it.

    Attributes
    ----------
    n : their order
    hashes : uint64 array, (pairs,)
    sources : int64 array, (pairs,), number of the source
    rows : int64 array, (pairs, groups), documents of the source that hold the n-gram
    totals : int64 array, (pairs,), documents of all sources that hold it
    """

    n: int
    hashes: NDArray[np.uint64]
    sources: NDArray[np.int64]
    rows: NDArray[np.int64]
    totals: NDArray[np.int64]


def counted(
    corpus: Labelled, layer: Layer, orders: Sequence[int], capacity: int = CAPACITY
) -> SourceCensus:
    """Read ``corpus`` once: its sources, and the n-grams of ``orders`` that are worth a look.

    Raises UsageError for too many sources to be any.
    """
    census = SourceCensus()
    tables = {n: Frequent(n, capacity) for n in orders}
    for sources, batch in batches(corpus(), census.sources):
        if len(census.sources) > MOST_SOURCES:
            raise UsageError(
                f"more than {MOST_SOURCES:,} sources, such as {next(iter(census.sources))!r}: "
                "that field names documents, not sources"
            )
        short = len(census.sources) - len(census.sizes)
        census.sizes = np.pad(census.sizes, ((0, short), (0, 0)))
        np.add.at(census.sizes, (sources, batch.groups), 1)
        segments = batch.segments(layer)
        for table in tables.values():
            table.add(segments.symbols, segments.bounds, (sources % GROUPS).astype(np.uint8))
    for table in tables.values():
        _choose(census, table)
    return census


def _choose(census: SourceCensus, counts: Frequent) -> None:
    section = Section(counts.table, None, GROUPS)
    found = section.counts("documents")
    total = section.frequencies("documents", (1 << GROUPS) - 1)
    census.tested += int((total >= FEWEST_DOCUMENTS).sum()) * len(census.sources)
    census.missed = max(census.missed, counts.missed)
    own = np.zeros(GROUPS)
    np.add.at(own, np.arange(len(census.sizes)) % GROUPS, census.sizes.sum(axis=1))
    bins = np.repeat(np.arange(GROUPS), np.diff(found.starts))
    held = np.flatnonzero(found.sums >= FEWEST_DOCUMENTS)
    owner, here, bins = found.owner[held], found.sums[held], bins[held]
    p = upper_tail(here, total[owner] - here, own[bins] / own.sum())
    worth = np.flatnonzero(p <= _WORTH)
    worth = worth[np.lexsort((-here[worth], p[worth]))]
    census.left_out += max(0, len(worth) - MOST)
    worth = worth[:MOST]
    chosen, place = np.unique(owner[worth], return_inverse=True)
    wanted = np.zeros((len(chosen), GROUPS), dtype=np.bool_)
    wanted[place, bins[worth]] = True
    census.hashes[counts.n], census.wanted[counts.n] = section.hashes[chosen], wanted


def attributed(
    corpus: Labelled, layer: Layer, census: SourceCensus, groups: int = FEWEST_GROUPS
) -> list[Attributed]:
    """Read ``corpus`` again: the documents of n-grams worth a look, by source and group.

    Pairs of an n-gram and a source in fewer than ``groups`` groups of clusters are left out.
    """
    counts = {n: _Counts(len(hashes)) for n, hashes in census.hashes.items()}
    several = len(census.sources)
    for sources, batch in batches(corpus(), census.sources):
        segments = batch.segments(layer)
        group = batch.groups.astype(np.int64)
        for n, hashes in census.hashes.items():
            documents, ngrams = _holders(segments.symbols, segments.bounds, n, hashes)
            counts[n].totals += np.bincount(ngrams, minlength=len(hashes))
            of = sources[documents]
            near = census.wanted[n][ngrams, of % GROUPS]
            keys = (ngrams * several + of) * GROUPS + group[documents]
            counts[n].add(keys[near])
    found = []
    for n, hashes in census.hashes.items():
        keys, sums = counts[n].sums()
        pairs, place = np.unique(keys // GROUPS, return_inverse=True)
        # A key is a group that holds the n-gram.
        many = np.bincount(place, minlength=len(pairs)) >= groups
        row = np.cumsum(many) - 1
        kept = many[place]
        rows = np.zeros((int(many.sum()), GROUPS), dtype=np.int64)
        rows[row[place[kept]], keys[kept] % GROUPS] = sums[kept]
        ngrams, of = np.divmod(pairs[many], max(1, several))
        found.append(Attributed(n, hashes[ngrams], of, rows, counts[n].totals[ngrams]))
    return found


class _Counts:
    """How often keys came, most of them more than once."""

    def __init__(self, size: int) -> None:
        self.totals = np.zeros(size, dtype=np.int64)
        self._keys = [np.empty(0, dtype=np.int64)]
        self._sums = [np.empty(0, dtype=np.int64)]
        self._limit = _HELD

    def add(self, keys: NDArray[np.int64]) -> None:
        """Count each of ``keys`` once."""
        self._keys.append(keys)
        self._sums.append(np.ones(len(keys), dtype=np.int64))
        if sum(map(len, self._keys)) > self._limit:
            keys, _ = self.sums()
            self._limit = max(_HELD, 2 * len(keys))

    def sums(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return distinct keys, sorted, and how often each came."""
        keys, place = np.unique(np.concatenate(self._keys), return_inverse=True)
        sums = np.bincount(place, np.concatenate(self._sums), len(keys)).astype(np.int64)
        self._keys, self._sums = [keys], [sums]
        return keys, sums


def _holders(
    symbols: NDArray[np.uint64], bounds: NDArray[np.int64], n: int, hashes: NDArray[np.uint64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return documents and the n-grams of ``hashes`` that they hold, each pair once."""
    every, starts = ngram_hashes(symbols, bounds, n)
    place = np.searchsorted(hashes, every)
    place[place == len(hashes)] = 0
    at = np.flatnonzero(hashes[place] == every) if len(hashes) else place[:0]
    documents = np.searchsorted(bounds, starts[at], side="right") - 1
    pairs = np.unique(documents * max(1, len(hashes)) + place[at])
    of, ngrams = np.divmod(pairs, max(1, len(hashes)))
    return of, ngrams


def batches(
    labelled: Iterable[tuple[str, Document]], numbers: dict[str, int]
) -> Iterator[tuple[NDArray[np.int64], Batch]]:
    """Yield documents in batches, with the number of the source of each.

    Sources that are not among ``numbers`` get the next ones.
    """
    of: list[int] = []
    held: list[Document] = []
    for label, document in labelled:
        of.append(numbers.setdefault(label, len(numbers)))
        held.append(document)
        if len(held) == _BATCH:
            yield np.array(of, dtype=np.int64), Batch(held)
            of, held = [], []
    if held:
        yield np.array(of, dtype=np.int64), Batch(held)
