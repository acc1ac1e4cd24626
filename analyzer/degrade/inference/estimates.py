"""Metrics on the corpora of a run: values, replicates, contrasts."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from degrade.errors import UndefinedMetricError
from degrade.exhibits import Bin
from degrade.inference.jackknife import Contrast, Replicates, correlation, single, welch
from degrade.inference.matching import REFERENCE_SIZES, Side
from degrade.metric import CorpusMetric, DocumentMetric, PairMetric
from degrade.summaries import Census
from degrade.view import STARTS


@dataclass(frozen=True, slots=True)
class SideEstimate:
    """A metric on one corpus: in its own unit with an interval's ends, and its raw counts."""

    value: float
    replicates: Replicates | None
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class Estimated:
    """A metric on two corpora.

    ``contrast`` is on the metric's scale; ``difference`` in its own unit, where it has a floor.
    ``by_candidate`` is the contrast with each group of the candidate left out (of both corpora
    where they are paired), ``by_reference`` that with each group of the reference left out (None
    where they are paired); ``difference_replicates`` are these two of the difference.
    ``note`` says what a reader has to know of how they were had; ``histogram`` is of windows by
    value, where the metric has bins for them.
    """

    reference: SideEstimate | None
    candidate: SideEstimate | None
    contrast: Contrast
    by_candidate: Replicates
    difference: Contrast | None = None
    by_reference: Replicates | None = None
    difference_replicates: tuple[Replicates, Replicates | None] | None = None
    note: str | None = None
    histogram: tuple[Bin, ...] = ()

    @property
    def correlation(self) -> float:
        """The correlation of ``contrast`` and ``difference``; 1 without the latter, 0 unknown."""
        if self.difference is None:
            return 1.0
        both = zip(
            (self.by_candidate, self.by_reference), self.difference_replicates or (), strict=False
        )
        return correlation((a, b) for a, b in both if a is not None and b is not None)


Scale = Callable[[float], float]


def _scale(metric: CorpusMetric | DocumentMetric) -> Scale:
    if metric.scale != "log":
        return float
    return lambda value: _log(value, metric.undefined)


def _log(value: float, reason: str) -> float:
    if value <= 0:
        raise UndefinedMetricError(f"it is 0 ({reason})" if reason else "it is 0")
    return math.log(value)


def _replicated(
    side: Side, value: Callable[[int | None], float], *, tested: bool = True
) -> Replicates:
    whole = value(None)
    # What is only reported has no error, so nothing is computed with groups left out.
    left_out = [value(g) if tested else whole for g in side.occupied_groups]
    return Replicates(whole, np.array(left_out))


def estimate_corpus(metric: CorpusMetric, side: Side, anchor: object = None) -> SideEstimate:
    """Return ``metric`` on one corpus at the matched size, on the metric's scale."""
    scale = _scale(metric)
    arguments = () if metric.anchor is None else (anchor,)
    if metric.view == "incidence":
        replicates = _replicated(
            side,
            lambda g: scale(metric.compute(side.view(metric.needs, left_out=g), *arguments)),
            tested=metric.tested,
        )
    else:
        replicates = _selected(metric, side, scale, arguments)
    value = math.exp(replicates.value) if metric.scale == "log" else replicates.value
    return SideEstimate(value, replicates, _counts(metric, side))


def _selected(
    metric: CorpusMetric, side: Side, scale: Scale, arguments: tuple[Any, ...]
) -> Replicates:
    """Average over selections of whole groups that pass the matched size.

    From 8 evenly spaced starts in the cyclic order of groups, or as many as give selections that
    have no group in common, if those are more; between the last two groups, values are interpolated
    in log tokens.
    """
    known: dict[int, float] = {}

    def at(selected: int) -> float:
        if selected not in known:
            known[selected] = scale(metric.compute(side.view(metric.needs, selected), *arguments))
        return known[selected]

    tokens, groups = side.matching.tokens, side.matching.groups
    # A group is left out and selections end within one, so each takes two more than it draws.
    taken = math.ceil(tokens * groups / int(side.sizes.sum())) + 2
    starts = max(STARTS, groups // taken)

    def averaged(left_out: int | None) -> float:
        values = []
        for start in range(starts):
            first = start * groups // starts
            selected = sofar = 0
            for g in ((first + i) % groups for i in range(groups)):
                size = int(side.sizes[g])
                if g == left_out or not size:
                    continue
                if sofar + size > tokens:
                    break
                selected |= 1 << g
                sofar += size
            else:
                raise UndefinedMetricError("too little text for a selection of groups")
            upper = at(selected | 1 << g)
            if not sofar:
                values.append(upper)
                continue
            share = math.log(tokens / sofar) / math.log((sofar + size) / sofar)
            values.append(at(selected) * (1 - share) + upper * share if share > 0 else at(selected))
        return sum(values) / len(values)

    return _replicated(side, averaged, tested=metric.tested)


def _counts(metric: CorpusMetric, side: Side) -> dict[str, int]:
    counts = {"tokens": int(side.sizes.sum()), "groups": len(side.occupied_groups)}
    if len(metric.needs) == 1 and metric.needs[0].summary is Census:
        view = side.view(metric.needs)[metric.needs[0]]
        counts |= {"types": view.types, "occurrences": view.total("occurrences")}
    return counts


def compare_corpora(reference: SideEstimate, candidate: SideEstimate, *, paired: bool) -> Estimated:
    """Return how two estimates on single corpora differ, on the metric's scale."""
    contrast, mine, theirs = contrasted(reference, candidate, paired=paired)
    return Estimated(reference, candidate, contrast, mine, by_reference=theirs)


def contrasted(
    reference: SideEstimate, candidate: SideEstimate, *, paired: bool
) -> tuple[Contrast, Replicates, Replicates | None]:
    """Return the contrast, and it with groups of the candidate, and of the reference, left out."""
    a, b = cast(Replicates, reference.replicates), cast(Replicates, candidate.replicates)
    value = b.value - a.value
    if paired and len(a.left_out) == len(b.left_out):
        both = Replicates(value, b.left_out - a.left_out)
        return single(both), both, None
    by_candidate, by_reference = b.left_out - a.value, b.value - a.left_out
    return welch(value, a, b), Replicates(value, by_candidate), Replicates(value, by_reference)


def pair_value(metric: PairMetric, reference: Side, candidate: Side) -> float:
    """Return a divergence, without its error."""
    mine, theirs = _selections(reference, candidate)
    found = metric.compute(reference.view(metric.needs, mine), candidate.view(metric.needs, theirs))
    if isinstance(found, tuple):
        raise TypeError(f"{metric.name}: a divergence is one number")
    return found


def _selections(reference: Side, candidate: Side) -> tuple[int, int]:
    """Return the groups that pair metrics see: in pairs, the same of both corpora."""
    mine = reference.at_most(REFERENCE_SIZES * reference.matching.tokens)
    return mine, mine if candidate.paired else candidate.occupied


def compare_pair(metric: PairMetric, reference: Side, candidate: Side) -> Estimated:
    """Return a pair metric with the errors of both sides.

    The reference enters with at most ``REFERENCE_SIZES`` matched sizes: what counts as rare depends
    on it.
    """
    selected = _selections(reference, candidate)
    inside, groups = (
        [g for g in side.occupied_groups if chosen >> g & 1]
        for side, chosen in zip((reference, candidate), selected, strict=True)
    )

    def theta(mine: int | None, theirs: int | None) -> tuple[float, tuple[float, float] | None]:
        found = metric.compute(
            reference.view(metric.needs, selected[0], mine),
            candidate.view(metric.needs, selected[1], theirs),
        )
        if not isinstance(found, tuple):
            return found, None
        if metric.scale == "difference":
            return found[1] - found[0], found
        return _log(found[1], "nothing is kept") - _log(found[0], metric.undefined), found

    value, both = theta(None, None)
    by_reference = None
    if not metric.tested:
        # No error is meant, and leaving every group out may be dear.
        replicates, contrast = Replicates(value, np.empty(0)), Contrast(value, 0.0, 1.0)
    elif candidate.paired:
        replicates = Replicates(value, np.array([theta(g, g)[0] for g in groups]))
        contrast = single(replicates)
    else:
        replicates = Replicates(value, np.array([theta(None, g)[0] for g in groups]))
        by_reference = Replicates(value, np.array([theta(g, None)[0] for g in inside]))
        if both is not None and metric.closed_form:
            both, replicates, by_reference = _unbiased(metric, both, replicates, by_reference)
        contrast = welch(replicates.value, by_reference, replicates)
    if both is None:
        return Estimated(None, None, contrast, replicates, by_reference=by_reference)
    estimates = []
    for side, kept, whole in zip((reference, candidate), both, selected, strict=True):
        counts = {}
        if metric.needs[0].summary is Census:
            view = side.view(metric.needs, whole)[metric.needs[0]]
            counts = {"types": view.types, "occurrences": view.total("occurrences")}
        estimates.append(SideEstimate(kept, None, counts))
    return Estimated(estimates[0], estimates[1], contrast, replicates, by_reference=by_reference)


def _unbiased(
    metric: PairMetric,
    kept: tuple[float, float],
    by_candidate: Replicates,
    by_reference: Replicates,
) -> tuple[tuple[float, float], Replicates, Replicates]:
    """Return the shares kept, and both replicates, less the bias of the candidate's share.

    Groups are drawn for tokens by a ratio, which on average draws too many where documents differ
    much in length: by their relative variance over their number.
    """
    bias, (fresh, returned) = by_candidate.bias, kept
    returned = returned - bias if metric.scale == "difference" else returned * math.exp(-bias)
    return (fresh, returned), by_candidate.shifted(-bias), by_reference.shifted(-bias)
