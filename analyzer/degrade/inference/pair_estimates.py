"""Pair metrics on the corpora of a run: divergences, and pairs of numbers that are compared."""

from __future__ import annotations

import math

import numpy as np

from degrade.inference.estimates import Estimated, SideEstimate, log_of, with_sample
from degrade.inference.jackknife import Contrast, Replicates, single, welch
from degrade.inference.matching import REFERENCE_SIZES, Side
from degrade.inference.sampling import by_pieces, by_slices, share_of
from degrade.metric import LeftOut, PairMetric
from degrade.summaries import Census
from degrade.view import View


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
    views = [
        side.view(metric.needs, chosen)
        for side, chosen in zip(
            (reference, candidate), _selections(reference, candidate), strict=True
        )
    ]
    both = metric.compute(*views)
    value = _theta(metric, both)
    by_reference = None
    if not metric.tested:
        # No error is meant, and leaving every group out may be dear.
        replicates, contrast = Replicates(value, np.empty(0)), Contrast(value, 0.0, 1.0)
    else:
        contrast, replicates, by_reference = _jackknifed(metric, value, *views)
        if by_reference is not None and isinstance(both, tuple) and metric.closed_form:
            both, replicates, by_reference = _unbiased(metric, both, replicates, by_reference)
            contrast = welch(replicates.value, by_reference, replicates)
    estimates: list[SideEstimate | None] = [None, None]
    if isinstance(both, tuple):
        counted = metric.needs[0].summary is Census
        estimates = [
            SideEstimate(kept, None, view[metric.needs[0]].counted if counted else dict)
            for view, kept in zip(views, both, strict=True)
        ]
    mine, theirs = estimates
    found = Estimated(mine, theirs, contrast, replicates, by_reference=by_reference)
    share = share_of(views)
    if share == 1 or not metric.tested:
        return found

    def of(*seen: View) -> float:
        return _theta(metric, metric.compute(*seen))

    pieces = by_pieces(lambda *seen: _jackknifed(metric, of(*seen), *seen)[0], views)
    return with_sample(found, share, by_slices(of, views), pieces)


def _jackknifed(
    metric: PairMetric, value: float, reference: View, candidate: View
) -> tuple[Contrast, Replicates, Replicates | None]:
    """Return the contrast, and it with groups of the candidate, and of the reference, left out."""
    inside, groups = (
        [g for g in range(len(view.selection.sizes)) if view.selected >> g & 1]
        for view in (reference, candidate)
    )
    left_out: list[LeftOut]
    if candidate.paired:
        left_out = [(g, g) for g in groups]
    else:
        left_out = [*((None, g) for g in groups), *((g, None) for g in inside)]
    found = metric.each(reference, candidate, left_out)
    theta = np.array([_theta(metric, each) for each in found])
    replicates = Replicates(value, theta[: len(groups)])
    if candidate.paired:
        return single(replicates), replicates, None
    by_reference = Replicates(value, theta[len(groups) :])
    return welch(value, by_reference, replicates), replicates, by_reference


def _theta(metric: PairMetric, found: float | tuple[float, float]) -> float:
    """Return what a pair metric found as one number, on its scale."""
    if not isinstance(found, tuple):
        return found
    if metric.scale == "difference":
        return found[1] - found[0]
    return log_of(found[1], "nothing is kept") - log_of(found[0], metric.undefined)


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
