"""What is said of how much of an original to keep, in words, as JSON, text and a page."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from degrade.planned import Least, Need, Planned, Step
from degrade.report import figures
from degrade.report.blocks import Tone
from degrade.report.codec import encode
from degrade.report.escape import plain
from degrade.version import __version__

SCHEMA_VERSION = 1
FILES = ("plan.json", "plan.html", "plan.txt")
LOSSES: Mapping[str, str] = {
    "rare_loss_1": "loss of rare words",
    "rare_loss_2": "loss of rare word pairs",
    "rare_loss_3": "loss of rare word triples",
    "types_1": "loss of different words",
    "types_2": "loss of different word pairs",
    "repetition_4": "rise of repetition",
    "shared_4": "rise of phrases that documents share",
    "simpson": "rise of a few common words",
}
"""What the levels of the built-in measures are of; of others, of their titles."""
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

    ``headline`` is the first of the ``answers``, or says that nothing is lost; ``answers`` tell of
    each measure that is affected, ``spared`` names the others, and ``regimes`` tell of the ways to
    train that keep the whole original.
    """

    title: str
    headline: str
    answers: tuple[str, ...]
    spared: str
    regimes: tuple[str, ...]
    tables: tuple[Table, ...]
    notes: tuple[str, ...]


def account_of(found: Planned) -> Account:
    """Return what a report on ``found`` says."""
    answers = tuple(" ".join(_answer(need, found)) for need in found.needs if need.affected)
    return Account(
        title=f"How much of the original to keep, {_over(found)}",
        headline=answers[0] if answers else _without_loss(found),
        answers=answers,
        spared=_spared(found),
        regimes=tuple(_regimes(found)),
        tables=tuple(map(_table, found.needs)),
        notes=tuple(_notes(found)),
    )


def _without_loss(found: Planned) -> str:
    """Return what to say where no measure is known to be affected."""
    shares = next((need.shares for need in found.needs), ())
    if not shares:
        return "How much of the original to keep is told under the regime replace alone."
    if not any(need.least for need in found.needs):
        return (
            "How much of the original to keep cannot be told: no measure could be computed in all "
            "generations."
        )
    if shares[0] > 0:
        return (
            f"Every share that was simulated is enough to stay under a minor loss {_over(found)}."
        )
    return (
        f"No measure that could be told comes to a minor loss {_over(found)}: nothing of the "
        "original need be kept for them."
    )


def _over(found: Planned) -> str:
    return f"for {figures.things(found.generations, 'generation')}"


def _answer(need: Need, found: Planned) -> Iterator[str]:
    """Yield what to keep to stay under a minor loss, or under the mildest that can be."""
    first = need.least[0]
    over = _over(found)
    yield f"To stay under a minor {_loss(need)} {over}, {_what(first, need, found)}."
    if first.outcome == "between" or len(need.shares) == 1:
        return
    for least in need.least[1:]:
        if least.outcome != "largest-is-not-enough":
            yield f"To stay under a {least.limit} one, {_what(least, need, found)}."
            return
    yield "No share that was simulated stays under a moderate or a severe one either."


def _loss(need: Need) -> str:
    return LOSSES.get(need.metric) or f'loss by "{plain(need.title)}"'


def _what(least: Least, need: Need, found: Planned) -> str:
    smallest, largest = need.shares[0], need.shares[-1]
    if len(need.shares) == 1:
        return _one(least, need)
    if least.outcome == "largest-is-not-enough":
        change = _worst(least.worst, need)
        if least.alone:
            return f"no share is enough: the first model, of the original alone, {_first(need)}"
        if largest == 1.0:
            return f"no share is enough: even where all of the original is kept, {change}"
        within = _from(least, need, found)
        return (
            f"keep more than {_exact(largest)} of the original text, the largest share simulated, "
            f"at which {change}{within}"
        )
    if least.outcome == "smallest-is-enough":
        within = _upper(least, need, found)
        if smallest == 0.0:
            return f"nothing of the original text need be kept{within}"
        return (
            f"{_exact(smallest)} of the original text, the smallest share simulated, is "
            f"enough{within}"
        )
    return f"keep at least {_share(least.keep)} of the original text{_interval(least, need, found)}"


def _one(least: Least, need: Need) -> str:
    """Return what a single share tells: under the level or beyond it, and how surely."""
    under = least.keep is not None
    sure = least.interval and (least.high is not None if under else least.low is None)
    side = "under it" if under else "beyond it"
    certainty = "" if sure else ", though not surely"
    share = need.shares[0]
    kept = f"keeping {_exact(share)}" if share else "keeping nothing"
    return (
        f"more than one share has to be simulated (--keep 0,0.1,0.25,0.5): {kept}, "
        f"{_worst(least.worst, need)}, {side}{certainty}"
    )


def _interval(least: Least, need: Need, found: Planned) -> str:
    """Return the interval of a share that lies between those simulated, with open ends told."""
    smallest, largest = need.shares[0], need.shares[-1]
    if not least.interval:
        return " (no interval: too few groups of documents)"
    low, high = _share(least.low), _share(least.high)
    if least.low == smallest and smallest > 0:
        low = f"{_exact(smallest)} or less"
    if least.high is None:
        high = (
            "more than can be kept" if largest == 1.0
            else f"more than {_exact(largest)}, the largest share simulated"
        )  # fmt: skip
    return f" ({_confidence(found)} interval {low} to {high})"


def _upper(least: Least, need: Need, found: Planned) -> str:
    """Return how far the interval of a share that is not larger than the smallest one reaches."""
    if not least.interval:
        return " (no interval: too few groups of documents)"
    if least.high is None:
        largest = need.shares[-1]
        reach = "to all, and more" if largest == 1.0 else f"to more than {_exact(largest)}"
        return f", though not surely ({_confidence(found)} interval {reach})"
    if least.high == need.shares[0]:
        return f", with {_confidence(found)} confidence"
    return f" ({_confidence(found)} interval up to {_share(least.high)})"


def _from(least: Least, need: Need, found: Planned) -> str:
    """Return where the interval of a share that is larger than the largest one begins."""
    if not least.interval:
        return " (no interval: too few groups of documents)"
    if least.low is None:
        return f" ({_confidence(found)} interval: more than that too)"
    smallest = need.shares[0]
    low = _share(least.low)
    if least.low == smallest and smallest > 0:
        low = f"{_exact(smallest)} or less"
    return f" ({_confidence(found)} interval from {low})"


def _first(need: Need) -> str:
    """Return what the first generation comes to, which no share that is kept could have helped."""
    course = next(each for each in need.courses if each.regime == "replace")
    change = course.steps[1].change
    return f"comes to {figures.change_with_interval(change, need.unit)}" if change else ""


def _worst(step: Step, need: Need) -> str:
    """Return the largest loss of a share: ``gen5 comes to 21.8% lost [19.0, 24.5]``."""
    if step.change is None:
        return "it cannot be told"
    return (
        f"{plain(step.generation)} comes to {figures.change_with_interval(step.change, need.unit)}"
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
    confidence = _confidence(found)
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


def _share(share: float | None) -> str:
    """Return a share in whole percent, in a digit below one; empty for None."""
    if share is None:
        return ""
    percent = 100 * share
    return f"{percent:.0f}%" if percent >= 0.95 or percent == 0 else f"{percent:.1g}%"


def _exact(share: float) -> str:
    return f"{100 * share:.6g}%"


def _confidence(found: Planned) -> str:
    return f"{100 * found.confidence:.6g}%"


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
