"""An interpolated trigram model: trained on documents, sampled document by document.

Documents are word numbers, one row a document.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from degrade.compiled import kernel

TRIGRAM = (0.10, 0.35, 0.55)
"""Weights of the unigram, bigram and trigram part."""
UNIGRAM = (1.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Model:
    """How often each word followed none, one and two others, and the weights of the three.

    The weight of a context that nothing followed goes to the next shorter one, so a document
    begins with a word of the unigram part. Inside, words are numbered by falling frequency;
    ``words`` has their outer numbers.

    Each of ``counts`` has rows of successors: of row r they are ``followers[starts[r]:starts[r +
    1]]``, rising, and ``below`` are their counts, cumulated. Unigrams are one row, the row of a
    bigram is its first word, and the row of a trigram the place of its first two words among the
    bigrams.
    """

    words: np.ndarray
    counts: tuple
    weights: tuple[float, float, float]

    @classmethod
    def trained(cls, documents, weights=TRIGRAM) -> Model:
        """Count the n-grams of ``documents``; none reaches from one into the next."""
        frequency = np.bincount(documents.ravel())
        words = np.argsort(-frequency, kind="stable")[: np.count_nonzero(frequency)]
        rank = np.full(len(frequency), -1)
        rank[words] = np.arange(len(words))
        ranked, size = rank[documents], len(words)
        singles = _rows(np.zeros_like(ranked), ranked, 1, size)
        pairs = _rows(ranked[:, :-1], ranked[:, 1:], size, size)
        keys = np.repeat(np.arange(size), np.diff(pairs[0])) * size + pairs[1]
        seen = np.searchsorted(keys, ranked[:, :-2] * size + ranked[:, 1:-1])
        triples = _rows(seen, ranked[:, 2:], len(keys), size)
        return cls(words, (singles, pairs, triples), weights)

    def sample(self, documents, length, rng, *, temperature=1.0, top_p=1.0):
        """Return ``documents`` new documents of ``length`` words.

        ``temperature`` and ``top_p`` act, exactly, on the interpolated distribution of the next
        word: the former raises its probabilities to 1 / temperature, the latter keeps the fewest
        words that together have that probability, the more frequent of equals.
        """
        return self.words[
            _sample(self.counts, self.weights, documents, length, rng, temperature, top_p)
        ]


def _rows(contexts, words, rows, vocabulary):
    keys, counts = np.unique(contexts.ravel() * vocabulary + words.ravel(), return_counts=True)
    starts = np.searchsorted(keys, np.arange(rows + 1) * vocabulary)
    return starts, keys % vocabulary, np.concatenate([[0], np.cumsum(counts)])


@kernel
def _place(rows, row, word):
    """Return where ``word`` stands among the successors in ``row``, or -1."""
    if row < 0:
        return -1
    starts, followers, _ = rows
    place = starts[row] + np.searchsorted(followers[starts[row] : starts[row + 1]], word)
    return place if place < starts[row + 1] and followers[place] == word else -1


@kernel
def _count(rows, place):
    return rows[2][place + 1] - rows[2][place]


@kernel
def _total(rows, row):
    starts, _, below = rows
    return below[starts[row + 1]] - below[starts[row]] if row >= 0 else 0


@kernel
def _draw(counts, parts, contexts, rng):
    order = rng.random()
    which = 0
    if order < parts[2]:
        which = 2
    elif order < parts[2] + parts[1]:
        which = 1
    starts, followers, below = counts[which]
    first, last = starts[contexts[which]], starts[contexts[which] + 1]
    token = below[first] + int(rng.random() * (below[last] - below[first]))
    return followers[first + np.searchsorted(below[first : last + 1], token, side="right") - 1]


@kernel
def _fill(counts, each, contexts, probabilities):
    """Write the probabilities of all words that followed the last word, and return how many."""
    singles, pairs, triples = counts
    _, second, third = contexts
    if second < 0:
        return 0
    first, last = pairs[0][second], pairs[0][second + 1]
    ahead = triples[0][third] if third >= 0 else 0
    end = triples[0][third + 1] if third >= 0 else 0
    for place in range(first, last):
        word = pairs[1][place]
        p = each[0] * _count(singles, word) + each[1] * _count(pairs, place)
        if ahead < end and triples[1][ahead] == word:
            p += each[2] * _count(triples, ahead)
            ahead += 1
        probabilities[place - first] = p
    return last - first


@kernel
def _most_probable(singles, each, followers, probabilities):
    """Return the largest probability of any next word."""
    # Of words that never followed the last one, the first is the most frequent.
    outside = 0
    largest = 0.0
    for i in range(len(followers)):
        if followers[i] == outside:
            outside += 1
        largest = max(largest, probabilities[i])
    if outside < len(singles[1]):
        largest = max(largest, each[0] * _count(singles, outside))
    return largest


@kernel
def _held_before(singles, each, followers, probabilities, p, word):
    """Return what the words hold that come before ``word``, of probability ``p``."""
    low, high = 0, len(singles[1])
    while low < high:
        middle = (low + high) // 2
        alone = each[0] * _count(singles, middle)
        if alone > p or (alone == p and middle < word):
            low = middle + 1
        else:
            high = middle
    held = each[0] * singles[2][low]
    for i in range(len(followers)):
        if followers[i] < low:
            held -= each[0] * _count(singles, followers[i])
        if probabilities[i] > p or (probabilities[i] == p and followers[i] < word):
            held += probabilities[i]
    return held


@kernel
def _sample(counts, weights, documents, length, rng, temperature, top_p):
    singles, pairs, triples = counts
    drawn = np.empty((documents, length), dtype=np.int64)
    probabilities = np.empty(len(singles[1]))
    for document in range(documents):
        last = bigram = -1
        for i in range(length):
            totals = _total(singles, 0), _total(pairs, last), _total(triples, bigram)
            single, pair, triple = weights
            if not totals[2]:
                pair, triple = pair + triple, 0.0
            if not totals[1]:
                single, pair = single + pair, 0.0
            parts = single, pair, triple
            contexts = 0, (last if totals[1] else -1), (bigram if totals[2] else -1)
            word = _draw(counts, parts, contexts, rng)
            if temperature != 1.0 or top_p != 1.0:
                each = single / totals[0], pair / max(1, totals[1]), triple / max(1, totals[2])
                size = _fill(counts, each, contexts, probabilities)
                first = pairs[0][last] if size else 0
                followers, known = pairs[1][first : first + size], probabilities[:size]
                largest = _most_probable(singles, each, followers, known)
                while True:
                    place = _place(pairs, contexts[1], word)
                    p = known[place - first] if place >= 0 else each[0] * _count(singles, word)
                    # Drawn by p and taken by p ^ (1 / temperature - 1): by p ^ (1 / temperature).
                    if (
                        rng.random() < (p / largest) ** (1.0 / temperature - 1.0)
                        and _held_before(singles, each, followers, known, p, word) < top_p - 1e-9
                    ):
                        break
                    word = _draw(counts, parts, contexts, rng)
            drawn[document, i] = word
            bigram = _place(pairs, last, word)
            last = word
    return drawn
