"""The kernels behind duplicates across documents, against slow versions."""

import numpy as np
import pytest

from degrade.summaries import Sketches, sketches, spans
from degrade_metrics import company, near_duplicates

overflowing = pytest.mark.filterwarnings("ignore:overflow encountered")


@pytest.mark.kernel
@overflowing
def test_groups_fold_and_count_as_bits_do():
    rng = np.random.default_rng(0)
    for groups in (64, 32, 16, 8):
        for _ in range(20):
            chosen = set(rng.integers(0, 64, int(rng.integers(0, 20))).tolist())
            bits = np.uint64(sum(1 << g for g in chosen))
            expected = {g % groups for g in chosen}
            folded = np.uint64(company.folded(bits, groups))
            assert int(folded) == sum(1 << g for g in expected)
            assert company.bits_in(folded) == len(expected)


@pytest.mark.kernel
@overflowing
def test_company_is_expected_by_hand():
    # Of 4 groups 2 are drawn. The first item has its like in one other group: drawn with it in 1
    # of 3 cases; the second in its own; the third in none; the fourth is in a group not at hand.
    missing = np.array([1, 2 / 3, 1 / 3, 0.0])
    found = company.in_company(
        np.array([0, 1, 2, 3]),
        np.array([1.0, 10.0, 100.0, 1000.0]),
        np.array([0b10, 0b10, 0, 0b1], dtype=np.uint64),
        64,
        np.uint64(0b0111),
        missing,
    )
    assert found == pytest.approx(1 / 3 + 10)


@pytest.mark.kernel
@overflowing
def test_spans_have_one_key_a_document_that_is_equal_where_their_words_are_equal():
    rng = np.random.default_rng(1)
    symbols = rng.integers(0, 3, 300).astype(np.uint64) << np.uint64(40)
    bounds = np.array([0, 120, 120, 124, 300])
    groups = np.array([3, 0, 63, 3], dtype=np.uint8)
    for n in (1, 3, 5):
        everything = np.uint64(spans.ALL_HASHES)
        keys = spans.span_keys(symbols, bounds, groups, n, everything).tolist()
        runs = [
            [tuple(symbols[i : i + n].tolist()) for i in range(bounds[d], bounds[d + 1] - n + 1)]
            for d in range(4)
        ]
        # Each run once a document, where it first stands.
        expected = [(span, int(groups[d])) for d in range(4) for span in dict.fromkeys(runs[d])]
        assert [key & 63 for key in keys] == [group for _, group in expected]
        names = {}
        for key, (span, _) in zip(keys, expected, strict=True):
            assert names.setdefault(span, key >> 6) == key >> 6
        assert len({*names.values()}) == len(names)
        half = spans.ALL_HASHES // 2
        below = spans.span_keys(symbols, bounds, groups, n, np.uint64(half))
        assert below.tolist() == [key for key in keys if key >> 6 < half]


@pytest.mark.kernel
@overflowing
def test_a_sketch_holds_the_smallest_different_hashes_of_all():
    rng = np.random.default_rng(2)
    symbols = rng.integers(0, 6, 200).astype(np.uint64) << np.uint64(30)
    bounds = np.array([0, 2, 90, 90, 200])
    last = np.uint64(sketches.ALL_HASHES - 1)
    documents, keys, digests, full = sketches.sketched(symbols, bounds, 3, 200, last)
    assert documents.tolist() == [1, 3]
    for size in (1, 5, 40):
        _, same_keys, other, small = sketches.sketched(symbols, bounds, 3, size, last)
        assert np.array_equal(small, full[:, :size])
        assert np.array_equal(keys, same_keys)
        assert (other != digests).all()
    for row, d in enumerate(documents):
        held = full[row][full[row] != 0xFFFFFFFF]
        grams = {tuple(symbols[i : i + 3].tolist()) for i in range(bounds[d], bounds[d + 1] - 2)}
        assert len(held) == len(grams)
        assert (np.diff(held.astype(np.int64)) > 0).all()
    lower = np.uint64(int(keys.min()))
    assert len(sketches.sketched(symbols, bounds, 3, 5, lower)[0]) == 1


@pytest.mark.kernel
@overflowing
def test_resemblance_is_that_of_the_smallest_of_the_union():
    rng = np.random.default_rng(3)
    for _ in range(60):
        size = int(rng.integers(1, 12))
        rows = []
        sets = []
        for _ in range(2):
            values = rng.choice(30, int(rng.integers(0, 25)), replace=False)
            sets.append({*values.tolist()})
            row = np.full(size, 0xFFFFFFFF, dtype=np.uint32)
            kept = np.sort(values)[:size]
            row[: len(kept)] = kept
            rows.append(row)
        union = sorted(sets[0] | sets[1])[:size]
        both = [v for v in union if v in sets[0] and v in sets[1]]
        expected = len(both) / len(union) if union else 0
        assert near_duplicates.resemblance(*rows) == pytest.approx(expected)


@pytest.mark.kernel
@overflowing
def test_those_alike_are_found_as_by_looking_at_all_pairs(monkeypatch):
    monkeypatch.setattr(near_duplicates, "PROBES", 4)
    rng = np.random.default_rng(4)
    base = rng.integers(0, 1 << 32, (6, 16), dtype=np.uint32)
    rows = []
    for i in range(40):
        row = base[i % 6].copy()
        row[rng.integers(0, 16, i % 5)] = rng.integers(0, 1 << 32, dtype=np.uint32)
        rows.append(np.sort(row))
    made = Sketches(near_duplicates.FIVEGRAMS)
    made.sketches = np.array(rows)
    made.groups = rng.integers(0, 64, 40).astype(np.uint8)
    made.documents = np.where(np.arange(40) == 7, 2, 1)
    groups, close = near_duplicates.neighbours(made)
    for i in range(40):
        alike = [
            j
            for j in range(40)
            if j != i and near_duplicates.resemblance(rows[i], rows[j]) >= near_duplicates.LEAST
        ]
        expected = {int(made.groups[j]) for j in alike} | (
            {int(made.groups[7])} if i == 7 else set()
        )
        assert int(groups[i]) == sum(1 << g for g in expected)
        assert (close[i] >= near_duplicates.LEAST) == bool(expected)
