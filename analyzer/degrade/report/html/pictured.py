"""Pictures on the page: drawn, explained, and as numbers for those who do not see them."""

from __future__ import annotations

from degrade.report.charts.colours import class_of
from degrade.report.charts.drawing import forest_svg, legend_of, panel_svg
from degrade.report.charts.panel import words
from degrade.report.html.parts import folded, table
from degrade.report.markup import Markup, element
from degrade.report.pictures.model import Axis, Drawable, Forest, Panel, Picture

_MOST_ROWS = 24


def figure(drawable: Drawable, key: str) -> Markup:
    """Return a picture with its caption; ``key`` makes its ids its own on the page."""
    if isinstance(drawable, Forest):
        drawn = [forest_svg(drawable, f"{key}-w"), forest_svg(drawable, f"{key}-n", narrow=True)]
        numbers, kind = _forest_table(drawable), "forest"
    else:
        panels = drawable.panels
        drawn = [
            element("div", panel_svg(drawable, panel, f"{key}-{i}"), class_="panel")
            for i, panel in enumerate(panels)
        ]
        numbers = Markup("".join(_panel_table(drawable, panel) for panel in panels))
        kind = f"panels of-{min(3, len(panels))}"
    return element(
        "figure",
        element(
            "figcaption",
            element("h3", drawable.title),
            element("p", drawable.about),
        ),
        _legend(drawable) if isinstance(drawable, Picture) else "",
        element("div", *drawn, class_=kind),
        folded("The numbers", numbers, kind="numbers"),
    )


def _legend(picture: Picture) -> Markup:
    entries = legend_of(picture)
    if not entries:
        return Markup()
    items = [
        element("li", _swatch(class_of(place)), element("span", name[:80]))
        for name, place in entries
    ]
    if len(entries) < len(picture.legend):
        items.append(element("li", element("span", "in between: the others, in order")))
    return element("ul", *items, class_="lines")


def _swatch(colour: str) -> Markup:
    return element(
        "svg",
        element("line", class_=f"s {colour}", x1=1, x2=25, y1=5, y2=5),
        viewBox="0 0 26 10",
        class_="chart swatch",
        aria_hidden="true",
    )


def _forest_table(forest: Forest) -> Markup:
    rows = [(row.title, row.change, row.interval, row.level) for row in forest.rows]
    return table(forest.title, ("Measure", "Change", "Interval", "Level"), rows)


def _panel_table(picture: Picture, panel: Panel) -> Markup:
    """Return the figures of a panel, a column a line; of many places only some."""
    axis = panel.x or picture.x
    said = [{point.x: point.said for point in line.points if point.said} for line in panel.series]
    places = sorted({x for line in said for x in line})
    every = -(-len(places) // _MOST_ROWS)
    ticks = dict(axis.ticks)
    rows = [
        (_place(x, axis, ticks), *(line.get(x, "") for line in said))
        for x in places[:: max(1, every)]
    ]
    columns = (
        axis.label or "candidate",
        *(line.name[:80] or panel.y.label for line in panel.series),
    )
    # Lines may share a name; a table needs only that each has one.
    return element(
        "div",
        element("h4", panel.title),
        table(panel.title, columns, rows),
        class_="scrolled",
        tabindex=0,
        role="region",
        aria_label=panel.title,
    )


def _place(x: float, axis: Axis, ticks: dict[float, str]) -> str:
    return ticks.get(x) or words(x, axis)
