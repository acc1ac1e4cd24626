"""Curves of whole corpora against counting by hand."""

from collections import Counter
from functools import cache
from itertools import combinations

import numpy as np
import pytest
from made_corpora import METRICS, documents, profile
from made_samples import sampled

from degrade.inference.curves import curves_of, round_numbers
from degrade.inference.matching import match, side

CORPORA = [documents(1, 400), documents(2, 300, types=900)]


@cache
def profiles():
    return [profile(corpus, METRICS.values()) for corpus in CORPORA]


def sides(given):
    matching = match(given)
    return [side(f"corpus {i}", each, matching) for i, each in enumerate(given)]


@cache
def both():
    return sides(profiles())


@cache
def curves():
    return curves_of(both())


def test_round_numbers_are_ten_a_decade_and_end_with_the_last():
    assert list(round_numbers(1, 11)) == [1, 2, 3, 4, 5, 6, 8, 10, 11]
    assert list(round_numbers(100, 130)) == [100, 125, 130]
    assert list(round_numbers(7, 7)) == [7]
    assert len(round_numbers(10, 10**9)) == 81


def group_of(document):
    """Return the group of 64 that a document falls into."""
    alone = profile([document], METRICS.values())
    return int(np.flatnonzero(alone.clusters.at_level(0))[0])


def words_at_the_matched_size(i):
    """Return how often each word occurs in the first groups that come to the matched size."""
    selected = both()[i].at_most(both()[i].matching.tokens)
    found = Counter()
    for document in CORPORA[i]:
        if selected >> group_of(document) % both()[i].groups & 1:
            found.update(document.text.split())
    return found


@pytest.mark.parametrize("i", [0, 1])
def test_words_by_rank_and_by_frequency_are_those_of_the_text(i):
    counts = sorted(words_at_the_matched_size(i).values(), reverse=True)
    ranks = curves().rank_frequency[i]
    assert ranks.corpus == f"corpus {i}"
    assert ranks.x[-1] == len(counts)
    expected = [1e6 * counts[int(rank) - 1] / sum(counts) for rank in ranks.x]
    assert ranks.y == pytest.approx(expected, rel=1e-4)
    often = curves().words_by_frequency[i]
    assert often.x[-1] == counts[0]
    assert list(often.y) == [sum(count >= least for count in counts) for least in often.x]


def test_the_vocabulary_ends_with_all_different_ngrams_of_the_corpus():
    for n in (1, 2, 3):
        for i, corpus in enumerate(CORPORA):
            words = [document.text.split() for document in corpus]
            ngrams = {tuple(w[at : at + n]) for w in words for at in range(len(w) - n + 1)}
            (curve,) = (
                c for c in curves().vocabulary_growth if (c.n, c.corpus) == (n, f"corpus {i}")
            )
            assert curve.x[-1] == sum(map(len, words))
            assert curve.y[-1] == pytest.approx(len(ngrams), rel=1e-4)
            assert list(curve.y) == sorted(curve.y)


def test_the_vocabulary_of_so_much_text_is_the_mean_over_draws_of_groups():
    corpus = documents(5, 64, words=40, types=60)
    made = profile(corpus, METRICS.values())
    whole = side("c", made, match([made, made]))
    words = {}
    for document in corpus:
        group = group_of(document) % whole.groups
        words.setdefault(group, []).extend(document.text.split())
    sizes = [len(each) for each in words.values()]
    (curve,) = (c for c in curves_of([whole]).vocabulary_growth if c.n == 1)
    compared = 0
    for size, expected in zip(curve.x, curve.y, strict=True):
        drawn = size * len(words) / sum(sizes)
        if drawn == int(drawn):
            draws = combinations((set(each) for each in words.values()), int(drawn))
            mean = np.mean([len(set.union(*draw)) for draw in draws])
            assert expected == pytest.approx(mean, rel=1e-4)
            compared += 1
    assert compared >= 2


def test_of_a_sample_of_ngrams_growth_is_scaled_and_ranks_are_left_out():
    half = [sampled(each, 0.5) for each in profiles()]
    found = curves_of(sides(half))
    assert found.rank_frequency == ()
    assert found.words_by_frequency == ()
    for whole, part in zip(curves().vocabulary_growth, found.vocabulary_growth, strict=True):
        assert part.y[-1] == pytest.approx(whole.y[-1], rel=0.15)


def test_without_words_there_are_no_curves():
    empty = profile(CORPORA[0], [])
    found = curves_of(sides([empty, empty]))
    assert (found.rank_frequency, found.vocabulary_growth) == ((), ())
    assert found.tokens > 0


def test_curves_are_bounded():
    every = (*curves().rank_frequency, *curves().words_by_frequency, *curves().vocabulary_growth)
    assert all(len(curve.x) == len(curve.y) <= 90 for curve in every)
    assert all(list(curve.x) == sorted(set(curve.x)) for curve in every)
