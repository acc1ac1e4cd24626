"""The changes of one comparison, each against its own thresholds and its own noise."""

from __future__ import annotations

from degrade.findings import Comparison, Finding
from degrade.report import figures
from degrade.report.blocks import in_families, level_of, tone_of
from degrade.report.escape import plain
from degrade.report.gauge import gauge, noise_band
from degrade.report.pictures.model import Forest, ForestRow

ABOUT = (
    "Each dot is a change, the bar through it its interval. Every measure has thresholds of its "
    "own, put here at the same places, so that unlike measures can be compared: right is worse."
)
NOISE = (
    " The grey band is noise: what chance alone would change in 95% of cases, by random halves of "
    "the reference, scaled to this comparison. A bar inside it shows nothing."
)


def forest_of(comparison: Comparison, key: str) -> Forest | None:
    """Return the forest of a comparison, or None where no finding has thresholds and interval."""
    findings = (each for _, found in in_families(comparison) for each in found)
    rows = tuple(row for each in findings if (row := _row(each, comparison)))
    if not rows:
        return None
    noise = NOISE if any(row.noise for row in rows) else ""
    return Forest(
        key,
        f"How far {plain(comparison.candidate)} lies from {plain(comparison.reference)}",
        ABOUT + noise,
        rows,
    )


def _row(finding: Finding, comparison: Comparison) -> ForestRow | None:
    place = gauge(finding)
    if place is None or finding.change is None or not finding.primary:
        return None
    noises = comparison.self_check.noise_95 if comparison.self_check else {}
    return ForestRow(
        title=plain(finding.title),
        change=figures.change(finding.change, finding.unit),
        interval=figures.interval(finding.change),
        level=level_of(finding, shifted=comparison.verdict.shifted),
        tone=tone_of(finding),
        gauge=place,
        noise=noise_band(finding, noises.get(finding.metric)),
    )
