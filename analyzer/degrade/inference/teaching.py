"""Metrics of texts, estimated: how a candidate is scored, or teaches, beside its reference."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from degrade.errors import UndefinedMetricError
from degrade.exhibits import Bin
from degrade.inference.estimates import Estimated, SideEstimate
from degrade.inference.jackknife import Replicates, single, welch
from degrade.inference.lessons import Scores, Terms, lesson, occupied_blocks, scores_of, texts_of
from degrade.inference.matching import Side
from degrade.metric import TextMetric


def terms_for(metric: TextMetric, sides: Sequence[Side]) -> Terms:
    """Return the largest window and the largest lesson that every side has text for."""
    read = [texts_of(side).passages(metric.layer) for side in sides]
    window = next(
        (
            window
            for window in sorted(metric.windows, reverse=True)
            if all(
                2 * int((each.lengths // window).sum()) * window >= int(each.lengths.sum())
                for each in read
            )
        ),
        None,
    )
    if window is None:
        windows = ", ".join(str(window) for window in sorted(metric.windows, reverse=True))
        raise UndefinedMetricError(f"no full windows of {windows} tokens hold half of the text")
    return Terms(window, min(lesson(side, each) for side, each in zip(sides, read, strict=True)))


def compare_texts(metric: TextMetric, terms: Terms, reference: Side, candidate: Side) -> Estimated:
    """Return how the candidate is scored, or teaches, beside the reference itself."""
    taught = min(
        terms.taught,
        *(lesson(side, texts_of(side).passages(metric.layer)) for side in (reference, candidate)),
    )
    terms = Terms(terms.window, taught)
    baseline = scores_of(metric, terms, reference, reference)
    by_reference = metric.taught_by == "reference"
    pair = (reference, candidate) if by_reference else (candidate, reference)
    there = scores_of(metric, terms, *pair)

    def at(mine: int | None) -> float:
        return _statistic(metric, baseline.sums(mine, mine))

    def beside(mine: int | None, theirs: int | None) -> float:
        left = (mine, theirs) if by_reference else (theirs, mine)
        return _statistic(metric, there.sums(*left))

    def theta(mine: int | None, theirs: int | None) -> float:
        return beside(mine, theirs) - at(mine)

    value = theta(None, None)
    occupied = [occupied_blocks(metric, side) for side in (reference, candidate)]
    if candidate.paired:
        both = sorted({*occupied[0]} & {*occupied[1]})
        replicates = _replicates(value, lambda g: theta(g, g), both)
        contrast, left_out = single(replicates), None
    else:
        replicates = _replicates(value, lambda g: theta(None, g), occupied[1])
        left_out = _replicates(value, lambda g: theta(g, None), occupied[0])
        contrast = welch(value, left_out, replicates)
    estimates = [
        _estimate(metric, terms, reference, _replicates(at(None), at, occupied[0]), baseline),
        _estimate(
            metric,
            terms,
            candidate,
            _replicates(beside(None, None), lambda g: beside(None, g), occupied[1]),
            there,
        ),
    ]
    return Estimated(
        estimates[0],
        estimates[1],
        contrast,
        replicates,
        by_reference=left_out,
        note=_note(metric, reference, candidate),
        histogram=_histogram(metric.edges, baseline.values, there.values),
    )


def _replicates(value: float, without: Callable[[int], float], blocks: Sequence[int]) -> Replicates:
    return Replicates(value, np.array([without(block) for block in blocks]))


def _statistic(metric: TextMetric, sums: NDArray[np.float64]) -> float:
    """Return the mean or the deviation of windows, on the metric's scale."""
    windows, total, squares = (float(each) for each in sums)
    if windows < 2:
        raise UndefinedMetricError("fewer than two windows to score")
    value = total / windows
    if metric.statistic == "deviation":
        # Beyond what rounding leaves of equal values.
        spread = squares / windows - value**2
        value = math.sqrt(spread) if spread > 1e-9 * squares / windows else 0.0
    if metric.scale != "log":
        return value
    if value <= 0:
        raise UndefinedMetricError(f"it is 0 ({metric.undefined})")
    return math.log(value)


def _estimate(
    metric: TextMetric, terms: Terms, side: Side, replicates: Replicates, scores: Scores
) -> SideEstimate:
    passages = texts_of(side).passages(metric.layer)
    read = "sampled documents" if passages.sampled else "documents"
    counts = {
        read: len(passages.groups),
        "tokens taught": terms.taught,
        "window": terms.window,
        "windows": len(scores.values),
    }
    value = math.exp(replicates.value) if metric.scale == "log" else replicates.value
    return SideEstimate(value, replicates, counts.copy)


def _histogram(
    edges: tuple[float, ...], reference: NDArray[np.float64], candidate: NDArray[np.float64]
) -> tuple[Bin, ...]:
    """Return the windows of both between neighbouring edges, from the first to the last held."""
    if not edges:
        return ()
    found = np.stack([_binned(edges, values) for values in (reference, candidate)])
    held = np.flatnonzero(found.sum(axis=0))
    return tuple(
        Bin(float(edges[i]), float(edges[i + 1]), int(found[0, i]), int(found[1, i]))
        for i in range(int(held[0]), int(held[-1]) + 1)
    )


def _binned(edges: tuple[float, ...], values: NDArray[np.float64]) -> NDArray[np.int64]:
    inside = np.clip(np.searchsorted(edges, values, side="right") - 1, 0, len(edges) - 2)
    return np.bincount(inside, minlength=len(edges) - 1)


def _note(metric: TextMetric, *sides: Side) -> str | None:
    parts = [
        f"{side.name}: {said}"
        for side in sides
        if (said := texts_of(side).passages(metric.layer).said) is not None
    ]
    return f"read from {'; '.join(parts)}" if parts else None
