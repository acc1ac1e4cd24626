"""A forest plot: one row a measure, all on the scale of their own thresholds."""

from __future__ import annotations

from collections.abc import Iterator

from degrade.report.charts.scale import Scale
from degrade.report.gauge import FIRST, LAST
from degrade.report.markup import Markup, element, joined
from degrade.report.pictures.model import Forest, ForestRow

WIDE, NARROW = 760, 360
_HEAD = 44
_LABELS: tuple[tuple[float, str], ...] = (
    (-0.5, "better"),
    (0.5, "no loss"),
    (1.5, "minor"),
    (2.5, "moderate"),
    (3.5, "severe"),
)


def height_of(forest: Forest, width: int) -> int:
    """Return how high a forest of this width is."""
    return _HEAD + len(forest.rows) * (34 if width >= WIDE else 50) + 4


def draw_forest(forest: Forest, width: int) -> Markup:
    """Return the forest, without the ``svg`` around it; narrow ones name rows above their bars."""
    wide = width >= WIDE
    scale = Scale(FIRST, LAST, 252, width - 182) if wide else Scale(FIRST, LAST, 4, width - 4)
    bottom = float(height_of(forest, width) - 4)
    return joined(
        *_columns(scale, bottom, len(forest.rows), wide=wide),
        *(
            part
            for i, row in enumerate(forest.rows)
            for part in (_wide(row, i, scale, width) if wide else _narrow(row, i, scale, width))
        ),
    )


def _columns(scale: Scale, bottom: float, rows: int, *, wide: bool) -> Iterator[Markup]:
    for step in range(4):
        at = scale(float(step))
        tone = ("", " t-minor", " t-moderate", " t-severe")[step]
        kind = "axis" if step == 0 else f"mark{tone}"
        # Narrow ones have words between their bars, which no line may cross.
        tops = [_HEAD + i * 50 + 6.0 for i in range(rows)] if not wide else [26.0]
        for top in tops:
            end = bottom if wide else top + 24
            yield element("line", class_=kind, x1=at, x2=at, y1=top, y2=end)
    for at, text in _LABELS:
        tone = text if text in ("minor", "moderate", "severe", "better") else "none"
        short = {"moderate": "mod."}.get(text, text) if not wide else text
        yield element(
            "text", short, class_=f"t-{tone}", x=scale(at), y=18, text_anchor="middle"
        )  # fmt: skip


def _wide(row: ForestRow, i: int, scale: Scale, width: int) -> Iterator[Markup]:
    middle = _HEAD + i * 34 + 10.0
    yield element("text", _short(row.title, 42), class_="row", x=0, y=middle + 4)
    yield from _bar(row, scale, middle)
    yield element("text", row.change, class_="row", x=width - 94, y=middle + 4, text_anchor="end")
    yield element("text", row.interval, x=width - 88, y=middle + 4)


def _narrow(row: ForestRow, i: int, scale: Scale, width: int) -> Iterator[Markup]:
    top = _HEAD + i * 50
    yield element("text", _short(row.title, 33), class_="row", x=0, y=top + 2)
    said = f"{row.change} {row.interval}"
    yield element("text", said, x=width, y=top + 2, text_anchor="end")
    yield from _bar(row, scale, top + 18.0)


def _bar(row: ForestRow, scale: Scale, middle: float) -> Iterator[Markup]:
    tone = f"t-{row.tone}" if row.tone else "ref"
    if row.noise is not None:
        low, high = (scale(end) for end in row.noise)
        yield element(
            "rect", class_="noise", x=low, y=middle - 10, width=max(1.0, high - low), height=20
        )
    low, value, high = (scale(end) for end in (row.gauge.low, row.gauge.value, row.gauge.high))
    yield element("line", class_=f"e {tone}", x1=low, x2=high, y1=middle, y2=middle)
    if row.gauge.low > FIRST:
        yield element("line", class_=f"e {tone}", x1=low, x2=low, y1=middle - 4, y2=middle + 4)
    if row.gauge.high < LAST:
        yield element("line", class_=f"e {tone}", x1=high, x2=high, y1=middle - 4, y2=middle + 4)
    tip = element("title", f"{row.title}: {row.change} {row.interval}, {row.level}")
    if FIRST < row.gauge.value < LAST:
        yield element("circle", tip, class_=f"p {tone}", cx=value, cy=middle, r=4.5)
        return
    # What lies beyond the scale points there.
    way = 1 if row.gauge.value >= LAST else -1
    points = f"{value + 2 * way:.1f},{middle:.1f} " + " ".join(
        f"{value - 8 * way:.1f},{middle + side:.1f}" for side in (-5.5, 5.5)
    )
    yield element("polygon", tip, class_=f"p {tone}", points=points)


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
