"""The blocks of one comparison: its families of findings, and its n-grams."""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from degrade.exhibits import Exemplar, Keyword, PlantedPhrase
from degrade.exhibits_ngrams import InheritedNgram
from degrade.findings import SEVERITY, Change, Comparison, Finding, Level
from degrade.report import figures
from degrade.report.escape import plain
from degrade.report.gauge import Gauge, gauge

Tone = Level | Literal["better"] | None
SHIFT = "shift"
NO_TEXT = "(text not at hand)"
FAMILY_ORDER = ("rare n-gram loss", "lexical diversity", "repetition", "homogeneity", SHIFT)
QUESTIONS: Mapping[str, str] = {
    "rare n-gram loss": "Of what half of the reference holds only once, how much is kept: by "
    "its other half, and by the candidate?",
    "lexical diversity": "How many different words and phrases are there in as much text?",
    "repetition": "Does a document say the same thing again?",
    "homogeneity": "How likely is it that two documents say the same?",
    SHIFT: "Are words used as often as before? A difference by itself is no loss.",
    "Zipf tail": "How is use shared out between common words and rare ones?",
    "predictability": "How well is the next word foreseen?",
    "poisoning": "Does the same phrase stand, word for word, in many documents?",
    "style against content": "Is the manner kept while the matter goes?",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A finding in words. Texts are empty where there is nothing to say; ``note`` is the reason.

    ``level`` is what a table says; ``tone`` is for its colour. ``counts`` are the raw ones,
    reference then candidate; ``noise`` how large a change is where nothing has changed. ``size``
    and ``chance`` are numbers to sort by: how large the change is, whichever way, and p.
    """

    metric: str
    title: str
    unit: str
    primary: bool
    reference: str
    candidate: str
    change: str
    interval: str
    noise: str
    whole_documents: str
    p: str
    level: str
    tone: Tone
    counts: tuple[str, str]
    note: str
    gauge: Gauge | None
    size: float | None
    chance: float | None


@dataclass(frozen=True, slots=True)
class FamilyBlock:
    """A family of findings, primaries first; ``about`` is the question that they answer."""

    name: str
    about: str
    level: str
    tone: Tone
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """An n-gram, the documents that hold it, and a place: ``before``, ``match``, ``after``.

    Without a place these three are empty. ``course`` is how it went from generation to generation.
    """

    ngram: str
    n: int
    reference: str
    candidate: str
    before: str
    match: str
    after: str
    document: str
    course: str = ""


@dataclass(frozen=True, slots=True)
class Examples:
    """N-grams whose documents became fewer, or more, most telling first."""

    title: str
    columns: str
    rows: tuple[Example, ...]
    unresolved: str


def families_of(comparison: Comparison) -> tuple[FamilyBlock, ...]:
    """Return the families, worst first, then in the order in which they are best read."""
    levels = comparison.verdict.families
    blocks = []
    for name, findings in in_families(comparison):
        rows = tuple(_row(finding, comparison) for finding in findings)
        level = levels[name].level if name in levels else None
        blocks.append(
            FamilyBlock(
                _capital(plain(name)), QUESTIONS.get(name, ""), _family_level(level), level, rows
            )
        )
    return tuple(blocks)


def in_families(comparison: Comparison) -> list[tuple[str, list[Finding]]]:
    """Return the findings of each family, primaries first; families in their reading order."""
    groups: dict[str, list[Finding]] = {}
    for finding in sorted(comparison.findings, key=lambda finding: not finding.primary):
        groups.setdefault(finding.family, []).append(finding)
    levels = comparison.verdict.families

    def rank(name: str) -> tuple[int, int, str]:
        severity = SEVERITY.get(levels[name].level, 0) if name in levels else 0
        return -severity, family_rank(name), name

    return [(name, groups[name]) for name in sorted(groups, key=rank)]


def family_rank(name: str) -> int:
    """Return the place of a family among those that are read in an order of their own."""
    return FAMILY_ORDER.index(name) if name in FAMILY_ORDER else len(FAMILY_ORDER)


def level_of(finding: Finding, *, shifted: bool) -> str:
    """Return what is said of one finding's level; empty where it has none to have."""
    if finding.change is None:
        return "not computable"
    if finding.direction == "better" and not SEVERITY.get(finding.level or "none", 0):
        return "better"
    if finding.level in ("minor", "moderate", "severe"):
        return finding.level
    if finding.level is not None:
        return f"below {finding.ruled_out}" if finding.ruled_out else "unclear"
    if not finding.primary:
        return ""
    if finding.family == SHIFT:
        return "shifted" if shifted else "no shift"
    return "not counted"


def tone_of(finding: Finding) -> Tone:
    """Return how a finding is meant, for its colour."""
    if finding.change is None:
        return None
    if finding.direction == "better" and not SEVERITY.get(finding.level or "none", 0):
        return "better"
    if finding.level == "none" and finding.ruled_out is None:
        return "inconclusive"
    return finding.level


def examples_of(
    comparison: Comparison, which: Literal["lost", "gained"], share: float = 1.0
) -> Examples:
    """Return the n-grams that are in fewer, or more, documents of the candidate.

    Where only a ``share`` of all was counted, it is said.
    """
    evidence = comparison.evidence
    found = evidence.lost if which == "lost" else evidence.gained
    total = evidence.lost_total if which == "lost" else evidence.gained_total
    less = "fewer" if which == "lost" else "more"
    reference, candidate = plain(comparison.reference), plain(comparison.candidate)
    columns = ""
    if found:
        columns = (
            f"documents that hold it: of {figures.count(found[0].reference_documents)} in "
            f"{reference}, of {figures.count(found[0].candidate_documents)} in {candidate}"
        )
    sample = f" (a sample of {share:.1%} of all)" if share < 1 else ""
    unresolved = ""
    if evidence.unresolved:
        unresolved = (
            f"{figures.things(evidence.unresolved, 'n-gram')} had no text at hand to show them."
        )
    return Examples(
        title=f"{which.capitalize()}: of {figures.things(evidence.tested, 'n-gram')} tested"
        f"{sample}, {figures.count(total)} {'stands' if total == 1 else 'stand'} in {less} "
        f"documents of {candidate}",
        columns=columns,
        rows=tuple(
            example_of(each.ngram, each.n, (each.reference_count, each.candidate_count), each)
            for each in found
        ),
        unresolved=unresolved,
    )


def of_order(n: int) -> str:
    """Return ``word``, ``two words``, ``5 words``."""
    return {1: "word", 2: "two words", 3: "three words"}.get(n, f"{n} words")


def example_of(
    ngram: str | None,
    n: int,
    counts: tuple[int, int],
    place: Exemplar | PlantedPhrase | Keyword | InheritedNgram,
) -> Example:
    """Return what is said of an n-gram with the documents that hold it, and its place."""
    context = place.context or ""
    start, end = (place.start, place.end) if context else (0, 0)
    return Example(
        ngram=plain(ngram) if ngram is not None else NO_TEXT,
        n=n,
        reference=figures.count(counts[0]),
        candidate=figures.count(counts[1]),
        before=plain(context[:start]),
        match=plain(context[start:end]),
        after=plain(context[end:]),
        document=plain(place.document or ""),
    )


def _row(finding: Finding, comparison: Comparison) -> Row:
    change, whole = finding.change, finding.whole_documents
    noises = comparison.self_check.noise_95 if comparison.self_check else {}
    noise = noises.get(finding.metric)
    note = plain(finding.note or "")
    if change is None:
        note = f"not computable: {note or 'no reason was given'}"
    p = finding.p if finding.p_adjusted is None else finding.p_adjusted
    values, counts = [], []
    for estimate in (finding.reference, finding.candidate):
        values.append("" if estimate is None else figures.value(estimate.value, finding.unit))
        raw = sorted(estimate.counts.items()) if estimate else []
        counts.append(", ".join(f"{figures.count(n)} {plain(name)}" for name, n in raw))
    return Row(
        metric=plain(finding.metric),
        title=plain(finding.title),
        unit=plain(finding.unit),
        primary=finding.primary,
        reference=values[0],
        candidate=values[1],
        change=figures.change(change, finding.unit) if change else "",
        interval=figures.interval(change) if change else "",
        noise=_noise(noise, finding),
        whole_documents=figures.change_with_interval(whole, finding.unit) if whole else "",
        p=figures.chance(p),
        level=level_of(finding, shifted=comparison.verdict.shifted),
        tone=tone_of(finding),
        counts=(counts[0], counts[1]),
        note=note,
        gauge=gauge(finding),
        size=_size(change) if change else None,
        chance=p,
    )


def _size(change: Change) -> float:
    """Return how large a change is, whichever way it goes, alike for ratios and percentages."""
    if change.scale not in ("relative", "ratio"):
        return abs(change.value)
    ratio = change.value if change.scale == "ratio" else 1 + change.value
    return abs(math.log(ratio)) if ratio > 0 else sys.float_info.max


def _noise(noise: float | None, finding: Finding) -> str:
    if noise is None or finding.change is None:
        return ""
    return figures.size(noise, finding.change.scale, finding.unit)


def _family_level(level: Level | None) -> str:
    if level is None:
        return ""
    return {"none": "no loss", "inconclusive": "unclear"}.get(level, level)


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]
