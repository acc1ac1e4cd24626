"""The findings of a comparison: as a table where it fits, else two lines each."""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len
from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from degrade.report.blocks import FamilyBlock, Row, Tone
from degrade.report.gauge import FIRST, LAST, Gauge
from degrade.report.outline import Section
from degrade.report.terminal_text import ends_room, prose, toned, two_ends

Shown = tuple[tuple[FamilyBlock, tuple[Row, ...]], ...]

_TITLE, _NAME = 48, 14  # Longer titles wrap, longer names of corpora are cut.
_SCALE = "│: no change, then the thresholds of minor, moderate and severe, losses to the right"
_CELLS = 4  # of a scale, for each step of severity


def chosen(section: Section, *, details: bool) -> Shown:
    """Return the rows to show: of the verdict, and the others with ``details`` or when alone."""
    details = details or not any(row.primary for block in section.families for row in block.rows)
    rows = (
        (block, tuple(row for row in block.rows if details or row.primary))
        for block in section.families
    )
    return tuple((block, found) for block, found in rows if found)


def finding_lines(section: Section, shown: Shown, width: int) -> Iterator[RenderableType]:
    """Yield the findings by family, each with its change and how far that goes."""
    scale = has_scale(section, shown, width)
    if _natural_width(section, shown) <= width:
        if scale:
            yield prose(f"{_SCALE}.", width, style="faint")
        yield _table(section, shown, scale=scale)
    else:
        said = f"{section.reference} → {section.candidate}, then the change [and its interval]"
        if any(row.noise for _, rows in shown for row in rows):
            said += ", and noise: what chance alone would change"
        yield prose(f"{said}. {_SCALE}." if scale else said, width, style="faint")
        yield from _list(shown, width)


def has_scale(section: Section, shown: Shown, width: int) -> bool:
    """Return whether there is a scale to draw, and room for it in the table or the list."""
    natural = _natural_width(section, shown)
    if natural > width:
        return any(_listed_scale(row, width) for _, rows in shown for row in rows)
    gauges = any(row.gauge for _, rows in shown for row in rows)
    return gauges and natural + _scale_cells() + 2 <= width


def _listed_scale(row: Row, width: int) -> bool:
    """Return whether there is room for a scale between title and level."""
    return row.gauge is not None and cell_len(row.title) + _scale_cells() + 4 <= ends_room(width)


def _natural_width(section: Section, shown: Shown) -> int:
    """Return the width of the table without a scale if only notes wrap."""
    names = [min(_NAME, cell_len(name)) for name in (section.reference, section.candidate)]
    columns = [0, *names, len("change"), 0, len("noise"), len("level")]
    for _, rows in shown:
        for row in rows:
            title = min(_TITLE, cell_len(row.title) + 2)
            figures = (
                row.reference, row.candidate, row.change, row.interval, row.noise, row.level
            )  # fmt: skip
            found = [title, *map(cell_len, figures)]
            columns = [max(pair) for pair in zip(columns, found, strict=True)]
    return sum(columns) + 2 * (len(columns) - 1)


def _scale_cells() -> int:
    return int(LAST - FIRST) * _CELLS + 1


def _table(section: Section, shown: Shown, *, scale: bool) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="faint")
    table.add_column("", max_width=_TITLE)
    for name in (section.reference, section.candidate):
        table.add_column(Text(name, no_wrap=True, overflow="ellipsis"), justify="right",
                         no_wrap=True, max_width=_NAME)  # fmt: skip
    table.add_column("change", justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    table.add_column("noise", justify="right", no_wrap=True)
    if scale:
        table.add_column("", no_wrap=True)
    table.add_column("level", no_wrap=True)
    for block, rows in shown:
        level = Text(block.level, style=_family(block.tone))
        title = Text(block.name, style="strong")
        if block.about:
            title.append(f"\n{block.about}", style="faint")
        table.add_row(title, *[""] * (6 if scale else 5), level)
        for row in rows:
            cells: list[RenderableType] = [
                Padding(_with_notes(row), (0, 0, 0, 2)),
                Text(row.reference),
                Text(row.candidate),
                Text(row.change, style=toned(row.tone)),
                Text(row.interval, style="faint"),
                Text(row.noise, style="faint"),
            ]
            if scale:
                cells.append(_scale(row.gauge, row.tone))
            table.add_row(
                *cells, Text(row.level if row.change else "", style=toned(row.tone, "faint"))
            )
    return table


def _list(shown: Shown, width: int) -> Iterator[RenderableType]:
    for block, rows in shown:
        yield two_ends(block.name, block.level, width, "strong", _family(block.tone))
        if block.about:
            yield prose(block.about, width, indent=2, style="faint")
        for row in rows:
            level = row.level if row.change else ""
            scale = _scale(row.gauge, row.tone) if _listed_scale(row, width) else None
            yield two_ends(f"  {row.title}", level, width, "", toned(row.tone, "faint"), scale)
            if not row.change:
                yield prose(row.note, width, indent=4, style="faint")
                continue
            line = Text("    ")
            if row.reference or row.candidate:
                line.append(f"{row.reference or '?'} → {row.candidate or '?'}  ")
            line.append(row.change, style=toned(row.tone))
            line.append(f" {row.interval}", style="faint")
            noise = Text(f"noise {row.noise}" if row.noise else "", style="faint")
            if cell_len(line.plain) + 2 + cell_len(noise.plain) <= width:
                line.append("  ").append_text(noise)
                yield line
            else:
                yield line
                yield prose(noise, width, indent=4)
            for words in _notes(row):
                yield prose(words, width, indent=4, style="faint")


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

    marks = ("│" if 0 < at < last and at % _CELLS == 0 else "·" for at in range(last + 1))
    line = Text("".join(marks), style="faint")
    low, value, high = cell(gauge.low), cell(gauge.value), cell(gauge.high)
    bar = line.plain[low : high + 1].replace("│", "┿").replace("·", "━")
    bar = bar[: value - low] + "●" + bar[value - low + 1 :]
    return Text.assemble(line[:low], Text(bar, style=toned(tone)), line[high + 1 :])


def _family(tone: Tone) -> str:
    return f"family.{tone}" if tone else "faint"
