"""The report as Markdown: a comment on a pull request, or the summary of a job."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from degrade.record import Record
from degrade.report.blocks import Example, Examples, FamilyBlock, Row
from degrade.report.escape import shortened
from degrade.report.exhibits import WordUses
from degrade.report.markdown_text import SHORT, code, details, strong, table, words
from degrade.report.outline import Advice, Generations, Outline, Section, outline, worst_of
from degrade.report.repetitions import Repetition, Repetitions
from degrade.report.trend import TrendBlock

MOST = 40_000
"""Characters of a report. A comment on GitHub holds 65,536, what others add to it included."""
_EXAMPLES, _WORDS, _WARNINGS, _NOTES, _CANDIDATES = 5, 10, 8, 20, 40


class MarkdownReport:
    """The report as Markdown for GitHub and GitLab."""

    name = "markdown"
    suffixes = (".md", ".markdown")

    def render(self, record: Record) -> str:
        """Return the report of ``record`` in at most 40,000 characters."""
        said = outline(record)
        first = "\n\n".join(part for part in _open(said) if part)
        kept, left = [], MOST - len(first) - SHORT
        out = 0
        for summary, body in _folded(said):
            part = details(summary, body)
            if not out and len(part) + 2 <= left:
                kept.append(part)
                left -= len(part) + 2
            else:
                out += 1
        if out:
            kept.append(f"{out:,} more {'part is' if out == 1 else 'parts are'} in the run file.")
        return "\n\n".join([shortened(first, MOST - SHORT), *kept]) + "\n"


REPORTER = MarkdownReport()


def _open(said: Outline) -> Iterator[str]:
    """Yield what is seen without unfolding anything."""
    worst = worst_of(said.sections)
    if worst is None:
        yield f"## {words(said.title)}"
    else:
        shifted = " (shifted)" if worst.shifted else ""
        yield f"## {words(worst.badge.capitalize())}{shifted}: {words(said.title, 160)}"
        yield strong(said.headline, 1_200)
        if said.generations is not None:
            yield _generations(said.generations)
            yield f"{strong(worst.candidate, SHORT)}, the worst:"
        yield _findings(worst, primary=True)
        yield " ".join(words(sentence) for sentence in worst.basis[:_WARNINGS])
        yield _bullets(worst.needed)
        yield _examples(worst.lost)
        yield _examples(worst.gained)
    if said.warnings:
        yield "**Read with care**\n\n" + _bullets(said.warnings, _WARNINGS)
    if worst is not None and worst.advice:
        yield "**What to do**\n\n" + "\n".join(_advice(each) for each in worst.advice)


def _folded(said: Outline) -> Iterator[tuple[str, str]]:
    """Yield what is folded away, the most wanted first."""
    worst = worst_of(said.sections)
    if said.trend is not None:
        yield words(said.trend.title, 160), _trend(said.trend)
    if worst is not None:
        if worst.planted is not None and worst.planted.rows:
            yield "Planted phrases", _examples(worst.planted)
        if worst.keywords is not None:
            yield "Words used less and more", _keywords(worst.keywords)
        if worst.inherited is not None and worst.inherited.rows:
            yield "Inherited phrases", _examples(worst.inherited)
        for name, found in (
            ("Bursting", worst.bursting),
            ("Loops", worst.loops),
            ("Duplicates", worst.duplicates),
        ):
            if found is not None and found.rows:
                yield name, _repetitions(found)
    yield "How to read this", _bullets([*said.legend, *(said.trend.legend if said.trend else ())])
    yield "What was read, and with which settings", _inputs(said)
    if worst is not None and any(not row.primary for b in worst.families for row in b.rows):
        title = "Every other measure"
        if len(said.sections) > 1:
            title += f" of {words(worst.candidate, SHORT)}"
        yield title, _findings(worst, primary=False)
    for section in reversed(said.sections):
        if section is not worst:
            title = f"{words(section.candidate, SHORT)}: {words(section.badge)}"
            body = f"{words(section.headline, 1_200)}\n\n{_findings(section, primary=True)}"
            yield title, body


def _findings(section: Section, *, primary: bool) -> str:
    alone = not any(row.primary for block in section.families for row in block.rows)
    rows: list[Sequence[str]] = []
    for block in section.families:
        chosen = [row for row in block.rows if (row.primary or alone) == primary]
        if chosen:
            rows += [_family(block), *(_row(row) for row in chosen)]
    head = ["", *(words(name, 40) for name in (section.reference, section.candidate))]
    return table([*head, "change", "noise", "level"], rows, (1, 2, 3, 4)) if rows else ""


def _family(block: FamilyBlock) -> Sequence[str]:
    return (strong(block.name, SHORT), "", "", "", "", strong(block.level))


def _row(row: Row) -> Sequence[str]:
    change = f"{row.change} {row.interval}".rstrip() if row.change else row.note
    figures = (row.reference, row.candidate, change, row.noise, row.level if row.change else "")
    return (words(row.title, SHORT), *(words(each, SHORT) for each in figures))


def _generations(said: Generations) -> str:
    """Return a row a candidate: there may be more of them than a line has room for."""
    titles = [words(title, SHORT) for title, _ in said.rows]
    every = list(range(len(said.columns)))
    half = _CANDIDATES // 2
    shown = every if len(every) <= _CANDIDATES else [*every[:half], *every[-half:]]
    rows: list[Sequence[str]] = [
        (words(said.columns[at], 40), *(words(cells[at].text, 40) for _, cells in said.rows))
        for at in shown
    ]
    if len(shown) < len(every):
        between = f"… {len(every) - len(shown):,} more"
        rows.insert(half, (between, *("" for _ in titles)))
    return table(["", *titles], rows, range(2, len(titles) + 1))


def _examples(said: Examples) -> str:
    if not said.rows:
        return ""
    lines = [strong(said.title), "", words(said.columns), ""]
    lines += [_example(row) for row in said.rows[:_EXAMPLES]]
    if len(said.rows) > _EXAMPLES:
        lines.append(f"- … {len(said.rows) - _EXAMPLES:,} more in the run file")
    return "\n".join(lines)


def _example(row: Example) -> str:
    text = code(row.ngram) or "(blank)"
    if not row.match:
        return f"- {row.reference} → {row.candidate}: {text}"
    before, after = row.before[-SHORT:], row.after[:SHORT]
    return (
        f"- {row.reference} → {row.candidate}: {text} in "
        f"{code(f'{before}[{shortened(row.match, SHORT)}]{after}', 3 * SHORT)}"
    )


def _keywords(said: WordUses) -> str:
    lines = [words(said.title), "", words(said.columns), ""]
    for name, uses in (("less", said.less), ("more", said.more)):
        if uses:
            few = (f"{code(each.word, 40)} {each.reference} → {each.candidate}" for each in
                   uses[:_WORDS])  # fmt: skip
            lines.append(f"- {name}: {', '.join(few)}")
    return "\n".join(lines)


def _repetitions(said: Repetitions) -> str:
    lines = [part for each in (said.title, said.note) if (part := words(each))]
    lines = ["\n\n".join(lines), ""]
    lines += [_repetition(row) for row in said.rows[:_EXAMPLES]]
    if len(said.rows) > _EXAMPLES:
        lines.append(f"- … {len(said.rows) - _EXAMPLES:,} more in the run file")
    return "\n".join(lines)


def _repetition(row: Repetition) -> str:
    pieces = row.passages[0].pieces if row.passages else ((row.text, False),)
    text = code("".join(f"[{text}]" if marked else text for text, marked in pieces), 3 * SHORT)
    return f"- {words(f'{row.often} in {shortened(row.corpus, 40)}:')} {text or '(blank)'}"


def _trend(said: TrendBlock) -> str:
    rows = [
        (
            words(row.title, SHORT),
            words(f"{row.slope} {row.interval}".rstrip() or row.note, SHORT),
            words(row.p),
            words(row.date, SHORT),
        )
        for row in said.rows
        if row.primary or not any(each.primary for each in said.rows)
    ]
    head = ("", "per generation", "", "past minor")
    return f"{words(said.about)}\n\n{table(head, rows, (1,))}"


def _inputs(said: Outline) -> str:
    lines = []
    for corpus in said.inputs[:_CANDIDATES]:
        lines.append(f"- {words(f'{corpus.name} ({corpus.role}): {corpus.read}')}")
        if corpus.skipped:
            lines.append(f"  - {words(corpus.skipped)}")
        lines += [f"  - {words(example, 200)}" for example in corpus.examples[:_EXAMPLES]]
    if len(said.inputs) > _CANDIDATES:
        lines.append(f"- … {len(said.inputs) - _CANDIDATES:,} more in the run file")
    return "\n".join([*lines, "", words(said.settings, 1_200)])


def _advice(said: Advice) -> str:
    command = f": {code(said.command, 2 * SHORT)}" if said.command else ""
    return f"- {words(said.words)}{command}"


def _bullets(said: Sequence[str], most: int = _NOTES) -> str:
    lines = [f"- {words(sentence)}" for sentence in said[:most]]
    if len(said) > most:
        lines.append(f"- … {len(said) - most:,} more in the run file")
    return "\n".join(lines)
