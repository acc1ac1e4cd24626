"""Rare n-gram loss: which rare words and phrases no longer come back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from degrade.compiled import kernel
from degrade.errors import UndefinedMetricError
from degrade.metric import PairMetric, View
from degrade.summaries import Census, Need
from degrade.urn import chances_missed, chances_rare, missed, rare_and_missed, rarity

FAMILY = "rare n-gram loss"


def kept(reference: View, candidate: View, need: Need, found: int) -> tuple[float, float]:
    """Return the shares of the reference's rare n-grams that come back: in fresh text, and here.

    Rare are those found in ``found`` groups of one half of the reference; fresh text is its other
    half, averaged over all halvings in closed form. Both are seen at the same size, of at most
    half the reference. Where corpora share their clusters, the candidate is seen in the clusters of
    the other half alone, as the fresh text is: its text on the same prompts would hold more.
    """
    return kept_in_band(reference, candidate, need, (found, found))


def kept_in_band(
    reference: View, candidate: View, need: Need, band: tuple[int, int]
) -> tuple[float, float]:
    """Return the same shares of n-grams found in ``band[0]`` to ``band[1]`` groups of one half."""
    if not reference.paired:
        left_out = [(reference.left_out, candidate.left_out)]
        return kept_each(reference, candidate, left_out, need, band)[0]
    counted = [
        _counted_in_pairs(reference, candidate, need, found)
        for found in range(band[0], band[1] + 1)
    ]
    return _shares(*(sum(column) for column in zip(*counted, strict=True)))


def kept_each(
    reference: View,
    candidate: View,
    left_out: Sequence[tuple[int | None, int | None]],
    need: Need,
    band: tuple[int, int],
) -> list[tuple[float, float]]:
    """Return the shares with these groups of the reference and of the candidate left out."""
    if reference.paired:
        pairs = ((reference.without(mine), candidate.without(theirs)) for mine, theirs in left_out)
        return [kept_in_band(*views, need, band) for views in pairs]
    joint, share = reference[need].joint_with(candidate[need])
    there = reference.selection, candidate.selection
    left = [each.left(some) for each, some in zip(there, zip(*left_out, strict=True), strict=True)]
    out, groups, tokens = (np.stack(each, axis=1) for each in zip(*left, strict=True))
    drawn = reference.fresh_tokens * groups / tokens
    if (drawn > groups / [2, 1]).any():
        raise ValueError(f"{drawn.max():g} groups drawn of {groups.min()}")
    tables = joint.total, joint.within_a, joint.within_b
    counted = _counted_each(*tables, share, out, groups, drawn, *band)
    return [_shares(*row) for row in counted.tolist()]


def _counted_in_pairs(
    reference: View, candidate: View, need: Need, found: int
) -> tuple[float, float, float]:
    regions, counts = reference[need].regions(candidate[need])
    groups, half = reference.groups, reference.groups / 2
    size = min(reference.fresh_tokens, candidate.fresh_tokens)
    here, there = (size * groups / each.corpus_tokens for each in (reference, candidate))
    own = _own(regions)
    held = own[:, 2]
    rare = rarity(groups, groups, half, found)[held]
    fresh = rare - rare_and_missed(own, groups, half, found, here)
    returned = rare - rare_and_missed(regions, groups, half, found, there)
    return float(counts @ rare), float(counts @ fresh), float(counts @ returned)


def _own(regions: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the regions of the reference with itself: all its groups are in both."""
    own = regions.copy()
    own[:, 2] += own[:, 0]
    own[:, :2] = 0
    return own


def _shares(total: float, baseline: float, back: float) -> tuple[float, float]:
    if baseline <= 0:
        raise UndefinedMetricError("none of the reference's rare n-grams comes back in itself")
    return baseline / total, back / total


@kernel
def _counted_each(
    total: NDArray[np.int64],
    within_a: NDArray[np.int64],
    within_b: NDArray[np.int64],
    share: float,
    left_out: NDArray[np.int64],
    groups: NDArray[np.int64],
    drawn: NDArray[np.float64],
    low: int,
    high: int,
) -> NDArray[np.float64]:
    """Return how many n-grams are rare in a half, and how many of them come back on either side.

    Rare in the half, rare there and in fresh text, rare there and in the candidate: (rows, 3), with
    the groups of each row of ``left_out`` left out of the reference and of the candidate; -1 leaves
    out none. Of the ``groups`` that are left, (rows, 2), so many are ``drawn`` on either side. The
    tables are those of ``joint_incidence``, of a ``share`` of all n-grams.
    """
    out = np.zeros((len(left_out), 3), dtype=np.float64)
    joint = np.zeros(total.shape, dtype=np.float64)
    for row in range(len(left_out)):
        mine, theirs = left_out[row]
        most, most_there = groups[row]
        for d in range(most + 1):
            for e in range(most_there + 1):
                count = total[d, e]
                if mine >= 0:
                    count += within_a[mine, d + 1, e] - within_a[mine, d, e]
                if theirs >= 0:
                    count += within_b[theirs, d, e + 1] - within_b[theirs, d, e]
                joint[d, e] = count / share
        # Of d groups, found are in the half at hand and the others in the fresh one.
        there = chances_missed(most_there, float(most_there), drawn[row, 1])
        for found in range(low, high + 1):
            rare = chances_rare(most, float(most), most / 2, found)
            fresh = chances_missed(max(0, most - found), most / 2, drawn[row, 0])
            for d in range(found, most + 1):
                held, returned = 0.0, 0.0
                for e in range(most_there + 1):
                    held += joint[d, e]
                    returned += joint[d, e] * (1.0 - there[e])
                out[row, 0] += rare[d] * held
                out[row, 1] += rare[d] * (1.0 - fresh[d - found]) * held
                out[row, 2] += rare[d] * returned
    return out


def covered(reference: View, candidate: View, need: Need) -> tuple[float, float]:
    """Return the shares of all n-grams of half the reference that come back: in fresh text, here.

    Those found in no group of the half are taken from all, so that no band has to be summed.
    """
    groups, half = reference.groups, reference.groups / 2
    if reference.paired:
        regions, counts = reference[need].regions(candidate[need])
        size = min(reference.fresh_tokens, candidate.fresh_tokens)
        here, there = (size * groups / each.corpus_tokens for each in (reference, candidate))
        own = _own(regions)
        seen = 1.0 - rarity(groups, groups, half, 0)[own[:, 2]]
        fresh, returned = (
            seen
            - missed(groups, groups, drawn)[at[:, 1] + at[:, 2]]
            + rare_and_missed(at, groups, half, 0, drawn)
            for at, drawn in ((own, here), (regions, there))
        )
        return _shares(*(float(counts @ column) for column in (seen, fresh, returned)))
    joint = reference[need].joint_incidence(candidate[need])
    size = reference.fresh_tokens
    here = size * groups / reference.corpus_tokens
    there = size * candidate.groups / candidate.corpus_tokens
    outside = rarity(groups, groups, half, 0)
    held = joint.sum(axis=1)
    # A drawn fresh group misses it, whatever the half at hand holds, less where that is nothing.
    fresh = 1.0 - outside - missed(groups, groups, here) + outside * missed(groups, half, here)
    back = joint @ (1.0 - missed(candidate.groups, candidate.groups, there))
    return _shares(
        *(float(column) for column in ((1 - outside) @ held, fresh @ held, (1 - outside) @ back))
    )


ORDERS = (
    (1, "words", Need(Census, layer="word", n=1)),
    (2, "word pairs", Need(Census, layer="word", n=2)),
    (3, "word triples", Need(Census, layer="word", n=3)),
)
BANDS = ((2, 3), (4, 7))
_SOURCE = "hypergeometric halving after Colwell et al. 2012; tail loss of Shumailov et al. 2024"
_FORMULA = (
    "1 - rho_c / rho_0; rho_c = sum_t h(d_t) [1 - C(Gc - e_t, nc) / C(Gc, nc)] / sum_t h(d_t), "
    "h(d) = d C(G - d, G/2 - 1) / C(G, G/2); rho_0 the same in the other half, "
    "1 - C(G/2 - d_t + 1, n0) / C(G/2, n0); d_t of G groups of the reference hold t, e_t of Gc of "
    "the candidate"
)
_PITFALLS = (
    "A model that was trained on the reference gives back what it saw there, which looks like a "
    "gain: hold documents out. Another subject loses rare words too, without any degradation. What "
    "counts as rare depends on the size, so compare losses at one size only."
)
_TRIPLES = (
    " Rare triples come back more often in text that is merely concentrated: they were common all "
    "along."
)

METRICS = (
    *(
        PairMetric(
            name=f"rare_loss_{n}",
            instances="once-seen n-grams",
            title=f"Once-seen {what} lost",
            family=FAMILY,
            unit="share kept",
            scale="loss",
            worse="higher",
            needs=(need,),
            compute=partial(kept, need=need, found=1),
            compute_each=partial(kept_each, need=need, band=(1, 1)),
            closed_form=True,
            threshold_unit="points",
            thresholds=(0.05, 0.15, 0.35),
            primary=True,
            source=_SOURCE,
            description=f"Of the {what} found in one group of documents of half the reference, the "
            "share kept by the candidate over the share that fresh reference text keeps, less 1: 0 "
            "means as much as a second sample of the reference would lose.",
            undefined="none of the reference's rare n-grams comes back in its own other half",
            formula=_FORMULA,
            pitfalls=_PITFALLS + (_TRIPLES if n == 3 else ""),
        )
        for n, what, need in ORDERS
    ),
    *(
        PairMetric(
            name=f"rare_loss_{n}_band_{low}_{high}",
            title=f"{what.capitalize()} seen in {low} to {high} groups lost",
            family=FAMILY,
            unit="share kept",
            scale="loss",
            worse="higher",
            needs=(need,),
            compute=partial(kept_in_band, need=need, band=(low, high)),
            compute_each=partial(kept_each, need=need, band=(low, high)),
            closed_form=True,
            threshold_unit="points",
            source=_SOURCE,
            description=f"As rare_loss_{n}, of the {what} found in {low} to {high} groups of "
            "documents of half the reference: whether a loss stops at the rarest or reaches up.",
            formula="1 - rho_g / rho_0, with rho the share of n-grams of the band that come back "
            f"in the candidate and in fresh reference text, h(r|d) summed over r = {low} to {high}",
            undefined="none of the reference's n-grams of the band comes back in its other half",
            pitfalls="Bands are of groups of documents, so what is in a band depends on how much "
            "text the reference has. N-grams of higher bands come back in nearly any text: a "
            "small loss there is more than it looks.",
        )
        for n, what, need in ORDERS
        for low, high in BANDS
    ),
    PairMetric(
        name="vocabulary_coverage",
        instances="n-grams",
        title="Coverage of the reference's vocabulary",
        family=FAMILY,
        unit="share of word types",
        scale="difference",
        worse="lower",
        needs=(ORDERS[0][2],),
        compute=partial(covered, need=ORDERS[0][2]),
        closed_form=True,
        threshold_unit="points",
        source="share of the types of one sample found in another, by hypergeometric halving after "
        "Colwell et al. 2012, eq. 17",
        description="Of the different words of half the reference, the share that as much text of "
        "the candidate holds, beside the share that fresh reference text holds.",
        formula="sum_t (1 - h(0|d)) [1 - C(Gg - e, ng) / C(Gg, ng)] / sum_t (1 - h(0|d)), for a "
        "word in d of G groups of the reference and e of Gg of the candidate",
        undefined="the reference has no words in common with itself",
        pitfalls="Of types and not of tokens: most are rare, so 60% is common for another sample "
        "of one source. Compare it with the reference's own value, never with 100%.",
    ),
)
