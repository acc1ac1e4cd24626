"""N-grams, loops and copies in context, one a line."""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len, set_cell_size
from rich.console import RenderableType
from rich.text import Text

from degrade.report.blocks import Examples
from degrade.report.repetitions import Repetition, Repetitions
from degrade.report.terminal_text import cut, prose

_BEFORE = 20
"""Columns of text before what is said again."""


def example_lines(examples: Examples, width: int, most: int) -> Iterator[RenderableType]:
    """Yield the ``most`` most telling n-grams, each with its documents and its place."""
    if not examples.rows:
        return
    yield ""
    yield prose(examples.title, width, style="strong")
    yield prose(examples.columns, width, style="faint")
    rows = examples.rows[:most]
    counts = max(max(len(row.reference), len(row.candidate)) for row in rows)
    room = min(width, 140) - 2 * counts - 8
    names = min(28, max(cell_len(row.ngram) for row in rows)) if width >= 80 else 0
    for row in rows:
        line = Text("  ")
        line.append(f"{row.reference:>{counts}} → {row.candidate:<{counts}}  ", style="faint")
        if not row.match:
            line.append(cut(row.ngram, room), style="strong")
        elif names:
            line.append(set_cell_size(cut(row.ngram, names), names) + "  ", style="strong")
            line.append_text(_in_context(row.before, row.match, row.after, room - names - 2))
        else:
            line.append_text(_in_context(row.before, row.match, row.after, room))
        yield line


def _in_context(before: str, match: str, after: str, room: int) -> Text:
    """Return the n-gram in brackets with what text there is room for, even on both sides."""
    match = cut(match, room - 2)
    spare = room - cell_len(match) - 2
    left = min(cell_len(before), max(spare // 2, spare - cell_len(after)))
    shown = Text(cut(before, left, keep_end=True), style="faint")
    shown.append(f"[{match}]", style="match")
    return shown.append(cut(after, spare - left), style="faint")


def repetition_lines(said: Repetitions, width: int, most: int) -> Iterator[RenderableType]:
    """Yield the ``most`` worst loops or copies of the candidate, each with how often it is said."""
    rows = said.rows[: min(most, said.of_candidate)]
    if not rows:
        return
    yield ""
    yield prose(said.title, width, style="strong")
    if said.note:
        yield prose(said.note, width, style="faint")
    often = max(cell_len(row.often) for row in rows)
    for row in rows:
        line = Text("  ")
        line.append(set_cell_size(row.often, often) + "  ", style="faint")
        line.append_text(_said_again(row))
        line.truncate(min(width, 140), overflow="ellipsis")
        yield line


def _said_again(row: Repetition) -> Text:
    """Return the first passage of ``row`` with what is said again in brackets."""
    if not row.passages:
        return Text(row.text, style="strong")
    shown = Text()
    for i, (piece, marked) in enumerate(row.passages[0].pieces):
        if marked:
            shown.append(f"[{piece}]", style="match")
        else:
            shown.append(piece if i else cut(piece, _BEFORE, keep_end=True), style="faint")
    return shown
