"""Sources against the rest of the corpus or a baseline, and which of them stand out."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from degrade.audited import Judged
from degrade.auditing.measures import (
    ALIKE,
    COPIES,
    FLAGGED,
    LOOPS,
    NAMES,
    NO_TEXT,
    REPETITION,
    VARIETY,
)
from degrade.auditing.variety import DRAWN
from degrade.inference.jackknife import Contrast, Replicates, single, welch
from degrade.significance import false_discovery_rates, student_tail

FALSE_DISCOVERY = 0.05
ALPHA = 0.05
FEWEST_GROUPS = 20
"""Groups of clusters, of 64, in which a source has something to measure: fewer tell no error."""
FEWEST_SOURCES = 3
"""Sources of enough words, for one to be told from the others by its variety."""
LEAST_POINTS: Mapping[str, float] = {
    **dict.fromkeys((COPIES, ALIKE, LOOPS, FLAGGED, NO_TEXT), 0.01),
    REPETITION: 0.005,
}
"""Least difference of shares that is told."""
LEAST_RATIO = {REPETITION: 1.25}
LEAST_LOST = 0.10
"""Least share of different words that are missing for that to be told."""

Counts = NDArray[np.int64]
Pairs = Mapping[str, tuple[Counts, Counts]]


@dataclass(frozen=True, slots=True)
class Gathered:
    """What was counted of a corpus.

    Attributes
    ----------
    shares : by measure, numerators and denominators, (sources, groups) each
    types : different words at equal size, (sources, 1 + groups), as ``Variety.types``
    words : all words, (sources, groups)
    baseline : by measure, numerators and denominators of a baseline, (groups,) each
    """

    shares: Pairs
    types: NDArray[np.float64]
    words: Counts
    baseline: Pairs


def judged(found: Gathered, others: Sequence[Judged | None] = ()) -> list[list[Judged]]:
    """Return what is told of each source by each measure that there is enough of.

    ``others`` are told of each source besides, if anything is.

    One-sided, for the worse; Benjamini and Hochberg 1995 over all of them at ``FALSE_DISCOVERY``.
    A source stands out where that and the size of the difference are enough.
    """
    every = [
        [each for name in NAMES if (each := _judge(found, name, source)) is not None]
        for source in range(len(found.words))
    ]
    for of, other in zip(every, others, strict=False):
        of += [other] if other is not None else []
    p = np.array([each.p for of in every for each in of])
    rates: Iterator[float] = iter(false_discovery_rates(p).tolist() if len(p) else [])
    told = []
    for of in every:
        adjusted = [replace(each, p_adjusted=next(rates)) for each in of]
        told.append([
            replace(each, stands_out=each.p_adjusted <= FALSE_DISCOVERY and each.size >= 1)
            for each in adjusted
        ])  # fmt: skip
    return told


def _judge(found: Gathered, name: str, source: int) -> Judged | None:
    if name == VARIETY:
        return _variety(found, source)
    over, under = found.shares[name]
    mine = over[source], under[source]
    if name in found.baseline:
        other = found.baseline[name]
    else:
        other = over.sum(axis=0) - mine[0], under.sum(axis=0) - mine[1]
    if min(_occupied(under[source]), _occupied(other[1])) < FEWEST_GROUPS:
        return None
    if name in found.baseline:
        one, two = left_out(mine, mine[1] > 0), left_out(other, other[1] > 0)
        contrast = welch(one.value - two.value, one, two)
    else:
        # Clusters that both sides share are left out of both.
        inside = mine[1] > 0
        one, two = left_out(mine, inside), left_out(other, inside)
        contrast = single(Replicates(one.value - two.value, one.left_out - two.left_out))
    low, high = contrast.interval(ALPHA)
    return Judged(
        measure=name,
        unit="share",
        against="baseline" if name in found.baseline else "rest",
        value=one.value,
        other=two.value,
        count=int(mine[0].sum()),
        of=int(mine[1].sum()),
        other_count=int(other[0].sum()),
        other_of=int(other[1].sum()),
        low=low,
        high=high,
        p=_p(contrast),
        p_adjusted=1.0,
        size=_size(name, one.value, two.value),
        stands_out=False,
    )


def _variety(found: Gathered, source: int) -> Judged | None:
    others = np.flatnonzero(~np.isnan(found.types[:, 0]))
    if source not in others or len(others) < FEWEST_SOURCES:
        return None
    inside = np.concatenate(([True], found.words[source] > 0))
    if inside.sum() - 1 < FEWEST_GROUPS:
        return None
    logs = np.log(found.types[:, inside])
    rest_of_them = logs[others[others != source]]
    rest = rest_of_them.mean(axis=0)
    contrast = single(Replicates(float(logs[source, 0] - rest[0]), logs[source, 1:] - rest[1:]))
    low, high = contrast.interval(ALPHA)
    of = int(found.words[source].sum())
    return Judged(
        measure=VARIETY,
        unit="words",
        against="rest",
        value=math.exp(logs[source, 0]),
        other=math.exp(rest[0]),
        count=DRAWN,
        of=of,
        other_count=DRAWN,
        other_of=int(found.words[others].sum()) - of,
        low=math.exp(low),
        high=math.exp(high),
        p=_p(_among(contrast, rest_of_them[:, 0])),
        p_adjusted=1.0,
        size=contrast.value / math.log1p(-LEAST_LOST),
        stands_out=False,
    )


def _among(contrast: Contrast, others: NDArray[np.float64]) -> Contrast:
    """Return how far below ``others`` a source is, with their spread in the error.

    Sources by people differ in variety too: only what is unlike all of them is told.
    """
    count = len(others)
    spread = float(others.var(ddof=1)) * (1 + 1 / count)
    total = contrast.error**2 + spread
    if total == 0:
        return replace(contrast, value=-contrast.value)
    freedom = total**2 / (contrast.error**4 / contrast.freedom + spread**2 / (count - 1))
    return Contrast(-contrast.value, math.sqrt(total), freedom)


def left_out(counts: tuple[Counts, Counts], inside: NDArray[np.bool_]) -> Replicates:
    """Return a share, numerators and denominators by group, with each group ``inside`` left out."""
    over, under = counts
    all_over, all_under = float(over.sum()), float(under.sum())
    left = (all_over - over[inside]) / np.maximum(1.0, all_under - under[inside])
    return Replicates(all_over / all_under, left)


def _occupied(under: Counts) -> int:
    return int((under > 0).sum())


def _p(contrast: Contrast) -> float:
    if contrast.error == 0:
        return 0.0 if contrast.value > 0 else 1.0
    return float(student_tail(np.array(contrast.statistic), contrast.freedom))


def _size(name: str, value: float, other: float) -> float:
    """Return how far ``value`` is above ``other`` in multiples of the least that is told."""
    size = (value - other) / LEAST_POINTS[name]
    if size <= 0 or name not in LEAST_RATIO or other == 0:
        return size
    return min(size, math.log(value / other) / math.log(LEAST_RATIO[name]))
