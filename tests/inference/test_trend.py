"""Trends: tests of order against enumeration, slopes and dates against planted ones."""

import math
from itertools import combinations, pairwise, permutations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from degrade.inference.jackknife import Replicates
from degrade.inference.lineage import Lineage, jonckheere, page
from degrade.inference.scales import threshold
from degrade.inference.trend import date
from degrade_metrics.lexical_diversity import METRICS as DIVERSITY
from degrade_metrics.repetition import METRICS as REPETITION

TYPES = next(m for m in DIVERSITY if m.name == "types_1")
(REPEATS,) = REPETITION
MINOR = threshold(TYPES, TYPES.thresholds[0])
ALPHA = 0.05


def left_out(values, theta=None):
    """Return replicates of ``theta`` (their mean) whose pseudo-values are ``values``."""
    values = np.asarray(values, dtype=float)
    theta = values.mean() if theta is None else theta
    return Replicates(theta, theta - (values - values.mean()) / (len(values) - 1))


def lineage(*samples, reference=None, shared=False):
    """Return the lineage of generations with these pseudo-values; the reference adds to all."""
    theirs = [None] * len(samples)
    if reference is not None:
        spread = left_out(reference).left_out - np.mean(reference)
        theirs = [Replicates(np.mean(s), np.mean(s) - spread) for s in samples]
    mine = [left_out(sample) for sample in samples]
    return Lineage.of(list(zip(mine, theirs, strict=True)), shared=shared)


def score(p):
    """Return the absolute normal score that a two-sided p-value was made of."""
    return float(stats.norm.isf(p / 2))


def in_order(samples):
    """Return Jonckheere's statistic: pairs in order across all pairs of samples, ties half."""
    return sum(
        (a < b) + (a == b) / 2 for one, two in combinations(samples, 2) for a in one for b in two
    )


# Hollander and Wolfe 1999, example 6.2 (Hundal 1969): number of pieces by knowledge of performance.
HUNDAL = ((40, 35, 38, 43, 44, 41), (38, 40, 47, 44, 40, 42), (48, 40, 45, 43, 46, 44))


def test_jonckheere_gives_the_published_value():
    assert in_order(HUNDAL) == 79
    p = jonckheere(HUNDAL)
    # (79 - 54) / sqrt(150.29) = 2.04, one-sided p = .0207.
    assert score(p) == pytest.approx((79 - 54) / math.sqrt(150.29), abs=1e-4)
    assert p / 2 == pytest.approx(0.0207, abs=0.00005)
    assert lineage(*HUNDAL).order() == (pytest.approx(p, rel=1e-9), "jonckheere")


@pytest.mark.parametrize("values", [(1, 2, 3, 4, 5, 6, 7), (1, 1, 2, 3, 3, 3, 4)])
@pytest.mark.parametrize("sizes", [(2, 2, 3), (3, 4), (1, 2, 2, 2)])
def test_jonckheere_has_the_moments_of_all_relabellings(values, sizes):
    bounds = np.cumsum((0, *sizes))

    def samples(order):
        return [[values[i] for i in order[a:b]] for a, b in pairwise(bounds)]

    every = [in_order(samples(order)) for order in permutations(range(7))]
    observed = samples((3, 0, 1, 5, 2, 4, 6))
    expected = abs(in_order(observed) - np.mean(every)) / np.std(every)
    assert expected > 0.1
    assert score(jonckheere(observed)) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(
    "blocks",
    [
        ((1.0, 2.0, 3.0), (5.0, 4.0, 9.0), (0.0, -1.0, 7.0)),
        ((1.0, 1.0, 3.0), (5.0, 4.0, 9.0), (7.0, 7.0, 7.0)),
        ((1.0, 2.0), (5.0, 4.0), (3.0, 4.0), (3.0, 4.0)),
    ],
)
def test_page_has_the_moments_of_all_orders_within_groups(blocks):
    ranks = [stats.rankdata(block) for block in blocks]
    places = np.arange(1, len(blocks[0]) + 1)
    every = [sum(np.dot(order, places) for order in orders)
             for orders in product(*map(permutations, ranks))]  # fmt: skip
    observed = sum(np.dot(block, places) for block in ranks)
    p = page(np.transpose(blocks))
    assert score(p) == pytest.approx(abs(observed - np.mean(every)) / np.std(every), rel=1e-9)
    found, test = lineage(*np.transpose(blocks), shared=True).order()
    assert (found, test) == (pytest.approx(p, rel=1e-9), "page")


def test_page_without_ties_is_that_of_scipy():
    blocks = np.random.default_rng(0).normal(np.arange(5) / 9, 1, (20, 5))
    by_scipy = stats.page_trend_test(blocks, method="asymptotic").pvalue
    assert page(blocks.T) == pytest.approx(2 * by_scipy, rel=1e-9)


def test_shared_clusters_are_compared_within_their_groups():
    rng = np.random.default_rng(1)
    group = rng.normal(0, 3, 32)
    samples = [group + step + rng.normal(0, 0.3, 32) for step in (0, 0.1, 0.2, 0.3)]
    assert lineage(*samples, shared=True).order()[0] < 0.001
    assert lineage(*samples).order()[0] > 0.3


@pytest.mark.parametrize("shared", [False, True])
def test_generations_that_are_all_alike_have_no_order(shared):
    assert lineage((0.1,) * 7, (0.1,) * 7, shared=shared).order()[0] is None
    assert lineage((0.0,) * 7, (0.0,) * 7, shared=shared).order()[0] is None


SAMPLES = st.lists(
    st.lists(st.integers(-50, 50), min_size=6, max_size=6).filter(lambda s: len(set(s)) > 1),
    min_size=2,
    max_size=5,
)


@given(SAMPLES, st.booleans())
@settings(max_examples=60, deadline=None)
def test_turning_the_order_turns_the_slope_and_nothing_else(samples, shared):
    forth, back = lineage(*samples, shared=shared), lineage(*samples[::-1], shared=shared)
    a, b = forth.slope(), back.slope()
    assert a.value == pytest.approx(-b.value, abs=1e-9)
    assert a.error == pytest.approx(b.error, rel=1e-9, abs=1e-12)
    p, turned = forth.order()[0], back.order()[0]
    assert p == turned if p is None else p == pytest.approx(turned, rel=1e-9)


@given(SAMPLES, st.booleans(), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_names_of_groups_and_the_level_of_the_reference_do_not_matter(samples, shared, random):
    order = list(range(6))
    random.shuffle(order)
    renamed = [[sample[i] + 7.0 for i in order] for sample in samples]
    before, after = lineage(*samples, shared=shared), lineage(*renamed, shared=shared)
    assert after.slope().value == pytest.approx(before.slope().value, abs=1e-9)
    assert after.slope().error == pytest.approx(before.slope().error, rel=1e-9, abs=1e-12)
    p, again = before.order()[0], after.order()[0]
    assert p == again if p is None else p == pytest.approx(again, rel=1e-9)


def test_the_slope_is_that_of_weighted_least_squares():
    rng = np.random.default_rng(2)
    samples = [rng.normal(k, 1 + k / 4, 20) for k in range(4)]
    line = lineage(*samples)
    variances = [np.var(s, ddof=1) / len(s) for s in samples]
    assert line.variances == pytest.approx(variances, rel=1e-9)
    positions = np.arange(1, 5)
    slope = line.slope()
    by_numpy = np.polyfit(positions, [np.mean(s) for s in samples], 1, w=1 / np.sqrt(variances))
    assert slope.value == pytest.approx(by_numpy[0], rel=1e-9)
    weights = 1 / np.array(variances)
    centred = positions - np.average(positions, weights=weights)
    # Of weights that are one over the variance, the variance is one over the weighted squares.
    assert slope.error == pytest.approx((weights @ centred**2) ** -0.5, rel=1e-9)
    assert 19 < slope.freedom <= 4 * 19


def test_one_generation_of_hardly_any_events_does_not_outweigh_the_others():
    samples = [np.array((-1.0, 0.0, 1.0)) * (1e-9 if k == 1 else 1.0) for k in range(4)]
    weights = lineage(*samples).weights
    # The mean variance is 3/4 of that of the others, and a quarter of it is what counts.
    assert weights.max() / weights.min() == pytest.approx(4 * 4 / 3)
    assert lineage((1, 1, 1), (2, 2, 2)).weights.tolist() == [1, 1]


def test_in_shared_clusters_a_group_is_left_out_of_all_generations_at_once():
    rng = np.random.default_rng(3)
    counts, totals = rng.integers(5, 50, (2, 16, 3))
    totals += counts

    def values(kept):
        return np.log(counts[kept].sum(axis=0) / totals[kept].sum(axis=0))

    every = np.arange(16)
    without = np.array([values(every[every != g]) for g in every])
    line = Lineage(values(every), tuple(without.T), None, shared=True)
    weights = line.weights
    centred = (positions := np.arange(1, 4)) - np.average(positions, weights=weights)
    slopes = without @ (weights * centred) / (weights @ centred**2)
    assert line.slope().error ** 2 == pytest.approx(Replicates(0, slopes).variance, rel=1e-9)
    assert line.slope().freedom == pytest.approx(15)


def test_an_error_of_the_reference_widens_a_slope_only_where_generations_differ_in_it():
    rng = np.random.default_rng(4)
    samples = rng.normal(0, 1, (3, 32))
    alone, common = lineage(*samples), lineage(*samples, reference=rng.normal(0, 9, 32))
    assert common.slope().error == pytest.approx(alone.slope().error, rel=1e-9)
    unlike = Lineage(common.values, common.by_candidate, common.by_reference * (1, 2, 3))
    assert unlike.slope().error > 2 * alone.slope().error


def simulated(rng, truth, *, groups=32, shared=False):
    """Return a lineage of estimates of ``truth``: means of groups that are skewed and unequal.

    The error of each generation is about .01, that of the reference, common to all, as well.
    """
    size = 0.01 * math.sqrt(groups)
    noise = rng.gamma(2, 1, (len(truth), groups)) - 2
    if shared:
        noise += 3 * (rng.gamma(2, 1, groups) - 2)
    reference = size * rng.normal(0, 1, groups)
    samples = [value + size * row / math.sqrt(2) for value, row in zip(truth, noise, strict=True)]
    return lineage(*(s - reference.mean() for s in samples), reference=-reference, shared=shared)


RUNS = 1000
# At most one in 1,000 such tests fails by chance on either side: 30 to 72 of 1,000.
RARELY = stats.binom.ppf((0.001, 0.999), RUNS, ALPHA)


@pytest.mark.parametrize("shared", [False, True])
def test_without_a_trend_one_in_twenty_is_found(shared):
    rng = np.random.default_rng(5)
    ordered = outside = 0
    for _ in range(RUNS):
        line = simulated(rng, (0.0,) * 5, shared=shared)
        ordered += line.order()[0] <= ALPHA
        low, high = line.slope().interval(ALPHA)
        outside += not low <= 0 <= high
    assert RARELY[0] <= ordered <= RARELY[1]
    assert RARELY[0] <= outside <= RARELY[1]


@pytest.mark.parametrize("shared", [False, True])
def test_a_trend_of_two_errors_a_generation_is_found_and_its_slope_is_right(shared):
    rng = np.random.default_rng(6)
    found = inside = 0
    for _ in range(200):
        line = simulated(rng, -0.02 * np.arange(5), shared=shared)
        found += line.order()[0] <= ALPHA
        low, high = line.slope().interval(ALPHA)
        inside += low <= -0.02 <= high
    assert found >= 198
    assert inside >= stats.binom.ppf(0.001, 200, 1 - ALPHA)


def dated(metric, line, difference=None, seed=0):
    rng = np.random.default_rng(seed)
    return date(metric, metric.thresholds[0], line, difference, ALPHA, rng)


def exact(*values):
    """Return a lineage of values all but known."""
    return lineage(*(np.array((v - 1e-9, v, v + 1e-9)) for v in values))


def test_the_date_is_the_first_generation_past_minor():
    assert dated(TYPES, exact(-0.01, -0.02, -1.01 * MINOR, -0.2)) == (2, 2, 2)
    assert dated(TYPES, exact(-0.01, -0.02, -0.99 * MINOR, -0.2)) == (3, 3, 3)
    assert dated(TYPES, exact(-0.01, -0.02, 0.2)) == (None, None, None)


def test_a_loss_that_comes_back_is_pooled_with_what_follows():
    # 5% and 0% in turn are 2.5% on average, which is short of minor, as is no generation alone.
    assert dated(TYPES, exact(0.0, -0.05, 0.0, -0.01)) == (None, None, None)
    assert dated(TYPES, exact(0.0, -0.10, 0.0, -0.10)) == (1, 1, 1)


def test_with_a_floor_the_difference_must_lie_beyond_it_too():
    ratio = exact(0.0, math.log(2), math.log(3), math.log(9))
    assert dated(REPEATS, ratio, exact(0.0, 0.001, 0.006, 0.02)) == (2, 2, 2)
    assert dated(REPEATS, ratio, exact(0.0, 0.001, 0.003, 0.004)) == (None, None, None)
    assert dated(REPEATS, exact(0.0, 0.1, 0.1, math.log(9)), exact(0.0, 0.01, 0.02, 0.03))[0] == 3


def test_an_error_of_the_reference_moves_all_generations_and_widens_the_date():
    spread = stats.zscore(np.random.default_rng(7).normal(0, 1, 32), ddof=1) * math.sqrt(32)
    samples = [0.001 * spread - loss for loss in (0.01, 0.02, 0.04, 0.05, 0.06)]
    assert dated(TYPES, lineage(*samples)) == (2, 2, 2)
    # Minor lies at .0305, and the reference's error of .012 moves all by up to .0235.
    assert dated(TYPES, lineage(*samples, reference=0.012 * spread)) == (2, 0, 4)


def test_the_planted_date_lies_in_its_range_as_often_as_promised():
    truth = (0.0, -0.02, -0.045, -0.07, -0.09)
    rng = np.random.default_rng(8)
    runs, last = 150, len(truth)
    ranges = [
        (0 if low is None else low, last if high is None else high)
        for _, low, high in (dated(TYPES, simulated(rng, truth)) for _ in range(runs))
    ]
    inside = sum(low <= 2 <= high for low, high in ranges)
    assert inside >= stats.binom.ppf(0.001, runs, 1 - ALPHA)
    # And not by saying nothing.
    assert np.mean([high - low for low, high in ranges]) < 2.5


def test_the_same_seed_gives_the_same_date():
    line = simulated(np.random.default_rng(9), (-0.01, -0.03, -0.05))
    assert dated(TYPES, line, seed=1) == dated(TYPES, line, seed=1)
