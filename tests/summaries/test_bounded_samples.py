"""Samples by hash do not depend on the order of documents, nor on how they were parted."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from degrade.summaries import Need, Sketches, Spans, sketches, spans
from degrade.summaries.bounded import counted, kept_below, summed
from degrade.testing import check_summary

ALL = 1 << 64


@pytest.mark.parametrize(
    ("need", "module", "capacity"),
    [
        (Need(Spans, layer="word", n=50), spans, 500),
        (Need(Spans, layer="word", n=2), spans, 40),
        (Need(Sketches, layer="word", n=5), sketches, 20),
        (Need(Sketches, layer="character", n=1), sketches, 7),
    ],
)
def test_full_ones_keep_the_laws(need, module, capacity, monkeypatch):
    monkeypatch.setattr(module, "CAPACITY", capacity)
    check_summary(need)


@given(st.lists(st.integers(0, 30), max_size=40), st.integers(1, 12), st.integers(0, 40))
def test_what_is_kept_of_parts_holds_what_is_kept_of_the_whole(hashes, capacity, parted):
    def kept(entries, bound=ALL):
        ordered = np.sort(np.array(entries, dtype=np.uint64))
        end, bound = kept_below(ordered, capacity, bound)
        return ordered[:end].tolist(), bound

    whole, bound = kept(hashes)
    # At most as many as there is room for; of each hash all or none; no more than needed is lost.
    assert len(whole) <= capacity
    assert whole == sorted(h for h in hashes if h < bound)
    assert bound == ALL or sum(h <= bound for h in hashes) > capacity
    (one, below_one), (two, below_two) = kept(hashes[:parted]), kept(hashes[parted:])
    assert kept([*one, *two], min(below_one, below_two)) == (whole, bound)


def test_damaged_ones_are_refused():
    for need, column, value in (
        (Need(Spans, layer="word", n=2), "documents", np.zeros(1, dtype=np.int64)),
        (Need(Sketches, layer="word", n=2), "groups", np.array([64], dtype=np.uint8)),
    ):
        made = need.summary(need)
        arrays = {k: a if len(a) == 1 else a[:0] for k, a in made.arrays().items()}
        one = {
            "keys": np.ones(1, dtype=np.uint64),
            "documents": np.ones(1, dtype=np.int64),
            "digests": np.ones(1, dtype=np.uint64),
            "groups": np.zeros(1, dtype=np.uint8),
            "sketches": np.zeros((1, sketches.SIZE), dtype=np.uint32),
            "beyond": np.zeros(1, dtype=np.int64),
            "total": np.ones(1, dtype=np.int64),
        }
        sound = {name: one.get(name, array) for name, array in arrays.items()}
        assert len(need.summary.from_arrays(need, sound).arrays()["keys"]) == 1
        with pytest.raises(ValueError, match="cannot be"):
            need.summary.from_arrays(need, {**sound, column: value})


_keys = st.lists(st.integers(0, 12), max_size=20)


@pytest.mark.kernel
@given(_keys, _keys)
def test_tables_are_summed_as_counters_are(one, other):
    tables = [counted(np.sort(np.array(keys, dtype=np.uint64))) for keys in (one, other)]
    keys, counts = summed(*tables[0], *tables[1])
    expected = Counter(one) + Counter(other)
    assert keys.tolist() == sorted(expected)
    assert counts.tolist() == [expected[key] for key in sorted(expected)]
