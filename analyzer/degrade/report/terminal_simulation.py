"""Several lineages of recursive training side by side, in a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TextIO

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from degrade.findings import Finding
from degrade.record import Record
from degrade.report import figures, terminal
from degrade.report.blocks import tone_of
from degrade.report.terminal_text import prose, toned

Lineages = Sequence[tuple[str, Record]]
_ABOUT = (
    "Change against the text that was held out, by generation; gen0 is what the first model "
    "learned from. Intervals and all other measures are in the report of each lineage."
)


def show(lineages: Lineages, stream: TextIO | None = None) -> None:
    """Print the report of a single lineage, or how each measure went in each of several."""
    if len(lineages) == 1:
        terminal.show(lineages[0][1], stream)
    else:
        terminal.show_lines(lambda width: lineage_lines(lineages, width), stream)


def lineage_lines(lineages: Lineages, width: int) -> Iterator[RenderableType]:
    """Yield a table for each measure of the verdict: a row for each lineage."""
    yield ""
    yield prose(_ABOUT, width, style="faint")
    first = lineages[0][1].comparisons[0]
    for measure in (finding for finding in first.findings if finding.primary):
        yield ""
        yield Text(measure.title, style="strong")
        yield _table(measure.metric, lineages)


def _table(metric: str, lineages: Lineages) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="faint")
    table.add_column("", no_wrap=True)
    for comparison in lineages[0][1].comparisons:
        table.add_column(comparison.candidate, no_wrap=True, justify="right")
    for name, record in lineages:
        found = [
            next(finding for finding in comparison.findings if finding.metric == metric)
            for comparison in record.comparisons
        ]
        table.add_row(Text(name), *map(_cell, found))
    return table


def _cell(finding: Finding) -> Text:
    if finding.change is None:
        return Text("-", style="faint")
    return Text(figures.change(finding.change, finding.unit), style=toned(tone_of(finding)))
