"""Metrics on the corpora of a run: values, replicates, contrasts."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, cast

import numpy as np

from degrade.errors import UndefinedMetricError
from degrade.exhibits import Bin
from degrade.inference.jackknife import (
    Contrast,
    Replicates,
    correlation,
    single,
    welch,
    with_sampling,
)
from degrade.inference.matching import Side
from degrade.inference.sampling import Sample, by_pieces, by_slices, counted_twice, share_of
from degrade.inference.selections import Passing, passing
from degrade.metric import CorpusMetric, DocumentMetric
from degrade.summaries import Census
from degrade.view import View


@dataclass(frozen=True, slots=True)
class SideEstimate:
    """A metric on one corpus: in its own unit with an interval's ends, and its raw counts.

    ``counted`` counts them, where they are shown: not for each of a hundred halvings. ``sample``
    tells the error of a sample of the n-grams, where not all were counted.
    """

    value: float
    replicates: Replicates | None
    counted: Callable[[], dict[str, int]]
    sample: Sample | None = None


@dataclass(frozen=True, slots=True)
class Estimated:
    """A metric on two corpora.

    ``contrast`` is on the metric's scale; ``difference`` in its own unit, where it has a floor.
    ``by_candidate`` is the contrast with each group of the candidate left out (of both corpora
    where they are paired), ``by_reference`` that with each group of the reference left out (None
    where they are paired); ``difference_replicates`` are these two of the difference.
    ``by_sample`` is the contrast with slices of the n-grams left out, where a sample was counted.
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
    by_sample: Replicates | None = None
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
    return lambda value: log_of(value, metric.undefined)


def log_of(value: float, reason: str) -> float:
    """Return the logarithm. Raises UndefinedMetricError, with the reason, where there is none."""
    if value <= 0:
        raise UndefinedMetricError(f"it is 0 ({reason})" if reason else "it is 0")
    return math.log(value)


def _replicated(
    side: Side, each: Callable[[Sequence[int | None]], Iterable[float]], *, tested: bool
) -> Replicates:
    """Return the values ``each`` has with no group left out, and with each one."""
    groups = side.occupied_groups
    if not tested:
        # What is only reported has no error, so nothing is computed with groups left out.
        (whole,) = each([None])
        return Replicates(whole, np.full(len(groups), whole))
    whole, *left_out = each([None, *groups])
    return Replicates(whole, np.array(left_out))


def estimate_corpus(metric: CorpusMetric, side: Side, anchor: object = None) -> SideEstimate:
    """Return ``metric`` on one corpus at the matched size, on the metric's scale."""
    scale = _scale(metric)
    arguments = () if metric.anchor is None else (anchor,)
    sample = None
    if metric.view == "incidence":
        view = side.view(metric.needs)

        def value_of(view: View) -> float:
            return scale(metric.compute(view, *arguments))

        def replicated(view: View) -> Replicates:
            return _replicated(
                side,
                lambda left_out: map(scale, metric.each(view, left_out, *arguments)),
                tested=metric.tested,
            )

        replicates = replicated(view)
        share = share_of([view])
        if share < 1 and metric.tested:
            pieces = by_pieces(replicated, [view])
            sample = Sample(share, by_slices(value_of, [view]), pieces)
    else:
        replicates = _selected(metric, side, scale, arguments)
    value = math.exp(replicates.value) if metric.scale == "log" else replicates.value
    return SideEstimate(value, replicates, partial(_counts, metric, side), sample)


def _selected(
    metric: CorpusMetric, side: Side, scale: Scale, arguments: tuple[Any, ...]
) -> Replicates:
    """Average over selections of whole groups that pass the matched size.

    Between the last two groups of each, values are interpolated in log tokens.
    """
    known: dict[int, float] = {}
    view = side.view(metric.needs)
    sizes = tuple(int(size) for size in side.sizes)

    def at(selected: int) -> float:
        if selected not in known:
            some = view.within(side.selection(selected))
            known[selected] = scale(metric.compute(some, *arguments))
        return known[selected]

    def between(each: Passing) -> float:
        above = at(each.above)
        if not each.below:
            return above
        if each.share <= 0:
            return at(each.below)
        return at(each.below) * (1 - each.share) + above * each.share

    def averaged(left_out: int | None) -> float:
        values = [between(each) for each in passing(sizes, side.matching.tokens, left_out)]
        return sum(values) / len(values)

    return _replicated(side, partial(map, averaged), tested=metric.tested)


def _counts(metric: CorpusMetric, side: Side) -> dict[str, int]:
    counts = {"tokens": int(side.sizes.sum()), "groups": len(side.occupied_groups)}
    if len(metric.needs) == 1 and metric.needs[0].summary is Census:
        counts |= side.view(metric.needs)[metric.needs[0]].counted()
    return counts


def compare_corpora(reference: SideEstimate, candidate: SideEstimate, *, paired: bool) -> Estimated:
    """Return how two estimates on single corpora differ, on the metric's scale."""
    contrast, mine, theirs = contrasted(reference, candidate, paired=paired)
    found = Estimated(reference, candidate, contrast, mine, by_reference=theirs)
    a, b = reference.sample, candidate.sample
    if a is None or b is None:
        return found
    slices = Replicates(contrast.value, b.slices.left_out - a.slices.left_out)
    pieces = [
        contrasted(*(SideEstimate(0.0, piece, dict) for piece in both), paired=paired)[0]
        for both in zip(a.pieces, b.pieces, strict=False)
    ]
    return with_sample(found, a.share, slices, pieces)


def with_sample(
    found: Estimated, share: float, slices: Replicates, pieces: Sequence[Contrast]
) -> Estimated:
    """Return ``found`` with the error of the sample of n-grams added to its contrast."""
    twice = counted_twice(share, found.contrast.error**2, [each.error**2 for each in pieces])
    contrast = with_sampling(found.contrast, slices, twice)
    return replace(found, contrast=contrast, by_sample=slices)


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
