"""The statistic of every metric under other assignments of groups to the two sides."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from degrade.errors import UndefinedMetricError
from degrade.inference.assess import Fixed, estimate
from degrade.inference.matching import Side, part_of
from degrade.inference.pair_estimates import pair_value
from degrade.inference.sources import SomeGroups
from degrade.metric import Metric, PairMetric


@dataclass(frozen=True, slots=True)
class Drawn:
    """What one assignment gives for a metric.

    ``statistic`` is the contrast in its errors, T, or a divergence itself, which needs no error to
    be compared with itself; ``difference`` likewise of the difference, where there is a floor.
    """

    statistic: float
    difference: float | None = None


def parts(
    whole: Side, orders: Sequence[Sequence[int]], tokens: float, *, thinned: bool = False
) -> list[Side]:
    """Return each selection of groups of ``whole`` as a side, seen at ``tokens`` tokens."""
    sources = [SomeGroups(whole.source, order, thinned=thinned) for order in orders]
    return [
        part_of(whole, source, order, tokens) for source, order in zip(sources, orders, strict=True)
    ]


def by_place(metrics: Iterable[Metric], side: Side) -> list[tuple[Side, list[Metric]]]:
    """Return the places that ``metrics`` of a corpus are read at, and which, ``side`` itself first.

    Without those that are not read anywhere.
    """
    found: dict[int, tuple[Side, list[Metric]]] = {id(side): (side, [])}
    for metric in metrics:
        there = side.elsewhere.get(metric.name, side)
        if isinstance(there, Side):
            found.setdefault(id(there), (there, []))[1].append(metric)
    return list(found.values())


def drawn(
    metrics: Iterable[Metric], reference: Side, candidate: Side, fixed: Fixed
) -> Mapping[str, Drawn]:
    """Return the statistics of ``metrics``, without those that have no value or no error here."""
    found: dict[str, Drawn] = {}
    for metric in metrics:
        try:
            if isinstance(metric, PairMetric) and metric.scale == "divergence":
                # Its error takes as many divergences as there are groups: too dear to draw.
                found[metric.name] = Drawn(pair_value(metric, reference, candidate))
                continue
            estimated = estimate(metric, reference, candidate, fixed)
        except UndefinedMetricError:
            continue
        statistic = estimated.contrast.statistic
        apart = None if estimated.difference is None else estimated.difference.statistic
        if math.isfinite(statistic) and (apart is None or math.isfinite(apart)):
            found[metric.name] = Drawn(statistic, apart)
    return found
