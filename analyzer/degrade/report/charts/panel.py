"""One panel: its axes, and what is drawn between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from degrade.report.charts import marks
from degrade.report.charts.scale import Scale, scale_over, spread, ticks
from degrade.report.markup import Markup, element, joined
from degrade.report.pictures.model import Axis, Panel, Picture

WIDTH, HEIGHT = 360, 236
_LEFT, _RIGHT, _TOP, _BOTTOM = 48, 14, 46, 38
_MARK_ROOM = 56
_LETTER = 6.0
"""A rough width of a letter, for labels that must not meet."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A panel with its x axis, and the scales of both."""

    panel: Panel
    across: Axis
    x: Scale
    y: Scale


def draw_panel(picture: Picture, panel: Panel) -> Markup:
    """Return what stands in a panel of 360 by 236, without the ``svg`` around it."""
    frame = _frame(picture, panel)
    return joined(
        element("text", panel.title, class_="head", x=0, y=14),
        element("text", panel.y.label, x=0, y=32),
        *_band(frame),
        *_upward(frame),
        *_along(frame),
        *_marks(frame),
        *marks.draw(picture.form, panel.series, frame.x, frame.y),
    )


def _frame(picture: Picture, panel: Panel) -> Frame:
    points = [point for series in panel.series for point in series.points]
    ends = [end for p in points for end in (p.low, p.y, p.high) if end is not None]
    # Thresholds are shown as far as the changes reach, and the first always.
    ends += [mark.at for mark in panel.marks[:2]]
    if panel.y.log:
        ends = [end for end in ends if end > 0]
    elif picture.form == "steps":
        ends.append(0.0)
    right = WIDTH - (_MARK_ROOM if len(panel.marks) > 1 else _RIGHT)
    axis = panel.x or picture.x
    places = [at for at, _ in axis.ticks] or [point.x for point in points]
    room = min(0.12, 0.5 / max(1, len(places) - 1)) if axis.ticks else 0.0
    x = scale_over(places, _LEFT, right, log=axis.log, padded=room)
    y = scale_over(ends, HEIGHT - _BOTTOM, _TOP, log=panel.y.log, padded=0.05)
    return Frame(panel, axis, x, y)


def _band(frame: Frame) -> Iterator[Markup]:
    if frame.panel.band is None:
        return
    bottom, top = (frame.y(end) for end in frame.panel.band)
    yield element(
        "rect",
        class_="noise",
        x=frame.x.start,
        y=top,
        width=frame.x.end - frame.x.start,
        height=max(1.0, bottom - top),
    )


def _upward(frame: Frame) -> Iterator[Markup]:
    for at in ticks(frame.y, 5):
        place = frame.y(at)
        yield _line("grid", frame.x.start, place, frame.x.end, place)
        yield element(
            "text", words(at, frame.panel.y), x=_LEFT - 6, y=place + 3.5, text_anchor="end"
        )


def _along(frame: Frame) -> Iterator[Markup]:
    axis, bottom = frame.across, frame.y.start
    labels = list(axis.ticks) or [(at, words(at, axis)) for at in ticks(frame.x, 6)]
    yield _line("axis", frame.x.start, bottom, frame.x.end, bottom)
    labels = [(at, _short(text)) for at, text in labels]
    longest = max((len(text) for _, text in labels), default=1)
    places = [frame.x(at) for at, _ in labels]
    for i in spread(places, longest * _LETTER + 8):
        yield _line("axis", places[i], bottom, places[i], bottom + 4)
        anchor = "middle"
        # A long name at the edge would be cut off.
        if places[i] + longest * _LETTER / 2 > WIDTH:
            anchor = "end"
        at = min(places[i], WIDTH - 1.0) if anchor == "middle" else WIDTH - 1.0
        yield element("text", labels[i][1], x=at, y=bottom + 16, text_anchor=anchor)
    if axis.label:
        middle = (frame.x.start + frame.x.end) / 2
        yield element("text", axis.label, x=middle, y=HEIGHT - 5, text_anchor="middle")


def _marks(frame: Frame) -> Iterator[Markup]:
    taken: list[float] = []
    for mark in frame.panel.marks:
        if not frame.y.holds(mark.at):
            continue
        place = frame.y(mark.at)
        tone = f" t-{mark.tone}" if mark.tone else ""
        yield _line(f"mark{tone}", frame.x.start, place, frame.x.end, place)
        several = len(frame.panel.marks) > 1
        if several and all(abs(place - other) >= 11 for other in taken):
            taken.append(place)
            label = f"t-{mark.tone}" if mark.tone else None
            yield element("text", mark.label, class_=label, x=frame.x.end + 4, y=place + 3.5)


def words(value: float, axis: Axis) -> str:
    """Return a tick's value in few signs."""
    if axis.unit == "percent":
        return f"{100 * value:.4g}%"
    times = "x" if axis.unit == "times" else ""
    if value == 0:
        return f"{times}0"
    for size, sign in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= size:
            return f"{times}{value / size:.4g}{sign}"
    return f"{times}{value:.3g}"


def _line(kind: str, x1: float, y1: float, x2: float, y2: float) -> Markup:
    return element("line", class_=kind, x1=x1, y1=y1, x2=x2, y2=y2)


def _short(text: str, most: int = 14) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
