"""Where a text comes from, in a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

from rich.cells import cell_len, set_cell_size
from rich.console import RenderableType
from rich.text import Text

from degrade.report import terminal
from degrade.report.provenance import Account, Holdings, account_of
from degrade.report.terminal_text import cut, prose
from degrade.traces import Provenance

_WORDS, _PHRASES = 15, 15
_NAME = 16


def show(found: Provenance, stream: TextIO | None = None) -> None:
    """Print the report to ``stream`` (standard output), as ``degrade.report.terminal`` does."""
    account = account_of(found)
    terminal.show_lines(lambda width: account_lines(account, width), stream)


def account_lines(account: Account, width: int) -> Iterator[RenderableType]:
    """Yield what to print: the share, why not to believe it, words, phrases and inputs."""
    yield ""
    style = "badge.shifted" if account.believed else "badge.inconclusive"
    yield Text(f" {account.badge} ", style=style)
    yield ""
    yield prose(account.headline, width, style="strong")
    yield ""
    yield prose(account.basis, width, style="faint")
    if account.warnings:
        yield ""
        yield Text("Read with care", style="strong")
        for warning in account.warnings:
            yield prose(warning, width, indent=2, bullet="- ")
    yield from _held(account.excess, width, _WORDS)
    if account.inherited is not None:
        yield from _held(account.inherited, width, _PHRASES)
    yield ""
    for corpus in account.inputs:
        yield prose(corpus, width, style="faint")
    yield prose(account.settings, width, style="faint")


def _held(held: Holdings, width: int, most: int) -> Iterator[RenderableType]:
    yield ""
    yield prose(held.title, width, style="strong")
    if held.note:
        yield prose(held.note, width, style="faint")
    if not held.rows:
        return
    names = [cut(name, _NAME, keep_end=True) for name in held.columns]
    columns = [max(6, cell_len(name)) for name in names]
    yield _row(names, columns, "", width, "faint")
    for row in held.rows[:most]:
        yield _row(row.shares, columns, row.text, width, "")
    if len(held.rows) > most:
        yield Text(f"  and {len(held.rows) - most:,} more (-o FILE.json)", style="faint")


def _row(
    cells: list[str] | tuple[str, ...], columns: list[int], text: str, width: int, style: str
) -> Text:
    line = Text("  ", style=style)
    for cell, room in zip(cells, columns, strict=True):
        line.append(" " * (room - cell_len(cell)) + set_cell_size(cell, cell_len(cell)) + "  ")
    line.append(cut(text, width - cell_len(line.plain)))
    line.rstrip()
    return line
