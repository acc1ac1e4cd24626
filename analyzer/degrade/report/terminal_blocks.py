"""What the terminal shows of each block of an outline."""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len, set_cell_size
from rich.console import RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text
from rich.theme import Theme

from degrade.report.blocks import Examples, FamilyBlock, Row, Tone
from degrade.report.gauge import FIRST, LAST, Gauge
from degrade.report.outline import Generations, Input, Outline, Section

STYLES = Theme(
    {
        "none": "green",
        "minor": "yellow",
        "moderate": "dark_orange3",
        "severe": "red",
        "inconclusive": "blue",
        "better": "cyan",
        "badge.none": "bold white on dark_green",
        "badge.minor": "bold black on yellow3",
        "badge.moderate": "bold black on dark_orange",
        "badge.severe": "bold white on red3",
        "badge.inconclusive": "bold white on blue",
        "badge.shifted": "bold white on grey35",
        "faint": "dim",
        "strong": "bold",
        "match": "bold underline",
    }
)
_PROSE = 100  # Lines of text longer than this are tiring, however wide the window.
_TABLE, _GAUGE = 100, 118  # From these widths, a finding fits one line; and a scale beside it.
_LOST, _GAINED = 10, 5
_CELLS = 4  # of a scale, for each step of severity


def report_lines(outline: Outline, width: int, *, details: bool) -> Iterator[RenderableType]:
    """Yield what to print, top to bottom: verdict, findings, evidence, warnings, inputs."""
    if outline.generations is not None:
        yield ""
        yield from _generations(outline.generations, width)
    for section in outline.sections:
        yield from _section(section, width, details=details, several=len(outline.sections) > 1)
    if not outline.sections:
        yield Text(outline.title)
    if outline.warnings:
        yield ""
        yield Text("Read with care", style="strong")
        for warning in outline.warnings:
            yield _prose(warning, width, indent=2, bullet="- ")
    yield ""
    yield _prose(_legend(outline, width), width, style="faint")
    yield ""
    for corpus in outline.inputs:
        yield from _input(corpus, width)
    yield _prose(outline.settings, width, style="faint")


def _legend(outline: Outline, width: int) -> str:
    said = list(outline.legend)
    blocks = [block for section in outline.sections for block in section.families]
    if width >= _GAUGE and any(row.gauge for block in blocks for row in block.rows):
        said.append(
            "│: no change, then the thresholds of minor, moderate and severe, with better to the "
            "left"
        )
    return ". ".join([*said, ""]).rstrip()


def _section(
    section: Section, width: int, *, details: bool, several: bool
) -> Iterator[RenderableType]:
    yield ""
    if several:
        yield Rule(style="faint", characters="─")
    yield _badges(section)
    yield ""
    yield _prose(section.headline, width, style="strong")
    yield ""
    for words in section.basis:
        yield _prose(words, width, style="faint")
    for words in section.needed:
        yield _prose(words, width, indent=2, bullet="- ")
    yield ""
    primaries = any(row.primary for block in section.families for row in block.rows)
    details = details or not primaries
    shown = tuple(_chosen(section.families, details=details))
    if width >= _TABLE:
        yield _findings_table(section, shown, width)
    else:
        yield from _findings_list(shown, width)
    hidden = sum(len(block.rows) for block in section.families)
    hidden -= sum(len(rows) for _, rows in shown)
    if hidden:
        words = "1 more measure is" if hidden == 1 else f"{hidden} more measures are"
        yield Text(f"{words} in the run file (-o run.json).", style="faint")
    yield from _examples(section.lost, width, 4 if several else _LOST)
    if not several:
        yield from _examples(section.gained, width, _GAINED)
    if section.lost.unresolved:
        yield _prose(section.lost.unresolved, width, style="faint")


def _badges(section: Section) -> Text:
    title = Text()
    title.append(f" {section.badge.capitalize()} ", style=f"badge.{section.level}")
    if section.shifted:
        title.append(" ")
        title.append(" Shifted ", style="badge.shifted")
    title.append(f"  {section.candidate} against {section.reference}", style="strong")
    return title


def _chosen(
    families: tuple[FamilyBlock, ...], *, details: bool
) -> Iterator[tuple[FamilyBlock, tuple[Row, ...]]]:
    for block in families:
        rows = tuple(row for row in block.rows if details or row.primary)
        if rows:
            yield block, rows


def _findings_table(
    section: Section, shown: tuple[tuple[FamilyBlock, tuple[Row, ...]], ...], width: int
) -> Table:
    scale = width >= _GAUGE
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="faint")
    table.add_column("", max_width=48 if width >= 140 else 38)
    for name in (section.reference, section.candidate):
        table.add_column(Text(name, no_wrap=True, overflow="ellipsis"), justify="right",
                         no_wrap=True, max_width=14)  # fmt: skip
    table.add_column("change", justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    if scale:
        table.add_column("", no_wrap=True)
    table.add_column("level", no_wrap=True)
    for block, rows in shown:
        level = Text(block.level, style=_bold(block.tone))
        table.add_row(Text(block.name, style="strong"), *[""] * (5 if scale else 4), level)
        for row in rows:
            cells: list[RenderableType] = [
                Padding(_with_notes(row), (0, 0, 0, 2)),
                Text(row.reference),
                Text(row.candidate),
                Text(row.change, style=row.tone or ""),
                Text(row.interval, style="faint"),
            ]
            if scale:
                cells.append(_scale(row.gauge, row.tone))
            table.add_row(*cells, Text(row.level if row.change else "", style=row.tone or "faint"))
    return table


def _findings_list(
    shown: tuple[tuple[FamilyBlock, tuple[Row, ...]], ...], width: int
) -> Iterator[RenderableType]:
    for block, rows in shown:
        yield _two_ends(block.name, block.level, width, "strong", _bold(block.tone))
        for row in rows:
            level = row.level if row.change else ""
            yield _two_ends(f"  {row.title}", level, width, "", row.tone or "faint")
            if not row.change:
                yield _prose(row.note, width, indent=4, style="faint")
                continue
            line = Text("    ")
            if row.reference or row.candidate:
                line.append(f"{row.reference or '?'} → {row.candidate or '?'}  ")
            line.append(row.change, style=row.tone or "")
            line.append(f" {row.interval}", style="faint")
            yield line
            for words in _notes(row):
                yield _prose(words, width, indent=4, style="faint")


def _notes(row: Row) -> list[str]:
    whole = f"whole documents: {row.whole_documents}" if row.whole_documents else ""
    return [words for words in (whole, row.note) if words]


def _with_notes(row: Row) -> Text:
    cell = Text(row.title)
    for words in _notes(row):
        cell.append(f"\n{words}", style="faint")
    return cell


def _scale(gauge: Gauge | None, tone: Tone) -> Text:
    """Draw an interval against the thresholds: bars at no change, minor, moderate, severe."""
    if gauge is None:
        return Text("")
    last = int(LAST - FIRST) * _CELLS

    def cell(steps: float) -> int:
        return round((steps - FIRST) * _CELLS)

    line = Text("".join("│" if 0 < at < last and at % _CELLS == 0 else "·" for at in range(last + 1)),
                style="faint")  # fmt: skip
    low, value, high = cell(gauge.low), cell(gauge.value), cell(gauge.high)
    bar = "━" * (value - low) + "●" + "━" * (high - value)
    return Text.assemble(line[:low], Text(bar, style=tone or ""), line[high + 1 :])


def _generations(table: Generations, width: int) -> Iterator[RenderableType]:
    yield Text(table.title, style="strong")
    yield ""
    room = max(20, min(40, width - 36))
    cells = [[cell_len(row[1][at].text) for row in table.rows] for at in range(len(table.columns))]
    widths = [min(16, max(8, cell_len(name), *column)) for name, column in
              zip(table.columns, cells, strict=True)]  # fmt: skip
    start = 0
    while start < len(table.columns):
        stop, used = start, room
        while stop < len(table.columns) and (stop == start or used + widths[stop] + 2 <= width):
            used += widths[stop] + 2
            stop += 1
        grid = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="faint")
        grid.add_column("", no_wrap=True, overflow="ellipsis", max_width=room - 2)
        for name in table.columns[start:stop]:
            grid.add_column(Text(name, no_wrap=True, overflow="ellipsis"), justify="right",
                            no_wrap=True, max_width=16)  # fmt: skip
        for title, row in table.rows:
            figures = [Text(cell.text, style=cell.tone or "") for cell in row[start:stop]]
            grid.add_row(Text(title), *figures)
        yield grid
        start = stop


def _examples(examples: Examples, width: int, most: int) -> Iterator[RenderableType]:
    if not examples.rows:
        return
    yield ""
    yield _prose(examples.title, width, style="strong")
    yield _prose(examples.columns, width, style="faint")
    rows = examples.rows[:most]
    counts = max(max(len(row.reference), len(row.candidate)) for row in rows)
    room = min(width, 140) - 2 * counts - 8
    names = min(28, max(cell_len(row.ngram) for row in rows)) if width >= 80 else 0
    for row in rows:
        line = Text("  ")
        line.append(f"{row.reference:>{counts}} → {row.candidate:<{counts}}  ", style="faint")
        if not row.match:
            line.append(_cut(row.ngram, room), style="strong")
        elif names:
            line.append(set_cell_size(_cut(row.ngram, names), names) + "  ", style="strong")
            line.append_text(_in_context(row.before, row.match, row.after, room - names - 2))
        else:
            line.append_text(_in_context(row.before, row.match, row.after, room))
        yield line


def _in_context(before: str, match: str, after: str, room: int) -> Text:
    """Return the n-gram in brackets with what text there is room for, even on both sides."""
    match = _cut(match, room - 2)
    spare = room - cell_len(match) - 2
    left = min(cell_len(before), max(spare // 2, spare - cell_len(after)))
    shown = Text(_cut(before, left, keep_end=True), style="faint")
    shown.append(f"[{match}]", style="match not dim")
    return shown.append(_cut(after, spare - left), style="faint")


def _cut(text: str, room: int, *, keep_end: bool = False) -> str:
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


def _input(corpus: Input, width: int) -> Iterator[RenderableType]:
    yield _prose(f"{corpus.name} ({corpus.role}): {corpus.read}", width, style="faint")
    if corpus.skipped:
        yield _prose(corpus.skipped, width, indent=2, style="minor")
    for example in corpus.examples:
        yield _prose(example, width, indent=4, style="faint")


def _prose(
    words: str, width: int, *, indent: int = 0, bullet: str = "", style: str = ""
) -> RenderableType:
    room = min(width, _PROSE)
    grid = Table.grid(padding=0)
    if bullet:
        grid.add_column(width=len(bullet))
    grid.add_column(width=room - indent - len(bullet), overflow="fold")
    text = Text(words, style=style)
    grid.add_row(*([Text(bullet), text] if bullet else [text]))
    return Padding(grid, (0, 0, 0, indent))


def _two_ends(left: str, right: str, width: int, left_style: str, right_style: str) -> Text:
    """Return a line with ``right`` set to the right, in a column of levels."""
    room = min(width, 80) - 16
    return Text.assemble(
        (set_cell_size(_cut(left, room), room) + "  ", left_style), (right, right_style)
    )


def _bold(tone: Tone) -> str:
    return f"bold {tone}" if tone else "faint"
