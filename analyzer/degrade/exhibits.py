"""What a comparison shows for its findings, as frozen plain data: words, phrases and copies."""

from __future__ import annotations

from dataclasses import dataclass

from degrade.exhibits_ngrams import Bursting, Inherited


@dataclass(frozen=True, slots=True)
class Exemplar:
    """An n-gram whose document frequency changed, with a place where it stands.

    Counts are documents that hold it, in each corpus; ``*_documents`` how many there are.
    ``context`` is text around it with the n-gram at ``context[start:end]``; None where no document
    at hand shows it.
    """

    ngram: str | None
    n: int
    reference_count: int
    candidate_count: int
    reference_documents: int
    candidate_documents: int
    p: float
    p_adjusted: float
    context: str | None = None
    start: int = 0
    end: int = 0
    document: str | None = None


@dataclass(frozen=True, slots=True)
class Keyword:
    """A word that the candidate uses less than the reference, or more, with a place of it.

    Counts are occurrences. ``log_odds`` is the difference of log odds, candidate less reference,
    and ``z`` its value in errors of independent tokens, as published. ``statistic``, ``p`` and
    ``p_adjusted`` take groups of documents as units. ``word`` and ``context`` are None where no
    document at hand shows it; else it stands at ``context[start:end]``.
    """

    word: str | None
    reference_count: int
    candidate_count: int
    log_odds: float
    z: float
    statistic: float
    p: float
    p_adjusted: float
    context: str | None = None
    start: int = 0
    end: int = 0
    document: str | None = None


@dataclass(frozen=True, slots=True)
class Keywords:
    """Words that the candidate uses ``less`` and ``more``, clearest first, of ``tested``.

    The totals count those that are not listed too; ``*_tokens`` are the words of each corpus.
    """

    less: tuple[Keyword, ...]
    more: tuple[Keyword, ...]
    less_total: int
    more_total: int
    tested: int
    reference_tokens: int
    candidate_tokens: int


@dataclass(frozen=True, slots=True)
class PlantedPhrase:
    """A phrase that stands word for word in many documents of the candidate alone, with a place.

    Counts are documents that hold its longest n-gram, of ``n`` symbols; those of the candidate are
    in ``groups`` groups.
    ``constancy``, ``evidence``, ``p`` and ``p_adjusted`` are those of ``degrade.planted.Planted``.
    ``text`` is as much of it as its n-grams cover where it stands, at ``context[start:end]``; None
    where no document at hand shows it.
    """

    text: str | None
    n: int
    reference_count: int
    candidate_count: int
    groups: int
    constancy: float
    evidence: float
    p: float
    p_adjusted: float
    context: str | None = None
    start: int = 0
    end: int = 0
    document: str | None = None


@dataclass(frozen=True, slots=True)
class PlantedPhrases:
    """Planted phrases, most evident first; ``total`` counts those that are not listed too."""

    phrases: tuple[PlantedPhrase, ...]
    total: int
    reference_documents: int
    candidate_documents: int


@dataclass(frozen=True, slots=True)
class Loop:
    """A phrase of ``words`` words that stands ``times`` times running in ``document``.

    ``marks`` are pairs of start and end in ``context``, in order and apart: its first turns.
    """

    text: str
    words: int
    times: int
    document: str
    context: str
    marks: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Loops:
    """The loops of one corpus, those first of which most is said again.

    ``total`` counts those that are not listed too, ``looping`` the documents that hold one, of the
    ``documents`` looked at: all of the corpus, or a sample.
    """

    corpus: str
    loops: tuple[Loop, ...]
    total: int
    looping: int
    documents: int
    sampled: bool


@dataclass(frozen=True, slots=True)
class Opening:
    """How a document begins; ``marks``, in order and apart, are what it has of its like."""

    document: str
    text: str
    marks: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Copies:
    """So many ``documents`` that are the same text, or nearly, with a few of their ``ids``.

    Linked by a ``resemblance`` of at least that much; 1 if they are the same. ``openings`` are of
    one of them, or of two; empty where no document at hand is one.
    """

    documents: int
    resemblance: float
    ids: tuple[str, ...]
    openings: tuple[Opening, ...]


@dataclass(frozen=True, slots=True)
class Duplicates:
    """Documents of one corpus that are copies, or ``nearly``: groups of them, largest first.

    ``total`` counts groups that are not listed too, ``copies`` the documents in them, of the
    ``documents`` looked at: all of the corpus, or a sample.
    """

    corpus: str
    nearly: bool
    groups: tuple[Copies, ...]
    total: int
    copies: int
    documents: int
    sampled: bool


@dataclass(frozen=True, slots=True)
class Bin:
    """How many windows of each corpus have a value from ``low`` to below ``high``.

    The first of a histogram also holds what lies below, the last what lies above.
    """

    low: float
    high: float
    reference: int
    candidate: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """N-grams that went and came, most telling first; ``unresolved`` had no text to show.

    ``keywords`` and ``planted`` are there where a metric was computed that shows them; so are
    ``loops`` and ``duplicates``, of the reference and then of the candidate. ``inherited`` is there
    for all candidates but the first of a run.
    """

    lost: tuple[Exemplar, ...] = ()
    gained: tuple[Exemplar, ...] = ()
    lost_total: int = 0
    gained_total: int = 0
    tested: int = 0
    unresolved: int = 0
    keywords: Keywords | None = None
    planted: PlantedPhrases | None = None
    loops: tuple[Loops, ...] = ()
    duplicates: tuple[Duplicates, ...] = ()
    bursting: Bursting | None = None
    inherited: Inherited | None = None


@dataclass(frozen=True, slots=True)
class Curve:
    """A line of one corpus, for n-grams of ``n`` symbols: ``y`` at each ``x``, which ascend."""

    corpus: str
    n: int
    x: tuple[float, ...]
    y: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Curves:
    """What charts of whole corpora show, at a few dozen points each, evenly spread in logarithms.

    ``rank_frequency`` is of as much text as ``tokens``, the matched size, or a little more: the
    occurrences of the x-th most frequent word in a million. ``words_by_frequency``, of the same
    text, is the number of words that occur x times or more. ``vocabulary_growth`` is the expected
    number of different n-grams in x tokens of whole groups of documents. A corpus of which only a
    sample of n-grams was counted has neither of the first two. ``version`` grows with the layout.
    """

    tokens: int
    rank_frequency: tuple[Curve, ...] = ()
    words_by_frequency: tuple[Curve, ...] = ()
    vocabulary_growth: tuple[Curve, ...] = ()
    version: int = 1
