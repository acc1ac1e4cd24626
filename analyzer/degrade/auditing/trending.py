"""Measures over time: whether they grow worse, and from when on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from degrade.audited import TimeTrend
from degrade.auditing.contrasts import (
    ALPHA,
    FEWEST_GROUPS,
    LEAST_LOST,
    LEAST_POINTS,
    LEAST_RATIO,
    Gathered,
    left_out,
)
from degrade.auditing.measures import NAMES, VARIETY
from degrade.inference.jackknife import Replicates, holm
from degrade.inference.lineage import Lineage

FEWEST_BINS = 3
_DRAWS = 1_999


def trends(found: Gathered, labels: Sequence[str], *, shared: bool) -> tuple[TimeTrend, ...]:
    """Return the trend of each measure over ``labels``, the bins of ``found`` in order.

    Bins with too little are left out; of fewer than ``FEWEST_BINS`` there is none. Two-sided tests
    of order (Jonckheere; Page where clusters are ``shared`` among bins), Holm's adjustment over
    measures.
    """
    told, lines = [], []
    for name in NAMES:
        known = _replicates(found, name)
        if len(known) >= FEWEST_BINS:
            lines.append(Lineage.of([(each, None) for each in known.values()], shared=shared))
            told.append(_trend(name, lines[-1], [labels[i] for i in known]))
    adjusted = holm([each.p for each in told])
    return tuple(
        _dated(replace(trend, p_adjusted=p), line)
        for trend, line, p in zip(told, lines, adjusted, strict=True)
    )


def _replicates(found: Gathered, name: str) -> dict[int, Replicates]:
    """Return a measure by bin, with each group of clusters left out; variety as logarithms."""
    known = {}
    for i in range(len(found.words)):
        if name == VARIETY:
            inside = found.words[i] > 0
            types = found.types[i]
            if inside.sum() >= FEWEST_GROUPS and not np.isnan(types[0]):
                logs = np.log(types)
                known[i] = Replicates(float(logs[0]), logs[1:][inside])
        else:
            over, under = (side[i] for side in found.shares[name])
            if (under > 0).sum() >= FEWEST_GROUPS:
                known[i] = left_out((over, under), under > 0)
    return known


def _trend(name: str, line: Lineage, bins: Sequence[str]) -> TimeTrend:
    slope = line.slope()
    low, high = slope.interval(ALPHA)
    p, _ = line.order()
    values = np.exp(line.values) if name == VARIETY else line.values
    return TimeTrend(
        measure=name,
        bins=tuple(bins),
        values=tuple(float(each) for each in values),
        slope=slope.value,
        low=low,
        high=high,
        p=1.0 if p is None else p,
        p_adjusted=1.0,
        direction="same",
        since=None,
        earliest=None,
        latest=None,
    )


def _dated(trend: TimeTrend, line: Lineage) -> TimeTrend:
    """Return ``trend`` with its direction, and dates where it grows worse by enough."""
    sign = -1 if trend.measure == VARIETY else 1
    low, high = sorted((sign * trend.low, sign * trend.high))
    if trend.p_adjusted > ALPHA or low <= 0 <= high:
        return trend
    if high < 0:
        return replace(trend, direction="better")
    since, earliest, latest = (
        None if at == len(trend.bins) else trend.bins[at] for at in _passed(trend.measure, line)
    )
    return replace(trend, direction="worse", since=since, earliest=earliest, latest=latest)


def _passed(name: str, line: Lineage) -> tuple[int, int, int]:
    """Return where a fit that only grows worse has left where it began by the least that is told.

    And the earliest and latest by draws of the errors; the number of bins stands for never.
    """
    from scipy.optimize import isotonic_regression

    sign = -1.0 if name == VARIETY else 1.0
    rng = np.random.default_rng(0)
    noise = [rng.standard_normal((_DRAWS, len(part))) for part in line.sources]
    harm = sign * np.vstack((line.values, line.drawn(noise)))
    fits = np.array([isotonic_regression(row, weights=line.weights).x for row in harm])
    dates = (fits <= _edge(name, fits[:, :1])).sum(axis=1)
    drawn = np.sort(dates[1:])
    reach = math.floor(ALPHA / 2 * _DRAWS)
    return int(dates[0]), int(drawn[reach]), int(drawn[-1 - reach])


def _edge(name: str, start: NDArray[np.float64]) -> NDArray[np.float64]:
    if name == VARIETY:
        return start - math.log1p(-LEAST_LOST)
    edge = start + LEAST_POINTS[name]
    return np.maximum(edge, start * LEAST_RATIO[name]) if name in LEAST_RATIO else edge
