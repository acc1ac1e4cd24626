"""The report in a terminal, and the same without colour as a text file."""

from __future__ import annotations

import io
import os
import shutil
import sys
from collections.abc import Callable, Iterable
from typing import TextIO

from rich.console import Console, RenderableType

from degrade.record import Record
from degrade.report.outline import outline
from degrade.report.terminal_blocks import report_lines
from degrade.report.terminal_text import STYLES

Lines = Callable[[int], Iterable[RenderableType]]
"""What to print, top to bottom, for a width in columns."""
NARROWEST, WIDEST, FILE_WIDTH = 60, 200, 100

# For streams that cannot write these, so that a scale stays a scale.
_ASCII = str.maketrans(
    {"━": "=", "●": "o", "┿": "+", "│": "|", "·": ".", "─": "-", "→": "->", "…": "~"}
    | dict(zip("▁▂▃▄▅▆▇█", ".:-=+*#@", strict=True))
)


class TextReport:
    """The terminal's report as a text file."""

    name = "text"
    suffixes = (".txt",)

    def render(self, record: Record) -> str:
        """Return the report of ``record`` in lines of at most 100 columns, without colour."""
        return render(record, width=FILE_WIDTH)


REPORTER = TextReport()


def render(
    record: Record, width: int, *, styled: bool = False, colour: bool = True, details: bool = False
) -> str:
    """Return the report in lines of at most ``width`` columns (60 to 200).

    ``styled`` allows escape sequences, ``colour`` colours among them; ``details`` shows also the
    findings that do not enter the verdict.
    """
    said = outline(record)
    return render_lines(
        lambda width: report_lines(said, width, details=details),
        width,
        styled=styled,
        colour=colour,
    )


def render_lines(lines: Lines, width: int, *, styled: bool = False, colour: bool = True) -> str:
    """Return what ``lines`` gives for a width, 60 to 200 columns, as text."""
    width = max(NARROWEST, min(width, WIDEST))
    console = Console(
        file=io.StringIO(),
        width=width,
        theme=STYLES,
        force_terminal=styled,
        force_jupyter=False,
        color_system="256" if styled else None,
        no_color=not colour,
        legacy_windows=False,
        highlight=False,
        markup=False,
        emoji=False,
        # Nothing of the environment decides here: equal records, equal bytes.
        _environ={},
    )
    with console.capture() as capture:
        for line in lines(width):
            console.print(line)
    # Tables pad their last column, which no one wants in a file.
    return "\n".join(line.rstrip() for line in capture.get().split("\n"))


def show(record: Record, stream: TextIO | None = None, *, details: bool = False) -> None:
    """Print the report to ``stream`` (standard output), as wide and as coloured as it allows.

    Without a terminal there are no escape sequences; with ``NO_COLOR`` set there is no colour;
    ``COLUMNS`` sets the width.
    """
    said = outline(record)
    show_lines(lambda width: report_lines(said, width, details=details), stream)


def show_lines(lines: Lines, stream: TextIO | None = None) -> None:
    """Print ``lines`` as ``show`` does a report."""
    stream = sys.stdout if stream is None else stream
    terminal = stream.isatty() and os.environ.get("TERM") != "dumb"
    columns = shutil.get_terminal_size((FILE_WIDTH, 24)).columns
    text = render_lines(lines, columns, styled=terminal, colour=not os.environ.get("NO_COLOR"))
    stream.write(_encodable(text, stream.encoding or "utf-8"))


def _encodable(text: str, encoding: str) -> str:
    """Return ``text`` in characters that ``encoding`` has."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return text.translate(_ASCII).encode(encoding, "replace").decode(encoding)
    return text
