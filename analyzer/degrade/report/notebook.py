"""What a notebook shows of a run or a comparison: headline and table, in HTML without a script."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from degrade.findings import Comparison
from degrade.record import Record
from degrade.report.blocks import FamilyBlock, Row, Tone
from degrade.report.escape import plain, shortened
from degrade.report.outline import Generations, Outline, Section, outline, worst_of

_LONGEST, _CANDIDATES, _WARNINGS = 600, 40, 8
# Dark on light or light on dark by itself: contrast is 4.5 or more in both.
_BADGES: dict[str, str] = {
    "none": "#1b6e33;color:#fff",
    "minor": "#e3c000;color:#000",
    "moderate": "#f08c00;color:#000",
    "severe": "#b3261e;color:#fff",
    "inconclusive": "#1f5fbf;color:#fff",
    "better": "#00707d;color:#fff",
}
_CELL = "text-align:left;padding:.15em .9em .15em 0;border:0;vertical-align:top"
_FIGURE = "text-align:right;padding:.15em .9em .15em 0;border:0;vertical-align:top"


def record_html(record: Record) -> str:
    """Return headline, table, warnings and legend of a run."""
    said = outline(record)
    worst = worst_of(said.sections)
    parts = [_paragraph(said.title)] if worst is None else list(_shown(said, worst))
    return f'<div style="max-width:60em;line-height:1.4">{"".join(parts)}</div>'


def comparison_html(comparison: Comparison) -> str:
    """Return headline, table and legend of a comparison."""
    return record_html(Record({}, (), (comparison,)))


def _shown(said: Outline, worst: Section) -> Iterator[str]:
    shifted = " · shifted" if worst.shifted else ""
    badge = _badge(worst.badge.capitalize(), worst.level)
    yield f"<p>{badge} <b>{_text(said.title)}</b>{shifted}</p>"
    yield f"<p><b>{_text(said.headline)}</b></p>"
    if said.generations is not None:
        yield _generations(said.generations)
        yield f"<p><b>{_text(worst.candidate)}</b>, the worst:</p>"
    yield _findings(worst)
    yield _paragraph(" ".join(worst.basis[:_WARNINGS]))
    for warning in said.warnings[:_WARNINGS]:
        yield f"<p><b>Read with care:</b> {_text(warning)}</p>"
    if len(said.warnings) > _WARNINGS:
        yield _paragraph(f"… {len(said.warnings) - _WARNINGS} more warnings")
    yield f"<p><small>{_text('. '.join(said.legend), 2_000)}</small></p>"


def _findings(section: Section) -> str:
    alone = not any(row.primary for block in section.families for row in block.rows)
    head = ("", section.reference, section.candidate, "change", "noise", "level")
    rows = []
    for block in section.families:
        chosen = [row for row in block.rows if row.primary or alone]
        if chosen:
            rows += [_family(block), *(_row(row) for row in chosen)]
    return _table(head, rows)


def _family(block: FamilyBlock) -> str:
    level = _badge(block.level, block.tone) if block.level else ""
    return f'<tr><th colspan="5" style="{_CELL}">{_text(block.name)}</th>{_cell(level)}</tr>'


def _row(row: Row) -> str:
    change = f"{row.change} {row.interval}".rstrip() if row.change else row.note
    figures = (row.reference, row.candidate, change, row.noise)
    cells = "".join(_cell(_text(each, 200), _FIGURE) for each in figures)
    level = row.level if row.change else ""
    return f"<tr>{_cell(_text(row.title, 200))}{cells}{_cell(_text(level))}</tr>"


def _generations(said: Generations) -> str:
    """Return a row a candidate, the first and the last where there are many."""
    half, count = _CANDIDATES // 2, len(said.columns)
    shown = range(count) if count <= _CANDIDATES else [*range(half), *range(count - half, count)]
    rows = []
    for at in shown:
        if count > _CANDIDATES and at == count - half:
            rows.append(f"<tr>{_cell(f'… {count - _CANDIDATES} more')}</tr>")
        cells = "".join(_cell(_text(row[at].text), _FIGURE) for _, row in said.rows)
        rows.append(f"<tr>{_cell(_text(said.columns[at], 80))}{cells}</tr>")
    return _table(["", *(title for title, _ in said.rows)], rows)


def _table(head: Sequence[str], rows: Iterable[str]) -> str:
    cells = "".join(f'<th scope="col" style="{_FIGURE}">{_text(name, 80)}</th>' for name in head)
    return f'<table style="border:0">{f"<tr>{cells}</tr>"}{"".join(rows)}</table>'


def _cell(content: str, style: str = _CELL) -> str:
    return f'<td style="{style}">{content}</td>'


def _badge(words: str, tone: Tone) -> str:
    style = _BADGES.get(tone or "", "#555;color:#fff")
    return (
        f'<span style="background:{style};padding:.1em .5em;border-radius:.3em">{_text(words)}'
        "</span>"
    )


def _paragraph(text: str) -> str:
    return f"<p>{_text(text, 2_000)}</p>"


def _text(text: str, most: int = _LONGEST) -> str:
    return escape(shortened(plain(text), most))
