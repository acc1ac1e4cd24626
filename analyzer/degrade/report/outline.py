"""What a report says, block by block, in words and figures that every renderer shows alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from degrade.findings import (
    SEVERITY,
    Comparison,
    Finding,
    Level,
    ReferenceRole,
)
from degrade.record import Record
from degrade.report import figures
from degrade.report.advice import Advice, advice_of, overall
from degrade.report.badges import badge_of
from degrade.report.basis import basis_of, needed_of
from degrade.report.blocks import (
    Examples,
    FamilyBlock,
    Tone,
    examples_of,
    families_of,
    family_rank,
    tone_of,
)
from degrade.report.escape import plain
from degrade.report.exhibits import Plot, WordUses, keywords_of, planted_of, plots_of
from degrade.report.explaining import Explained, explanations_of
from degrade.report.gauge import gauge
from degrade.report.grounds import Survivors, survivors_of
from degrade.report.inputs import Input, input_of, settings_of
from degrade.report.phrases import bursting_of, elsewhere_of, inherited_of
from degrade.report.pictures.choice import Pictures, pictures_of
from degrade.report.repetitions import Repetitions, duplicates_of, loops_of
from degrade.report.trend import TrendBlock, trend_of

LEVEL_WORDS: Mapping[str, str] = {
    "below": "below a level: a loss of that level is ruled out, by a one-sided bound or because "
    "the difference is too small to count",
    "unclear": "unclear: no loss shown, and a severe one not ruled out",
    "not counted": "not counted: shown, but left out of the verdict",
}


NOISE_LEGEND = (
    "noise: what chance alone would change at most in 95% of cases, by the self-check's splits, "
    "scaled to the errors of this comparison"
)


@dataclass(frozen=True, slots=True)
class Section:
    """One comparison.

    ``basis`` says what it rests on, how sure it is first; ``needed`` how much text would decide;
    ``advice`` what to do.
    """

    reference: str
    candidate: str
    level: Level
    badge: str
    shifted: bool
    headline: str
    basis: tuple[str, ...]
    families: tuple[FamilyBlock, ...]
    needed: tuple[str, ...]
    advice: tuple[Advice, ...]
    plots: tuple[Plot, ...]
    survivors: Survivors | None
    planted: Examples | None
    lost: Examples
    gained: Examples
    keywords: WordUses | None
    loops: Repetitions | None
    duplicates: Repetitions | None
    bursting: Repetitions | None
    inherited: Examples | None


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure, how it is meant, and how far it goes in steps of severity (see ``Gauge``)."""

    text: str
    tone: Tone
    step: float | None = None


@dataclass(frozen=True, slots=True)
class Generations:
    """The primaries of several candidates side by side: ``rows`` are (title, a cell a column)."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """A whole report, in the order in which it is read. Every text in it is plain.

    ``headline`` is the verdict on all candidates; ``elsewhere`` says what shows other evidence.
    """

    title: str
    headline: str
    generations: Generations | None
    trend: TrendBlock | None
    sections: tuple[Section, ...]
    warnings: tuple[str, ...]
    legend: tuple[str, ...]
    inputs: tuple[Input, ...]
    settings: str
    pictures: Pictures
    explanations: tuple[Explained, ...]
    elsewhere: str


def outline(record: Record) -> Outline:
    """Return what a report on ``record`` says."""
    roles = {corpus.name: corpus.reference_role for corpus in record.corpora}
    sections = tuple(
        _section(comparison, roles.get(comparison.reference), record)
        for comparison in record.comparisons
    )
    return Outline(
        title=_title(record),
        headline=overall(record),
        generations=_generations(record) if len(record.comparisons) > 1 else None,
        trend=trend_of(record),
        sections=sections,
        warnings=tuple(plain(warning.message) for warning in record.warnings),
        legend=_legend(record, sections),
        inputs=tuple(input_of(corpus) for corpus in record.corpora),
        settings=settings_of(record),
        pictures=pictures_of(record),
        explanations=explanations_of(record),
        elsewhere=elsewhere_of(record),
    )


def worst_of(sections: Sequence[Section]) -> Section | None:
    """Return the section with the worst verdict, of equals the last; None of none."""
    rank = {"inconclusive": 0.5, **SEVERITY}
    return max(reversed(sections), key=lambda each: rank[each.level], default=None)


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


def _section(comparison: Comparison, role: ReferenceRole | None, record: Record) -> Section:
    listed = _listed_share(record, comparison)
    verdict = comparison.verdict
    return Section(
        reference=plain(comparison.reference),
        candidate=plain(comparison.candidate),
        level=verdict.level,
        badge=badge_of(verdict),
        shifted=verdict.shifted,
        headline=plain(verdict.headline),
        basis=basis_of(comparison, role, record.warnings, _layer(record)),
        families=families_of(comparison),
        needed=needed_of(comparison),
        advice=advice_of(comparison, role, record.warnings),
        plots=plots_of(comparison),
        survivors=survivors_of(comparison),
        planted=planted_of(comparison),
        lost=examples_of(comparison, "lost", listed),
        gained=examples_of(comparison, "gained", listed),
        keywords=keywords_of(comparison),
        loops=loops_of(comparison),
        duplicates=duplicates_of(comparison),
        bursting=bursting_of(comparison),
        inherited=inherited_of(comparison),
    )


def _layer(record: Record) -> str:
    """Return the layer whose symbols counted as words, by its name without its version."""
    tokenizer = record.settings.get("tokenizer")
    return tokenizer.split(" ", 1)[0] if isinstance(tokenizer, str) and tokenizer else "word"


def _generations(record: Record) -> Generations:
    by_metric = [{item.metric: item for item in each.findings} for each in record.comparisons]
    primaries = (
        finding
        for comparison in record.comparisons
        for finding in comparison.findings
        if finding.primary
    )
    ordered = sorted(primaries, key=lambda finding: family_rank(finding.family))
    titles = {finding.metric: plain(finding.title) for finding in ordered}
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
    measured = gauge(finding)
    return Cell(
        # In a line of one measure its title says what it is of.
        figures.change(finding.change, finding.unit).removesuffix(" lost").removesuffix(" nats"),
        tone_of(finding),
        measured.value if measured else None,
    )


def _legend(record: Record, sections: tuple[Section, ...]) -> tuple[str, ...]:
    """Return the words that this report uses and that need saying, and no others."""
    changes = [
        (finding.change, finding.unit)
        for comparison in record.comparisons
        for finding in comparison.findings
        if finding.change is not None
    ]
    said = []
    if any(figures.interval(change) for change, _ in changes):
        confidence = figures.confidence(record.settings.get("alpha"))
        said.append(
            f"[ ]: {confidence} intervals, which hold together over the measures that set the level"
        )
    if any(unit == figures.KEPT for _, unit in changes):
        said.append(figures.KEPT_LEGEND)
    scales = {change.scale for change, unit in changes if unit != figures.KEPT}
    said += [words for scale, words in figures.LEGEND.items() if scale in scales]
    blocks = [block for section in sections for block in section.families]
    if any(row.noise for block in blocks for row in block.rows):
        said.append(NOISE_LEGEND)
    levels = " ".join(row.level for block in blocks for row in block.rows)
    said += [words for word, words in LEVEL_WORDS.items() if word in levels]
    return tuple(said)


__all__ = ["Advice", "Cell", "Generations", "Input", "Outline", "Section", "outline", "worst_of"]
