"""Findings of one kind side by side: loss by rarity, repetition by length, histograms."""

from __future__ import annotations

import re
from collections.abc import Mapping

from degrade.findings import Comparison, Finding
from degrade.record import Record
from degrade.report import figures
from degrade.report.blocks import tone_of
from degrade.report.escape import plain
from degrade.report.pictures.curves import KINDS
from degrade.report.pictures.model import Axis, Mark, Panel, Picture, Point, Series, place_of

_BANDS: Mapping[str, str] = {"": "once", "_band_2_3": "2 to 3", "_band_4_7": "4 to 7"}
_SPECTRA: Mapping[str, tuple[str, str]] = {
    "Phrases said twice within a passage": (r"repetition_(\d+)", "share of n-grams"),
    "Text in phrases that its document repeats": (
        r"duplicate_(\d+)gram_characters",
        "share of characters",
    ),
}


def rarity_of(record: Record) -> Picture | None:
    """Return the loss of n-grams by how rare they were, or None where bands were not computed."""
    panels = []
    for n, kind in KINDS.items():
        lines = []
        for i, comparison in enumerate(record.comparisons):
            points = _losses(comparison, n)
            if len(points) > 1:
                place = place_of(i, len(record.comparisons))
                lines.append(Series(plain(comparison.candidate), place, points))
        if lines:
            axis = Axis("lost", unit="percent")
            panels.append(Panel(kind.capitalize(), axis, tuple(lines), (Mark(0.0, "none lost"),)))
    if not panels:
        return None
    return Picture(
        "loss-by-rarity",
        "What was lost, by how rare it was",
        "Of what stands in so few groups of documents of half the reference, how much less comes "
        "back than in fresh text of the reference. A loss at the left alone is of the rarest; one "
        "that reaches to the right has reached what is not so rare. Bars are intervals.",
        Axis(
            "groups of documents that hold it",
            ticks=tuple((float(i), words) for i, words in enumerate(_BANDS.values())),
        ),
        "dots",
        tuple(panels),
    )


def _losses(comparison: Comparison, n: int) -> tuple[Point, ...]:
    found = {each.metric: each for each in comparison.findings}
    points = []
    for i, suffix in enumerate(_BANDS):
        finding = found.get(f"rare_loss_{n}{suffix}")
        if finding is not None and finding.change is not None:
            change = finding.change
            points.append(
                Point(
                    float(i),
                    change.value,
                    change.low,
                    change.high,
                    figures.change_with_interval(change, finding.unit),
                    tone_of(finding),
                )
            )
    return tuple(points)


def repetition_of(record: Record) -> Picture | None:
    """Return repetition by the length of what is repeated, or None with fewer than three."""
    panels = []
    for title, (pattern, unit) in _SPECTRA.items():
        lines = []
        for i, comparison in enumerate(record.comparisons):
            found = _lengths(comparison, pattern)
            if i == 0:
                lines.append(_shares(comparison.reference, None, found, "reference"))
            place = place_of(i, len(record.comparisons))
            lines.append(_shares(comparison.candidate, place, found, "candidate"))
        shown = tuple(line for line in lines if len(line.points) > 2)
        if shown:
            panels.append(Panel(title, Axis(unit, log=True, unit="percent"), shown))
    if not panels:
        return None
    orders = {point.x for panel in panels for line in panel.series for point in line.points}
    return Picture(
        "repetition",
        "Repetition, by the length of what is repeated",
        "Short phrases come again in any text. Loops show where a line lies above the reference's "
        "at four words and more. The upward axis is logarithmic; a length without a point is never "
        "repeated.",
        Axis(
            "words of the phrase",
            ticks=tuple((order, f"{order:.0f}") for order in sorted(orders)),
        ),
        "dots",
        tuple(panels),
    )


def _lengths(comparison: Comparison, pattern: str) -> dict[int, Finding]:
    matches = ((re.fullmatch(pattern, each.metric), each) for each in comparison.findings)
    return dict(sorted((int(match[1]), each) for match, each in matches if match))


def _shares(name: str, place: float | None, found: dict[int, Finding], side: str) -> Series:
    points = []
    for n, finding in found.items():
        estimate = finding.reference if side == "reference" else finding.candidate
        if estimate is not None and estimate.value is not None and estimate.value > 0:
            said = figures.value(estimate.value, finding.unit)
            points.append(Point(float(n), estimate.value, estimate.low, estimate.high, said))
    return Series(plain(name), place, tuple(points))


def histograms_of(record: Record) -> Picture | None:
    """Return the histograms of findings that have one, all candidates together, or None."""
    titles = {each.metric: each for one in record.comparisons for each in one.findings}
    panels: list[Panel] = []
    for metric, first in titles.items():
        lines: list[Series] = []
        for i, comparison in enumerate(record.comparisons):
            found = {each.metric: each for each in comparison.findings}.get(metric)
            if found is None or not found.histogram:
                continue
            if not lines:
                lines.append(_bins(comparison.reference, None, found, "reference"))
            place = place_of(i, len(record.comparisons))
            lines.append(_bins(comparison.candidate, place, found, "candidate"))
        if lines:
            axis = Axis("share of passages", unit="percent")
            panels.append(Panel(f"{plain(first.title)} ({plain(first.unit)})", axis, tuple(lines)))
    if not panels:
        return None
    return Picture(
        "histograms",
        "Passages by their values",
        "How many passages have which value. A narrower hill says that passages have become more "
        "alike, one that has moved to the left that they have become more predictable. The first "
        "bin also holds what lies below, the last what lies above.",
        Axis("value, in the unit of the panel"),
        "steps",
        tuple(panels),
    )


def _bins(name: str, place: float | None, finding: Finding, side: str) -> Series:
    bins = finding.histogram
    counts = [each.reference if side == "reference" else each.candidate for each in bins]
    total = max(1, sum(counts))
    shares = [count / total for count in counts]
    points = [
        Point(each.low, share, said=figures.percent(share))
        for each, share in zip(bins, shares, strict=True)
    ]
    # A last point ends the last step.
    return Series(plain(name), place, (*points, Point(bins[-1].high, shares[-1])))
