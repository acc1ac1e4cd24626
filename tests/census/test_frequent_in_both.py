"""N-grams that are frequent in two sections together, against their counts by group."""

from functools import cache

import numpy as np
import pytest

from degrade.census.section import Section
from degrade.census.table import Table

pytestmark = [
    pytest.mark.kernel,
    # Hashes wrap around on purpose, and numpy says so where loops are not compiled.
    pytest.mark.filterwarnings("ignore:overflow encountered"),
]


def table(seed):
    rng = np.random.default_rng(seed)
    symbols = (rng.zipf(1.3, 3_000) % 400).astype(np.uint64)
    bounds = np.linspace(0, len(symbols), 101).astype(np.int64)
    return Table.count(symbols, bounds, rng.integers(0, 64, 100).astype(np.uint8), 1)


@cache
def tables():
    # When tests run, not when they are collected: the warnings above are heeded there.
    return table(1), table(2)


def weights_by_group(section, weight):
    """Return the weight of every n-gram, by its hash, in each group."""
    rows = [section.frequencies(weight, 1 << g) for g in range(section.groups)]
    return dict(zip(section.hashes.tolist(), np.array(rows).T.tolist(), strict=True))


@pytest.mark.parametrize("weight", ["occurrences", "documents"])
@pytest.mark.parametrize("length", [None, 24])
@pytest.mark.parametrize("folds", [(64, 64), (16, 16), (16, 64), (32, 8)])
def test_frequent_ngrams_are_found_with_their_weights_and_squares(weight, length, folds):
    sections = [Section(*each) for each in zip(tables(), (length, length), folds, strict=True)]
    mine, theirs = (weights_by_group(each, weight) for each in sections)
    sizes = np.arange(folds[0]), 3 * np.arange(folds[1])[::-1].copy()
    hashes, found, squares = sections[0].frequent(sections[1], weight, sizes, 5)
    nothing = [0] * folds[0], [0] * folds[1]
    expected = [
        (hashed, mine.get(hashed, nothing[0]), theirs.get(hashed, nothing[1]))
        for hashed in sorted({*mine, *theirs})
    ]
    expected = [row for row in expected if sum(row[1]) + sum(row[2]) >= 5]
    assert 10 < len(expected) < len({*mine, *theirs})
    assert hashes.tolist() == [hashed for hashed, _, _ in expected]
    for side in (0, 1):
        counts = np.array([row[1 + side] for row in expected])
        assert found[side].tolist() == counts.sum(axis=1).tolist()
        over = counts**2 / np.maximum(1, sizes[side])
        assert squares[side] == pytest.approx(over.sum(axis=1), rel=1e-12)


def test_sections_that_are_cut_differently_do_not_meet():
    whole, cut = Section(tables()[0], None, 64), Section(tables()[1], 24, 64)
    sizes = np.ones(64, dtype=np.int64), np.ones(64, dtype=np.int64)
    with pytest.raises(ValueError, match="another length"):
        whole.frequent(cut, "documents", sizes, 5)
