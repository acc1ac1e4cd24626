"""Kneser-Ney models against NLTK and against their equations, spelled out."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from degrade.text.layer import Segments
from degrade_metrics import predictability
from degrade_metrics.kneser_ney import FALLBACK, VOCABULARY, estimated, learned

overflowing = pytest.mark.filterwarnings("ignore:overflow encountered")
START = -1


def laid_out(documents):
    # Words are far apart in all 64 bits, as hashes are.
    words = [word for document in documents for word in document]
    symbols = np.array(words, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(1)
    return symbols, np.cumsum([0, *map(len, documents)])


def bits(taught, asked, order, discount=None):
    """Return the bits of every word of ``asked`` under a model of ``taught``."""
    symbols, bounds = laid_out([*taught, *asked])
    model = learned(symbols, bounds, np.arange(len(taught)), order, discount)
    return model.bits(symbols, bounds, np.arange(len(taught), len(taught) + len(asked)))


def ngrams(document, n):
    padded = [START] * (n - 1) + list(document)
    return [tuple(padded[i : i + n]) for i in range(len(document))]


class Obvious:
    """The equations of the module's docstring, word by word."""

    def __init__(self, documents, order, discount=None):
        self.order = order
        raw = {n: Counter(g for d in documents for g in ngrams(d, n)) for n in range(1, order + 1)}
        self.counts = {order: raw[order]}
        for n in range(1, order):
            self.counts[n] = Counter(gram[1:] for gram in raw[n + 1])
        self.discounts = {}
        for n, counts in self.counts.items():
            have = Counter(counts.values())
            found = estimated([have[k] for k in (1, 2, 3, 4)])
            self.discounts[n] = found if discount is None else (discount,) * 3

    def p(self, word, context):
        n = len(context) + 1
        shorter = self.p(word, context[1:]) if context else 1 / VOCABULARY
        after = [c for gram, c in self.counts[n].items() if gram[:-1] == context]
        if not after:
            return shorter
        total = sum(after)
        taken = sum(self.discounts[n][min(c, 3) - 1] for c in after)
        count = self.counts[n][(*context, word)]
        own = count - self.discounts[n][min(count, 3) - 1] if count else 0
        return own / total + taken / total * shorter

    def bits(self, documents):
        grams = [gram for d in documents for gram in ngrams(d, self.order)]
        return [-np.log2(self.p(gram[-1], gram[:-1])) for gram in grams]


texts = st.lists(st.lists(st.integers(0, 6), max_size=25), min_size=1, max_size=6)


@pytest.mark.kernel
@overflowing
@settings(max_examples=60, deadline=None)
@given(texts, texts, st.integers(1, 4), st.sampled_from([None, 0.1, 0.75]))
def test_bits_are_those_of_the_equations(taught, asked, order, discount):
    expected = Obvious(taught, order, discount).bits(asked)
    assert bits(taught, asked, order, discount) == pytest.approx(expected, rel=1e-12)


def zipfian(seed, documents, words=40, length=30):
    rng = np.random.default_rng(seed)
    chances = 1 / np.arange(1.0, words + 1)
    return rng.choice(words, (documents, length), p=chances / chances.sum()).tolist()


@pytest.mark.kernel
@overflowing
def test_estimated_discounts_are_the_modified_ones():
    # Enough text that n1 to n4 are all there; the fallback is what the random texts above test.
    taught, asked = zipfian(0, 60), zipfian(1, 4, words=50)
    obvious = Obvious(taught, 3)
    assert all(obvious.discounts[n] != FALLBACK for n in (2, 3))
    assert bits(taught, asked, 3) == pytest.approx(obvious.bits(asked), rel=1e-12)
    # Chen and Goodman 1999, section 3: Y = n1 / (n1 + 2 n2).
    assert estimated([100, 40, 20, 12]) == pytest.approx(
        (1 - 2 * (5 / 9) * 0.4, 2 - 3 * (5 / 9) * 0.5, 3 - 4 * (5 / 9) * 0.6)
    )
    assert estimated([100, 40, 0, 12]) == FALLBACK


@pytest.mark.kernel
@overflowing
def test_probabilities_of_all_words_there_are_sum_to_one():
    taught = zipfian(2, 20, words=12)
    for before in ([], [0], [0, 1], [11, 11]):
        # Every known word after the same words, and one unknown word for all others.
        asked = [[*before, word] for word in range(13)]
        last = bits(taught, asked, 3).reshape(13, -1)[:, -1]
        known = len({word for document in taught for word in document})
        assert known == 12
        assert (2.0**-last)[:12].sum() + (VOCABULARY - known) * 2.0 ** -last[12] == pytest.approx(1)


@pytest.mark.parametrize("order", [2, 3, 4])
def test_plain_discount_is_that_of_nltk(order):
    lm = pytest.importorskip("nltk.lm", reason="pip install 'degrade[nltk]'")
    taught, asked = zipfian(3, 30), zipfian(4, 5, words=50)
    # The n-grams that end in a word: NLTK's own padding foretells the start of a text as well.
    sentences = [
        [tuple(map(str, gram)) for n in range(1, order + 1) for gram in ngrams(document, n)]
        for document in taught
    ]
    theirs = lm.KneserNeyInterpolated(order, discount=0.1)
    theirs.fit(sentences, vocabulary_text=map(str, range(START, 50)))
    # NLTK gives single words their whole share, and unknown ones nothing: discount them as well.
    smoothing = theirs.estimator
    whole = smoothing.unigram_score
    every = [whole(str(word)) for word in range(START, 50)]
    total = sum(smoothing._continuation_counts(str(word))[0] for word in range(START, 50))
    assert sum(every) == pytest.approx(1)
    known = sum(share > 0 for share in every)

    def discounted(word):
        return max(whole(word) - 0.1 / total, 0) + 0.1 * known / total / VOCABULARY

    smoothing.unigram_score = discounted
    grams = [tuple(map(str, gram)) for document in asked for gram in ngrams(document, order)]
    expected = [-theirs.logscore(gram[-1], gram[:-1]) for gram in grams]
    assert bits(taught, asked, order, 0.1) == pytest.approx(expected, rel=1e-9)


@pytest.mark.kernel
@overflowing
def test_windows_are_full_and_in_their_documents():
    documents = [*zipfian(5, 3, length=10), [1, 2, 3], *zipfian(6, 1, length=8)]
    symbols, bounds = laid_out(documents)
    nowhere = np.zeros(len(symbols), dtype=np.int64)
    segments = Segments(symbols, bounds, nowhere, nowhere)
    model = predictability.learn(segments, np.array([0, 1]))
    asked = np.array([2, 3, 4])
    values, places = predictability.cross_entropies(model, segments, asked, 4)
    assert places.tolist() == [2, 2, 4, 4]
    for window, (document, start) in enumerate([(2, 0), (2, 4), (4, 0), (4, 4)]):
        every = model.bits(symbols, bounds, np.array([document]))
        assert values[window] == pytest.approx(every[start : start + 4].mean())
