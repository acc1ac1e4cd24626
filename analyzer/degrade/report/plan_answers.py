"""Which share of an original to keep, in sentences: one for a measure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from degrade.planned import Least, Need, Planned, Step
from degrade.report import figures
from degrade.report.escape import plain

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


def for_generations(found: Planned) -> str:
    """Say over how many generations."""
    return f"for {figures.things(found.generations, 'generation')}"


def answer(need: Need, found: Planned) -> Iterator[str]:
    """Yield what to keep to stay under a minor loss, or under the mildest that can be."""
    first = need.least[0]
    over = for_generations(found)
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
    return f" ({level_of_confidence(found)} interval {low} to {high})"


def _upper(least: Least, need: Need, found: Planned) -> str:
    """Return how far the interval of a share that is not larger than the smallest one reaches."""
    if not least.interval:
        return " (no interval: too few groups of documents)"
    if least.high is None:
        largest = need.shares[-1]
        reach = "to all, and more" if largest == 1.0 else f"to more than {_exact(largest)}"
        return f", though not surely ({level_of_confidence(found)} interval {reach})"
    if least.high == need.shares[0]:
        return f", with {level_of_confidence(found)} confidence"
    return f" ({level_of_confidence(found)} interval up to {_share(least.high)})"


def _from(least: Least, need: Need, found: Planned) -> str:
    """Return where the interval of a share that is larger than the largest one begins."""
    if not least.interval:
        return " (no interval: too few groups of documents)"
    if least.low is None:
        return f" ({level_of_confidence(found)} interval: more than that too)"
    smallest = need.shares[0]
    low = _share(least.low)
    if least.low == smallest and smallest > 0:
        low = f"{_exact(smallest)} or less"
    return f" ({level_of_confidence(found)} interval from {low})"


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


def _share(share: float | None) -> str:
    """Return a share in whole percent, in a digit below one; empty for None."""
    if share is None:
        return ""
    percent = 100 * share
    return f"{percent:.0f}%" if percent >= 0.95 or percent == 0 else f"{percent:.1g}%"


def _exact(share: float) -> str:
    return f"{100 * share:.6g}%"


def level_of_confidence(found: Planned) -> str:
    """Return how often intervals hold, as a percentage."""
    return f"{100 * found.confidence:.6g}%"
