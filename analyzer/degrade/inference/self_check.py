"""How often this comparison would alarm if nothing had changed, on the reference itself."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from degrade.findings import SEVERITY, Finding, ReferenceRole, SelfCheck
from degrade.inference.assess import Assessed, Fixed, level_setters
from degrade.inference.estimates import Estimated
from degrade.inference.jackknife import Contrast
from degrade.inference.judgement import conclude, judge
from degrade.inference.matching import CLUSTERS_PER_GROUP, Side, side, usable
from degrade.inference.resampling import Drawn, by_place, drawn, parts
from degrade.inference.scales import shown, worsening
from degrade.inference.yardstick import Yardstick
from degrade.metric import Metric
from degrade.text.document import LEVELS

SPLITS = 100
FEWEST_IN_HALF = 8
"""Groups of a half below which there is no self-check."""
_LARGEST = 1_000_000
"""Tokens of the reference above which a smaller level of its ladder is split instead."""


@dataclass(frozen=True, slots=True)
class Splits:
    """The reference in random halves, compared with each other.

    ``trials`` holds the statistics of every halving; ``groups`` are those of a half, ``tokens``
    the size at which halves were seen; ``sizes`` that by metric, where another level of the ladder
    was halved. With a ``reason`` there are none.
    """

    trials: tuple[Mapping[str, Drawn], ...] = ()
    groups: int = 0
    tokens: float = 0.0
    reason: str | None = None
    sizes: Mapping[str, float] = field(default_factory=dict)


def split_reference(
    metrics: Sequence[Metric],
    reference: Side,
    fixed: Fixed,
    splits: int,
    rng: np.random.Generator,
) -> Splits:
    """Return the statistics of the primaries over ``splits`` random halvings of ``reference``.

    Halves are of groups, at random, and seen at the largest size that every half allows. Metrics
    that are read at another level of the ladder, where all n-grams were counted, are halved there,
    as often and on their own.
    """
    primaries = [metric for metric in metrics if metric.primary]
    here, *elsewhere = by_place(primaries, reference)
    found = _halved(here[1], here[0], fixed, splits, rng)
    if found.reason is not None:
        return found
    trials = [dict(trial) for trial in found.trials]
    sizes: dict[str, float] = {}
    for place, some in elsewhere:
        other = _halved(some, place, fixed, splits, rng)
        sizes |= {metric.name: other.tokens for metric in some if other.reason is None}
        for trial, more in zip(trials, other.trials, strict=False):
            trial |= more
    return replace(found, trials=tuple(trials), sizes=sizes)


def _halved(
    primaries: Sequence[Metric],
    reference: Side,
    fixed: Fixed,
    splits: int,
    rng: np.random.Generator,
) -> Splits:
    whole = _affordable(reference)
    groups = whole.occupied_groups
    half = len(groups) // 2
    if half < FEWEST_IN_HALF:
        return Splits(reason=f"halves of {len(groups)} groups of documents are too small")
    shuffled = [rng.permutation(groups).tolist() for _ in range(splits)]
    halvings = [(order[:half], order[half : 2 * half]) for order in shuffled]
    tokens = min(usable(whole.sizes[part]) for halving in halvings for part in halving)
    tokens = min(tokens, whole.matching.tokens)
    trials = []
    for halving in halvings:
        # Both halves see the same n-grams, so a sample of them is as fair, and quick.
        first, second = parts(whole, halving, tokens, thinned=True)
        trials.append(drawn(primaries, first, second, fixed))
    return Splits(tuple(trials), half, tokens)


def _affordable(reference: Side) -> Side:
    """Return the reference at the largest level of its ladder that is quick to split."""
    level = reference.level
    found = reference
    while int(found.sizes.sum()) > _LARGEST and level < LEVELS - 1:
        level += 1
        above = side(reference.name, reference.profile, reference.matching, level)
        held = int(reference.profile.clusters.at_level(level).sum())
        if held < CLUSTERS_PER_GROUP * above.groups:
            break
        found = above
    return found


def self_check(
    splits: Splits,
    metrics: Sequence[Metric],
    assessed: Assessed,
    yardstick: Yardstick,
    role: ReferenceRole,
) -> SelfCheck:
    """Return what the halvings say of a comparison that was ``assessed``.

    A statistic T of halves, times the error of the comparison, is the change that this comparison
    would have shown were there none. A divergence is scaled by the root of the sizes instead. A
    sample of n-grams adds nothing where there is no difference: of which n-grams there is none does
    not matter. So T and the error it is scaled to are of groups alone.
    """
    if splits.reason is not None:
        return SelfCheck(0, note=f"no self-check: {splits.reason}")
    estimates = assessed.estimates
    setters = level_setters(metrics, estimates, role)
    alarms = 0
    for trial in splits.trials:
        findings = [
            _null_finding(metric, trial[metric.name], estimates[metric.name], yardstick)
            for metric in setters
            if metric.name in trial
        ]
        whole = conclude(
            findings, blocked=False, matched_tokens=assessed.reference.matching.tokens, tested=True
        )
        alarms += SEVERITY.get(whole.level, 0) > 0
    noise: dict[str, float] = {}
    rejections: dict[str, float] = {}
    for metric in metrics:
        statistics = _statistics(splits, metric)
        if not metric.primary or metric.name not in estimates or not len(statistics):
            continue
        contrast = estimates[metric.name].contrast
        reach = float(np.quantile(np.abs(statistics), 0.95))
        if metric.scale == "divergence":
            seen = splits.sizes.get(metric.name, splits.tokens)
            tokens = assessed.reference.of(metric.name).matching.tokens
            noise[metric.name] = reach * math.sqrt(seen / tokens)
            continue
        error = contrast.error_of_groups
        noise[metric.name] = abs(shown(metric, worsening(metric) * reach * error))
        share = error / contrast.error if contrast.sampling else 1.0
        beyond = share * np.abs(statistics) > yardstick.reach(metric.name, contrast)
        rejections[metric.name] = float(beyond.mean())
    return SelfCheck(
        len(splits.trials),
        splits.groups,
        int(splits.tokens),
        alarms,
        alarms / len(splits.trials),
        noise,
        rejections,
    )


def _statistics(splits: Splits, metric: Metric) -> NDArray[np.float64]:
    return np.array([t[metric.name].statistic for t in splits.trials if metric.name in t])


def _null_finding(metric: Metric, found: Drawn, real: Estimated, yardstick: Yardstick) -> Finding:
    """Return what ``metric`` would find were the change what a halving made it."""
    difference = None
    if real.difference is not None and found.difference is not None:
        difference = _scaled(real.difference, found.difference)
    null = replace(real, contrast=_scaled(real.contrast, found.statistic), difference=difference)
    judged = judge(metric, null, yardstick)
    return Finding(
        metric.name,
        metric.title,
        metric.family,
        metric.primary,
        metric.unit,
        metric.worse,
        level=judged.level,
        ruled_out=judged.ruled_out,
        direction=judged.direction,
    )


def _scaled(real: Contrast, statistic: float) -> Contrast:
    return replace(real, value=statistic * real.error_of_groups)
