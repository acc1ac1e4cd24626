"""How each measure of the verdict moves from candidate to candidate."""

from __future__ import annotations

from degrade.findings import Change, Comparison, Finding
from degrade.record import Record
from degrade.report import figures
from degrade.report.blocks import Tone, family_rank, tone_of
from degrade.report.escape import plain
from degrade.report.pictures.model import Axis, Mark, Panel, Picture, Point, Series

ABOUT = (
    "Change against the reference, one panel a measure, each with its interval. Lines across mark "
    "the thresholds of a minor, a moderate and a severe loss; the grey band is noise."
)
_TONES: tuple[Tone, ...] = ("minor", "moderate", "severe")
_NAMES: dict[str, str] = {
    "relative": "change",
    "ratio": "times the reference",
    "points": "percentage points",
}


def trends_of(record: Record) -> Picture | None:
    """Return a panel for each measure of the verdict, or None with fewer than two candidates."""
    comparisons = record.comparisons
    if len(comparisons) < 2:
        return None
    by_metric = [{each.metric: each for each in one.findings} for one in comparisons]
    primaries = {
        each.metric: each for one in comparisons for each in one.findings if each.primary
    }  # fmt: skip
    panels = []
    for metric in sorted(primaries, key=lambda name: family_rank(primaries[name].family)):
        found = [(i, one[metric]) for i, one in enumerate(by_metric) if metric in one]
        shown = [(i, each) for i, each in found if each.change is not None]
        if len(shown) > 1:
            panels.append(_panel(shown, comparisons))
    if not panels:
        return None
    ticks = tuple((float(i), plain(one.candidate)) for i, one in enumerate(comparisons))
    return Picture(
        "trend", "From candidate to candidate", ABOUT, Axis("", ticks=ticks), "dots", tuple(panels)
    )


def _panel(found: list[tuple[int, Finding]], comparisons: tuple[Comparison, ...]) -> Panel:
    last = found[-1][1]
    points = []
    for i, finding in found:
        change = finding.change
        if change is not None and (change.scale != "ratio" or change.value > 0):
            points.append(_point(i, finding, change))
    scale = last.change.scale if last.change else "relative"
    check = comparisons[found[-1][0]].self_check
    noise = check.noise_95.get(last.metric) if check else None
    band = None
    if noise is not None and (scale != "ratio" or noise > 0):
        ends = (1 / noise, noise) if scale == "ratio" else (-noise, noise)
        band = min(ends), max(ends)
    title = plain(last.title)
    marks = tuple(marks_of(last.thresholds, last.worse, scale))
    axis = axis_of(scale, last.unit)
    return Panel(title, axis, (Series("", None, tuple(points)),), marks, band)


def _point(i: int, finding: Finding, change: Change) -> Point:
    return Point(
        float(i),
        change.value,
        change.low,
        change.high,
        figures.change_with_interval(change, finding.unit),
        tone_of(finding),
    )


def _threshold(at: float, worse: str, scale: str) -> float:
    """Return a threshold as the change that it is of."""
    if worse != "lower":
        return at
    return 1 / at if scale == "ratio" and at > 1 else at if scale == "ratio" else -abs(at)


def axis_of(scale: str, unit: str) -> Axis:
    """Return the axis of changes on a ``scale``, of a measure in a ``unit``."""
    shown = {"ratio": "times", "nats": ""}.get(scale, "percent")
    label = "lost" if unit == figures.KEPT else _NAMES.get(scale, scale)
    return Axis(label, log=scale == "ratio", unit=shown)  # type: ignore[arg-type]


def marks_of(thresholds: tuple[float, float, float] | None, worse: str, scale: str) -> list[Mark]:
    """Return where nothing has changed, and the thresholds of a loss."""
    marks = [Mark(1.0 if scale == "ratio" else 0.0, "no change")]
    if thresholds is not None and worse != "either":
        marks += [
            Mark(_threshold(at, worse, scale), str(tone), tone)
            for at, tone in zip(thresholds, _TONES, strict=True)
        ]
    return marks
