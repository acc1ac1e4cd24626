"""An audit in the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TextIO

from rich.cells import set_cell_size
from rich.console import RenderableType
from rich.text import Text

from degrade.audited import Audit
from degrade.report import terminal
from degrade.report.audit import Account, Machine, Standout, account_of
from degrade.report.terminal_text import cut, prose

_SOURCES, _DOCUMENTS = 20, 10
_PLACE = 34


def show(found: Audit, stream: TextIO | None = None) -> None:
    """Print the report to ``stream`` (standard output), as ``degrade.report.terminal`` does."""
    account = account_of(found)
    terminal.show_lines(lambda width: account_lines(account, width), stream)


def account_lines(account: Account, width: int) -> Iterator[RenderableType]:
    """Yield what to print: the sources that stand out and why, then the worst documents."""
    yield ""
    yield Text(f" {account.badge} ", style=f"badge.{account.tone}")
    yield ""
    yield prose(account.headline, width, style="strong")
    yield from _standing_out(account.sources, width)
    if account.too_little:
        yield ""
        yield prose(account.too_little, width)
    if account.shards:
        yield ""
        yield prose(account.shards, width, style="strong")
        yield from _standing_out(account.files, width)
    if account.time:
        yield ""
        yield prose(account.time, width, style="strong")
        for trend in account.trends:
            yield prose(trend, width, indent=2, bullet="- ")
        yield from _standing_out(account.times, width)
    if account.machine is not None:
        yield from _machine_lines(account.machine, width)
    for i, line in enumerate(account.against):
        if not i:
            yield ""
        yield prose(line, width, style="strong" if not i else "", indent=0 if not i else 2)
    for phrases in account.bursts:
        yield ""
        yield prose(phrases.headline, width, style="strong")
        for source, held in phrases.rows:
            yield _pair(source, held, width)
    yield ""
    yield prose(account.documents, width, style="strong")
    for line in account.listing:
        yield prose(line, width, indent=2, bullet="- ")
    for place, what in account.worst[:_DOCUMENTS]:
        yield _pair(place, what, width)
    if len(account.worst) > _DOCUMENTS:
        yield Text(f"  and {len(account.worst) - _DOCUMENTS:,} more (-o FILE.jsonl)", style="faint")
    yield ""
    for note in account.notes:
        yield prose(note, width, style="faint")


def _standing_out(sources: Sequence[Standout], width: int) -> Iterator[RenderableType]:
    for source in sources[:_SOURCES]:
        yield ""
        yield Text(cut(f"{source.name} ({source.size})", width, keep_end=True), style="strong")
        for reason in source.reasons:
            yield prose(reason, width, indent=2, bullet="- ")
    if len(sources) > _SOURCES:
        yield Text(f"and {len(sources) - _SOURCES:,} more (-o FILE.json)", style="faint")


def _machine_lines(machine: Machine, width: int) -> Iterator[RenderableType]:
    yield ""
    yield prose(machine.headline, width, style="strong")
    for warning in machine.warnings:
        yield prose(warning, width, indent=2, bullet="- ")
    for source, share in machine.sources:
        yield _pair(source, share, width)


def _pair(name: str, what: str, width: int) -> Text:
    room = min(_PLACE, width // 2)
    line = Text("  " + set_cell_size(cut(name, room, keep_end=True), room) + "  ")
    line.append(cut(what, width - len(line.plain)))
    return line
