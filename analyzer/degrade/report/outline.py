"""What a report says, block by block, in words and figures that every renderer shows alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from degrade.findings import Comparison, Finding, Level
from degrade.record import CorpusSummary, Record
from degrade.report import figures
from degrade.report.blocks import (
    Examples,
    FamilyBlock,
    Tone,
    examples_of,
    families_of,
    tone_of,
)
from degrade.report.escape import plain
from degrade.report.exhibits import Plot, WordUses, keywords_of, planted_of, plots_of
from degrade.report.grounds import Survivors, grounds_of, survivors_of
from degrade.report.trend import TrendBlock, trend_of

BADGES: Mapping[Level, str] = {
    "none": "no loss found",
    "minor": "minor loss",
    "moderate": "moderate loss",
    "severe": "severe loss",
    "inconclusive": "not enough text to tell",
}
LEVEL_WORDS: Mapping[str, str] = {
    "below": "below a level: a loss of that level is ruled out, by a one-sided bound or because "
    "the difference is too small to count",
    "unclear": "unclear: no loss shown, and a severe one not ruled out",
    "not counted": "not counted: shown, but left out of the verdict",
}


@dataclass(frozen=True, slots=True)
class Section:
    """One comparison. ``basis`` says what it rests on; ``needed`` how much text would decide."""

    reference: str
    candidate: str
    level: Level
    badge: str
    shifted: bool
    headline: str
    basis: tuple[str, ...]
    families: tuple[FamilyBlock, ...]
    needed: tuple[str, ...]
    plots: tuple[Plot, ...]
    survivors: Survivors | None
    planted: Examples | None
    lost: Examples
    gained: Examples
    keywords: WordUses | None


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure and how it is meant."""

    text: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class Generations:
    """The primaries of several candidates side by side: ``rows`` are (title, a cell a column)."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]


@dataclass(frozen=True, slots=True)
class Input:
    """What was read of a corpus, and what was not."""

    name: str
    role: str
    read: str
    skipped: str
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """A whole report, in the order in which it is read. Every text in it is plain."""

    title: str
    generations: Generations | None
    trend: TrendBlock | None
    sections: tuple[Section, ...]
    warnings: tuple[str, ...]
    legend: tuple[str, ...]
    inputs: tuple[Input, ...]
    settings: str


def outline(record: Record) -> Outline:
    """Return what a report on ``record`` says."""
    roles = {corpus.name: corpus.reference_role for corpus in record.corpora}
    sections = tuple(
        _section(comparison, roles.get(comparison.reference), _listed_share(record, comparison))
        for comparison in record.comparisons
    )
    return Outline(
        title=_title(record),
        generations=_generations(record) if len(record.comparisons) > 1 else None,
        trend=trend_of(record),
        sections=sections,
        warnings=tuple(plain(warning.message) for warning in record.warnings),
        legend=_legend(record, sections),
        inputs=tuple(_input(corpus) for corpus in record.corpora),
        settings=_settings(record),
    )


def _title(record: Record) -> str:
    if not record.comparisons:
        return "Nothing was compared"
    first = record.comparisons[0]
    if len(record.comparisons) == 1:
        return plain(f"{first.candidate} against {first.reference}")
    return plain(f"{len(record.comparisons)} candidates against {first.reference}, in order")


def _listed_share(record: Record, comparison: Comparison) -> float:
    """Return the share of n-grams that lists of a comparison draw on; 1 if all were counted."""
    return min(
        (
            float(warning.data.get("listed_share") or 1)
            for warning in record.warnings
            if warning.code == "counts-sampled"
            and warning.data["corpus"] in (comparison.reference, comparison.candidate)
        ),
        default=1.0,
    )


def _section(comparison: Comparison, role: str | None, listed: float) -> Section:
    verdict = comparison.verdict
    titles = {finding.metric: finding.title for finding in comparison.findings}
    needed = tuple(
        f"{plain(titles.get(item.metric, item.metric))}: four times in five, this much text "
        f"would have shown a change of {figures.size(item.smallest_change, item.scale)}, and about "
        f"{figures.rough(item.tokens)} tokens of each would decide on this one."
        for item in verdict.undecided
    )
    return Section(
        reference=plain(comparison.reference),
        candidate=plain(comparison.candidate),
        level=verdict.level,
        badge=BADGES[verdict.level],
        shifted=verdict.shifted,
        headline=plain(verdict.headline),
        basis=tuple(_basis(comparison, role)),
        families=families_of(comparison),
        needed=needed,
        plots=plots_of(comparison),
        survivors=survivors_of(comparison),
        planted=planted_of(comparison),
        lost=examples_of(comparison, "lost", listed),
        gained=examples_of(comparison, "gained", listed),
        keywords=keywords_of(comparison),
    )


def _basis(comparison: Comparison, role: str | None) -> list[str]:
    reference, candidate = plain(comparison.reference), plain(comparison.candidate)
    extent = "whole documents"
    if comparison.matched_length is not None:
        extent = f"the first {figures.count(comparison.matched_length)} tokens of each document"
    tokens = figures.count(comparison.matched_tokens)
    said = [f"Both seen at {tokens} tokens, in {extent}."]
    if role == "heldout":
        said.append(f"{reference} is taken as text that the model of {candidate} has not seen.")
    elif role == "training":
        said.append(
            f"{reference} seems to be text that the model of {candidate} was trained on, so that "
            "its rare words come back too easily: rare n-gram loss is shown but not counted."
        )
    ruled_out = comparison.verdict.ruled_out
    if comparison.verdict.level not in ("none", "severe") and ruled_out in ("moderate", "severe"):
        said.append(f"A {ruled_out} loss is ruled out.")
    missing = [
        plain(finding.title)
        for finding in comparison.findings
        if finding.metric in comparison.verdict.not_computable
    ]
    said += grounds_of(comparison)
    if missing:
        said.append(f"Not computable, so not counted: {'; '.join(missing)}.")
    return said


def _generations(record: Record) -> Generations:
    by_metric = [{item.metric: item for item in each.findings} for each in record.comparisons]
    titles = {
        finding.metric: plain(finding.title)
        for comparison in record.comparisons
        for finding in comparison.findings
        if finding.primary
    }
    levels = [each.verdict.level for each in record.comparisons]
    words = {"inconclusive": "can't tell"}
    rows = [("Verdict", tuple(Cell(words.get(level, level), level) for level in levels))]
    for metric, title in titles.items():
        found = [findings.get(metric) for findings in by_metric]
        rows.append((title, tuple(_cell(finding) for finding in found)))
    return Generations(
        title=_title(record),
        columns=tuple(plain(each.candidate) for each in record.comparisons),
        rows=tuple(rows),
    )


def _cell(finding: Finding | None) -> Cell:
    if finding is None or finding.change is None:
        return Cell("-", None)
    return Cell(figures.change(finding.change), tone_of(finding))


def _legend(record: Record, sections: tuple[Section, ...]) -> tuple[str, ...]:
    """Return the words that this report uses and that need saying, and no others."""
    changes = [
        finding.change
        for comparison in record.comparisons
        for finding in comparison.findings
        if finding.change is not None
    ]
    said = []
    if any(figures.interval(change) for change in changes):
        confidence = figures.confidence(record.settings.get("alpha"))
        said.append(
            f"[ ]: {confidence} intervals, which hold together over the measures that set the level"
        )
    scales = {change.scale for change in changes}
    said += [words for scale, words in figures.LEGEND.items() if scale in scales]
    blocks = [block for section in sections for block in section.families]
    if any(row.noise for block in blocks for row in block.rows):
        said.append("noise: the change that 95% of the self-check's splits stay below")
    levels = " ".join(row.level for block in blocks for row in block.rows)
    said += [words for word, words in LEVEL_WORDS.items() if word in levels]
    return tuple(said)


def _input(corpus: CorpusSummary) -> Input:
    parts = [
        figures.things(corpus.documents, "document"),
        figures.things(corpus.tokens, "token"),
        figures.things(corpus.characters, "character"),
    ]
    if corpus.clusters != corpus.documents:
        parts.insert(1, figures.things(corpus.clusters, "cluster"))
    if corpus.files:
        parts.append(figures.things(len(corpus.files), "file"))
    parts.append("n-grams counted exactly" if corpus.exact else "n-grams counted in a sample")
    skipped = ""
    if corpus.skipped:
        kinds = (f"{figures.count(n)} {plain(kind)}" for kind, n in sorted(corpus.skipped.items()))
        total = figures.count(sum(corpus.skipped.values()))
        skipped = f"{total} skipped: {', '.join(kinds)}"
    return Input(
        name=plain(corpus.name),
        role=corpus.role,
        read=", ".join(parts),
        skipped=skipped,
        examples=tuple(plain(example) for example in corpus.examples),
    )


def _settings(record: Record) -> str:
    said = [
        f"{key} {str(setting).lower() if isinstance(setting, bool) else setting}"
        for key, setting in sorted(record.settings.items())
        if setting is not None
    ]
    return plain(", ".join([f"degrade {record.version}", *said]))
