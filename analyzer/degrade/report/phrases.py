"""The blocks of n-grams that burst in documents, and of those that generations hand down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from degrade.exhibits_ngrams import BurstingNgram, InheritedNgram
from degrade.findings import Comparison
from degrade.record import Record
from degrade.report import figures
from degrade.report.blocks import Example, Examples, example_of, of_order
from degrade.report.escape import plain
from degrade.report.repetitions import Passage, Repetition, Repetitions, pieces_of
from degrade.seeking import CONTEXT

_OTHERS = (
    "degrade.bursts in Python tells which source or file a phrase bursts in; degrade provenance, "
    "which phrases a text took over from a teacher's."
)
_COURSE = 6
"""Generations whose documents are all told; of more, the first and the last."""


def bursting_of(comparison: Comparison) -> Repetitions | None:
    """Return the n-grams that documents say again and again, or None where none were looked for."""
    found = comparison.evidence.bursting
    if found is None:
        return None
    reference, candidate = plain(comparison.reference), plain(comparison.candidate)
    counted = f"{figures.count(found.total)} {'is' if found.total == 1 else 'are'} said"
    sizes = (
        f"of {figures.count(found.reference_documents)} in {reference}, of "
        f"{figures.count(found.candidate_documents)} in {candidate}"
    )
    return Repetitions(
        title=f"Bursting: of {figures.things(found.tested, 'n-gram')} tested, {counted} again and "
        f"again by those documents of {candidate} that hold them, more than is usual",
        note=f"how often it stands, and in how many documents: {sizes}" if found.ngrams else "",
        rows=tuple(_burst(candidate, each) for each in found.ngrams),
        of_candidate=len(found.ngrams),
    )


def inherited_of(comparison: Comparison) -> Examples | None:
    """Return what the candidate has of those before it, or None where there are none."""
    found = comparison.evidence.inherited
    if found is None:
        return None
    candidate = plain(comparison.candidate)
    phrases = figures.things(found.total, "phrase")
    grown = ""
    if found.total:
        grown = (
            f"; {figures.count(found.grown)} of them in a larger share of documents than at first"
        )
    columns = ""
    if found.ngrams and found.documents:
        columns = (
            f"documents that hold it: of {figures.count(found.documents[0])} in "
            f"{plain(comparison.reference)}, of {figures.count(found.documents[-1])} in {candidate}"
        )
    missing = sum(each.ngram is None for each in found.ngrams)
    return Examples(
        title=f"Inherited: {phrases}, rare in {plain(comparison.reference)}, that an earlier "
        f"generation brought in and all since have kept, {candidate} too{grown}",
        columns=columns,
        rows=tuple(_heir(each) for each in found.ngrams),
        unresolved=f"{figures.things(missing, 'phrase')} had no text at hand." if missing else "",
    )


def elsewhere_of(record: Record) -> str:
    """Return what evidence other commands find, and what inherited phrases would take."""
    said = []
    if not any(each.evidence.inherited for each in record.comparisons):
        said.append(
            "Inherited phrases take an earlier generation: name it before this one (degrade "
            "compare REFERENCE EARLIER CANDIDATE)."
        )
    elif record.comparisons[0].evidence.inherited is None:
        first = plain(record.comparisons[0].candidate)
        said.append(f"{first} is the first candidate, with none before it to inherit from.")
    return " ".join([*said, _OTHERS])


def _burst(candidate: str, found: BurstingNgram) -> Repetition:
    times = f"{figures.count(found.reference_occurrences)} → "
    documents = f"{figures.count(found.reference_count)} → {figures.count(found.candidate_count)}"
    more = figures.value(found.crowding / max(found.usual, 1e-9), "")
    document = plain(found.document or "")
    pieces = _whole_words(pieces_of(found.context or "", found.marks))
    return Repetition(
        candidate,
        plain(found.ngram) if found.ngram is not None else "(text not at hand)",
        f"{times}{figures.count(found.candidate_occurrences)} times",
        of_order(found.n),
        (Passage(pieces, document),) if pieces else (),
        document,
        f"in {documents} documents, {more} times as crowded as usual",
    )


def _whole_words(pieces: Sequence[tuple[str, bool]]) -> tuple[tuple[str, bool], ...]:
    """Return ``pieces`` without what may be half a word at either end, where text was cut."""
    whole = list(pieces)
    for end in (0, -1) if len(whole) > 1 else ():
        text, marked = whole[end]
        if marked or len(text) < CONTEXT:
            continue
        first, _, last = text.partition(" ") if end == 0 else text.rpartition(" ")
        whole[end] = (f"… {last}" if end == 0 else f"{first} …", marked)
    return tuple(whole)


def _heir(found: InheritedNgram) -> Example:
    counts = found.reference_count, found.counts[-1] if found.counts else 0
    example = example_of(found.ngram, found.n, counts, found)
    return replace(example, course=f"since {plain(found.since)}: {_course(found.counts)}")


def _course(counts: Sequence[int]) -> str:
    said = [figures.count(each) for each in counts]
    if len(said) > _COURSE:
        said = [*said[: _COURSE // 2], "…", *said[-_COURSE // 2 :]]
    return " → ".join(said)
