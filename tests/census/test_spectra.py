"""Spectra counted from one selection to the next are those counted anew."""

import numpy as np
import pytest

from degrade.census import section_kernels
from degrade.census.section import Section
from degrade.census.spectra import _COUNTED
from degrade.census.table import Table


@pytest.fixture(scope="module")
def section():
    """Return words of 64 groups, two of them more frequent than are counted by frequency."""
    rng = np.random.default_rng(0)
    words = np.minimum(rng.zipf(1.3, 60_000), 5_000).astype(np.uint64)
    groups = np.arange(200, dtype=np.uint8) % 64
    found = Section(Table.count(words, np.arange(0, 60_001, 300), groups, 1), None, 64)
    assert (found.frequencies("occurrences", 2**64 - 1) >= _COUNTED).sum() >= 2
    return found


def selections():
    """Yield none, one, all, all but one, windows that wander, and some at random."""
    rng = np.random.default_rng(1)
    every = 2**64 - 1
    yield from (0, 1, every, every, 0)
    yield from (every & ~(1 << g) for g in range(5))
    for start in range(0, 64, 5):
        for length in (20, 21, 40):
            yield sum(1 << (start + i) % 64 for i in range(length))
    yield from (sum(1 << int(g) for g in rng.permutation(64)[:20]) for _ in range(20))


@pytest.mark.parametrize("weight", ["occurrences", "documents"])
def test_spectra_are_those_of_the_frequencies(section, weight):
    counts = section.counts(weight)
    rows = np.zeros((64, len(section)), dtype=np.int64)
    for g in range(64):
        inside = slice(counts.starts[g], counts.starts[g + 1])
        rows[g, counts.owner[inside]] = counts.sums[inside]
    for selected in selections():
        values, types = section.spectrum(weight, selected)
        groups = [g for g in range(64) if selected >> g & 1]
        frequencies = rows[groups].sum(axis=0)
        assert (section.frequencies(weight, selected) == frequencies).all()
        expected = np.unique(frequencies[frequencies > 0], return_counts=True)
        assert (values == expected[0]).all()
        assert (types == expected[1]).all()
        assert len(values) == len(expected[0])


@pytest.mark.kernel
def test_frequencies_beyond_those_that_are_counted_are_told_apart():
    frequencies = np.array([0, 3, 9, 5, 9, 12, 3, 7, 30, 12, 11, 1])
    counted = np.bincount(np.minimum(frequencies, 5))
    frequent = np.flatnonzero(frequencies >= 3)
    values, types = section_kernels.spectrum(counted, frequencies, frequent)
    assert values.tolist() == [1, 3, 5, 7, 9, 11, 12, 30]
    assert types.tolist() == [1, 2, 1, 1, 2, 1, 2, 1]
