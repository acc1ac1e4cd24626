"""Which share of training data comes back, against what drawing it anew would bring back."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import cast

import numpy as np
from numpy.typing import NDArray

from degrade import urn
from degrade.census.incidence_kernels import incidence, masks_at
from degrade.census.section import Section
from degrade.findings import Survival
from degrade.inference.jackknife import Replicates, single, with_sampling
from degrade.inference.matching import Side
from degrade.summaries import Need

BANDS = ((1, 1), (2, 2), (3, 3), (4, 7))


def survival(reference: Side, candidate: Side, need: Need) -> Iterator[Survival]:
    """Yield, by how often n-grams were seen in the reference, the share that the candidate keeps.

    Text drawn anew from the frequencies of a reference of N tokens holds an n-gram seen f times
    with chance 1 - exp(-f n / N) at n tokens (Shumailov et al. 2024: what is not drawn is lost
    for good). A model that keeps more than that has learned the text by heart; one that keeps
    less has forgotten more than chance takes. The candidate is seen at the size of the reference,
    or as near to it as leaving any of its groups out allows. Where a sample of the n-grams was
    counted, its error, that of a mean over them, is in the interval.
    """
    mine, theirs = (cast(Section, each.section(need)) for each in (reference, candidate))
    sizes = candidate.sizes
    total = int(reference.sizes.sum())
    tokens = min(float(total), 0.95 * float(sizes.sum() - sizes.max()))
    seen = mine.frequencies("occurrences", reference.occupied)
    masks = masks_at(mine.hashes, theirs.hashes, theirs.masks)
    for low, high in BANDS:
        inside = (seen >= low) & (seen <= high)
        if not inside.any():
            continue
        kept = single(_kept(masks[inside], candidate, tokens))
        if mine.share < 1:
            kept = with_sampling(kept, _sample(masks[inside], candidate, tokens, mine.share))
        ends = kept.interval(0.05)
        yield Survival(
            n=int(need["n"]),
            seen_from=low,
            seen_to=high,
            types=round(int(inside.sum()) / mine.share),
            expected=float(1.0 - np.exp(-seen[inside] * tokens / total).mean()),
            kept=kept.value,
            low=max(0.0, ends[0]),
            high=min(1.0, ends[1]),
        )


def _kept(masks: NDArray[np.uint64], candidate: Side, tokens: float) -> Replicates:
    """Return the share of n-grams expected in ``tokens`` tokens, with each group left out."""
    sizes = candidate.sizes
    counts = np.broadcast_to(np.ones(1, dtype=np.int64), len(masks))
    total, within = incidence(masks, counts, len(sizes))
    occupied = candidate.occupied_groups

    def share(left_out: int | None) -> float:
        held, groups, there = total, len(occupied), int(sizes.sum())
        if left_out is not None:
            held = total - within[left_out]
            held[:-1] += within[left_out][1:]
            groups, there = groups - 1, there - int(sizes[left_out])
        found = urn.expected_types(held[: groups + 1], tokens * groups / there)
        return found / len(masks)

    return Replicates(share(None), np.array([share(g) for g in occupied]))


def _sample(masks: NDArray[np.uint64], candidate: Side, tokens: float, share: float) -> Replicates:
    """Return the share with each n-gram left out, shrunk to the error of a sample; see by_slices.

    Leaving n-gram t out of a mean over T moves it by (mean - x_t) / (T - 1).
    """
    sizes = candidate.sizes
    counts = np.broadcast_to(np.ones(1, dtype=np.int64), len(masks))
    total, _ = incidence(masks, counts, len(sizes))
    groups = len(candidate.occupied_groups)
    missing = urn.missed(len(sizes), float(groups), tokens * groups / int(sizes.sum()))
    held = np.repeat(1.0 - missing[: len(total)], total)
    mean = float(held.mean())
    apart = (mean - held) / max(1, len(held) - 1)
    return Replicates(mean, mean + math.sqrt(1 - share) * apart)
