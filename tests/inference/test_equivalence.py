"""What is ruled out is ruled out in error as often as said; and nothing, enough text given, is."""

import math

import numpy as np
import pytest
from made_estimates import (
    ALPHA,
    ERRORS,
    METRICS,
    STUDENT,
    all_estimates,
    edges,
    estimated,
    is_shown,
    least,
    most,
    noise,
    plausible,
    repeated,
    ruled_out,
    two_sides,
    whole_of,
)
from scipy import stats

from degrade.inference.jackknife import Replicates, correlation, level_of_either
from degrade.inference.judgement import LEVELS, judge

ALONE = [name for name, metric in METRICS.items() if metric.floor is None]
FLOOR = METRICS["repetition_4"].floor
K = len(METRICS)


@pytest.mark.parametrize("groups", [(16, 16), (32, 32), (64, 64), (64, 16)])
@pytest.mark.parametrize("name", ALONE)
def test_a_change_at_a_threshold_is_ruled_out_in_one_sample_of_twenty(name, groups):
    metric, trials = METRICS[name], 700
    rng = np.random.default_rng((1, *groups, ALONE.index(name)))
    error = edges(metric)[0] / 10
    out, seen = dict.fromkeys(LEVELS, 0), dict.fromkeys(LEVELS, 0)
    for level, edge in zip(LEVELS, edges(metric), strict=True):
        for _ in range(trials):
            noises = noise(rng, groups[0], error), noise(rng, groups[1], error)
            judged = judge(metric, estimated(metric, edge, *noises), STUDENT)
            out[level] += ruled_out(judged, level)
            seen[level] += is_shown(judged, level)
    for level in LEVELS:
        assert plausible(out[level], trials, ALPHA), (level, out)
        assert seen[level] <= most(trials, ALPHA / 2 / K), (level, seen)


@pytest.mark.parametrize("name", ALONE)
def test_with_enough_text_no_change_rules_out_even_a_minor_one(name):
    metric, trials, groups = METRICS[name], 1_000, 16
    rng = np.random.default_rng((2, ALONE.index(name)))
    # The bound lies t errors away, .84 more let 80% through.
    error = edges(metric)[0] / (stats.t.ppf(1 - ALPHA, 2 * groups - 2) + 0.9) / math.sqrt(2)
    hits = sum(
        judge(metric, estimated(metric, 0.0, *two_sides(rng, groups, error)), STUDENT).ruled_out
        == "minor"
        for _ in range(trials)
    )
    assert hits >= least(trials, 0.8)


@pytest.mark.parametrize("groups", [16, 64])
@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("scatter", ["alike", "of events"])
def test_with_a_floor_either_bound_rules_out_but_both_together_in_one_of_twenty(
    level, scatter, groups
):
    # The corner: the ratio lies at its threshold and the difference at the floor. Were each bound
    # at 5%, 5.3 to 7.2% of samples would rule out "alike", up to 8.5% of them "of events".
    trials, metric = 3_000, METRICS["repetition_4"]
    ratio = math.exp(edges(metric)[LEVELS.index(level)])
    reference = FLOOR / (ratio - 1)
    candidate = ratio * reference
    cv = 0.04 if scatter == "alike" else 0.04 * math.sqrt(reference / candidate)
    rng = np.random.default_rng((3, groups, LEVELS.index(level), scatter == "alike"))
    hits = 0
    for _ in range(trials):
        shares = (
            reference * (1 + noise(rng, groups, 0.04)),
            candidate * (1 + noise(rng, groups, cv)),
        )
        judged = judge(metric, repeated(*shares), STUDENT)
        hits += ruled_out(judged, level)
        assert not is_shown(judged, level) or hits < trials
    assert plausible(hits, trials, ALPHA)


@pytest.mark.parametrize(("beyond", "rate"), [("floor", 0.05), ("ratio", 0.05)])
def test_with_a_floor_the_bound_that_matters_errs_in_at_most_one_of_twenty(beyond, rate):
    # At the threshold of one, the other far beyond its own.
    trials, metric, groups = 3_000, METRICS["repetition_4"], 32
    reference, candidate = (0.05, 0.1) if beyond == "floor" else (0.0005, 0.0055)
    rng = np.random.default_rng((4, beyond == "floor"))
    hits = 0
    for _ in range(trials):
        a, b = (share * (1 + noise(rng, groups, 0.05)) for share in (reference, candidate))
        hits += ruled_out(judge(metric, repeated(a, b), STUDENT), "moderate")
    assert least(trials, ALPHA / 2) <= hits <= most(trials, rate)


def test_the_level_of_either_is_shared_out_by_their_correlation():
    rng = np.random.default_rng(5)
    drawn = rng.standard_normal((2, 400_000))
    for rho in (-0.9, 0.0, 0.6, 0.95):
        level = level_of_either(ALPHA, rho)
        pair = drawn[0], rho * drawn[0] + math.sqrt(1 - rho**2) * drawn[1]
        either = (np.minimum(*pair) < stats.norm.ppf(level)).mean()
        assert either == pytest.approx(ALPHA, abs=4 * math.sqrt(ALPHA / drawn.shape[1]))
    assert level_of_either(ALPHA, 1.0) == pytest.approx(ALPHA)
    assert level_of_either(ALPHA, -1.0) == pytest.approx(ALPHA / 2, rel=1e-4)


def test_the_correlation_of_two_contrasts_is_that_of_their_groups():
    rng = np.random.default_rng(6)
    values = rng.standard_normal((2, 30)) + rng.standard_normal(30)
    first, second = (Replicates(v.mean(), (v.sum() - v) / (len(v) - 1)) for v in values)
    assert correlation([(first, second)]) == pytest.approx(np.corrcoef(values)[0, 1])
    opposite = Replicates(-second.value, -second.left_out)
    assert correlation([(first, second), (first, opposite)]) == pytest.approx(0.0)
    still = Replicates(0.0, np.zeros(30))
    assert correlation([(first, still)]) == 0.0


@pytest.mark.parametrize("level", LEVELS)
def test_the_verdict_rules_out_a_change_of_one_metric_in_at_most_one_sample_of_twenty(level):
    # The worst case: all others would be ruled out by themselves.
    trials = 800
    rng = np.random.default_rng((7, LEVELS.index(level)))
    for name in ("types_1", "shared_4"):
        at_edge = {name: edges(METRICS[name])[LEVELS.index(level)]}
        hits = nones = 0
        for _ in range(trials):
            whole = whole_of(all_estimates(rng, 32, at_edge, shrink=0.3))
            hits += ruled_out(whole, level)
            nones += whole.level == "none"
        assert plausible(hits, trials, ALPHA), name
        assert level == "minor" or nones <= most(trials, ALPHA), name


@pytest.mark.parametrize("level", LEVELS)
def test_with_every_metric_at_a_threshold_that_level_is_hardly_ever_ruled_out_or_shown(level):
    trials = 800
    rng = np.random.default_rng((8, LEVELS.index(level)))
    worse = {name: edges(METRICS[name])[LEVELS.index(level)] for name in ERRORS}
    wholes = [whole_of(all_estimates(rng, 16, worse, shrink=0.3)) for _ in range(trials)]
    assert sum(ruled_out(whole, level) for whole in wholes) <= most(trials, 0.001)
    # Two-sided intervals that hold together at 95% err on the worse side in half of that.
    assert sum(is_shown(whole, level) for whole in wholes) <= most(trials, ALPHA / 2)


def test_no_change_is_called_none_in_most_samples_with_enough_text():
    trials = 800
    rng = np.random.default_rng(9)
    wholes = [whole_of(all_estimates(rng, 32, {}, shrink=1.0)) for _ in range(trials)]
    assert sum(whole.level == "none" for whole in wholes) >= least(trials, 0.8)
    assert sum(is_shown(whole, "minor") for whole in wholes) <= most(trials, ALPHA / 2)
    wholes = [whole_of(all_estimates(rng, 32, {}, shrink=0.3)) for _ in range(trials)]
    assert sum(whole.ruled_out == "minor" for whole in wholes) >= least(trials, 0.8)
