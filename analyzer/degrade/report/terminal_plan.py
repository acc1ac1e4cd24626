"""How much of an original to keep, in a terminal: the answers, then a table a measure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

from rich.console import RenderableType
from rich.table import Table as Grid
from rich.text import Text

from degrade.planned import Planned
from degrade.report import terminal
from degrade.report.plan import ABOUT, Account, Table, account_of
from degrade.report.terminal_text import prose, toned


def show(found: Planned, stream: TextIO | None = None) -> None:
    """Print the report to ``stream`` (standard output), as ``degrade.report.terminal`` does."""
    account = account_of(found)
    terminal.show_lines(lambda width: plan_lines(account, width), stream)


def plan_lines(account: Account, width: int) -> Iterator[RenderableType]:
    """Yield the answers, a table for each measure of the verdict, and what they rest on."""
    yield ""
    yield prose(account.headline, width, style="strong")
    for answer in account.answers[1:]:
        yield prose(answer, width, indent=2, bullet="- ")
    for words in filter(None, (*account.warnings, account.spared, *account.regimes)):
        yield ""
        yield prose(words, width)
    yield ""
    yield prose(ABOUT, width, style="faint")
    for table in account.tables:
        yield ""
        yield Text(table.title, style="strong")
        yield from _grids(table, width)
    yield ""
    for note in account.notes:
        yield prose(note, width, style="faint")


def _grids(table: Table, width: int) -> Iterator[Grid]:
    """Yield the table; generations that do not fit beside the others go below."""
    names = max(len(name) for name, _ in table.rows)
    most = max(len(cell.change) for _, cells in table.rows for cell in cells)
    fitting = max(1, (width - names) // (max(most, *map(len, table.columns)) + 2))
    for start in range(0, len(table.columns), fitting):
        part = slice(start, start + fitting)
        grid = Grid(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="faint")
        grid.add_column("", no_wrap=True)
        for name in table.columns[part]:
            grid.add_column(name, no_wrap=True, justify="right")
        for name, cells in table.rows:
            grid.add_row(Text(name), *(Text(c.change, style=toned(c.tone)) for c in cells[part]))
        yield grid
