"""Shift: how different two corpora are, beyond what two halves of one are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import xlogy

from degrade.compiled import kernel
from degrade.errors import UndefinedMetricError
from degrade.metric import PairMetric, View
from degrade.summaries import Census, Need

FAMILY = "shift"
WORDS = Need(Census, layer="word", n=1)
HALVINGS = (0, 2, 4, 6)
"""Starts of the halvings that are averaged, of the 8 evenly spaced ones."""

# x log x of the counts that nearly all words have; a look-up is several times faster than a log.
_TABLE: NDArray[np.float64] = xlogy(np.arange(1 << 16), np.arange(1 << 16)).astype(np.float64)


@kernel
def _x_log_x(count: int, table: NDArray[np.float64]) -> float:
    return float(table[count] if count < len(table) else count * np.log(count))


@kernel
def _sums(
    counts: NDArray[np.int64], table: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the sums of x log x of each row of ``counts``, and of the sum of every two rows."""
    rows, types = counts.shape
    single = np.zeros(rows, dtype=np.float64)
    pooled = np.zeros((rows, rows), dtype=np.float64)
    for t in range(types):
        for i in range(rows):
            if counts[i, t] == 0:
                continue
            single[i] += _x_log_x(counts[i, t], table)
            for j in range(rows):
                # Once for each pair: where both have the word from the first, else from the one.
                if j > i or counts[j, t] == 0:
                    pooled[i, j] += _x_log_x(counts[i, t] + counts[j, t], table)
    return single, pooled + pooled.T


def divergences(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the Jensen-Shannon divergence of every two rows of ``counts``, (rows, types), in nats.

    Weighted by size (Lin 1991, eq. 5.1): H(pooled) - sum of N_i / N H(i). At equal sizes that is
    the usual one. Shape (rows, rows); undefined for a row without words.
    """
    sizes = counts.sum(axis=1).astype(np.float64)
    if not sizes.all():
        raise UndefinedMetricError("a half without words")
    single, pooled = _sums(counts, _TABLE)
    entropies = sizes * np.log(sizes) - single
    both = sizes[:, None] + sizes
    within = entropies[:, None] + entropies
    found: NDArray[np.float64] = (both * np.log(both) - pooled - within) / both
    np.fill_diagonal(found, 0.0)
    return found


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
        apart = divergences(reference[WORDS].frequencies_with(candidate[WORDS], first, second))
        pairs = [(i, j) for i in (0, 1) for j in (2, 3) if j - i != 2 or not reference.paired]
        between = sum(float(apart[pair]) for pair in pairs) / len(pairs)
        excess.append(between - float(apart[0, 1] + apart[2, 3]) / 2)
    return sum(excess) / len(excess)


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
        formula="mean JSD(A_i, B_j) - [JSD(A_1, A_2) + JSD(B_1, B_2)] / 2 over halves of equal "
        "size, averaged over four halvings; JSD = H(pooled) - sum_i N_i / N H(i)",
        pitfalls="Another subject, register, spelling or time is a shift, and none of them is a "
        "degradation. Frequent words weigh most. Near 0 it can be negative.",
    ),
)
