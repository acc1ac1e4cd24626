"""Whole pictures as SVG: for a page that has colours of its own, and as files that stand alone."""

from __future__ import annotations

from degrade.report.charts.colours import class_of, palette, rules
from degrade.report.charts.forest import NARROW, WIDE, draw_forest, height_of
from degrade.report.charts.panel import HEIGHT, WIDTH, draw_panel
from degrade.report.markup import Markup, element, joined
from degrade.report.pictures.model import Drawable, Forest, Panel, Picture

_MARGIN, _GAP, _COLUMNS = 20, 24, 3
_LETTER = 6.2
_MOST_TOLD = 8


def panel_svg(picture: Picture, panel: Panel, key: str) -> Markup:
    """Return one panel for a page; ``key`` makes its ids its own."""
    return _svg(draw_panel(picture, panel), WIDTH, HEIGHT, key, _title(picture, panel), "")


def forest_svg(forest: Forest, key: str, *, narrow: bool = False) -> Markup:
    """Return a forest for a page, for wide screens or narrow ones."""
    width = NARROW if narrow else WIDE
    drawn = draw_forest(forest, width)
    kind = "narrow" if narrow else "wide"
    return _svg(drawn, width, height_of(forest, width), key, forest.title, kind)


def standalone(drawable: Drawable) -> str:
    """Return a picture as an SVG file, on white, with its title and what its lines are."""
    if isinstance(drawable, Forest):
        body, width, height = draw_forest(drawable, WIDE), WIDE, height_of(drawable, WIDE)
    else:
        body, width, height = _panels(drawable)
    head = 30
    legend = _legend(drawable) if isinstance(drawable, Picture) else Markup()
    if legend:
        head += 24
    width = max(width, round(_legend_width(drawable)))
    full = width + 2 * _MARGIN, height + head + 2 * _MARGIN
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + element(
        "svg",
        element("title", drawable.title),
        element("desc", drawable.about),
        # Style sheets know no entities, and this one holds no sign that needs one.
        element("style", Markup(rules(palette()))),
        element("rect", class_="paper", width=full[0], height=full[1]),
        element("text", drawable.title, class_="title", x=_MARGIN, y=_MARGIN + 14),
        _moved(legend, _MARGIN, _MARGIN + 26) if legend else "",
        _moved(body, _MARGIN, _MARGIN + head),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {full[0]} {full[1]}",
        width=full[0],
        height=full[1],
        class_="chart",
    )


def _panels(picture: Picture) -> tuple[Markup, int, int]:
    columns = min(_COLUMNS, len(picture.panels))
    rows = -(-len(picture.panels) // columns)
    said = [
        _moved(
            draw_panel(picture, panel),
            i % columns * (WIDTH + _GAP),
            i // columns * (HEIGHT + _GAP),
        )
        for i, panel in enumerate(picture.panels)
    ]
    width, height = columns * (WIDTH + _GAP) - _GAP, rows * (HEIGHT + _GAP) - _GAP
    return joined(*said), width, height


def legend_of(picture: Picture) -> tuple[tuple[str, float | None], ...]:
    """Return the name and place of each line to tell of; of many along a ramp, its two ends."""
    entries = picture.legend
    if len(entries) <= _MOST_TOLD:
        return entries
    return tuple(each for each in entries if each[1] in (None, 0.0, 1.0))


def _legend_width(drawable: Drawable) -> float:
    entries = legend_of(drawable) if isinstance(drawable, Picture) else ()
    return sum(44 + len(name[:40]) * _LETTER for name, _ in entries)


def _legend(picture: Picture) -> Markup:
    parts: list[str] = []
    at = 0.0
    for name, place in legend_of(picture):
        colour = class_of(place)
        parts += [
            element("line", class_=f"s {colour}", x1=at, x2=at + 22, y1=8, y2=8),
            element("text", name[:40], x=at + 28, y=12),
        ]
        at += 44 + len(name[:40]) * _LETTER
    return joined(*parts)


def _moved(body: Markup, x: float, y: float) -> Markup:
    return element("g", body, transform=f"translate({x:g} {y:g})")


def _title(picture: Picture, panel: Panel) -> str:
    return picture.title if panel.title == picture.title else f"{picture.title}: {panel.title}"


def _svg(body: Markup, width: int, height: int, key: str, title: str, kind: str) -> Markup:
    return element(
        "svg",
        element("title", title, id=f"{key}-title"),
        body,
        viewBox=f"0 0 {width} {height}",
        class_=f"chart {kind}".rstrip(),
        role="img",
        aria_labelledby=f"{key}-title",
    )
