"""What is said of how much of an original to keep, in words, as JSON, text and a page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from degrade.planned import Need, Planned, Step
from degrade.report import figures
from degrade.report.blocks import Tone
from degrade.report.codec import encode
from degrade.report.escape import plain
from degrade.report.plan_answers import answer, for_generations, level_of_confidence
from degrade.version import __version__

SCHEMA_VERSION = 1
FILES = ("plan.json", "plan.html", "plan.txt")
ABOUT = (
    "Change against the text that was held out, by generation; gen0 is what the first model "
    "learned from."
)
LEARNER = (
    "The models are small: take the shares for how losses go with what is kept, and not for those "
    "of a large model."
)


@dataclass(frozen=True, slots=True)
class Cell:
    """A change in words, its interval, and how it is meant."""

    change: str
    interval: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class Table:
    """One measure: a row a way to train, a column a generation."""

    metric: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]


@dataclass(frozen=True, slots=True)
class Account:
    """A whole report on a plan; every text in it is plain.

    ``headline`` is the first of the ``answers``, or says that nothing is lost; ``warnings`` say why
    losses may be larger; ``answers`` tell of each measure that is affected, ``spared`` names the
    others, and ``regimes`` tell of the ways to train that keep the whole original.
    """

    title: str
    headline: str
    warnings: tuple[str, ...]
    answers: tuple[str, ...]
    spared: str
    regimes: tuple[str, ...]
    tables: tuple[Table, ...]
    notes: tuple[str, ...]


def account_of(found: Planned) -> Account:
    """Return what a report on ``found`` says."""
    answers = tuple(" ".join(answer(need, found)) for need in found.needs if need.affected)
    return Account(
        title=f"How much of the original to keep, {for_generations(found)}",
        headline=answers[0] if answers else _without_loss(found),
        warnings=tuple(map(plain, found.warnings)),
        answers=answers,
        spared=_spared(found),
        regimes=tuple(_regimes(found)),
        tables=tuple(map(_table, found.needs)),
        notes=tuple(_notes(found)),
    )


def _without_loss(found: Planned) -> str:
    """Return what to say where no measure is known to be affected."""
    if all(need.worse == "either" for need in found.needs):
        return (
            "How much of the original to keep is told by measures of the verdict, and none of them "
            "was asked for."
        )
    shares = next((need.shares for need in found.needs), ())
    if not shares:
        return "How much of the original to keep is told under the regime replace alone."
    if not any(need.least for need in found.needs):
        return (
            "How much of the original to keep cannot be told: no measure could be computed in all "
            "generations."
        )
    over = for_generations(found)
    if shares[0] > 0:
        return f"Every share that was simulated is enough to stay under a minor loss {over}."
    return (
        f"No measure that could be told comes to a minor loss {over}: nothing of the original need "
        "be kept for them."
    )


def _spared(found: Planned) -> str:
    """Return which measures no share brings to a minor loss, and for which that is not sure."""
    spared = [need for need in found.needs if need.least and not need.affected]
    if not spared:
        return ""
    names = ", ".join(
        plain(need.title) + ("" if _surely(need) else " (not surely)") for need in spared
    )
    return f"Under minor whatever share is kept: {names}."


def _regimes(found: Planned) -> Iterator[str]:
    """Yield what comes of each way to train that keeps all of the original."""
    courses = [(need, course) for need in found.needs for course in need.courses]
    for lineage in dict.fromkeys(each.lineage for _, each in courses if each.regime != "replace"):
        by_level: dict[str, list[str]] = {"severe": [], "moderate": [], "minor": []}
        for need, course in courses:
            if course.lineage == lineage and course.worst is not None:
                level = course.steps[course.worst].level or "none"
                by_level.get(level, []).append(plain(need.title))
        said = [f"{level} by {', '.join(names)}" for level, names in by_level.items() if names]
        if said:
            yield f"Under {plain(lineage)}, losses are {'; '.join(said)}."
        else:
            yield f"Under {plain(lineage)}, no loss is shown."


def _surely(need: Need) -> bool:
    return need.least[0].interval and need.least[0].high == need.shares[0]


def _notes(found: Planned) -> Iterator[str]:
    confidence = level_of_confidence(found)
    if found.basis == "comparison":
        yield (
            f"Intervals are those of the comparisons (seed {found.seeds[0]} alone, simultaneous "
            f"over the measures of the verdict, {confidence}): they leave out how much another "
            "split of the corpus and other text would differ; --seeds 5 shows it."
        )
    else:
        first, last = found.seeds[0], found.seeds[-1]
        yield (
            f"Figures are means over {len(found.seeds)} seeds ({first} to {last}), each with draws "
            f"of its own, and intervals theirs (Student's t, {confidence})."
        )
    shares = next((need.shares for need in found.needs), ())
    if len(shares) > 1:
        yield (
            "A share between two that were simulated lies on a straight line between the worst "
            "generations of both; losses are taken to fall with the share kept."
        )
    yield LEARNER
    said = ", ".join(f"{plain(name)} {plain(str(value))}" for name, value in found.settings.items()
                     if value is not None)  # fmt: skip
    yield f"degrade {__version__}: {said}"


def _table(need: Need) -> Table:
    steps = need.courses[0].steps
    return Table(
        metric=plain(need.metric),
        title=plain(need.title),
        columns=tuple(plain(step.generation) for step in steps),
        rows=tuple(
            (plain(course.lineage), tuple(cell_of(step, need) for step in course.steps))
            for course in need.courses
        ),
    )


def cell_of(step: Step, need: Need) -> Cell:
    """Return what a table and a chart say of one generation."""
    if step.change is None:
        return Cell("-", "", None)
    return Cell(
        figures.change(step.change, need.unit), figures.interval(step.change), tone_of(step)
    )


def tone_of(step: Step) -> Tone:
    """Return how a change is meant, for its colour."""
    if step.better and step.level not in ("minor", "moderate", "severe"):
        return "better"
    return step.level


def content(found: Planned, suffix: str) -> str:
    """Return the plan as .json, .html or .txt."""
    if suffix == ".html":
        from degrade.report.html.plan_page import plan_page

        return plan_page(found)
    if suffix == ".txt":
        from degrade.report import terminal
        from degrade.report.terminal_plan import plan_lines

        account = account_of(found)
        return terminal.render_lines(lambda width: plan_lines(account, width), terminal.FILE_WIDTH)
    account = account_of(found)
    document = {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "degrade", "version": __version__},
        "headline": account.headline,
        "answers": list(account.answers),
        **encode(found),
    }
    return json.dumps(document, ensure_ascii=True, allow_nan=False, indent=2) + "\n"
