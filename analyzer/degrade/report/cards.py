"""What there is to know of a metric before one reads its figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

from degrade.metric import CorpusMetric, Declaration, DocumentMetric, Metric
from degrade.report.counting import Counting, cost_of, counting_of, few, plural, reads_again
from degrade.summaries.sampled_moments import (
    DOCUMENT_TEXT,
    DOCUMENTS,
    STRETCH,
    STRETCHES,
    TEXT,
)

UNITS: Mapping[str, str] = {
    "relative": "%, relative to the reference",
    "ratio": "multiples of the reference's value",
    "points": "percentage points",
    "nats": "nats",
}


@dataclass(frozen=True, slots=True)
class Card:
    """A metric as a person reads of it.

    Attributes
    ----------
    origin : the distribution or file that it comes from
    role : what it has to do with the verdict
    limits : the changes from which a loss is minor, moderate and severe; empty without thresholds
    rows : (label, text) of what is not said by title, description and formula, in reading order
    """

    metric: Metric
    origin: str
    counting: Counting
    role: str
    limits: str
    rows: tuple[tuple[str, str], ...]


def card_of(metric: Metric, known: Iterable[Metric], origin: str) -> Card:
    """Return the card of ``metric``, from ``origin``, one of all the ``known``."""
    counting, role, limits = counting_of(metric, known), role_of(metric), limits_of(metric)
    rows = [
        ("unit", f"{metric.unit}; changes in {UNITS[metric.threshold_unit]}"),
        ("worse", _direction(metric)),
        ("verdict", role),
    ]
    if limits:
        least = f", if it differs by {metric.floor:g} or more" if metric.floor else ""
        rows.append(("levels", f"{limits} (minor / moderate / severe){least}"))
    rows += [
        ("seen on", _seen_on(metric)),
        ("counts", few(counting.what, most=9)),
        ("costs", cost_of(counting, default=metric.default)),
        ("computed", "by default" if metric.default else "on request"),
        ("requires", metric.requires or "nothing besides"),
        ("no value", metric.undefined or "its author does not say when"),
        *([("shown", f"with it, {metric.exhibit} in context")] if metric.exhibit else []),
        *(
            [("evidence", f"{metric.instances}: degrade evidence RUN.json --metric {metric.name}")]
            if metric.instances
            else []
        ),
        ("pitfalls", metric.pitfalls or "its author names none"),
        ("source", metric.source),
        ("from", origin),
    ]
    return Card(metric, origin, counting, role, limits, tuple(rows))


def plain_card(card: Card) -> dict[str, object]:
    """Return everything that is declared, as plain data for programs."""
    metric = card.metric
    declared = {each.name: getattr(metric, each.name) for each in fields(Declaration)}
    return {
        **declared,
        "needs": [need.key for need in metric.needs],
        "counts": list(card.counting.what),
        "added": list(card.counting.added),
        "shared_with": list(card.counting.shared_with),
        "origin": card.origin,
    }


def by_family(cards: Iterable[Card]) -> dict[str, list[Card]]:
    """Return the cards by family, families in alphabetic order."""
    every = list(cards)
    families = sorted({card.metric.family for card in every}, key=str.casefold)
    return {name: [card for card in every if card.metric.family == name] for name in families}


def role_of(metric: Declaration) -> str:
    """Return what the metric has to do with the verdict."""
    if metric.sets_level:
        return "sets its level"
    if metric.primary:
        return "says whether the text has shifted, never a level"
    return "reported beside it" if metric.tested else "reported beside it, without a test"


def limits_of(metric: Declaration) -> str:
    """Return the thresholds as changes: ``-3% / -10% / -25%``, ``5 / 15 / 35 points``, or none."""
    if metric.thresholds is None:
        return ""
    if metric.threshold_unit == "ratio":
        times = [1 / t if metric.worse == "lower" else t for t in metric.thresholds]
        return " / ".join(f"x{t:.3g}" for t in times)
    percent = metric.threshold_unit == "relative"
    signs = {"lower": "-", "higher": "+", "either": ""}
    # A loss is a share of its own, and a divergence has no direction.
    sign = signs[metric.worse] if metric.scale in ("log", "difference") else ""
    scale = 1 if metric.threshold_unit == "nats" else 100
    limits = " / ".join(f"{sign}{scale * t:g}{'%' * percent}" for t in metric.thresholds)
    return limits if percent else f"{limits} {metric.threshold_unit}"


def _direction(metric: Declaration) -> str:
    if metric.worse == "either":
        return "neither: a change is a difference, not a loss"
    return metric.worse


def _seen_on(metric: Metric) -> str:
    if isinstance(metric, DocumentMetric):
        return _seen_on_windows(metric) + _sampled(metric)
    if isinstance(metric, CorpusMetric):
        if metric.view == "incidence":
            return "all groups of documents at once"
        return "selections of groups of documents that come to the matched size, averaged"
    if reads_again(metric):
        return "the texts themselves, read again, or those that a profile keeps"
    return "both corpora together"


def _sampled(metric: DocumentMetric) -> str:
    if not metric.sampled:
        return ""
    text, most, units = DOCUMENT_TEXT, DOCUMENTS, "documents"
    if any(metric.windows):
        text, most, units = TEXT, STRETCHES, f"stretches of {STRETCH:,} {plural(metric.layer)}"
    return f"; of a sample where there are more than {text / 1e6:g} MB and {most:,} {units}"


def _seen_on_windows(metric: DocumentMetric) -> str:
    if not any(metric.windows):
        return "whole documents" if metric.sampled else "whole documents, all of them"
    *most, last = (str(window) for window in sorted(metric.windows, reverse=True))
    if not most:
        return f"full windows of {last} {plural(metric.layer)}"
    return (
        f"full windows of {', '.join(most)} or {last} {plural(metric.layer)}: the largest that "
        "hold half of the text on every side"
    )
