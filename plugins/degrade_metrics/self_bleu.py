"""Homogeneity by its familiar name: Self-BLEU, every document against all others."""

from __future__ import annotations

from typing import cast

import numpy as np
from numpy.typing import NDArray

from degrade.compiled import kernel
from degrade.errors import UndefinedMetricError
from degrade.metric import PairMetric, View
from degrade.summaries import Need, Sequences
from degrade_metrics.homogeneity import FAMILY

DOCUMENTS = 500
TOKENS = 128
ORDER = 4
EPSILON = 0.1
"""Counted where no n-gram of an order matches (Chen and Cherry 2014, smoothing 1)."""
_ROLL = np.uint64(0x9E3779B97F4A7C15)

SAMPLE = Need(Sequences, layer="word", documents=DOCUMENTS, tokens=TOKENS)


@kernel
def clipped_matches(
    runs: NDArray[np.int64],
    documents: NDArray[np.int64],
    counts: NDArray[np.int64],
    inside: NDArray[np.bool_],
) -> NDArray[np.int64]:
    """Return how many n-grams of each document some other one inside holds as often.

    Entry i is ``counts[i]`` occurrences in ``documents[i]`` of the n-gram whose entries are
    ``runs[t]`` to ``runs[t + 1]``. A document's count is clipped at the largest of any other
    (Papineni et al. 2002, section 2.1). Shape of ``inside``, 0 outside.
    """
    matches = np.zeros(len(inside), dtype=np.int64)
    for t in range(len(runs) - 1):
        largest = second = 0
        holder = -1
        for i in range(runs[t], runs[t + 1]):
            if not inside[documents[i]]:
                continue
            if counts[i] > largest:
                second, largest, holder = largest, counts[i], i
            elif counts[i] > second:
                second = counts[i]
        for i in range(runs[t], runs[t + 1]):
            if inside[documents[i]]:
                matches[documents[i]] += min(counts[i], second if i == holder else largest)
    return matches


class Texts:
    """Sequences of symbols, with their n-grams counted: ``bleu`` scores each against the others."""

    def __init__(self, sequences: list[NDArray[np.uint64]]) -> None:
        self.lengths = np.array([len(each) for each in sequences], dtype=np.int64)
        self._orders = [_entries(sequences, n) for n in range(1, ORDER + 1)]

    def bleu(self, inside: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Return BLEU-4 of each document inside against all others inside.

        Papineni et al. 2002, section 2.3, with smoothing 1 of Chen and Cherry 2014: equal weights,
        and the brevity penalty of the other document that is nearest in length.
        """
        logs = np.zeros(len(inside))
        matched = np.ones(len(inside), dtype=np.bool_)
        for n, entries in enumerate(self._orders, 1):
            matches = clipped_matches(*entries, inside)
            if n == 1:
                matched = matches > 0
            total = np.maximum(self.lengths - n + 1, 1)
            logs += np.log(np.where(matches > 0, matches, EPSILON) / total) / ORDER
        lengths = self.lengths[inside]
        # Nearest first, and of two as near the shorter.
        rank = np.abs(lengths[:, None] - lengths) * (2 * TOKENS) + lengths
        np.fill_diagonal(rank, np.iinfo(np.int64).max)
        nearest = lengths[rank.argmin(axis=1)]
        penalty = np.minimum(0.0, 1.0 - nearest / lengths)
        scores: NDArray[np.float64] = np.where(matched, np.exp(logs), 0.0)[inside] * np.exp(penalty)
        return scores


def _entries(
    sequences: list[NDArray[np.uint64]], n: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return the n-grams of the sequences as ``clipped_matches`` takes them."""
    hashes = []
    for symbols in sequences:
        size = max(0, len(symbols) - n + 1)
        rolled = np.full(size, n, dtype=np.uint64)
        for k in range(n):
            rolled = (rolled ^ (rolled >> np.uint64(29))) * _ROLL + symbols[k : k + size]
        hashes.append(rolled)
    every = np.concatenate(hashes)
    of = np.repeat(np.arange(len(sequences)), [len(each) for each in hashes])
    order = np.lexsort((of, every))
    every, of = every[order], of[order]
    new = np.append(True, (every[1:] != every[:-1]) | (of[1:] != of[:-1]))[: len(every)]
    first = np.flatnonzero(new)
    counts = np.diff(np.append(first, len(every)))
    runs = np.flatnonzero(np.append(True, every[first][1:] != every[first][:-1])[: len(first)])
    return np.append(runs, len(first)), of[first], counts


def _texts(sample: Sequences, chosen: tuple[int, ...], length: int) -> Texts:
    if (chosen, length) not in sample.derived:
        _, sequences = sample.sequences()
        sample.derived[chosen, length] = Texts([sequences[i][:length] for i in chosen])
    return cast(Texts, sample.derived[chosen, length])


def self_bleu(reference: View, candidate: View) -> tuple[float, float]:
    """Return the mean BLEU-4 of sampled documents of each corpus against its other ones.

    Of both corpora as many documents are looked at, and of each as many words: the shorter of the
    medians of both samples.
    """
    sides = []
    for view in (reference, candidate):
        sample = cast(Sequences, view.summary(SAMPLE))
        groups, sequences = sample.sequences()
        lengths = np.array([len(each) for each in sequences], dtype=np.int64)
        held = np.flatnonzero(view.without(None).inside[groups] & (lengths >= ORDER))
        sides.append((view, sample, groups, lengths, held))
    number = min(len(held) for *_, held in sides)
    if number < 2:
        raise UndefinedMetricError(f"fewer than two documents of {ORDER} words are in the sample")
    length = min(int(np.median(lengths[held[:number]])) for *_, lengths, held in sides)
    found = []
    for view, sample, groups, _, held in sides:
        chosen = held[:number]
        inside = view.inside[groups[chosen]]
        if int(inside.sum()) < 2:
            raise UndefinedMetricError("fewer than two documents are left in the sample")
        texts = _texts(sample, tuple(chosen.tolist()), length)
        found.append(float(texts.bleu(inside).mean()))
    return found[0], found[1]


METRICS = (
    PairMetric(
        name="self_bleu",
        title="Self-BLEU",
        family=FAMILY,
        unit="BLEU-4",
        scale="difference",
        worse="higher",
        needs=(SAMPLE,),
        compute=self_bleu,
        threshold_unit="points",
        default=False,
        source="Zhu et al. 2018 (Texygen); BLEU of Papineni et al. 2002, section 2.3, "
        "smoothing 1 of Chen and Cherry 2014",
        description="How well each document can be pieced together from the others: its BLEU-4 "
        f"with all others as references, averaged over a sample of up to {DOCUMENTS} documents, "
        "as many of both corpora.",
        formula="mean over documents of BP exp(sum_n 1/4 log p_n), n = 1..4, p_n the share of its "
        "n-grams that some other document holds as often",
        undefined=f"fewer than two documents of {ORDER} words are in the sample",
        pitfalls="It grows with the number of documents and with their length: never compare it "
        "with a figure from elsewhere. Documents are looked at up to the shorter of the medians of "
        f"both samples, at most {TOKENS} words. shared_4 asks the same of the whole corpus and "
        "does not depend on size.",
    ),
)
