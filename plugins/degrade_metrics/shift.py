"""Shift: how different two corpora are, beyond what two halves of one are."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from degrade.errors import UndefinedMetricError
from degrade.metric import PairMetric, View
from degrade.summaries import Census, Need
from degrade_metrics.halves import excess, halved_counts, halvings

FAMILY = "shift"
WORDS = Need(Census, layer="word", n=1)
BIGRAMS = Need(Census, layer="word", n=2)
TRIGRAMS = Need(Census, layer="word", n=3)
SMOOTHING = 0.5
"""Added to every count: Jeffreys's prior, the expected likelihood estimate."""


def divergences(
    sizes: NDArray[np.int64], single: NDArray[np.float64], pooled: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the Jensen-Shannon divergence of every two of several samples of words, in nats.

    ``sizes`` are their words, (samples,); ``single`` the sums of x log x of their frequencies, and
    ``pooled``, (samples, samples), those of every two of them together. Weighted by size (Lin 1991,
    eq. 5.1): H(pooled) - sum of N_i / N H(i). At equal sizes that is the usual one. Shape
    (samples, samples); undefined for a sample without words.
    """
    if not sizes.all():
        raise UndefinedMetricError("a half without words")
    entropies = sizes * np.log(sizes) - single
    both = sizes[:, None] + sizes
    within = entropies[:, None] + entropies
    found: NDArray[np.float64] = (both * np.log(both) - pooled - within) / both
    np.fill_diagonal(found, 0.0)
    return found


def excess_divergence(reference: View, candidate: View, need: Need = WORDS) -> float:
    """Return the divergence between corpora less that within them, at equal sizes.

    Mean JSD(A_i, B_j) - [JSD(A_1, A_2) + JSD(B_1, B_2)] / 2, over halves of equal size and several
    halvings. Where corpora share clusters, halves are taken by cluster on both sides at once and
    only halves without common clusters are compared.
    """
    mine, theirs = reference[need], candidate[need]
    apart = (
        divergences(*mine.log_sums_with(theirs, first, second))
        for first, second in halvings(reference, candidate)
    )
    return excess(apart, paired=reference.paired)


def relative_entropies(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the Kullback-Leibler divergence of every row of ``counts`` from every other, in nats.

    [i, j] is D(i || j) = sum p_i log(p_i / p_j), with p = (count + 1/2) / (size + V/2) and V the
    types that any row holds. Undefined for a row without words.
    """
    held = counts[:, counts.any(axis=0)]
    sizes = held.sum(axis=1, keepdims=True)
    if not sizes.all():
        raise UndefinedMetricError("a half without words")
    chances = (held + SMOOTHING) / (sizes + SMOOTHING * held.shape[1])
    logs = np.log(chances)
    within = (chances * logs).sum(axis=1, keepdims=True)
    found: NDArray[np.float64] = within - chances @ logs.T
    np.fill_diagonal(found, 0.0)
    return found


def excess_relative_entropy(reference: View, candidate: View, need: Need = WORDS) -> float:
    """Return how much worse the candidate's frequencies code the reference than its own do.

    Mean D(A_i || B_j) less the mean of D both ways between the halves of each corpus, over the
    halves that ``excess_divergence`` takes, all of equal size.
    """
    apart = (relative_entropies(counts) for counts in halved_counts(reference, candidate, need))
    return excess(apart, paired=reference.paired)


METRICS = (
    PairMetric(
        name="jsd_1",
        instances="key words",
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
        exhibit="key words",
        source="Lin 1991, eq. 5.1, less the divergence of halves of one corpus",
        description="How much further apart the word frequencies of the two corpora are than "
        "those of two halves of one: different, which is not yet degraded.",
        undefined="too few groups of documents for halves",
        formula="mean JSD(A_i, B_j) - [JSD(A_1, A_2) + JSD(B_1, B_2)] / 2 over halves of equal "
        "size, averaged over four halvings; JSD = H(pooled) - sum_i N_i / N H(i)",
        pitfalls="Another subject, register, spelling or time is a shift, and none of them is a "
        "degradation. Frequent words weigh most. Near 0 it can be negative.",
    ),
    *(
        PairMetric(
            name=f"jsd_{n}",
            title=f"Excess divergence of {what}",
            family=FAMILY,
            unit="nats",
            scale="divergence",
            worse="either",
            needs=(need,),
            compute=partial(excess_divergence, need=need),
            threshold_unit="nats",
            default=False,
            source="Lin 1991, eq. 5.1, less the divergence of halves of one corpus",
            description=f"As jsd_1, of the frequencies of {what}.",
            formula="mean JSD(A_i, B_j) - [JSD(A_1, A_2) + JSD(B_1, B_2)] / 2, over halves A of "
            "the reference and B of the candidate of equal size",
            undefined="too few groups of documents for halves",
            pitfalls="Most n-grams of a half are not in another half of the same text, so the "
            "plain divergence is near its ceiling of log 2 and leaves little room: that of "
            "triples can be below that of pairs. Compare each with itself only. It takes "
            "some 2 s for every 100,000 words.",
        )
        for n, what, need in ((2, "word pairs", BIGRAMS), (3, "word triples", TRIGRAMS))
    ),
    PairMetric(
        name="kl_1",
        instances="key words",
        title="Excess relative entropy of word frequencies",
        family=FAMILY,
        unit="nats",
        scale="divergence",
        worse="either",
        needs=(WORDS,),
        compute=excess_relative_entropy,
        threshold_unit="nats",
        default=False,
        exhibit="key words",
        source="Kullback and Leibler 1951, section 2; counts plus 1/2 (Jeffreys and Perks, in "
        "Manning and Schuetze 1999, section 6.2.2); less the divergence of halves of one corpus",
        description="How many nats a word more it takes to code the reference by the word "
        "frequencies of the candidate than by those of other text of the reference. Unlike jsd_1 "
        "it has a direction: words that the candidate lost cost much, words that it added little.",
        formula="mean D(A_i || B_j) - mean D within A and within B both ways, D(p || q) = "
        "sum p log(p / q), p = (count + 1/2) / (N + V / 2), V the words of all four halves",
        undefined="too few groups of documents for halves",
        pitfalls="Its size hangs on the smoothing, which decides what a word costs that one side "
        "never uses. Below zero where the candidate is the more even of the two.",
    ),
)
