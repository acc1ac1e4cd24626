"""The block of a trend over generations."""

from __future__ import annotations

from dataclasses import dataclass

from degrade.findings import Trend
from degrade.record import Record
from degrade.report import figures
from degrade.report.blocks import Tone, family_rank, tone_of
from degrade.report.escape import plain

ABOUT = (
    "Each candidate is taken as one generation after the one before. What is said of the trend "
    "holds for this lineage of models; another run of the same training recipe may go otherwise."
)


@dataclass(frozen=True, slots=True)
class TrendRow:
    """A trend in words.

    ``date`` says since when a loss is past minor; ``note`` why there is none. ``tone`` is how bad
    it has become, where a trend is shown.
    """

    metric: str
    title: str
    primary: bool
    slope: str
    interval: str
    p: str
    date: str
    tone: Tone
    note: str


@dataclass(frozen=True, slots=True)
class TrendBlock:
    """How each metric moves from generation to generation; ``legend`` says how to read it."""

    title: str
    about: str
    rows: tuple[TrendRow, ...]
    legend: tuple[str, ...]


def trend_of(record: Record) -> TrendBlock | None:
    """Return the block of the trends, or None where there are none."""
    if not record.trend:
        return None
    names = record.trend[0].generations
    title = "Trend"
    if len(names) > 1:
        title = f"Trend from {plain(names[0])} to {plain(names[-1])}, {len(names)} generations"
    last = record.comparisons[-1].findings if record.comparisons else ()
    tones = {finding.metric: tone_of(finding) for finding in last}
    ordered = sorted(record.trend, key=lambda trend: family_rank(trend.family))
    rows = tuple(_row(trend, tones.get(trend.metric)) for trend in ordered)
    confidence = figures.confidence(record.settings.get("alpha"))
    legend = [
        "per generation: the average change from one generation to the next, % and x relative to "
        "the one before, points of a share"
    ]
    if any(row.p for row in rows):
        legend.append(
            "p: how often generations that do not differ would come out in so clear an order, "
            "corrected for the number of measures that set the level"
        )
    if any(trend.minor is not None for trend in record.trend):
        legend.append(
            "past minor: the first generation with a loss beyond the threshold of minor, if losses "
            f"only grow; in brackets where it lies with {confidence} confidence"
        )
    return TrendBlock(title, ABOUT, rows, tuple(legend))


def _row(trend: Trend, last: Tone) -> TrendRow:
    slope = trend.slope
    return TrendRow(
        metric=plain(trend.metric),
        title=plain(trend.title),
        primary=trend.primary,
        slope=figures.change(slope) if slope else "",
        interval=figures.interval(slope) if slope else "",
        p=figures.chance(trend.p if trend.p_adjusted is None else trend.p_adjusted),
        date=_date(trend),
        tone=last if trend.direction in ("worse", "better") else None,
        note=plain(trend.note or ""),
    )


def _date(trend: Trend) -> str:
    """Return since when the loss is past minor, with the range in which that lies."""
    if trend.minor is None:
        return ""
    first, earliest, latest = (
        None if name is None else plain(name)
        for name in (trend.first_generation_beyond_minor, trend.earliest, trend.latest)
    )
    if first is None:
        return "no" if earliest is None else f"no (or from {earliest})"
    if earliest is None or earliest == latest == first:
        return f"from {first}"
    if latest is None:
        return f"from {first} ({earliest} or later)"
    return f"from {first} ({earliest} to {latest})"
