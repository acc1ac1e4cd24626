"""Trend over generations in order: how fast a metric moves, and since when it is past ``minor``.

What is inferred holds for this lineage of models, of which there is one text sample a generation;
how much another run of the same training recipe would differ cannot be seen from one run.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from degrade.findings import Change, Direction, ReferenceRole, Trend
from degrade.inference.assess import Assessed
from degrade.inference.estimates import Estimated
from degrade.inference.jackknife import Replicates, holm
from degrade.inference.lineage import Lineage, Test
from degrade.inference.matching import TESTED_GROUPS, meet_in_pairs
from degrade.inference.scales import badness, change, threshold
from degrade.metric import Metric

DRAWS = 1999
"""Draws of the errors that say between which generations a date lies."""
_UNTESTED = "too few groups of documents for errors: neither tested nor dated"
Date = tuple[int | None, int | None, int | None]


def trends(
    metrics: Sequence[Metric],
    assessed: Sequence[Assessed],
    alpha: float,
    role: ReferenceRole,
    seed: int = 0,
) -> tuple[Trend, ...]:
    """Return the trend of every metric over the candidates in order; none for a single one.

    As for findings, intervals of level-setting primaries are simultaneous (Bonferroni) and their
    p-values adjusted (Holm), and with the reference as training data rare loss is not among them.
    With fewer than 16 groups only slopes are shown.
    """
    if len(assessed) < 2:
        return ()
    shared = _share_clusters(assessed)
    names = tuple(one.candidate.name for one in assessed)
    lines = {
        metric.name: _lineage(metric, assessed, shared=shared)
        for metric in metrics
        if all(metric.name in one.estimates for one in assessed)
    }
    setters = [
        metric.name
        for metric in metrics
        if metric.sets_level and metric.name in lines and _counted(metric, role)
    ]
    fewest = min(min(one.reference.groups, one.candidate.groups) for one in assessed)
    tested = fewest >= TESTED_GROUPS
    orders = {m.name: _order(m, lines[m.name]) for m in metrics if tested and m.name in lines}
    decided = {name: p for name in setters if name in orders and (p := orders[name][0]) is not None}
    adjusted = dict(zip(decided, holm(list(decided.values())), strict=True))
    found = []
    for metric in metrics:
        declared = Trend(metric.name, metric.title, metric.family, metric.primary, names)
        line = lines.get(metric.name)
        if line is None:
            found.append(replace(declared, note=_missing(metric, assessed)))
        elif not tested:
            slope = _per_generation(metric, line, None)
            found.append(replace(declared, slope=slope, note=_UNTESTED))
        else:
            p, test = orders[metric.name]
            level_alpha = alpha / len(setters) if metric.name in setters else alpha
            trend = replace(
                declared,
                slope=_per_generation(metric, line, level_alpha),
                p=p,
                p_adjusted=adjusted.get(metric.name),
                test=test,
            )
            if not _counted(metric, role):
                trend = replace(trend, note="not dated: the reference was training data")
            elif metric.worse != "either":
                difference = _difference(metric, assessed, shared=shared)
                rng = np.random.default_rng(seed)
                direction = _direction(metric, trend, line.slope().interval(level_alpha), alpha)
                trend = _dated(metric, replace(trend, direction=direction), line, difference,
                               alpha, rng)  # fmt: skip
            found.append(trend)
    return tuple(found)


def _dated(
    metric: Metric,
    trend: Trend,
    line: Lineage,
    difference: Lineage | None,
    alpha: float,
    rng: np.random.Generator,
) -> Trend:
    if metric.thresholds is None or metric.scale == "divergence":
        return trend
    minor = metric.thresholds[0]
    found = date(metric, minor, line, difference, alpha, rng)
    first, earliest, latest = (None if at is None else trend.generations[at] for at in found)
    if latest is None and trend.direction != "worse":
        # No loss that grows, and perhaps none past minor: a date would be one of noise.
        first = None
    return replace(
        trend, minor=minor, first_generation_beyond_minor=first, earliest=earliest, latest=latest
    )


def date(
    metric: Metric,
    minor: float,
    lineage: Lineage,
    difference: Lineage | None,
    alpha: float,
    rng: np.random.Generator,
) -> Date:
    """Return the first generation past ``minor``, the earliest and the latest that it may be.

    The first whose isotonic fit (losses that only grow, weighted by 1 / variance; Barlow et al.
    1972, ch. 1) lies past ``minor``; with a floor, also that of the ``difference`` past the floor.
    Earliest and latest are the alpha / 2 and 1 - alpha / 2 quantiles of the dates of ``DRAWS``
    fits to the contrasts with normal errors drawn anew (parametric bootstrap), those of the
    reference common to all generations. None stands for a generation after the last.
    """
    noise = [rng.standard_normal((DRAWS, len(part))) for part in lineage.sources]
    edges = [(lineage, threshold(metric, minor))]
    if difference is not None and metric.floor is not None:
        edges.append((difference, metric.floor))
    sign = badness(metric, 1.0)
    dates = np.zeros(DRAWS + 1, dtype=np.int64)
    for line, edge in edges:
        every = sign * np.vstack((line.values, line.drawn(noise)))
        dates = np.maximum(dates, _passed(every, line.weights, edge))
    drawn = np.sort(dates[1:])
    reach = math.floor(alpha / 2 * DRAWS)
    last = len(lineage.values) - 1
    first, earliest, latest = (
        None if at > last else int(at) for at in (dates[0], drawn[reach], drawn[-1 - reach])
    )
    return first, earliest, latest


def _passed(
    harm: NDArray[np.float64], weights: NDArray[np.float64], edge: float
) -> NDArray[np.int64]:
    """Return where the isotonic fit of each row first lies past ``edge``, else its length."""
    from scipy.optimize import isotonic_regression

    fits = np.array([isotonic_regression(row, weights=weights).x for row in harm])
    passed: NDArray[np.int64] = (fits <= edge).sum(axis=1)
    return passed


def _share_clusters(assessed: Sequence[Assessed]) -> bool:
    """Return whether candidates hold each other's clusters, or those of the reference."""
    sides = [one.candidate for one in assessed]
    return any(one.paired for one in sides) or any(
        meet_in_pairs(mine.profile, theirs.profile) for mine, theirs in pairwise(sides)
    )


def _lineage(metric: Metric, assessed: Sequence[Assessed], *, shared: bool) -> Lineage:
    estimates = [one.estimates[metric.name] for one in assessed]
    return Lineage.of(
        [(each.by_candidate, each.by_reference) for each in estimates],
        shared=shared,
        by_sample=[_of_sample(each) for each in estimates],
    )


def _of_sample(found: Estimated) -> Replicates | None:
    """Return slices of n-grams left out, with the variance that groups left out do not have."""
    sample = found.by_sample
    if sample is None or not sample.variance:
        return sample
    shrunk = found.contrast.sampling / math.sqrt(sample.variance)
    return Replicates(sample.value, sample.value + shrunk * (sample.left_out - sample.value))


def _difference(metric: Metric, assessed: Sequence[Assessed], *, shared: bool) -> Lineage | None:
    replicates = [one.estimates[metric.name].difference_replicates for one in assessed]
    known = [each for each in replicates if each is not None]
    if metric.floor is None or len(known) < len(replicates):
        return None
    return Lineage.of(known, shared=shared)


def _order(metric: Metric, line: Lineage) -> tuple[float | None, Test]:
    """Return the p-value of no order, and the test, on candidate over reference where logs differ.

    There a ratio of sums is nearly linear in its groups. On its logarithm pseudo-values are linear
    around each generation's own estimate; where most groups hold no event, all of these lie a
    fixed step below it and follow its error (measured: repetition_4 in random parts of one
    corpus had p <= .05 in 10 of 30 runs).
    """
    return (line.mapped(np.exp) if metric.scale in ("log", "loss") else line).order()


def _counted(metric: Metric, role: ReferenceRole) -> bool:
    return not (role == "training" and metric.scale == "loss")


def _per_generation(metric: Metric, line: Lineage, alpha: float | None) -> Change:
    """Return the slope in the unit of the metric's thresholds, with its interval at ``alpha``."""
    if metric.scale != "loss":
        slope = line.slope()
        return change(metric, slope.value, None if alpha is None else slope.interval(alpha))
    # The slope of log(kept) is a share of what was still kept; points can be added up.
    slope = line.mapped(lambda theta: -np.expm1(theta)).slope()
    low, high = (None, None) if alpha is None else slope.interval(alpha)
    return Change(slope.value, low, high, metric.threshold_unit)


def _direction(
    metric: Metric, trend: Trend, interval: tuple[float, float], alpha: float
) -> Direction:
    """Return which way it goes, where slope and order both show it."""
    low, high = sorted(badness(metric, end) for end in interval)
    p = trend.p if trend.p_adjusted is None else trend.p_adjusted
    if p is None or p > alpha or low <= 0 <= high:
        return "same"
    return "worse" if low > 0 else "better"


def _missing(metric: Metric, assessed: Sequence[Assessed]) -> str:
    lacking = [one for one in assessed if metric.name not in one.estimates]
    names = ", ".join(one.candidate.name for one in lacking)
    return f"not computable for {names}: {lacking[0].undefined[metric.name]}"
