"""The trend over generations: as a table where it fits, else two lines a metric."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from degrade.report.terminal_text import prose, toned
from degrade.report.trend import TrendBlock, TrendRow

_TITLE, _NARROW_TITLE = 40, 24  # Titles wrap between these.
_HEADER = ("per generation", "", "", "past minor")


def trend_lines(block: TrendBlock, width: int, *, details: bool) -> Iterator[RenderableType]:
    """Yield the trends of the verdict's metrics, and of the others with ``details`` or alone."""
    details = details or not any(row.primary for row in block.rows)
    rows = [row for row in block.rows if details or row.primary]
    yield Text(block.title, style="strong")
    yield prose(block.about, width, style="faint")
    yield ""
    figures = [max(column) for column in zip(*map(_widths, rows), strict=True)]
    room = width - sum(figures) - 2 * len(figures)
    if room >= _NARROW_TITLE:
        yield _table(rows, min(room, _TITLE))
    else:
        yield from _list(rows, width)


def _cells(row: TrendRow) -> tuple[str, str, str, str]:
    return row.slope, row.interval, row.p, row.date


def _widths(row: TrendRow) -> tuple[int, ...]:
    return tuple(
        max(cell_len(cell), cell_len(name)) for cell, name in zip(_cells(row), _HEADER, strict=True)
    )


def _table(rows: Sequence[TrendRow], room: int) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="faint")
    table.add_column("", max_width=room)
    for at, name in enumerate(_HEADER):
        table.add_column(name, no_wrap=True, justify="left" if at else "right")
    for row in rows:
        title = Text(row.title)
        if row.note:
            title.append(f"\n{row.note}", style="faint")
        slope, interval, p, date = _cells(row)
        table.add_row(
            title,
            Text(slope, style=toned(row.tone)),
            Text(interval, style="faint"),
            Text(p, style="faint"),
            Text(date),
        )
    return table


def _list(rows: Sequence[TrendRow], width: int) -> Iterator[RenderableType]:
    for row in rows:
        yield prose(row.title, width)
        if row.slope:
            said = [f"{row.slope} {row.interval}".rstrip(), row.p]
            if row.date:
                said.append(f"past minor: {row.date}")
            words = ", ".join(part for part in said if part)
            yield prose(words, width, indent=4, style=toned(row.tone))
        if row.note:
            yield prose(row.note, width, indent=4, style="faint")
