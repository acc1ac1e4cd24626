"""The blocks of what is shown for single metrics: planted phrases, key words, histograms."""

from __future__ import annotations

from dataclasses import dataclass

from degrade.exhibits import Keyword
from degrade.findings import Comparison, Finding
from degrade.report import figures
from degrade.report.blocks import Example, Examples, example_of
from degrade.report.escape import plain

PER = 100_000


@dataclass(frozen=True, slots=True)
class WordUse:
    """A word, how often it occurs in 100,000 words of the reference and of the candidate, a place.

    ``place`` is None where no document at hand shows the word.
    """

    word: str
    reference: str
    candidate: str
    place: Example | None


@dataclass(frozen=True, slots=True)
class WordUses:
    """Words that the candidate uses less and more, clearest first."""

    title: str
    columns: str
    less: tuple[WordUse, ...]
    more: tuple[WordUse, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """A bin of a histogram: its range, and the shares of both corpora in words and as numbers."""

    label: str
    shares: tuple[str, str]
    heights: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Plot:
    """A histogram; ``heights`` of its bars are of the highest of all, 0 to 1."""

    title: str
    columns: tuple[str, str]
    bars: tuple[Bar, ...]


def planted_of(comparison: Comparison) -> Examples | None:
    """Return the planted phrases, most evident first, or None where they were not looked for."""
    planted = comparison.evidence.planted
    if planted is None:
        return None
    reference, candidate = plain(comparison.reference), plain(comparison.candidate)
    phrases = "no phrase stands" if not planted.total else "1 phrase stands"
    if planted.total > 1:
        phrases = f"{figures.count(planted.total)} phrases stand"
    columns = (
        f"documents that hold it, most evident first: of "
        f"{figures.count(planted.reference_documents)} in {reference}, of "
        f"{figures.count(planted.candidate_documents)} in {candidate}"
    )
    return Examples(
        title=f"Planted: {phrases} word for word in many documents of {candidate} and in none of "
        f"{reference}",
        columns=columns if planted.phrases else "",
        rows=tuple(
            example_of(each.text, each.n, (each.reference_count, each.candidate_count), each)
            for each in planted.phrases
        ),
        unresolved="",
    )


def keywords_of(comparison: Comparison) -> WordUses | None:
    """Return the key words, or None where there are none to show."""
    found = comparison.evidence.keywords
    if found is None or not (found.less or found.more):
        return None
    reference, candidate = plain(comparison.reference), plain(comparison.candidate)
    tokens = found.reference_tokens, found.candidate_tokens
    return WordUses(
        title=f"Key words: of {figures.things(found.tested, 'word')} tested, {candidate} uses "
        f"{figures.count(found.less_total)} less and {figures.count(found.more_total)} more",
        columns=f"occurrences in {figures.count(PER)} words of {reference} → {candidate}, clearest "
        "first",
        less=tuple(_use(word, tokens) for word in found.less),
        more=tuple(_use(word, tokens) for word in found.more),
    )


def plots_of(comparison: Comparison) -> tuple[Plot, ...]:
    """Return the histograms of findings that have one."""
    return tuple(_plot(each, comparison) for each in comparison.findings if each.histogram)


def _use(word: Keyword, tokens: tuple[int, int]) -> WordUse:
    rates = [
        figures.value(PER * count / max(1, size), "words")
        for count, size in zip((word.reference_count, word.candidate_count), tokens, strict=True)
    ]
    counts = word.reference_count, word.candidate_count
    place = example_of(word.word, 1, counts, word) if word.context else None
    said = "(text not at hand)" if word.word is None else plain(word.word)
    return WordUse(said, rates[0], rates[1], place)


def _plot(finding: Finding, comparison: Comparison) -> Plot:
    bins = finding.histogram
    totals = sum(each.reference for each in bins), sum(each.candidate for each in bins)
    shares = [
        (each.reference / max(1, totals[0]), each.candidate / max(1, totals[1])) for each in bins
    ]
    highest = max(max(pair) for pair in shares)
    return Plot(
        title=f"{plain(finding.title)}: share of passages by {plain(finding.unit)}",
        columns=(plain(comparison.reference), plain(comparison.candidate)),
        bars=tuple(
            Bar(
                f"{each.low:g} to {each.high:g}",
                (figures.percent(pair[0]), figures.percent(pair[1])),
                (pair[0] / highest, pair[1] / highest) if highest > 0 else (0.0, 0.0),
            )
            for each, pair in zip(bins, shares, strict=True)
        ),
    )
