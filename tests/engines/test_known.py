"""What a part of a corpus knows from others of what is dropped changes no byte of the whole."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from counted import lines, records

from degrade.engines.counting import Count
from degrade.engines.known import Known
from degrade.engines.luggage import packed
from degrade.engines.remote import Orders, absorb, counted, merged
from degrade.plan import Plan
from degrade.profiles import MANY_CLUSTERS, Profile
from degrade.readers import open_corpus
from degrade.summaries import Census, Clusters, Need
from degrade.text.document import LEVELS
from degrade.text.layers import built_in


def small(capacity, leeway=None):
    """Return a plan of censuses that hold so many entries."""
    needs = [Need(Census, layer="word", n=n) for n in (1, 2, 3)]
    made = Plan.of(needs, "word", {"word": built_in("word")}, 20, capacity)
    return made if leeway is None else replace(made, leeway=leeway)


def part_by_part(path, plan):
    """Return a function that counts a part, knowing something, and the number of parts."""
    path.write_bytes(lines(records(300)))
    with open_corpus(path) as corpus:
        corpus.part_bytes = 6_000
        parts = corpus.parts()
        orders = Orders((packed(Count(plan, corpus)),), f"{path} {plan.capacity} {plan.leeway}")
    assert len(parts) > 8
    return (
        lambda index, known: counted(here, orders, [parts[index]], known.drops()),
        len(parts),
        orders,
    )


def here(place):
    """Return what lies at a place of a cluster that is this process."""
    return place


@pytest.mark.parametrize("capacity", [0, 40, 300, 2_000])
def test_thresholds_of_other_parts_change_nothing(capacity, tmp_path):
    plan = small(capacity)
    count, parts, _ = part_by_part(tmp_path / "a.jsonl", plan)
    alone = [count(index, Known()) for index in range(parts)]
    for order in (range(parts), reversed(range(parts))):
        expected, whole, known, sizes = Profile(plan), Profile(plan), Known(), [0, 0]
        for index in order:
            done, content = count(index, known)
            known = known.plus(done.known)
            absorb(whole, content)
            absorb(expected, alone[index][1])
            sizes[0] += len(alone[index][1])
            sizes[1] += len(content)
        assert whole.to_bytes() == expected.to_bytes()
        # Parts hold less where some of them alone drop something.
        assert (sizes[1] < sizes[0]) == (capacity in (40, 300))


def test_clusters_of_other_parts_hold_a_part_to_its_capacity_and_change_nothing(
    monkeypatch, tmp_path
):
    # Of 300 documents, 20 or so are at the next level, and one or none of a part of 18.
    for module in ("degrade.profiles", "degrade.engines.known"):
        monkeypatch.setattr(f"{module}.MANY_CLUSTERS", 8)
    plan = small(100, 100_000)
    count, parts, _ = part_by_part(tmp_path / "a.jsonl", plan)
    alone = [count(index, Known()) for index in range(parts)]
    clusters = Known()
    for done, _ in alone:
        clusters = clusters.plus(Known(clusters=done.known.clusters))
    assert [done.known.narrow_levels for done, _ in alone] == [0] * parts
    assert clusters.narrow_levels == 1
    expected, whole = Profile(plan), Profile(plan)
    for index in range(parts):
        content = count(index, clusters)[1]
        assert len(content) < len(alone[index][1])
        absorb(whole, content)
        absorb(expected, alone[index][1])
    assert [census.leeway for _, census in whole.censuses()] == [100] * 3
    assert whole.to_bytes() == expected.to_bytes()


def test_a_merged_profile_tells_more_than_its_parts(tmp_path):
    plan = small(300)
    count, parts, orders = part_by_part(tmp_path / "a.jsonl", plan)
    alone = [count(index, Known()) for index in range(parts)]
    told = Known()
    for done, _ in alone:
        told = told.plus(done.known)
    whole, _ = merged(here, orders, [content for _, content in alone], ())
    word_triples = 0, "census(layer=word,n=3)"
    assert whole.known.thresholds[word_triples] < told.thresholds[word_triples]
    assert (whole.known.clusters == told.clusters).all()


@pytest.mark.parametrize("bits", [64, 63, 61, 60, 59, 56, 44, 43, 40, 36, 20, 12])
def test_narrow_levels_are_those_at_which_a_profile_is_held_to_its_capacity(bits):
    rng = np.random.default_rng(bits)
    drawn = rng.integers(0, 1 << bits, 5 * MANY_CLUSTERS, dtype=np.uint64)
    clusters, known = Clusters(Need(Clusters)), Known()
    for some in np.array_split(np.unique(drawn), 7):
        clusters.hashes = np.union1d(clusters.hashes, some)
        known = known.plus(Known(clusters=np.sort(some)[:MANY_CLUSTERS]))
    many = [clusters.at_level(k + 1).sum() >= MANY_CLUSTERS for k in range(LEVELS - 1)]
    assert known.narrow_levels == sum(many) == [*many, False].index(False)
