"""Relabelings of groups: exact, of like groups, in pairs where corpora are pairs."""

import itertools
import math

import numpy as np
import pytest
from made_corpora import METRICS, documents, profile
from scipy import stats

import degrade
from degrade.census.table import Table
from degrade.errors import UndefinedMetricError
from degrade.inference.assess import assess, fix
from degrade.inference.matching import match, side
from degrade.inference.permutation import (
    ByPermutation,
    _choices,
    _flips,
    permute,
    step_down,
)
from degrade.inference.pooling import pooled
from degrade.inference.yardstick import StudentT
from degrade.text.document import Document

TYPES = (METRICS["types_1"],)
SEVERAL = tuple(METRICS[name] for name in ("types_1", "types_2", "simpson", "rare_loss_1"))
ALPHA = 0.05


def assessed_on(metrics, *corpora):
    profiles = [profile(corpus, metrics) for corpus in corpora]
    matching = match(profiles)
    sides = [side(name, each, matching) for name, each in zip("ab", profiles, strict=True)]
    fixed = fix(metrics, sides)
    return assess(metrics, *sides, fixed, ALPHA, "heldout"), fixed


def permuted(metrics, *corpora, relabelings=19, seed=0):
    assessed, fixed = assessed_on(metrics, *corpora)
    rng = np.random.default_rng(seed)
    return permute(metrics, assessed, fixed, "heldout", rng, relabelings)


def test_p_values_are_uniform_where_nothing_differs():
    # 19 relabelings and the true one: p <= .05 where the true |T| is the largest, 1 time in 20.
    # Documents are short, so groups are few and uneven: that must not matter.
    trials = 160
    found = [
        permuted(TYPES, documents(2 * k, 90, 25), documents(2 * k + 1, 90, 25), seed=k)
        for k in range(trials)
    ]
    p = np.array([each.beyond("types_1") for each in found])
    assert all(each.summary.relabelings == 20 for each in found)
    # Expected 8; 17 or more have a chance of .003. The same for the middle of the range.
    assert (p <= 0.05).sum() < 17
    assert stats.binomtest(int((p <= 0.5).sum()), trials, 0.5).pvalue > 0.001


def test_what_is_planted_is_as_extreme_as_can_be():
    found = permuted(SEVERAL, documents(1), documents(2, types=1_500), relabelings=99)
    assert found.beyond("types_1") == found.adjusted["types_1"] == 0.01
    assert found.beyond("types_2") == 0.01
    yardstick = ByPermutation(ALPHA, found, StudentT(ALPHA, 4), frozenset())
    assert yardstick.adjusted(dict.fromkeys(found.adjusted)) == found.adjusted


def test_reaches_are_quantiles_of_the_statistics():
    found = permuted(SEVERAL, documents(1), documents(2), relabelings=39)
    yardstick = ByPermutation(0.1, found, StudentT(0.1, 4), frozenset({"simpson"}))
    contrast = assessed_on(SEVERAL, documents(1), documents(2))[0].estimates["types_1"].contrast
    largest = np.max(list(found.statistics.values()), axis=0)
    assert found.largest.tolist() == largest.tolist()
    reaches = yardstick.reaches("types_1", contrast)
    # Of 40 relabelings, 4 may lie beyond at .1 and 8 at .2.
    assert (largest > reaches.simultaneous).sum() == 4
    assert (found.statistics["types_1"] > reaches.bound).sum() == 8
    assert (found.statistics["types_1"] > yardstick.reach("types_1", contrast)).sum() == 4
    # A divergence, and what no relabeling knows, are measured by t.
    for name in ("simpson", "unknown"):
        assert yardstick.reach(name, contrast) == StudentT(0.1, 4).reach(name, contrast)
        assert yardstick.reaches(name, contrast) == StudentT(0.1, 4).reaches(name, contrast)
    assert yardstick.p("unknown", contrast) == contrast.p


def test_step_down_is_that_of_westfall_and_young():
    rng = np.random.default_rng(3)
    for _ in range(20):
        statistics = np.abs(rng.standard_normal((4, 30)))
        statistics[1, 0] += 3
        adjusted = step_down(statistics)
        order = sorted(range(4), key=lambda k: -statistics[k, 0])
        expected, running = {}, 0.0
        for rank, k in enumerate(order):
            beyond = 0
            for b in range(30):
                beyond += max(statistics[j, b] for j in order[rank:]) >= statistics[k, 0]
            running = max(running, beyond / 30)
            expected[k] = running
        assert adjusted == [expected[k] for k in range(4)]
        raw = [(row >= row[0]).mean() for row in statistics]
        assert all(a >= r for a, r in zip(adjusted, raw, strict=True))
    assert step_down(statistics[:1]) == [(statistics[0] >= statistics[0, 0]).mean()]


def test_few_relabelings_are_all_looked_at():
    rng = np.random.default_rng(0)
    labels = _choices(7, 3, 40, rng)
    assert labels.exact
    assert len(labels.pairs) == math.comb(7, 3) == len(set(labels.pairs))
    assert labels.pairs[0] == ((0, 1, 2), (3, 4, 5, 6))
    assert {a for a, _ in labels.pairs} == set(itertools.combinations(range(7), 3))
    flips = _flips(4, 40, rng)
    assert flips.exact
    assert len(flips.pairs) == 16 == len(set(flips.pairs))
    assert flips.pairs[0] == ((0, 1, 2, 3), (4, 5, 6, 7))
    # To go with the relabelings of other groups, there have to be as many.
    drawn = _flips(4, 40, rng, enumerated=False)
    assert not drawn.exact
    assert len(drawn.pairs) == 41


@pytest.mark.parametrize("draw", [_choices, _flips])
def test_many_relabelings_are_drawn_with_the_true_one_first(draw):
    rng = np.random.default_rng(1)
    labels = draw(20, 10, 50, rng) if draw is _choices else draw(10, 50, rng)
    assert not labels.exact
    assert len(labels.pairs) == 51
    assert labels.pairs[0] == (tuple(range(10)), tuple(range(10, 20)))
    for a, b in labels.pairs:
        assert sorted((*a, *b)) == list(range(20))
        assert len(a) == 10
        if draw is _flips:
            assert [g % 10 for g in a] == [g % 10 for g in b] == list(range(10))


def test_groups_called_alike_become_one():
    rng = np.random.default_rng(5)
    bounds = np.cumsum([0, *rng.integers(1, 20, 50)])
    symbols = rng.integers(0, 30, bounds[-1]).astype(np.uint64)
    groups = rng.integers(0, 64, 50).astype(np.uint8)
    place = rng.integers(-1, 9, 64)
    kept = place[groups] >= 0
    texts = [symbols[bounds[i] : bounds[i + 1]] for i in np.flatnonzero(kept)]
    expected = Table.count(
        np.concatenate(texts),
        np.cumsum([0, *map(len, texts)]),
        place[groups[kept]].astype(np.uint8),
        1,
    )
    found = Table.count(symbols, bounds, groups, 1).regrouped(place)
    assert found.keys.tolist() == expected.keys.tolist()
    assert found.occurrences.tolist() == expected.occurrences.tolist()
    assert found.documents.tolist() == expected.documents.tolist()
    assert len(Table.count(symbols, bounds, groups, 1).regrouped(np.full(64, -1))) == 0


@pytest.mark.parametrize(
    ("counts", "expected"),
    [((400, 400), (32, 32)), ((1_600, 400), (48, 16)), ((400, 1_600), (16, 48)),
     ((3_200, 400), (56, 8))],
)  # fmt: skip
def test_only_groups_of_like_size_change_places(counts, expected):
    corpora = [documents(k, count, 20) for k, count in enumerate(counts)]
    assessed, _ = assessed_on(TYPES, *corpora)
    whole, mine = pooled(assessed.reference, assessed.candidate)
    groups = len(whole.occupied_groups)
    means = whole.sizes[:mine].mean(), whole.sizes[mine:groups].mean()
    assert max(means) < 2 * min(means)
    # Groups that hold nothing may be missing.
    assert abs(mine - expected[0]) <= 2
    assert abs(groups - mine - expected[1]) <= 2


def test_a_pool_holds_what_both_corpora_hold():
    corpora = documents(1), documents(2)
    assessed, _ = assessed_on(TYPES, *corpora)
    whole, mine = pooled(assessed.reference, assessed.candidate)
    need = TYPES[0].needs[0]
    section = whole.section(need)
    masks = (1 << mine) - 1, ((1 << 64) - 1) & ~((1 << mine) - 1)
    for each, mask in zip((assessed.reference, assessed.candidate), masks, strict=True):
        there = each.section(need).frequencies("occurrences", each.occupied)
        found = section.frequencies("occurrences", mask)
        assert sorted(found[found > 0]) == sorted(there[there > 0])
    assert whole.sizes.sum() == assessed.reference.sizes.sum() + assessed.candidate.sizes.sum()


def test_too_few_groups_cannot_change_places():
    with pytest.raises(UndefinedMetricError, match="no groups of like size"):
        permuted(TYPES, documents(1, 5), documents(2, 5))


def paired_corpora(loss):
    """Return answers of two models to the same 100 prompts, the second with words less varied."""
    first = documents(1, 800, 30, clusters=100, name="x")
    second = []
    rng = np.random.default_rng(7)
    for d in documents(2, 800, 30, clusters=100, name="y"):
        words = [w if rng.random() > loss else "w1" for w in d.text.split()]
        second.append(Document(" ".join(words), d.id, d.cluster))
    return first, second


def test_corpora_that_share_clusters_are_compared_in_pairs_and_say_so():
    first, second = paired_corpora(0.0)
    apart = [Document(d.text, d.id, f"other {d.cluster}") for d in second]
    profiles = [profile(corpus, TYPES) for corpus in (first, second, apart)]
    options = {"metrics": ["types_1"], "self_check": 0}
    together = degrade.compare(profiles[0], profiles[1], **options).comparisons[0]
    separate = degrade.compare(profiles[0], profiles[2], **options).comparisons[0]
    assert together.paired
    assert not separate.paired
    errors = [each.findings[0].error for each in (together, separate)]
    # The topics of prompts, which vary the words most, are the same on both sides.
    assert errors[0] < 0.75 * errors[1]


def test_pairs_change_places_group_by_group():
    corpora = paired_corpora(0.1)
    assessed, _ = assessed_on(TYPES, *corpora)
    whole, mine = pooled(assessed.reference, assessed.candidate)
    assert whole.paired
    assert mine == 16
    assert len(whole.occupied_groups) == 32
    found = permuted(TYPES, *corpora, relabelings=199)
    assert found.summary.reference_groups == found.summary.candidate_groups == 16
    assert found.beyond("types_1") <= 0.01


def test_permutation_through_the_front_door():
    profiles = [profile(documents(k, 45, 60, types=t), TYPES) for k, t in ((1, 3_000), (2, 700))]
    options = {"metrics": ["types_1"], "self_check": 0}
    runs = [degrade.compare(*profiles, test=t, **options) for t in ("jackknife", "permutation")]
    few, exact = (run.comparisons[0] for run in runs)
    said = [{w.code: w.message for w in run.warnings}["too-little-text"] for run in runs]
    assert "too few independent documents" in said[0]
    assert "too few independent documents" not in said[1]
    # 8 groups a side are too few for errors to be believed, but not for an exact test.
    assert few.findings[0].p is None
    assert few.permutation is None
    assert exact.permutation.relabelings == 1_000
    assert exact.permutation.reference_groups == exact.permutation.candidate_groups == 8
    assert exact.findings[0].p == exact.findings[0].p_adjusted == 0.001
    assert exact.findings[0].level == "severe"
