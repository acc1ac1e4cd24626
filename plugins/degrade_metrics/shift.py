"""Shift: how different two corpora are, beyond what two halves of one are."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from scipy.special import xlogy

from degrade.errors import UndefinedMetricError
from degrade.metric import PairMetric, View
from degrade.summaries import Census, Need

FAMILY = "shift"
WORDS = Need(Census, layer="word", n=1)
HALVINGS = (0, 2, 4, 6)
"""Starts of the halvings that are averaged, of the 8 evenly spaced ones."""

# x log x of the counts that nearly all words have; a look-up is several times faster than a log.
_TABLE = xlogy(np.arange(1 << 16), np.arange(1 << 16))


def _x_log_x(counts: NDArray[np.int64]) -> float:
    total = float(np.take(_TABLE, counts, mode="clip").sum())
    large = counts[counts >= len(_TABLE)]
    return total + float(xlogy(large, large).sum()) - len(large) * float(_TABLE[-1])


def jensen_shannon(a: NDArray[np.int64], b: NDArray[np.int64]) -> float:
    """Return the Jensen-Shannon divergence of two frequency vectors over the same types, in nats.

    Weighted by size (Lin 1991, eq. 5.1): H(pooled) - sum of N_i / N H(i). At equal sizes that is
    the usual one.
    """
    sizes = float(a.sum()), float(b.sum())
    if not all(sizes):
        raise UndefinedMetricError("a half without words")
    pooled = sum(sizes)
    entropy = pooled * np.log(pooled) - _x_log_x(a + b)
    parts = sum(n * np.log(n) - _x_log_x(x) for n, x in zip(sizes, (a, b), strict=True))
    return float((entropy - parts) / pooled)


def _mean(values: Iterable[float]) -> float:
    return float(np.mean(list(values)))


def excess_divergence(reference: View, candidate: View) -> float:
    """Return the divergence between corpora less that within them, at equal sizes.

    Mean JSD(A_i, B_j) - [JSD(A_1, A_2) + JSD(B_1, B_2)] / 2, over halves of equal size and several
    halvings. Where corpora share clusters, halves are taken by cluster on both sides at once and
    only halves without common clusters are compared.
    """
    size = min(reference.half_tokens, candidate.half_tokens)
    excess = []
    for start in HALVINGS:
        first, second = reference.halves(start, size), candidate.halves(start, size)
        if not all((*first, *second)):
            raise UndefinedMetricError("too few groups of documents for halves")
        a, b = zip(
            *(
                reference[WORDS].frequencies_with(candidate[WORDS], mine, theirs)
                for mine, theirs in zip(first, second, strict=True)
            ),
            strict=True,
        )
        pairs = [(i, j) for i in (0, 1) for j in (0, 1) if i != j or not reference.paired]
        between = _mean(jensen_shannon(a[i], b[j]) for i, j in pairs)
        within = _mean((jensen_shannon(*a), jensen_shannon(*b)))
        excess.append(between - within)
    return _mean(excess)


METRICS = (
    PairMetric(
        name="jsd_1",
        title="Excess divergence of word frequencies",
        family=FAMILY,
        unit="nats",
        scale="divergence",
        worse="either",
        needs=(WORDS,),
        compute=excess_divergence,
        threshold_unit="nats",
        thresholds=(0.01, 0.05, 0.2),
        primary=True,
        source="Lin 1991, eq. 5.1, less the divergence of halves of one corpus",
        description="How much further apart the word frequencies of the two corpora are than "
        "those of two halves of one: different, which is not yet degraded.",
        undefined="too few groups of documents for halves",
    ),
)
