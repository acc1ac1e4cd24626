"""The smallest change that is shown is shown, and as much text as is said to decide decides."""

import math

import numpy as np
import pytest
from made_estimates import (
    METRICS,
    NOW,
    STUDENT,
    TEXT,
    edges,
    estimated,
    is_shown,
    least,
    most,
    noise,
    outlook_of,
    repeated,
)

from degrade.inference.judgement import judge
from degrade.inference.sample_size import POWER, Text, text_needed
from degrade.inference.scales import threshold

ALONE = [name for name, metric in METRICS.items() if metric.floor is None]


def exact(rng, groups, error):
    """Return noise of groups whose mean is 0 and has just this error."""
    values = noise(rng, groups, error)
    values -= values.mean()
    return values * error / math.sqrt(values.var(ddof=1) / groups)


@pytest.mark.parametrize("groups", [(16, 16), (64, 64), (64, 16)])
@pytest.mark.parametrize("name", ALONE)
def test_the_smallest_change_is_shown_in_four_samples_of_five(name, groups):
    metric, trials = METRICS[name], 1_000
    rng = np.random.default_rng((1, *groups, ALONE.index(name)))
    # With 64 against 16 groups, nearly all of the error is the smaller side's: 15 or so freedoms.
    errors = [edges(metric)[0] * (0.3 if g == max(groups) == 64 else 1) for g in groups]
    sides = [exact(rng, g, e) for g, e in zip(groups, errors, strict=True)]
    needed = text_needed(outlook_of(name, estimated(metric, 0.0, *sides)), TEXT)
    assert needed.scale == metric.threshold_unit
    worse = threshold(metric, abs(needed.smallest_change))
    assert worse > edges(metric)[0]
    hits = 0
    for _ in range(trials):
        sides = [noise(rng, g, e) for g, e in zip(groups, errors, strict=True)]
        hits += is_shown(judge(metric, estimated(metric, worse, *sides), STUDENT), "minor")
    # The formula's own error is below a point; the size of the claim is rough.
    assert least(trials, POWER - 0.01) <= hits <= most(trials, POWER + 0.01)


@pytest.mark.parametrize(
    ("name", "sign"),
    [("types_1", -1), ("simpson", 1), ("rare_loss_1", 1), ("shared_4", 1), ("repetition_4", 1)],
)
def test_the_smallest_change_is_written_as_thresholds_and_changes_are(name, sign):
    metric = METRICS[name]
    found = (
        estimated(metric, 0.0, np.zeros(16), np.zeros(16))
        if metric.floor is None
        else repeated(np.full(16, 0.5), np.full(16, 0.5))
    )
    # Without error it is the threshold itself: the worse way, in the metric's own unit.
    smallest = text_needed(outlook_of(name, found), TEXT).smallest_change
    assert smallest == pytest.approx(sign * metric.thresholds[0])


@pytest.mark.parametrize("reference", [0.002, 0.1])
def test_the_smallest_change_with_a_floor_passes_the_floor_too(reference):
    # Of a share of .2%, not even double is half a point; of 10%, a quarter more is 2.5 points.
    metric, trials, groups, cv = METRICS["repetition_4"], 2_000, 32, 0.06
    rng = np.random.default_rng((2, reference > 0.01))
    still = reference * (1 + exact(rng, groups, cv))
    needed = text_needed(outlook_of("repetition_4", repeated(still, still[::-1])), TEXT)
    candidate = reference * needed.smallest_change
    assert candidate - reference > metric.floor
    assert needed.smallest_change > metric.thresholds[0]
    hits = 0
    for _ in range(trials):
        a = reference * (1 + noise(rng, groups, cv))
        # The same error of the shares where the floor matters, of their logs where the ratio does.
        error = cv * (reference if reference < 0.01 else candidate)
        b = candidate + noise(rng, groups, error)
        hits += is_shown(judge(metric, repeated(a, b), STUDENT), "minor")
    assert least(trials, POWER - 0.03) <= hits <= most(trials, POWER + 0.03)


@pytest.mark.parametrize("name", ["types_2", "simpson", "shared_4"])
def test_one_metric_is_decided_by_the_text_said_four_times_in_five(name):
    # Wherever the truth lies: all alike likely, from far better to far worse.
    metric, groups = METRICS[name], 32
    rng = np.random.default_rng((3, ALONE.index(name)))
    minor, moderate, _ = edges(metric)
    now = (moderate - minor) / 3
    hits = trials = 0
    while trials < 1_500:
        truth = rng.uniform(minor - 6 * now, moderate + 6 * now)
        found = estimated(metric, truth, *two(rng, groups, now))
        if decided(judge(metric, found, STUDENT)):
            continue
        needed = text_needed(outlook_of(name, found), Text(NOW, 0))
        then = now * math.sqrt(NOW / needed.tokens)
        again = judge(metric, estimated(metric, truth, *two(rng, groups, then)), STUDENT)
        hits, trials = hits + decided(again), trials + 1
    assert least(trials, POWER - 0.02) <= hits <= most(trials, POWER + 0.02)


def two(rng, groups, error):
    return [noise(rng, groups, error / math.sqrt(2)) for _ in range(2)]


def decided(judged):
    return judged.level != "inconclusive"
