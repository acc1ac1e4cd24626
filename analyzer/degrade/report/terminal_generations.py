"""Several candidates side by side, with the course of each measure in a line of bars."""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from degrade.report.outline import Generations
from degrade.report.terminal_text import prose, spark, toned

_WIDEST = 16  # Of a column; longer names are cut.
_MOST_BARS = 60


def generation_lines(table: Generations, headline: str, width: int) -> Iterator[RenderableType]:
    """Yield the verdict on all, then a table; what does not fit side by side goes below."""
    yield Text(table.title, style="strong")
    yield ""
    yield prose(headline, width, style="strong")
    yield ""
    room = _title_room(width)
    bars = has_spark(table, width)
    cells = [[cell_len(row[1][at].text) for row in table.rows] for at in range(len(table.columns))]
    widths = [
        min(_WIDEST, max(8, cell_len(name), *column))
        for name, column in zip(table.columns, cells, strict=True)
    ]
    start = 0
    while start < len(table.columns):
        if start:
            yield ""
        with_bars = bars and not start
        stop, used = start, room + (len(table.columns) + 2 if with_bars else 0)
        while stop < len(table.columns) and (stop == start or used + widths[stop] + 2 <= width):
            used += widths[stop] + 2
            stop += 1
        yield _grid(table, slice(start, stop), room, bars=with_bars)
        start = stop


def has_spark(table: Generations, width: int) -> bool:
    """Return whether the course of measures is shown: of three or more, where there is room."""
    count = len(table.columns)
    return 3 <= count <= _MOST_BARS and _title_room(width) + count + 2 + 18 <= width


def _title_room(width: int) -> int:
    return max(20, min(40, width - 36))


def _grid(table: Generations, part: slice, room: int, *, bars: bool) -> Table:
    grid = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="faint")
    grid.add_column("", no_wrap=True, overflow="ellipsis", max_width=room - 2)
    if bars:
        grid.add_column("", no_wrap=True)
    for name in table.columns[part]:
        grid.add_column(
            Text(name, no_wrap=True, overflow="ellipsis"),
            justify="right",
            no_wrap=True,
            max_width=_WIDEST,
        )
    for title, row in table.rows:
        course = [Text(spark([cell.step for cell in row]))] if bars else []
        grid.add_row(
            Text(title), *course, *(Text(each.text, style=toned(each.tone)) for each in row[part])
        )
    return grid
