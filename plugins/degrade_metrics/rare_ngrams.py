"""Rare n-gram loss: which rare words and phrases no longer come back."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from degrade.compiled import kernel
from degrade.errors import UndefinedMetricError
from degrade.metric import PairMetric, View
from degrade.summaries import Census, Need
from degrade.urn import missed, rare_and_missed, rarity

FAMILY = "rare n-gram loss"


def kept(reference: View, candidate: View, need: Need, found: int) -> tuple[float, float]:
    """Return the shares of the reference's rare n-grams that come back: in fresh text, and here.

    Rare are those found in ``found`` groups of one half of the reference; fresh text is its other
    half, averaged over all halvings in closed form. Both are seen at the same size, of at most
    half the reference. Where corpora share their clusters, the candidate is seen in the clusters of
    the other half alone, as the fresh text is: its text on the same prompts would hold more.
    """
    if reference.paired:
        return _kept_in_pairs(reference, candidate, need, found)
    joint = reference[need].joint_incidence(candidate[need])
    groups, other_groups = reference.groups, candidate.groups
    size = reference.fresh_tokens
    here = size * groups / reference.corpus_tokens
    there = size * other_groups / candidate.corpus_tokens
    # Of d groups, found are in the half at hand and the others in the fresh one.
    total, baseline, back = _sums(
        joint,
        rarity(groups, groups, groups / 2, found),
        missed(max(0, groups - found), groups / 2, here),
        missed(other_groups, other_groups, there),
        found,
    )
    return _shares(total, baseline, back)


def _kept_in_pairs(reference: View, candidate: View, need: Need, found: int) -> tuple[float, float]:
    regions, counts = reference[need].regions(candidate[need])
    groups, half = reference.groups, reference.groups / 2
    size = min(reference.fresh_tokens, candidate.fresh_tokens)
    here, there = (size * groups / each.corpus_tokens for each in (reference, candidate))
    # What the fresh half misses of the reference itself: there, all its groups are in both.
    own = regions.copy()
    own[:, 2] += own[:, 0]
    own[:, :2] = 0
    held = own[:, 2]
    rare = rarity(groups, groups, half, found)[held]
    fresh = rare - rare_and_missed(own, groups, half, found, here)
    returned = rare - rare_and_missed(regions, groups, half, found, there)
    return _shares(float(counts @ rare), float(counts @ fresh), float(counts @ returned))


def _shares(total: float, baseline: float, back: float) -> tuple[float, float]:
    if baseline <= 0:
        raise UndefinedMetricError("none of the reference's rare n-grams comes back in itself")
    return baseline / total, back / total


@kernel
def _sums(
    joint: NDArray[np.int64],
    rare: NDArray[np.float64],
    missed_fresh: NDArray[np.float64],
    missed_there: NDArray[np.float64],
    found: int,
) -> tuple[float, float, float]:
    """Return how many n-grams are rare in a half, and how many of them come back on either side."""
    total, baseline, back = 0.0, 0.0, 0.0
    for d in range(found, len(rare)):
        held, returned = 0.0, 0.0
        for e in range(len(missed_there)):
            held += joint[d, e]
            returned += joint[d, e] * (1.0 - missed_there[e])
        total += rare[d] * held
        baseline += rare[d] * (1.0 - missed_fresh[d - found]) * held
        back += rare[d] * returned
    return total, baseline, back


METRICS = tuple(
    PairMetric(
        name=f"rare_loss_{n}",
        title=f"Once-seen {what} lost",
        family=FAMILY,
        unit="share kept",
        scale="loss",
        worse="higher",
        needs=(need,),
        compute=partial(kept, need=need, found=1),
        threshold_unit="points",
        thresholds=(0.05, 0.15, 0.35),
        primary=True,
        source="hypergeometric halving after Colwell et al. 2012; tail loss of Shumailov et al. "
        "2024",
        description=f"Of the {what} found in one group of documents of half the reference, the "
        "share kept by the candidate over the share that fresh reference text keeps, less 1: 0 "
        "means as much as a second sample of the reference would lose.",
        undefined="none of the reference's rare n-grams comes back in its own other half",
        formula="1 - rho_c / rho_0; rho_c = sum_t h(d_t) [1 - C(Gc - e_t, nc) / C(Gc, nc)] / "
        "sum_t h(d_t), h(d) = d C(G - d, G/2 - 1) / C(G, G/2); rho_0 the same in the other half, "
        "1 - C(G/2 - d_t + 1, n0) / C(G/2, n0); d_t of G groups of the reference hold t, e_t of "
        "Gc of the candidate",
        pitfalls="A model that was trained on the reference gives back what it saw there, which "
        "looks like a gain: hold documents out. Another subject loses rare words too, without "
        "any degradation. What counts as rare depends on the size, so compare losses at one "
        "size only."
        + (
            " Rare triples come back more often in text that is merely concentrated: they were "
            "common all along."
            if n == 3
            else ""
        ),
    )
    for n, what, need in (
        (1, "words", Need(Census, layer="word", n=1)),
        (2, "word pairs", Need(Census, layer="word", n=2)),
        (3, "word triples", Need(Census, layer="word", n=3)),
    )
)
