"""Frequent n-grams in bounded memory: what is dropped is counted, and the rest is exact."""

from itertools import pairwise

import numpy as np
import pytest

from degrade.census.frequent import Frequent
from degrade.census.kernels import ngram_hashes
from degrade.census.section import Section


def batches(seed, count):
    """Return batches of ten documents of twelve symbols, of Zipf-like frequencies, with groups."""
    rng = np.random.default_rng(seed)
    chances = 1 / np.arange(1.0, 301)
    for _ in range(count):
        symbols = rng.choice(300, 120, p=chances / chances.sum()).astype(np.uint64)
        yield symbols, np.arange(0, 121, 12), rng.integers(0, 64, 10).astype(np.uint8)


def documents_of(parts, n):
    """Return in how many documents each n-gram is, counted one by one."""
    found = {}
    for symbols, bounds, _ in parts:
        for low, high in pairwise(bounds):
            hashes, _ = ngram_hashes(symbols[low:high], np.array([0, high - low]), n)
            for each in set(hashes.tolist()):
                found[each] = found.get(each, 0) + 1
    return found


@pytest.mark.parametrize("n", [1, 2])
@pytest.mark.parametrize("capacity", [500, 2_000, 1_000_000])
def test_what_is_dropped_is_bounded_and_what_many_hold_is_there(n, capacity):
    parts = list(batches(n, 60))
    frequent = Frequent(n, capacity)
    for symbols, bounds, groups in parts:
        frequent.add(symbols, bounds, groups)
        assert len(frequent.table) <= capacity
    section = Section(frequent.table, None, 64)
    counts = section.frequencies("documents", (1 << 64) - 1)
    kept = dict(zip(section.hashes.tolist(), counts.tolist(), strict=True))
    exact = documents_of(parts, n)
    assert kept.keys() <= exact.keys()
    for each, documents in exact.items():
        assert documents - frequent.missed <= kept.get(each, 0) <= documents
    if capacity == 1_000_000:
        assert (frequent.missed, kept) == (0, exact)
    elif capacity == 500:
        assert frequent.missed > 0
        assert len(kept) < len(exact)


def test_an_empty_one_has_an_empty_table():
    assert len(Frequent(2, 100).table) == 0
