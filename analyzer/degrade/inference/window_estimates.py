"""Document metrics on the corpora of a run: ratios of sums over fixed windows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np

from degrade.errors import UndefinedMetricError
from degrade.inference.estimates import Estimated, SideEstimate, contrasted
from degrade.inference.jackknife import Replicates
from degrade.inference.matching import Side
from degrade.metric import WHOLE, DocumentMetric
from degrade.profiles import Profile
from degrade.summaries import Moments, Need, SampledMoments
from degrade.summaries.sampled_moments import STRETCH


def window_for(metric: DocumentMetric, sides: Sequence[Side]) -> int:
    """Return the largest window whose full windows hold half of the tokens on every side."""
    for window in sorted(metric.windows, reverse=True):
        need = metric.need(window)
        # Whole documents are all there is; of another layer, their symbols are not tokens.
        if window == WHOLE or all(
            2 * _covered(each.profile, need) >= each.profile.tokens for each in sides
        ):
            return window
    *most, last = sorted(metric.windows, reverse=True)
    windows = f"{', '.join(str(w) for w in most)} or {last}" if most else str(last)
    raise UndefinedMetricError(f"full windows of {windows} tokens hold less than half of the text")


def _covered(profile: Profile, need: Need) -> int:
    return int(cast(Moments | SampledMoments, profile.levels[0][need]).covered.sum())


def compare_documents(
    metric: DocumentMetric, window: int, reference: Side, candidate: Side
) -> Estimated:
    """Return how a ratio of sums over fixed windows differs; whole documents are looked at."""
    estimates, differences = [], []
    sides = [side.source.sums(metric.need(window)) for side in (reference, candidate)]
    held = [sums.denominators > 0 for sums in sides]
    if candidate.paired:
        held = [held[0] & held[1]] * 2
    for sums, occupied in zip(sides, held, strict=True):
        numerators, denominators = sums.numerators[occupied], sums.denominators[occupied]
        if len(denominators) < 2:
            raise UndefinedMetricError("fewer than two groups hold a full window")
        top = np.append(numerators.sum(), numerators.sum() - numerators)
        below = np.append(denominators.sum(), denominators.sum() - denominators)
        if metric.events:
            scaled = np.log((top + 0.5) / below)
        elif metric.scale == "log":
            if (top <= 0).any():
                raise UndefinedMetricError("it is 0")
            scaled = np.log(top / below)
        else:
            scaled = top / below
        counts = {
            "numerator": round(float(top[0])),
            "denominator": round(float(below[0])),
            "documents": int(sums.documents.sum()),
            "window": window,
        }
        estimates.append(
            SideEstimate(
                float(top[0] / below[0]), Replicates(float(scaled[0]), scaled[1:]), counts.copy
            )
        )
        raw = top / below
        differences.append(SideEstimate(float(raw[0]), Replicates(float(raw[0]), raw[1:]), dict))
    mine, theirs = estimates
    contrast, by_candidate, by_reference = contrasted(mine, theirs, paired=candidate.paired)
    difference, *replicates = contrasted(*differences, paired=candidate.paired)
    notes = (
        _note_of_events(metric, (reference, candidate), estimates),
        _note_of_sample(metric.need(window), (reference, candidate)),
    )
    note = "; ".join(said for said in notes if said) or None
    both = cast("tuple[Replicates, Replicates | None]", tuple(replicates))
    return Estimated(
        mine, theirs, contrast, by_candidate, difference, by_reference, both, note=note
    )


def _note_of_events(
    metric: DocumentMetric, sides: Sequence[Side], estimates: Sequence[SideEstimate]
) -> str | None:
    """Return what a ratio to or of nothing is made of."""
    none = [side.name for side, one in zip(sides, estimates, strict=True) if not one.value]
    if not metric.events or not none:
        return None
    return (
        f"none in {' or '.join(none)}: so that there is a ratio, half an event is added on either "
        "side"
    )


def _note_of_sample(need: Need, sides: Sequence[Side]) -> str | None:
    """Return of how much of the corpora the sums are, where it is a sample."""
    found = {side.name: side.profile.levels[0][need] for side in sides}
    kept = {
        name: moments.kept if isinstance(moments, SampledMoments) else 1.0
        for name, moments in found.items()
    }
    if all(share == 1 for share in kept.values()):
        return None
    units = f"stretches of {STRETCH:,} tokens" if need["window"] else "documents"
    said = [
        f"1 in {round(1 / share):,} of {name}" if share < 1 else f"all of {name}"
        for name, share in kept.items()
    ]
    return f"measured on a sample of {units}: {' and '.join(said)}"
