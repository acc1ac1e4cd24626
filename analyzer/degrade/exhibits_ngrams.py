"""N-grams that burst, and n-grams that are inherited, as frozen plain data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BurstingNgram:
    """An n-gram that the documents of the candidate which hold it say again and again.

    ``*_count`` are documents that hold it, ``*_occurrences`` how often they do. ``crowding`` is how
    many times as often the candidate says it as if it were strewn at random over as many documents;
    ``usual`` the same of the reference, or where fewer than five of its documents hold it of its
    n-grams of this length. ``marks`` are pairs of start and end in ``context``, in order and apart;
    without a context no document at hand shows it.
    """

    ngram: str | None
    n: int
    reference_count: int
    candidate_count: int
    reference_occurrences: int
    candidate_occurrences: int
    crowding: float
    usual: float
    p: float
    p_adjusted: float
    context: str | None = None
    marks: tuple[tuple[int, int], ...] = ()
    document: str | None = None


@dataclass(frozen=True, slots=True)
class Bursting:
    """Bursting n-grams of the candidate, clearest first, of ``tested``.

    ``total`` counts those that are not listed too; ``*_documents`` are all of each corpus.
    """

    ngrams: tuple[BurstingNgram, ...]
    total: int
    tested: int
    reference_documents: int
    candidate_documents: int


@dataclass(frozen=True, slots=True)
class InheritedNgram:
    """An n-gram that came with the generation ``since``, and stayed, with a place of it.

    ``counts`` are the documents that hold it in each generation from that to the candidate.
    Without a ``context`` no document at hand shows it.
    """

    ngram: str | None
    n: int
    since: str
    reference_count: int
    counts: tuple[int, ...]
    p: float
    p_adjusted: float
    context: str | None = None
    start: int = 0
    end: int = 0
    document: str | None = None


@dataclass(frozen=True, slots=True)
class Inherited:
    """N-grams that a candidate has from the generations before it, most frequent first.

    ``total`` counts those that are not listed too, ``grown`` those of them that stand in a larger
    share of the candidate's documents than of those they came with. ``generations`` are those
    before the candidate and itself, ``documents`` those of the reference and of each of them.
    """

    ngrams: tuple[InheritedNgram, ...]
    total: int
    grown: int
    generations: tuple[str, ...]
    documents: tuple[int, ...]
