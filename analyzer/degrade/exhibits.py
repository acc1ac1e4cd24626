"""What a comparison shows for its findings, as frozen plain data: words and phrases in context."""

from __future__ import annotations

from dataclasses import dataclass


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
class Evidence:
    """N-grams that went and came, most telling first; ``unresolved`` had no text to show."""

    lost: tuple[Exemplar, ...] = ()
    gained: tuple[Exemplar, ...] = ()
    lost_total: int = 0
    gained_total: int = 0
    tested: int = 0
    unresolved: int = 0
