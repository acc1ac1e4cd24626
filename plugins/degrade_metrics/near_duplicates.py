"""Near-duplicates: documents that say almost the same as another."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from degrade.compiled import kernel
from degrade.errors import UndefinedMetricError
from degrade.metric import CorpusMetric, View
from degrade.summaries import Need, Sketches
from degrade.text.once import once
from degrade_metrics.company import weight_in_company

FIVEGRAMS = Need(Sketches, layer="word", n=5)
LEAST = 0.8
PROBES = 8
"""Smallest hashes of a sketch that lead to those alike.

Of two documents with a resemblance of .8, all eight differ with a chance below 1e-5.
"""
_NONE = np.uint32(0xFFFFFFFF)


@kernel
def resemblance(one: NDArray[np.uint32], two: NDArray[np.uint32]) -> float:
    """Return the resemblance (Jaccard index) of two sets by their sketches.

    The share held by both of the smallest hashes of their union, as many as a sketch has room for
    (Broder 1997, theorem 1): exact where the union is no larger.
    """
    room = len(one)
    i = j = both = seen = 0
    while seen < room:
        a = one[i] if i < room else _NONE
        b = two[j] if j < room else _NONE
        if a == _NONE and b == _NONE:
            break
        both += int(a == b)
        i += int(a <= b)
        j += int(b <= a)
        seen += 1
    return both / seen if seen else 0.0


@kernel
def alike(
    sketches: NDArray[np.uint32],
    groups: NDArray[np.uint8],
    documents: NDArray[np.int64],
    values: NDArray[np.uint32],
    holders: NDArray[np.int64],
    least: float,
) -> tuple[NDArray[np.uint64], NDArray[np.float64]]:
    """Return the groups with a document alike, as bit sets, and the resemblance of a close one.

    ``values`` are the smallest hashes of the sketches, sorted, and ``holders`` the sketches they
    are from, those of one value in order. Its own group is in the set if it holds another.
    """
    count, probes = len(sketches), len(values) // max(1, len(sketches))
    company = np.zeros(count, dtype=np.uint64)
    closest = np.zeros(count, dtype=np.float64)
    asked = np.full(count, -1, dtype=np.int64)
    for i in range(count):
        mine = np.uint64(1) << np.uint64(groups[i])
        if documents[i] > 1:
            company[i] |= mine
            closest[i] = 1.0
        for k in range(probes):
            value = sketches[i, k]
            if value == _NONE:
                break
            at = np.searchsorted(values, value)
            while at < len(values) and values[at] == value and holders[at] < i:
                j = holders[at]
                at += 1
                if asked[j] == i:
                    continue
                asked[j] = i
                theirs = np.uint64(1) << np.uint64(groups[j])
                # Where all are alike, pairs are many and their groups soon known.
                if company[i] & theirs and company[j] & mine:
                    continue
                found = resemblance(sketches[i], sketches[j])
                if found >= least:
                    company[i] |= theirs
                    company[j] |= mine
                    closest[i] = max(closest[i], found)
                    closest[j] = max(closest[j], found)
    return company, closest


def neighbours(kept: Sketches) -> tuple[NDArray[np.uint64], NDArray[np.float64]]:
    """Return for each entry the groups that hold a near-duplicate, and how close one is."""
    values = kept.sketches[:, :PROBES].ravel()
    order = np.argsort(values, kind="stable")
    return alike(kept.sketches, kept.groups, kept.documents, values[order], order // PROBES, LEAST)


def _near_duplicates(view: View) -> float:
    kept = view.summary(FIVEGRAMS)
    assert isinstance(kept, Sketches)
    heavy, share = kept.heavy
    documents = np.where(heavy, 0.0, kept.weights)
    held = float(documents[view.inside[kept.groups]].sum())
    if not held and not share:
        raise UndefinedMetricError("no document is of five words")
    company, closest = once(kept.keys, "neighbours", neighbours, kept)
    # A sampled document's like is in the sample if both have the same key, or by chance.
    together = closest + (1 - closest) * kept.kept
    weights = documents / np.where(closest > 0, together, 1.0)
    groups = kept.groups.astype(np.int64)
    if not held:
        return share
    return share + (1 - share) * min(1.0, weight_in_company(view, groups, weights, company) / held)


METRICS = (
    CorpusMetric(
        name="near_duplicates",
        instances="near-duplicates",
        title="Documents with a near-duplicate",
        family="repetition",
        unit="share of documents",
        scale="difference",
        worse="higher",
        threshold_unit="points",
        needs=(FIVEGRAMS,),
        compute=_near_duplicates,
        view="incidence",
        source="Broder 1997, theorem 1 (MIN_s sketches), on 5-grams as Lee et al. 2022, "
        "section 4.2 (NearDup)",
        description="Documents of which another one shares at least .8 of their five-word phrases "
        "taken together (Jaccard index), in as many documents as the smaller corpus has. Estimated "
        "from the 128 phrases of smallest hash of each; exact where two hold no more together.",
        formula="sum over documents of P(another one with J >= .8 | n of G groups) / documents",
        undefined="no document is of five words",
        pitfalls="A resemblance of .8 is known to within .035, so pairs near it fall to either "
        "side. Of more than 8,192 documents a sample is looked at, in which alike documents are "
        "kept together; what it does not account for is taken to be alike to very many others, "
        "and a text with less than some 5% of the documents may be missed.",
        default=False,
    ),
)
