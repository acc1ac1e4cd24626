"""How often n-grams are said by the documents that hold them, against counts by group."""

import numpy as np
import pytest

from degrade.census.section import Section
from degrade.census.table import Table

pytestmark = [
    pytest.mark.kernel,
    # Hashes wrap around on purpose, and numpy says so where loops are not compiled.
    pytest.mark.filterwarnings("ignore:overflow encountered"),
]


def table():
    rng = np.random.default_rng(3)
    symbols = (rng.zipf(1.3, 2_000) % 200).astype(np.uint64)
    bounds = np.linspace(0, len(symbols), 61).astype(np.int64)
    return Table.count(symbols, bounds, rng.integers(0, 64, 60).astype(np.uint8), 1)


@pytest.mark.parametrize("length", [None, 24])
@pytest.mark.parametrize("groups", [64, 16])
def test_counts_and_their_squares_are_those_of_groups(length, groups):
    section = Section(table(), length, groups)
    strange = np.setdiff1d(np.array([0, 5, 1 << 53], dtype=np.uint64), section.hashes)
    wanted = np.sort(np.concatenate((section.hashes[::3], strange)))
    rows = {
        weight: np.array([section.frequencies(weight, 1 << g) for g in range(groups)])
        for weight in ("occurrences", "documents")
    }
    found = section.within_documents(wanted)
    assert found.shape == (6, len(wanted))
    for i, hashed in enumerate(wanted):
        at = np.flatnonzero(section.hashes == hashed)
        x, d = (rows[w][:, at].sum(axis=1) for w in ("occurrences", "documents"))
        expected = [x.sum(), d.sum(), (d > 0).sum(), (x * x).sum(), (x * d).sum(), (d * d).sum()]
        assert found[:, i].tolist() == expected
    assert (found[:, np.isin(wanted, strange)] == 0).all()
    assert (found[0] > found[1]).any()


def test_of_nothing_nothing_is_told():
    assert Section(table(), None, 64).within_documents(np.empty(0, np.uint64)).shape == (6, 0)
