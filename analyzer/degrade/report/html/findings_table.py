"""The table of findings: to be sorted, filtered, and explained measure by measure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from degrade.findings import SEVERITY
from degrade.report import figures
from degrade.report.blocks import FamilyBlock, Row
from degrade.report.html.parts import badge, toned
from degrade.report.markup import Markup, clipped, element
from degrade.report.outline import Section


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of the table; ``kind`` says how it sorts, empty where it does not."""

    title: str
    kind: str


_COLUMNS = (
    _Column("Measure", "text"),
    _Column("Kind", "text"),
    _Column("Level", "number"),
    _Column("Reference", ""),
    _Column("Candidate", ""),
    _Column("Change", "number"),
    _Column("Interval", ""),
    _Column("Noise", ""),
    _Column("p", "number"),
)


def findings_table(said: Section, key: str, explained: Mapping[str, str]) -> Markup:
    """Return the table of one comparison; ``key`` makes its ids its own.

    ``explained`` says by metric where on the page it is explained.
    """
    rows = [
        _row(row, block, explained)
        for block in said.families
        for row in block.rows
    ]  # fmt: skip
    return element(
        "div",
        element("h3", "Every measure"),
        _tools(said, key, len(rows)),
        element(
            "table",
            element("caption", f"Findings on {clipped(said.candidate, 80)}", class_="unseen"),
            element("thead", element("tr", *(_head(column) for column in _COLUMNS))),
            element("tbody", *rows),
            class_="findings stack",
            id=key,
        ),
        class_="tabled",
    )


def _head(column: _Column) -> Markup:
    # The button is made by the script: without it nothing sorts.
    return element("th", column.title, scope="col", data_sort=column.kind or None)


def _tools(said: Section, key: str, total: int) -> Markup:
    families = [element("option", block.name, value=block.name) for block in said.families]
    return element(
        "div",
        element(
            "label",
            "Find ",
            element("input", type="search", data_find=key, placeholder="word, variety, loss …"),
        ),
        element(
            "label",
            "Kind ",
            element("select", element("option", "all", value=""), *families, data_kind=key),
        ),
        element(
            "label",
            element("input", type="checkbox", data_primary=key, checked=True),
            " only measures of the verdict",
        ),
        element("span", f"{total} measures", class_="count", data_count=key, role="status"),
        class_="tools",
        hidden=True,
    )


def _row(row: Row, block: FamilyBlock, explained: Mapping[str, str]) -> Markup:
    there = explained.get(row.metric)
    name: list[str] = [
        element("a", row.title, href=f"#{there}", data_explain=there) if there else row.title
    ]
    if row.note:
        name.append(element("span", row.note, class_="note"))
    severity = SEVERITY.get(row.tone or "", 0) if row.tone != "inconclusive" else 0.5
    level = badge(row.level, row.tone) if row.level else Markup()
    return element(
        "tr",
        element("th", *name, scope="row", data_value=row.title),
        _cell("Kind", block.name, kind="kind"),
        element("td", level, data_label="Level", data_value=severity if row.level else -1),
        _cell("Reference", row.reference, unit="" if row.unit == figures.KEPT else row.unit),
        _cell("Candidate", row.candidate),
        _cell("Change", row.change, kind=f"figure {toned(row.tone)}", value=row.size),
        _cell("Interval", row.interval),
        _cell("Noise", row.noise),
        _cell("p", row.p.removeprefix("p = ").removeprefix("p "), value=row.chance),
        data_primary=row.primary,
        data_family=block.name,
    )


def _cell(
    label: str, text: str, *, kind: str = "", value: float | None = None, unit: str = ""
) -> Markup:
    shown: list[str] = [text]
    if unit and text:
        shown.append(element("span", unit, class_="unit"))
    return element(
        "td",
        *shown,
        class_=kind.strip() or None,
        data_label=label if text else None,
        data_value=None if value is None else f"{value:.6g}",
    )
