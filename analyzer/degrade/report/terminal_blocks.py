"""What the terminal shows of each block of an outline."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from degrade.report.blocks import Examples
from degrade.report.grounds import Survivors
from degrade.report.outline import Input, Outline, Section, worst_of
from degrade.report.terminal_examples import example_lines, repetition_lines
from degrade.report.terminal_exhibits import plot_lines, word_lines
from degrade.report.terminal_findings import chosen, finding_lines
from degrade.report.terminal_generations import generation_lines, has_spark
from degrade.report.terminal_text import prose
from degrade.report.terminal_trend import trend_lines

_LOST, _GAINED, _REPEATED = 10, 5, 3
_HEADLINES = 8  # Of more candidates, only the worst is told in a sentence.


def report_lines(outline: Outline, width: int, *, details: bool) -> Iterator[RenderableType]:
    """Yield what to print, top to bottom: verdict, findings, evidence, warnings, inputs."""
    if outline.generations is not None:
        yield ""
        yield from generation_lines(outline.generations, outline.headline, width)
    if outline.trend is not None:
        yield ""
        yield from trend_lines(outline.trend, width, details=details)
    worst = worst_of(outline.sections)
    several = len(outline.sections) > 1
    short = len(outline.sections) > _HEADLINES and not details
    if short:
        yield ""
        yield from (_badges(section) for section in outline.sections if section is not worst)
    for section in outline.sections:
        whole = details or section is worst
        if whole or not short:
            yield from _section(section, width, details=details, several=several, whole=whole)
    if len(outline.sections) > 1 and not details:
        yield ""
        yield Text("The findings on every candidate are shown with --details.", style="faint")
    if not outline.sections:
        yield Text(outline.title)
    if outline.warnings:
        yield ""
        yield Text("Read with care", style="strong")
        for warning in outline.warnings:
            yield prose(warning, width, indent=2, bullet="- ")
    yield ""
    yield prose(_legend(outline, width), width, style="faint")
    yield ""
    for corpus in outline.inputs:
        yield from _input(corpus, width)
    yield prose(outline.settings, width, style="faint")


def _legend(outline: Outline, width: int) -> str:
    said = [*outline.legend, *(outline.trend.legend if outline.trend else ())]
    if outline.generations is not None and has_spark(outline.generations, width):
        said.append("▁ to █: how far towards severe each candidate is, in order")
    return ". ".join([*said, ""]).rstrip()


def _section(
    section: Section, width: int, *, details: bool, several: bool, whole: bool
) -> Iterator[RenderableType]:
    yield ""
    if several:
        yield Rule(style="faint", characters="─")
    yield _badges(section)
    yield ""
    yield prose(section.headline, width, style="strong")
    if whole:
        yield from _findings_and_evidence(section, width, details=details, several=several)


def _findings_and_evidence(
    section: Section, width: int, *, details: bool, several: bool
) -> Iterator[RenderableType]:
    yield ""
    for words in section.basis:
        yield prose(words, width, style="faint")
    for words in section.needed:
        yield prose(words, width, indent=2, bullet="- ")
    yield ""
    shown = chosen(section, details=details)
    yield from finding_lines(section, shown, width)
    hidden = sum(len(block.rows) for block in section.families)
    hidden -= sum(len(rows) for _, rows in shown)
    if hidden:
        words = "1 more measure is" if hidden == 1 else f"{hidden} more measures are"
        yield Text(f"{words} in the run file (-o run.json).", style="faint")
    for plot in section.plots:
        yield from plot_lines(plot, width)
    if section.survivors is not None:
        yield from _survivors(section.survivors, width)
    if section.planted is not None:
        yield from _planted(section.planted, width, 4 if several else _LOST)
    yield from example_lines(section.lost, width, 4 if several else _LOST)
    if not several:
        yield from example_lines(section.gained, width, _GAINED)
    if section.lost.unresolved:
        yield prose(section.lost.unresolved, width, style="faint")
    if section.inherited is not None:
        yield from example_lines(section.inherited, width, 4 if several else _LOST)
    if section.keywords is not None and not several:
        yield from word_lines(section.keywords, width)
    for found in (section.bursting, section.loops, section.duplicates):
        if found is not None:
            yield from repetition_lines(found, width, 1 if several else _REPEATED)
    if section.advice:
        yield ""
        yield Text("What to do", style="strong")
        for advice in section.advice:
            yield prose(str(advice), width, indent=2, bullet="- ")


def _planted(planted: Examples, width: int, most: int) -> Iterator[RenderableType]:
    """Yield the planted phrases; who asked for them is told too that there are none."""
    if planted.rows:
        yield from example_lines(planted, width, most)
    else:
        yield ""
        yield prose(planted.title, width, style="strong")


def _survivors(survivors: Survivors, width: int) -> Iterator[RenderableType]:
    yield ""
    yield Text(survivors.title, style="strong")
    grid = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="faint")
    grid.add_column("", no_wrap=True)
    for name in survivors.columns:
        grid.add_column(name, no_wrap=True)
    for row in survivors.rows:
        grid.add_row(*(Text(cell) for cell in row))
    yield Padding(grid, (0, 0, 0, 2))
    yield prose(survivors.note, width, style="faint")


def _badges(section: Section) -> Text:
    title = Text()
    title.append(f" {section.badge.capitalize()} ", style=f"badge.{section.level}")
    if section.shifted:
        title.append(" ")
        title.append(" Shifted ", style="badge.shifted")
    title.append(f"  {section.candidate} against {section.reference}", style="strong")
    return title


def _input(corpus: Input, width: int) -> Iterator[RenderableType]:
    yield prose(f"{corpus.name} ({corpus.role}): {corpus.read}", width, style="faint")
    if corpus.skipped:
        yield prose(corpus.skipped, width, indent=2, style="tone.minor")
    for example in corpus.examples:
        yield prose(example, width, indent=4, style="faint")
