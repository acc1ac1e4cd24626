"""Exact tests: what a comparison would show if its groups were told apart at random."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from degrade.errors import UndefinedMetricError
from degrade.findings import Permutation, ReferenceRole
from degrade.inference.assess import Assessed, Fixed, level_setters
from degrade.inference.jackknife import Contrast, level_of_either
from degrade.inference.matching import Side, usable
from degrade.inference.pooling import pooled
from degrade.inference.resampling import Drawn, by_place, drawn, parts
from degrade.inference.yardstick import Reaches, StudentT
from degrade.metric import Metric

RELABELINGS = 999
"""Relabelings that are drawn where there are more; with fewer, all are looked at."""


@dataclass(frozen=True, slots=True)
class Permuted:
    """The statistics of primaries under relabelings of groups.

    Attributes
    ----------
    summary : how many there were, and of which groups
    statistics : by metric |T|, (relabelings,), the true one first; a divergence as it is
    largest : (relabelings,), the largest |T| over the metrics that set the level
    adjusted : by level-setting metric, its p-value by Westfall and Young's step-down max-|T|
    """

    summary: Permutation
    statistics: Mapping[str, NDArray[np.float64]]
    largest: NDArray[np.float64]
    adjusted: Mapping[str, float]

    def beyond(self, metric: str) -> float:
        """Return the share of relabelings as extreme as the true one, which is one of them.

        (1 + #{|T*| >= |T|}) / (B + 1).
        """
        statistics = self.statistics[metric]
        return float((statistics >= statistics[0]).mean())


@dataclass(frozen=True, slots=True)
class ByPermutation:
    """A yardstick of relabelings; what they do not tell, t does.

    The errors of the comparison stay those of its own groups; how many of them an interval reaches
    is read off |T| under relabelings. Intervals of divergences stay those of t: under relabelings
    there is no difference, and their spread without one is not their spread with it.
    """

    alpha: float
    permuted: Permuted
    otherwise: StudentT
    divergences: frozenset[str]

    def _knows(self, metric: str) -> bool:
        return metric in self.permuted.statistics and metric not in self.divergences

    def reaches(self, metric: str, contrast: Contrast, correlation: float = 1.0) -> Reaches:
        """Return quantiles of max |T| over the level-setting metrics, and of |T| of this one."""
        if not self._knows(metric):
            return self.otherwise.reaches(metric, contrast, correlation)
        alone = self.permuted.statistics[metric]
        alpha = level_of_either(self.alpha, correlation) if correlation < 1 else self.alpha
        return Reaches(_quantile(self.permuted.largest, self.alpha), _quantile(alone, 2 * alpha))

    def reach(self, metric: str, contrast: Contrast) -> float:
        """Return the quantile of |T| at 1 - alpha."""
        if not self._knows(metric):
            return self.otherwise.reach(metric, contrast)
        return _quantile(self.permuted.statistics[metric], self.alpha)

    def p(self, metric: str, contrast: Contrast) -> float:
        """Return the p-value by relabelings."""
        if metric not in self.permuted.statistics:
            return self.otherwise.p(metric, contrast)
        return self.permuted.beyond(metric)

    def adjusted(self, contrasts: Mapping[str, Contrast]) -> Mapping[str, float]:
        """Return Westfall and Young's p-values; 1 for a metric undefined under some relabeling."""
        return {name: self.permuted.adjusted.get(name, 1.0) for name in contrasts}


def permute(
    metrics: Sequence[Metric],
    assessed: Assessed,
    fixed: Fixed,
    role: ReferenceRole,
    rng: np.random.Generator,
    relabelings: int,
) -> Permuted:
    """Return the statistics of the primaries under relabelings of the groups of both corpora.

    The matched size is the same for all: the largest that each of them allows, at most that of the
    comparison. Corpora in pairs change places group by group. Of very many n-grams a sample is
    looked at, the same under every labeling, the true one among them, which keeps tests exact; so
    it does where only a sample was counted, and errors there are of groups alone.

    Metrics that are read at another level of the ladder, where all n-grams were counted, have as
    many relabelings of the groups of that level, drawn on their own. That leaves the p-value of
    each exact; the largest |T| over metrics is that of metrics as if independent, which is no
    smaller by chance than that of metrics that go along with each other.
    """
    primaries = [m for m in metrics if m.primary and m.name in assessed.estimates]
    here, *elsewhere = by_place(primaries, assessed.reference)
    trials, summary = _relabeled(
        here[1], assessed.reference, assessed.candidate, fixed, relabelings, rng
    )
    for place, some in elsewhere:
        candidate = assessed.candidate.of(some[0].name)
        with suppress(UndefinedMetricError):
            more, _ = _relabeled(
                some, place, candidate, fixed, len(trials) - 1, rng, enumerated=False
            )
            trials = [{**one, **other} for one, other in zip(trials, more, strict=True)]
    statistics = {
        metric.name: np.abs([t[metric.name].statistic for t in trials])
        for metric in primaries
        if all(metric.name in trial for trial in trials)
    }
    setters = [
        m.name for m in level_setters(metrics, assessed.estimates, role) if m.name in statistics
    ]
    every = np.array([statistics[name] for name in setters]).reshape(len(setters), len(trials))
    largest = every.max(axis=0, initial=0.0)
    adjusted = dict(zip(setters, step_down(every), strict=True))
    return Permuted(summary, statistics, largest, adjusted)


def _relabeled(
    primaries: Sequence[Metric],
    reference: Side,
    candidate: Side,
    fixed: Fixed,
    relabelings: int,
    rng: np.random.Generator,
    *,
    enumerated: bool = True,
) -> tuple[list[Mapping[str, Drawn]], Permutation]:
    """Return the statistics of ``primaries`` under relabelings, the true labels first.

    With ``enumerated``, all relabelings where they are no more than asked for.
    """
    whole, mine = pooled(reference, candidate)
    groups = len(whole.occupied_groups)
    draw = partial(_flips, mine) if whole.paired else partial(_choices, groups, mine)
    labels = draw(relabelings, rng, enumerated=enumerated)
    tokens = min(usable(whole.sizes[list(part)]) for pair in labels.pairs for part in pair)
    tokens = min(tokens, whole.matching.tokens)
    trials = []
    for pair in labels.pairs:
        one, other = parts(whole, pair, tokens, thinned=True)
        trials.append(drawn(primaries, one, other, fixed))
    return trials, Permutation(len(trials), labels.exact, mine, groups - mine)


def step_down(statistics: NDArray[np.float64]) -> list[float]:
    """Return p-values adjusted by Westfall and Young's step-down max-T, in the order given.

    ``statistics`` is (hypotheses, relabelings), larger for stronger evidence, the true labels
    first. Westfall and Young 1993, algorithm 4.1 (as in Ge, Dudoit and Speed 2003, box 4).
    """
    adjusted = np.ones(len(statistics))
    order = np.argsort(-statistics[:, 0], kind="stable")
    running = 0.0
    for rank, k in enumerate(order):
        largest = statistics[order[rank:]].max(axis=0)
        running = max(running, float((largest >= statistics[k, 0]).mean()))
        adjusted[k] = running
    return [float(p) for p in adjusted]


@dataclass(frozen=True, slots=True)
class _Labels:
    """Pairs of the groups called reference and candidate, the true ones first."""

    pairs: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]
    exact: bool


def _choices(
    groups: int, mine: int, relabelings: int, rng: np.random.Generator, *, enumerated: bool = True
) -> _Labels:
    true = tuple(range(mine))
    exact = enumerated and math.comb(groups, mine) <= relabelings + 1
    chosen = (
        list(itertools.combinations(range(groups), mine))
        if exact
        else [true, *(tuple(rng.permutation(groups)[:mine].tolist()) for _ in range(relabelings))]
    )
    pairs = []
    for one in chosen:
        rest = set(one)
        pairs.append((tuple(sorted(one)), tuple(g for g in range(groups) if g not in rest)))
    return _Labels(tuple(pairs), exact)


def _flips(
    mine: int, relabelings: int, rng: np.random.Generator, *, enumerated: bool = True
) -> _Labels:
    exact = enumerated and 2**mine <= relabelings + 1
    flips = (
        [tuple(k >> g & 1 for g in range(mine)) for k in range(2**mine)]
        if exact
        else [(0,) * mine, *map(tuple, rng.integers(0, 2, (relabelings, mine)).tolist())]
    )
    pairs = tuple(
        (
            tuple(g + mine * flip for g, flip in enumerate(one)),
            tuple(g + mine * (1 - flip) for g, flip in enumerate(one)),
        )
        for one in flips
    )
    return _Labels(pairs, exact)


def _quantile(statistics: NDArray[np.float64], alpha: float) -> float:
    """Return the least value that at most a share ``alpha`` of the relabelings exceed."""
    rank = math.ceil((1 - alpha) * len(statistics)) - 1
    return float(np.sort(statistics)[max(0, rank)])
