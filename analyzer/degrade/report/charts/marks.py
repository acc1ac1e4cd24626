"""Lines, steps, and dots with their intervals."""

from __future__ import annotations

from collections.abc import Iterator

from degrade.report.charts.colours import class_of
from degrade.report.charts.scale import Scale
from degrade.report.markup import Markup, element, number
from degrade.report.pictures.model import Form, Point, Series

_MOST_WITH_BARS = 8
_ASIDE = 9.0
"""How far lines of one panel step aside from each other, so that their bars can be told apart."""


def draw(form: Form, series: tuple[Series, ...], x: Scale, y: Scale) -> Iterator[Markup]:
    """Yield the lines of a panel, the reference on top of all others."""
    ordered = sorted(series, key=lambda each: each.place is None)
    candidates = [each for each in ordered if each.place is not None]
    for each in ordered:
        if form != "dots":
            yield from _path(each, x, y, steps=form == "steps")
            continue
        aside = 0.0
        if each.place is not None and 1 < len(candidates) <= _MOST_WITH_BARS:
            aside = (candidates.index(each) - (len(candidates) - 1) / 2) * min(
                _ASIDE, 34 / len(candidates)
            )
        yield from _dots(each, x, y, aside, bars=len(candidates) <= _MOST_WITH_BARS)


def _path(series: Series, x: Scale, y: Scale, *, steps: bool) -> Iterator[Markup]:
    said: list[str] = []
    height = 0.0
    for point in series.points:
        if steps and said:
            said.append(f"{number(x(point.x))},{number(height)}")
        height = y(point.y)
        said.append(f"{number(x(point.x))},{number(height)}")
    yield element("polyline", class_=f"s {class_of(series.place)}", points=Markup(" ".join(said)))


def _dots(series: Series, x: Scale, y: Scale, aside: float, *, bars: bool) -> Iterator[Markup]:
    colour = class_of(series.place)
    places = [(x(point.x) + aside, y(point.y), point) for point in series.points]
    if len(places) > 1 and (aside or series.name or len(places) > _MOST_WITH_BARS):
        line = " ".join(f"{number(at)},{number(height)}" for at, height, _ in places)
        yield element("polyline", class_=f"s {colour}", points=Markup(line))
    for at, height, point in places:
        toned = f"t-{point.tone}" if point.tone and not series.name else colour
        if bars and point.low is not None and point.high is not None:
            yield element(
                "line", class_=f"e {toned}", x1=at, x2=at, y1=y(point.low), y2=y(point.high)
            )
        yield element(
            "circle",
            element("title", _tip(series, point)),
            class_=f"p {toned}",
            cx=at,
            cy=height,
            r=3.2 if bars else 2.0,
        )


def _tip(series: Series, point: Point) -> str:
    return f"{series.name}: {point.said}" if series.name else point.said
