"""A census that holds only so many entries keeps the same ones however it is counted."""

from dataclasses import replace

import numpy as np
import pytest

from degrade import profiles, registry
from degrade.census.kernels import in_order
from degrade.census.table import ALL_HASHES, Table
from degrade.plan import Plan
from degrade.profiles import Profile
from degrade.summaries import Census, Need
from degrade.text.document import Batch, Document

LAYERS = {"word": registry.layer("word")}
WORDS = [f"w{k}" for k in range(400)]


def documents(count=300, seed=0):
    rng = np.random.default_rng(seed)
    ranks = 1 / np.arange(1, len(WORDS) + 1)
    return [
        Document(
            " ".join(rng.choice(WORDS, size=rng.integers(1, 80), p=ranks / ranks.sum())), f"{i}"
        )
        for i in range(count)
    ]


def counted(texts, capacity, n=2, batch=37):
    census = Census(Need(Census, layer="word", n=n), capacity)
    for first in range(0, len(texts), batch):
        census.update(Batch(texts[first : first + batch]), LAYERS)
    return census


def same(a, b):
    assert a.threshold == b.threshold
    for column in ("keys", "occurrences", "documents"):
        np.testing.assert_array_equal(getattr(a, column), getattr(b, column))


@pytest.mark.parametrize("capacity", [1, 10, 500, 3_000])
@pytest.mark.parametrize("n", [1, 3])
def test_what_is_kept_is_the_exact_census_below_the_threshold(capacity, n):
    exact = counted(documents(), 0, n).table
    sampled = counted(documents(), capacity, n).table
    assert exact.exact
    same(sampled, exact.below(sampled.threshold))
    assert len(sampled) <= capacity
    # The threshold is the highest that fits: ALL_HASHES, or that halved some times.
    assert sampled.exact or len(exact.below(2 * sampled.threshold)) > capacity


@pytest.mark.parametrize("capacity", [10, 700])
def test_neither_order_nor_shards_nor_batches_change_what_is_kept(capacity):
    texts = documents()
    whole = counted(texts, capacity).table
    rng = np.random.default_rng(1)
    for batch in (1, 50, 400):
        order = rng.permutation(len(texts))
        same(counted([texts[i] for i in order], capacity, batch=batch).table, whole)
    for shards in (2, 5):
        cut = rng.integers(0, shards, len(texts))
        parts = [
            counted([texts[i] for i in np.flatnonzero(cut == k)], capacity) for k in range(shards)
        ]
        first, *others = parts
        for other in others:
            first.merge(other)
        same(first.table, whole)


def test_merging_keeps_the_smaller_capacity_either_way():
    texts = documents()
    for one, other in ((100, 2_000), (2_000, 100), (0, 100), (100, 0)):
        merged = counted(texts[:150], one)
        merged.merge(counted(texts[150:], other))
        assert merged.capacity == 100
        same(merged.table, counted(texts, 100).table)


def test_a_profile_counts_by_the_capacity_of_its_plan_and_is_saved_with_it(tmp_path):
    need = Need(Census, layer="word", n=2)
    plan = Plan.of([need], "word", LAYERS, capacity=500)
    profile = Profile(plan)
    profile.update(Batch(documents()))
    assert not profile.exact
    profile.save(tmp_path / "a.profile")
    loaded = Profile.load(tmp_path / "a.profile")
    for level, again in zip(profile.levels, loaded.levels, strict=True):
        same(level[need].table, again[need].table)
        assert again[need].capacity == 500
    # Capacity is not what is counted: profiles of different ones meet.
    other = Profile(Plan.of([need], "word", LAYERS))
    other.update(Batch(documents(seed=1)))
    other.merge(loaded)
    assert len(other.levels[0][need].table) <= 500


def test_a_profile_that_holds_more_than_its_capacity_is_refused():
    census = counted(documents(), 500)
    arrays = dict(census.arrays())
    arrays["capacity"] = np.array([10, 10], dtype=np.int64)
    with pytest.raises(ValueError, match="more entries than its capacity"):
        Census.from_arrays(Need(Census, layer="word", n=2), arrays)


def test_few_documents_have_leeway_until_a_smaller_level_can_stand_in(monkeypatch):
    monkeypatch.setattr(profiles, "MANY_CLUSTERS", 8)
    need = Need(Census, layer="word", n=2)
    plan = replace(Plan.of([need], "word", LAYERS, capacity=200), leeway=2_000)
    texts = documents(400)

    def profiled(some, batch=37):
        profile = Profile(plan)
        for first in range(0, len(some), batch):
            profile.update(Batch(some[first : first + batch]))
        return profile

    def kept(profile):
        return [len(level[need].table) for level in profile.levels]

    few = profiled(texts[:60])
    assert few.clusters.at_level(1).sum() < 8
    assert 200 < kept(few)[0] <= 2_000
    whole = profiled(texts)
    assert whole.clusters.at_level(1).sum() >= 8 > whole.clusters.at_level(2).sum()
    assert kept(whole)[0] <= 200 < kept(whole)[1]
    # A part that had leeway loses it in the whole, whatever is merged into what.
    rng = np.random.default_rng(3)
    for shards in (2, 7):
        cut = rng.integers(0, shards, len(texts))
        parts = [profiled([texts[i] for i in np.flatnonzero(cut == k)], 50) for k in range(shards)]
        for order in (parts, parts[::-1]):
            merged = Profile(plan)
            for part in order:
                merged.merge(part)
            for level, again in zip(whole.levels, merged.levels, strict=True):
                same(level[need].table, again[need].table)


@pytest.mark.parametrize("threshold", [ALL_HASHES, ALL_HASHES >> 7, 1 << 20, 3, 1])
@pytest.mark.parametrize("size", [0, 1, 7, 1_000, 300_000])
def test_keys_come_in_order(threshold, size):
    rng = np.random.default_rng(size)
    hashes = rng.integers(0, threshold, size, dtype=np.uint64)
    # Every third is one frequent n-gram, so that one place is crowded.
    hashes[::3] = threshold - 1
    keys = hashes << np.uint64(10) | rng.integers(0, 1024, size, dtype=np.uint64)
    given = keys.copy()
    np.testing.assert_array_equal(in_order(keys, np.uint64(threshold)), np.sort(keys))
    np.testing.assert_array_equal(keys, given)


def test_a_table_of_one_ngram_may_exceed_any_capacity():
    keys = np.arange(64, dtype=np.uint64)
    ones = np.ones(64, dtype=np.uint32)
    fitted = Table(keys, ones, ones).fitted(5)
    assert (len(fitted), fitted.threshold) == (64, 1)
