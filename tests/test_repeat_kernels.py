"""Kernels that find what is said again, against slow obvious versions."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from degrade.census.kernels import ngram_hashes
from degrade.repeat_kernels import running, said_before

pytestmark = [
    pytest.mark.kernel,
    # Hashes wrap around, which numpy's scalars warn of where nothing is compiled.
    pytest.mark.filterwarnings("ignore:overflow encountered in scalar:RuntimeWarning"),
]

DOCUMENTS = st.lists(st.lists(st.integers(0, 3), max_size=40), max_size=4)
N, TIMES, FEWEST = 4, 3, 6


def batch(documents):
    symbols = np.array([s for each in documents for s in each], dtype=np.uint64) * np.uint64(7919)
    bounds = np.cumsum([0, *map(len, documents)], dtype=np.int64)
    return symbols, bounds


def slow_back(document, farthest):
    grams = [tuple(document[i : i + N]) for i in range(len(document) - N + 1)]
    return [
        next((d for d in range(1, min(i, farthest) + 1) if grams[i - d] == grams[i]), 0)
        for i in range(len(grams))
    ]


def slow_running(document, back):
    """Return (first said again, how many, length) of every stretch that a distance is part of."""
    found = set()
    for at, length in enumerate(back):
        if not length:
            continue
        alike = [i >= length and document[i] == document[i - length] for i in range(len(document))]
        first = stop = at
        while first and alike[first - 1]:
            first -= 1
        while stop < len(document) and alike[stop]:
            stop += 1
        if stop - first >= (TIMES - 1) * length and stop - first + length >= FEWEST:
            found.add((first, stop - first, length))
    return found


@settings(deadline=None)
@given(DOCUMENTS, st.integers(1, 12))
def test_n_grams_are_found_where_they_stood_last_and_not_in_other_documents(documents, farthest):
    symbols, bounds = batch(documents)
    back = said_before(*ngram_hashes(symbols, bounds, N), farthest)
    assert back.tolist() == [d for each in documents for d in slow_back(each, farthest)]


def test_no_distance_is_lost_among_many_n_grams():
    rng = np.random.default_rng(5)
    documents = [rng.integers(40, size=3_000).tolist() for _ in range(3)]
    documents = [each + each[-150:] + each[-190:] for each in documents]
    symbols, bounds = batch(documents)
    back = said_before(*ngram_hashes(symbols, bounds, N), 196)
    assert back.tolist() == [d for each in documents for d in slow_back(each, 196)]
    assert set(back.tolist()) >= {0, 150, 190}


@settings(deadline=None)
@given(DOCUMENTS)
def test_stretches_are_followed_as_far_as_they_go(documents):
    symbols, bounds = batch(documents)
    hashes, starts = ngram_hashes(symbols, bounds, N)
    back = said_before(hashes, starts, 196)
    at = np.flatnonzero(back)
    rows = running(symbols, bounds, starts[at], back[at], TIMES, FEWEST).tolist()
    assert len({tuple(row) for row in rows}) == len(rows)
    expected = {
        (k, int(bounds[k]) + first, again, length)
        for k, each in enumerate(documents)
        for first, again, length in slow_running(each, slow_back(each, 196))
    }
    assert {tuple(row) for row in rows} == expected


@settings(deadline=None)
@given(st.integers(1, 60), st.integers(3, 6), st.integers(0, 9), st.integers(0, 9))
def test_a_phrase_said_three_times_running_is_found_wherever_it_stands(words, times, before, after):
    times = max(times, FEWEST if words == 1 else times)
    document = [1_000 + i for i in range(before)] + list(range(words)) * times
    document += [2_000 + i for i in range(after)]
    symbols, bounds = batch([document])
    hashes, starts = ngram_hashes(symbols, bounds, N)
    back = said_before(hashes, starts, 196)
    at = np.flatnonzero(back)
    rows = running(symbols, bounds, starts[at], back[at], TIMES, FEWEST)
    assert rows.tolist() == [[0, before + words, words * (times - 1), words]]
