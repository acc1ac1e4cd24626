"""All metrics of one comparison, estimated, and the role that the reference then has."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np

from degrade.census.table import ALL_HASHES
from degrade.errors import PluginError, UndefinedMetricError, blaming
from degrade.findings import ReferenceRole
from degrade.inference.estimates import (
    Estimated,
    SideEstimate,
    compare_corpora,
    estimate_corpus,
)
from degrade.inference.lessons import Terms
from degrade.inference.matching import Side, meet_in_pairs, usable
from degrade.inference.pair_estimates import compare_pair
from degrade.inference.sampling import said_of_share
from degrade.inference.scales import shown
from degrade.inference.teaching import compare_texts, terms_for
from degrade.inference.window_estimates import compare_documents, window_for
from degrade.metric import CorpusMetric, DocumentMetric, Metric, TextMetric
from degrade.summaries import Census

MEMORISED = -0.15
"""Rare loss below this means that the candidate's model has seen the reference."""
MEMORISED_ORDER = 2
"""Longest n-grams that tell. Rare triples come back more often also in text that is merely
concentrated, as by a low temperature: they were common all along (measured: -.22 to -.25 at
temperature .8 and .7, where words and pairs show a loss, and pairs -.31 or less where the reference
was learned by heart)."""

Fixed = Mapping[str, Any]
"""What is the same in all comparisons of a run, by metric: a window, an anchor, or an error."""


@dataclass(frozen=True, slots=True)
class Assessed:
    """Every metric on a reference and a candidate: estimates, or why there are none."""

    reference: Side
    candidate: Side
    estimates: Mapping[str, Estimated]
    undefined: Mapping[str, str]
    role: ReferenceRole


def fix(metrics: Iterable[Metric], sides: Sequence[Side]) -> Fixed:
    """Return the windows that suit all ``sides``, and the anchors of the first, the reference.

    And how much of each teaches, for metrics of texts.
    """
    fixed: dict[str, Any] = {}
    for metric in metrics:
        try:
            if isinstance(metric, DocumentMetric):
                fixed[metric.name] = window_for(metric, sides)
            elif isinstance(metric, TextMetric):
                fixed[metric.name] = terms_for(metric, sides)
            elif isinstance(metric, CorpusMetric) and metric.anchor is not None:
                reference = sides[0].of(metric.name)
                selected = reference.at_most(reference.matching.tokens)
                with blaming(f"metric {metric.name!r}"):
                    fixed[metric.name] = metric.anchor(reference.view(metric.needs, selected))
        except UndefinedMetricError as error:
            fixed[metric.name] = error
    return fixed


def assess(
    metrics: Sequence[Metric],
    reference: Side,
    candidate: Side,
    fixed: Fixed,
    alpha: float,
    reference_role: str,
) -> Assessed:
    """Estimate ``metrics`` on both corpora."""
    reference, candidate = _in_pairs(reference, candidate)
    estimates: dict[str, Estimated] = {}
    undefined: dict[str, str] = {}
    for metric in metrics:
        try:
            estimates[metric.name] = estimate(metric, reference, candidate, fixed)
        except UndefinedMetricError as error:
            undefined[metric.name] = str(error)
    role: ReferenceRole = "heldout"
    if reference_role == "training" or (
        reference_role == "auto" and _memorised(metrics, estimates, alpha)
    ):
        role = "training"
    return Assessed(reference, candidate, estimates, undefined, role)


def _in_pairs(reference: Side, candidate: Side) -> tuple[Side, Side]:
    """Return both sides as they meet: in pairs of common groups where they share clusters."""
    sides = reference, candidate
    paired = meet_in_pairs(reference.profile, candidate.profile)
    if paired and reference.occupied != candidate.occupied:
        common = reference.occupied & candidate.occupied
        inside = np.array([common >> g & 1 for g in range(len(reference.sizes))], dtype=bool)
        held = [np.where(inside, each.sizes, 0) for each in sides]
        # Where what is left is too little for the matched size, one cannot have both.
        paired = all(usable(sizes) >= reference.matching.tokens for sizes in held)
        if paired:
            reference, candidate = (
                replace(each, sizes=sizes, occupied=common, estimates={})
                for each, sizes in zip(sides, held, strict=True)
            )
    there: list[dict[str, Side | UndefinedMetricError]] = [{}, {}]
    known: dict[tuple[int, int], tuple[Side, Side]] = {}
    for name, mine in reference.elsewhere.items():
        theirs = candidate.elsewhere[name]
        pair: tuple[Side | UndefinedMetricError, Side | UndefinedMetricError] = mine, theirs
        if isinstance(mine, Side) and isinstance(theirs, Side):
            key = id(mine), id(theirs)
            if key not in known:
                known[key] = _in_pairs(mine, theirs)
            pair = known[key]
        there[0][name], there[1][name] = pair
    return (
        replace(reference, paired=paired, elsewhere=there[0], _views={}),
        replace(candidate, paired=paired, elsewhere=there[1], _views={}),
    )


def estimate(metric: Metric, reference: Side, candidate: Side, fixed: Fixed) -> Estimated:
    """Return ``metric`` on both corpora. Raises UndefinedMetricError where it has no value."""
    there = reference.of(metric.name), candidate.of(metric.name)
    with blaming(f"metric {metric.name!r}"):
        found = _estimate(metric, *there, fixed)
    note = _note(metric, found, reference, there)
    if note is not None:
        found = replace(found, note=note)
    # A number that is none would go on to make nonsense of the verdict, far from its origin.
    for number, said in (
        (found.contrast.value, "its change is"),
        (found.contrast.error, "with a group of documents left out, its error is"),
    ):
        if not math.isfinite(number):
            raise PluginError(f"metric {metric.name!r} fails: {said} {number}")
    return found


def _note(
    metric: Metric, found: Estimated, reference: Side, there: tuple[Side, Side]
) -> str | None:
    """Return what is to be said where n-grams were sampled, if it matters here."""
    if there[0] is reference:
        sampled = reference.matching.thresholds
        kept = [sampled[need] for need in metric.needs if need in sampled]
        if not kept:
            return found.note
        said = f"from {said_of_share(min(kept) / ALL_HASHES)} n-grams"
        if found.by_sample is None:
            return said
        error = math.sqrt(found.by_sample.variance)
        return f"{said}; the error of that sample, {error:.2g}, is in the interval"
    tokens = [int(each.sizes.sum()) for each in there]
    return (
        f"read from the parts of the corpora in which all n-grams were counted: {tokens[0]:,} and "
        f"{tokens[1]:,} tokens, seen at {there[0].matching.tokens:,.0f}"
    )


def _estimate(metric: Metric, reference: Side, candidate: Side, fixed: Fixed) -> Estimated:
    given = fixed.get(metric.name)
    if isinstance(given, UndefinedMetricError):
        raise given
    if isinstance(metric, DocumentMetric):
        return compare_documents(metric, cast(int, given), reference, candidate)
    if isinstance(metric, TextMetric):
        return compare_texts(metric, cast(Terms, given), reference, candidate)
    if not isinstance(metric, CorpusMetric):
        return compare_pair(metric, reference, candidate)
    both = []
    for each in (reference, candidate):
        if metric.name not in each.estimates:
            each.estimates[metric.name] = estimate_corpus(metric, each, given)
        both.append(cast(SideEstimate, each.estimates[metric.name]))
    return compare_corpora(both[0], both[1], paired=candidate.paired)


def level_setters(
    metrics: Iterable[Metric], estimates: Mapping[str, Estimated], role: ReferenceRole
) -> list[Metric]:
    """Return the primaries that set the level: with ``training`` data, rare loss does not."""
    return [
        metric
        for metric in metrics
        if metric.sets_level
        and metric.name in estimates
        and not (role == "training" and metric.scale == "loss")
    ]


def _memorised(metrics: Sequence[Metric], estimates: Mapping[str, Estimated], alpha: float) -> bool:
    setters = level_setters(metrics, estimates, "heldout")
    return any(
        max(
            shown(metric, end)
            for end in estimates[metric.name].contrast.interval(alpha / len(setters))
        )
        < MEMORISED
        for metric in setters
        if metric.scale == "loss" and _order(metric) <= MEMORISED_ORDER
    )


def _order(metric: Metric) -> int:
    """Return the length of the longest n-grams that ``metric`` counts."""
    return max((int(need["n"]) for need in metric.needs if need.summary is Census), default=0)
