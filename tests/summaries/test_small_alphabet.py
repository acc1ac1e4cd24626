"""Counting in a table by symbol is counting by sorted keys."""

from __future__ import annotations

import numpy as np
import pytest

from degrade.census.table import Table
from degrade.summaries.small_alphabet import MOST, counted_symbols

pytestmark = [
    pytest.mark.kernel,
    # Hashes wrap around on purpose, and numpy says so where loops are not compiled.
    pytest.mark.filterwarnings("ignore:overflow encountered"),
]


def drawn(seed, lengths, types):
    rng = np.random.default_rng(seed)
    alphabet = rng.integers(0, 1 << 64, types, dtype=np.uint64)
    # Squared, so that some symbols are frequent and others first come late.
    symbols = alphabet[(rng.random(sum(lengths)) ** 2 * types).astype(np.int64)]
    bounds = np.cumsum([0, *lengths])
    return symbols, bounds, rng.integers(0, 64, len(lengths)).astype(np.uint8)


@pytest.mark.parametrize("lengths", [(5000, 0, 4097, 16, 17, 1), (*[24] * 60, 0, 4200)])
@pytest.mark.parametrize("types", [1, 2, 12])
def test_a_small_alphabet_is_counted_as_any_symbols_are(lengths, types):
    parts = drawn(types, lengths, types)
    found, expected = counted_symbols(*parts), Table.count(*parts, 1)
    assert found is not None
    assert found.exact
    for column in ("keys", "occurrences", "documents"):
        mine, other = getattr(found, column), getattr(expected, column)
        assert mine.dtype == other.dtype
        assert mine.tolist() == other.tolist()


def test_many_different_symbols_are_left_to_sorting():
    assert counted_symbols(*drawn(0, (3000,), 200)) is None
    assert counted_symbols(*drawn(0, (0, 0), 1)) is None


@pytest.mark.parametrize(("types", "counted"), [(MOST, True), (MOST + 1, False)])
def test_an_alphabet_is_small_up_to_so_many_symbols(types, counted):
    symbols = np.arange(types, dtype=np.uint64).repeat(1_000)
    bounds, groups = np.array([0, len(symbols)]), np.zeros(1, dtype=np.uint8)
    assert (counted_symbols(symbols, bounds, groups) is not None) == counted
