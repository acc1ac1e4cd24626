"""Counting in a table by symbol is counting by sorted keys."""

from __future__ import annotations

import numpy as np
import pytest

from degrade.census.table import Table
from degrade.summaries.small_alphabet import MOST, counted_characters, counted_symbols
from degrade.text.document import Batch, Document
from degrade.text.layers import built_in

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


def columns(table):
    return [getattr(table, name).tolist() for name in ("keys", "occurrences", "documents")]


@pytest.mark.parametrize(
    "alphabet", ["ab c.", "aä—日 😀\n", "".join(map(chr, range(0x400, 0x500)))]
)
def test_characters_are_counted_from_bytes_as_their_symbols_are(alphabet):
    rng = np.random.default_rng(0)
    sizes = (0, 1, 15, 16, 17, 5_000, 120_000)
    texts = ["".join(rng.choice(list(alphabet), size)) for size in sizes]
    texts += ["one more. "] * 300
    batch = Batch(Document(text, str(i)) for i, text in enumerate(texts))
    layer = built_in("character")
    found = counted_characters(layer, batch.data, batch.bounds, batch.groups)
    segments = batch.segments(layer)
    expected = Table.count(segments.symbols, segments.bounds, batch.groups, 1)
    assert found is not None
    assert columns(found) == columns(expected)


def test_many_different_characters_are_left_to_sorting():
    text = "".join(map(chr, range(0x4E00, 0x4E00 + MOST))) * 100
    batch = Batch([Document(text)])
    assert counted_characters(built_in("character"), batch.data, batch.bounds, batch.groups) is None
