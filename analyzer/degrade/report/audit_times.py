"""What is said of an audit by time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from degrade.audited import SourceAudit, TimeAudit, TimeTrend
from degrade.report import figures
from degrade.report.escape import plain

_MEASURES: Mapping[str, str] = {
    "copies": "Copies",
    "near_duplicates": "Near-duplicates",
    "variety": "Variety",
    "repetition_4": "Repetition",
    "terminal_loops": "Loops",
    "gopher_flagged": "Documents that fail Gopher's thresholds",
    "not_running_text": "Documents that are no running text",
}


@dataclass(frozen=True, slots=True)
class Times:
    """What is told of times: what they are, what changes over them, and which stand out."""

    headline: str
    trends: tuple[str, ...]
    standing_out: tuple[SourceAudit, ...]


def times_of(found: TimeAudit | None) -> Times | None:
    """Return what a report says of ``found``."""
    if found is None:
        return None
    kind = "value" if found.unit == "number" else found.unit
    name = kind if found.width == 1 else f"range of {found.width} {kind}s"
    several = figures.things(len(found.bins), name, name.replace("range", "ranges", 1)
                             if found.width > 1 else None)  # fmt: skip
    span = f"{plain(found.bins[0].name)} to {plain(found.bins[-1].name)}"
    undated = ""
    if found.undated:
        undated = f"; {figures.things(found.undated, 'document')} without a time"
    told = [_said(trend) for trend in found.trends if trend.direction != "same"]
    if not found.trends:
        told = ["Too little to tell a trend: three times of enough documents are needed."]
    elif not told:
        told = ["Nothing grows worse or better beyond chance."]
    return Times(
        f"By {kind} ({plain(found.field)}): {several}, {span}{undated}.",
        tuple(told),
        tuple(each for each in found.bins if each.stands_out),
    )


def _said(trend: TimeTrend) -> str:
    first, last = (
        figures.count(round(value)) if trend.measure == "variety" else figures.percent(value)
        for value in (trend.values[0], trend.values[-1])
    )
    plural = trend.measure not in ("variety", "repetition_4")
    grow = "grow" if plural else "grows"
    said = (
        f"{_MEASURES[trend.measure]} {grow} {trend.direction}: {first} in {plain(trend.bins[0])}, "
        f"{last} in {plain(trend.bins[-1])}"
    )
    if trend.since is not None:
        said += f"; beyond the least that matters since {plain(trend.since)}"
        ends = plain(trend.earliest or "never"), plain(trend.latest or "never")
        said += f" [{ends[0]} to {ends[1]}]" if trend.earliest != trend.latest else ""
    return said + "."
