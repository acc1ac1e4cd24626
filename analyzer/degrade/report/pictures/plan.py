"""How each measure of the verdict goes, by generation and by the share that is kept."""

from __future__ import annotations

from degrade.planned import Need, Planned, Step
from degrade.report import figures
from degrade.report.escape import plain
from degrade.report.pictures.model import Axis, Panel, Picture, Point, Series, place_of
from degrade.report.pictures.trends import axis_of, marks_of
from degrade.report.plan import tone_of

ABOUT = (
    "Change against the text that was held out, one panel a measure and one line a way to train, "
    "each with its interval. Lines across mark the thresholds of a minor, a moderate and a severe "
    "loss."
)
BY_SHARE = (
    "The largest loss of any generation by the share of the original that is kept. Where the line "
    "comes under a threshold, that share is enough to stay under it."
)


def by_generation(found: Planned) -> Picture | None:
    """Return a panel for each measure, or None where none could be computed."""
    panels = tuple(panel for panel in map(_panel, found.needs) if panel.series)
    if not panels:
        return None
    steps = found.needs[0].courses[0].steps
    ticks = tuple((float(i), plain(step.generation)) for i, step in enumerate(steps))
    return Picture("plan", "By generation", ABOUT, Axis("", ticks=ticks), "dots", panels)


def by_share(found: Planned) -> Picture | None:
    """Return a panel for each measure that is affected, or None with fewer than two shares."""
    panels = tuple(
        _framed(need, (Series("worst generation", 1.0, points),))
        for need in found.needs
        if need.affected and len(points := _worst(need)) > 1
    )
    if not panels:
        return None
    x = Axis("share of the original kept", unit="percent")
    return Picture("shares", "By the share that is kept", BY_SHARE, x, "dots", panels)


def _panel(need: Need) -> Panel:
    lines = []
    for i, course in enumerate(need.courses):
        found = (_point(float(at), step, need) for at, step in enumerate(course.steps))
        points = tuple(point for point in found if point is not None)
        if points:
            name = plain(course.lineage) if len(need.courses) > 1 else ""
            lines.append(Series(name, place_of(i, len(need.courses)), points))
    return _framed(need, tuple(lines))


def _worst(need: Need) -> tuple[Point, ...]:
    by_keep = sorted(
        ((course.keep, course.steps[course.worst])
        for course in need.courses
        if course.regime == "replace" and course.worst is not None),
        key=lambda each: each[0],
    )  # fmt: skip
    found = (_point(keep, step, need) for keep, step in by_keep)
    return tuple(point for point in found if point is not None)


def _point(x: float, step: Step, need: Need) -> Point | None:
    change = step.change
    if change is None or (change.scale == "ratio" and change.value <= 0):
        return None
    said = figures.change_with_interval(change, need.unit)
    return Point(x, change.value, change.low, change.high, said, tone_of(step))


def _framed(need: Need, lines: tuple[Series, ...]) -> Panel:
    scale = need.scale or "relative"
    return Panel(
        plain(need.title),
        axis_of(scale, need.unit),
        lines,
        tuple(marks_of(need.thresholds, need.worse, scale)),
    )
