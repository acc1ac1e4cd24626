"""Lines of text in a terminal: styles, paragraphs and what fits a column."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size
from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text
from rich.theme import Theme

from degrade.report.blocks import Tone

# Names of our own: a tone called "none" would colour all that rich itself calls "none".
_TONES = {
    "none": "green",
    "minor": "yellow",
    "moderate": "dark_orange3",
    "severe": "red",
    "inconclusive": "blue",
    "better": "cyan",
}
STYLES = Theme(
    {
        **{f"tone.{tone}": colour for tone, colour in _TONES.items()},
        **{f"family.{tone}": f"bold {colour}" for tone, colour in _TONES.items()},
        "badge.none": "bold white on dark_green",
        "badge.minor": "bold black on yellow3",
        "badge.moderate": "bold black on dark_orange",
        "badge.severe": "bold white on red3",
        "badge.inconclusive": "bold white on blue",
        "badge.shifted": "bold white on grey35",
        "faint": "dim",
        "strong": "bold",
        "match": "bold underline not dim",
    }
)
_BARS = "▁▂▃▄▅▆▇█"
_FULL = 4.0  # Steps of severity: where a gauge ends.
PROSE = 100  # Lines of text longer than this are tiring, however wide the window.


def prose(
    words: str | Text, width: int, *, indent: int = 0, bullet: str = "", style: str = ""
) -> RenderableType:
    """Return ``words`` in a paragraph, hanging from its bullet, no wider than is pleasant."""
    room = min(width, PROSE)
    grid = Table.grid(padding=0)
    if bullet:
        grid.add_column(width=len(bullet))
    grid.add_column(width=room - indent - len(bullet), overflow="fold")
    text = Text(words, style=style) if isinstance(words, str) else words
    grid.add_row(*([Text(bullet), text] if bullet else [text]))
    return Padding(grid, (0, 0, 0, indent))


def two_ends(
    left: str,
    right: str,
    width: int,
    left_style: str,
    right_style: str,
    between: Text | None = None,
) -> Text:
    """Return a line with ``right`` set to the right, in a column of levels.

    ``between`` stands before that column, if there is room for it.
    """
    room = ends_room(width) - (len(between) + 2 if between else 0)
    line = Text.assemble((set_cell_size(cut(left, room), room) + "  ", left_style))
    if between:
        line.append_text(between).append("  ")
    return line.append(right, right_style)


def ends_room(width: int) -> int:
    """Return the columns before the column of levels."""
    return min(width, 80) - 16


def spark(steps: Sequence[float | None]) -> str:
    """Return a bar for each of ``steps`` of severity: lowest at no loss, full far past severe."""
    top = len(_BARS) - 1
    return "".join(
        " " if step is None else _BARS[max(0, min(top, round(step * top / _FULL)))]
        for step in steps
    )


def cut(text: str, room: int, *, keep_end: bool = False) -> str:
    """Return ``text`` in at most ``room`` columns, with an ellipsis where something is gone."""
    if cell_len(text) <= room:
        return text
    if room < 1:
        return ""
    if not keep_end:
        return set_cell_size(text, room - 1).rstrip() + "…"
    while cell_len(text) > room - 1:
        text = text[max(1, (cell_len(text) - room) // 2) :]
    return "…" + text.lstrip()


def toned(tone: Tone, otherwise: str = "") -> str:
    """Return the style of a figure that is meant as ``tone``."""
    return f"tone.{tone}" if tone else otherwise
