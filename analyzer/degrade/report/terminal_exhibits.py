"""Key words in two paragraphs, and histograms of two corpora side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.cells import cell_len, set_cell_size
from rich.console import RenderableType
from rich.text import Text

from degrade.report.exhibits import Plot, WordUse, WordUses
from degrade.report.terminal_text import PROSE, cut, prose

_WORDS = 10  # of each list
_LONGEST = 24
_MARGIN = 8
_WIDEST_BAR = 24
_SHARE = 6


def word_lines(words: WordUses, width: int) -> Iterator[RenderableType]:
    """Yield the clearest of the words used less and more, with how often they are used."""
    yield ""
    yield prose(words.title, width, style="strong")
    yield prose(words.columns, width, style="faint")
    for name, uses in (("less", words.less), ("more", words.more)):
        if uses:
            lines = _filled([_used(use) for use in uses[:_WORDS]], min(width, PROSE) - _MARGIN)
            for i, line in enumerate(lines):
                yield Text(f"{'' if i else f'  {name}':<{_MARGIN}}{line}")


def _filled(items: Sequence[str], room: int) -> list[str]:
    """Return lines of items, none of them broken: a word stands by its figures."""
    lines = [""]
    for i, item in enumerate(items):
        said = item if i == len(items) - 1 else f"{item},"
        if lines[-1] and cell_len(lines[-1]) + 1 + cell_len(said) > room:
            lines.append("")
        lines[-1] = f"{lines[-1]} {said}" if lines[-1] else said
    return [cut(line, room) for line in lines]


def _used(use: WordUse) -> str:
    return f"{cut(use.word, _LONGEST)} {use.reference} → {use.candidate}"


def plot_lines(plot: Plot, width: int) -> Iterator[RenderableType]:
    """Yield a line a bin: its range, then the share of either corpus with a bar."""
    yield ""
    yield prose(plot.title, width, style="strong")
    labels = max(cell_len(bar.label) for bar in plot.bars)
    room = min(_WIDEST_BAR, max(4, (width - labels - 4) // 2 - _SHARE - 3))
    column = room + _SHARE + 3
    head = Text(" " * (labels + 4), style="faint")
    for name in plot.columns:
        head.append(set_cell_size(cut(name, column - 2), column))
    head.rstrip()
    yield head
    for bar in plot.bars:
        line = Text.assemble((f"  {bar.label:>{labels}}  ", "faint"))
        for share, height in zip(bar.shares, bar.heights, strict=True):
            drawn = "━" * max(height > 0, round(height * room))
            line.append(set_cell_size(f"{share:>{_SHARE}} ", _SHARE + 1))
            line.append(set_cell_size(drawn, room + 2), style="strong")
        line.truncate(width)
        line.rstrip()
        yield line
