"""The rules of the verdict, one by one."""

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

import degrade
from degrade.findings import Finding
from degrade.inference.assess import assess, fix
from degrade.inference.estimates import Estimated
from degrade.inference.jackknife import Contrast, Replicates, holm, single, welch
from degrade.inference.judgement import FEWEST_TOKENS, conclude, judge
from degrade.inference.matching import match, side
from degrade.inference.scales import change
from degrade.inference.yardstick import StudentT
from degrade.options import Options
from degrade.planning import chosen_metrics
from degrade_metrics.homogeneity import METRICS as HOMOGENEITY
from degrade_metrics.lexical_diversity import METRICS as DIVERSITY
from degrade_metrics.rare_ngrams import METRICS as RARE
from degrade_metrics.repetition import METRICS as REPETITION

METRICS = {m.name: m for m in (*HOMOGENEITY, *DIVERSITY, *RARE, *REPETITION)}
ALPHA = 0.05
SIMULTANEOUS = ALPHA / 8
NORMAL = 1e12
"""Degrees of freedom at which t is normal."""
REACH = float(stats.norm.ppf(1 - SIMULTANEOUS / 2))
ONE_SIDED = float(stats.norm.ppf(1 - ALPHA))


def judged(name, value, error=1e-6, difference=None, difference_error=1e-9):
    second = None if difference is None else Contrast(difference, difference_error, NORMAL)
    replicates = Replicates(value, np.full(16, value))
    found = Estimated(None, None, Contrast(value, error, NORMAL), replicates, second)
    return judge(METRICS[name], found, StudentT(ALPHA, setters=8))


@pytest.mark.parametrize(
    ("name", "values", "levels"),
    [
        # log of candidate over reference; thresholds are relative losses of .03, .10, .25.
        ("types_1", (0.971, 0.969, 0.901, 0.899, 0.751, 0.749), "none minor moderate severe"),
        # log of kept over kept by fresh text; losses of .05, .15, .35.
        ("rare_loss_2", (0.951, 0.949, 0.851, 0.849, 0.651, 0.649), "none minor moderate severe"),
        # rises of .10, .25, 1.
        ("simpson", (1.09, 1.11, 1.24, 1.26, 1.99, 2.01), "none minor moderate severe"),
        # ratios of 1.25, 2, 5.
        ("shared_4", (1.24, 1.26, 1.99, 2.01, 4.99, 5.01), "none minor moderate severe"),
    ],
)
def test_levels_begin_at_the_thresholds_in_the_unit_they_are_written_in(name, values, levels):
    none, minor, moderate, severe = levels.split()
    expected = (none, minor, minor, moderate, moderate, severe)
    assert tuple(judged(name, math.log(value)).level for value in values) == expected


@pytest.mark.parametrize(
    ("name", "edge", "sign"), [("types_1", math.log(0.9), -1), ("simpson", math.log(1.25), 1)]
)
def test_a_level_is_shown_once_its_threshold_lies_outside_the_simultaneous_interval(
    name, edge, sign
):
    error = 0.01
    just_inside = edge + sign * error * REACH * 0.999
    just_outside = edge + sign * error * REACH * 1.001
    assert judged(name, just_inside, error).level == "minor"
    assert judged(name, just_outside, error).level == "moderate"


def test_ruling_out_is_one_sided_and_without_correction():
    error = 0.02
    edge = math.log(0.9)
    for reach, ruled_out in ((1.001, "moderate"), (0.999, "severe")):
        found = judged("types_1", edge + error * ONE_SIDED * reach, error)
        assert found.ruled_out == ruled_out
    assert ONE_SIDED < 1.6449
    assert REACH > 2.7


def test_nothing_shown_is_none_only_if_moderate_is_ruled_out():
    edge = math.log(0.9)
    error = 0.02
    assert judged("types_1", edge + error * ONE_SIDED * 1.001, error).level == "none"
    assert judged("types_1", edge + error * ONE_SIDED * 0.999, error).level == "inconclusive"
    assert judged("types_1", 0.0, 1.0).ruled_out is None
    assert judged("types_1", 0.0).ruled_out == "minor"


def test_an_improvement_as_large_as_minor_is_called_better():
    assert judged("types_1", math.log(1.029)).direction == "same"
    assert judged("types_1", math.log(1.031)).direction == "better"
    assert judged("shared_4", math.log(1 / 1.24)).direction == "same"
    assert judged("shared_4", math.log(1 / 1.26)).direction == "better"
    assert judged("types_1", math.log(0.9)).direction == "worse"
    assert judged("types_1", math.log(1.5)).level == "none"


@pytest.mark.parametrize(
    ("ratio", "difference", "level"),
    [
        (10, 0.0049, "none"),
        (10, 0.0051, "severe"),
        (3, 0.0051, "moderate"),
        (1.2, 0.3, "none"),
        (0.1, -0.3, "none"),
    ],
)
def test_with_a_floor_ratio_and_difference_must_both_lie_beyond(ratio, difference, level):
    assert judged("repetition_4", math.log(ratio), difference=difference).level == level


def test_a_difference_that_may_lie_below_the_floor_shows_nothing():
    far = 0.005 + 0.001 * REACH
    for difference, level in ((far * 1.001, "severe"), (far * 0.999, "inconclusive")):
        found = judged("repetition_4", math.log(20), difference=difference, difference_error=0.001)
        assert found.level == level


def test_with_a_floor_either_suffices_to_rule_out():
    wide = 3.0
    # Whatever the ratio may be, so small a share cannot have risen by the floor.
    found = judged("repetition_4", math.log(2), wide, difference=0.001, difference_error=0.001)
    assert (found.level, found.ruled_out) == ("none", "minor")
    # Whatever the difference may be, the ratio cannot have risen.
    found = judged("repetition_4", 0.0, difference=0.01, difference_error=1.0)
    assert (found.level, found.ruled_out) == ("none", "minor")
    found = judged("repetition_4", math.log(2), wide, difference=0.01, difference_error=1.0)
    assert (found.level, found.ruled_out) == ("inconclusive", None)


def test_with_a_floor_better_needs_both():
    assert judged("repetition_4", math.log(0.1), difference=-0.004).direction == "same"
    assert judged("repetition_4", math.log(0.1), difference=-0.006).direction == "better"


def finding(metric, family, level, ruled_out=None, direction="same"):
    return Finding(
        metric,
        metric,
        family,
        True,
        "",
        "higher",
        level=level,
        ruled_out=ruled_out,
        direction="worse" if level in ("minor", "moderate", "severe") else direction,
    )


def concluded(*findings, blocked=False, tokens=100_000, tested=True):
    return conclude(findings, blocked=blocked, matched_tokens=tokens, tested=tested)


CLEAR = (
    finding("a", "one", "none", "minor"),
    finding("b", "two", "none", "moderate"),
    finding("c", "two", "none", "minor"),
)


def test_none_needs_every_primary_to_rule_out_moderate():
    whole = concluded(*CLEAR)
    assert (whole.level, whole.ruled_out, whole.direction) == ("none", "moderate", "same")
    for weaker in ("severe", None):
        open_one = finding("d", "one", "inconclusive", weaker)
        assert concluded(*CLEAR, open_one).level == "inconclusive"
        assert concluded(*CLEAR, open_one).ruled_out == weaker


def test_severe_takes_two_severe_families():
    first = finding("a", "one", "severe")
    same_family = finding("b", "one", "severe")
    other_family = finding("c", "two", "severe")
    mild = finding("d", "two", "minor")
    assert concluded(first).level == "moderate"
    assert concluded(first, same_family, mild).level == "moderate"
    assert concluded(first, same_family, mild).families["one"].level == "severe"
    assert concluded(first, other_family).level == "severe"


def test_a_family_and_the_whole_have_the_level_of_their_worst():
    whole = concluded(
        finding("a", "one", "minor"),
        finding("b", "one", "moderate"),
        finding("c", "one", "none", "minor"),
        finding("d", "two", "inconclusive"),
        finding("e", "two", "none", "minor"),
        finding("f", "three", "minor"),
    )
    assert whole.level == "moderate"
    assert {name: (f.level, f.metric) for name, f in whole.families.items()} == {
        "one": ("moderate", "b"),
        "two": ("inconclusive", "d"),
        "three": ("minor", "f"),
    }


def test_none_is_not_said_of_little_text():
    assert FEWEST_TOKENS == 20_000
    assert concluded(*CLEAR, tokens=20_000).level == "none"
    assert concluded(*CLEAR, tokens=19_999).level == "inconclusive"
    assert concluded(*CLEAR, finding("d", "one", "minor"), tokens=19_999).level == "minor"


def test_a_primary_that_could_not_be_computed_blocks_none():
    assert concluded(*CLEAR, blocked=True).level == "inconclusive"
    assert concluded(*CLEAR, blocked=True).ruled_out is None
    assert concluded(*CLEAR, finding("d", "one", "moderate"), blocked=True).level == "moderate"


def test_without_a_test_nothing_is_concluded():
    untested = [replace(each, level="inconclusive", ruled_out=None) for each in CLEAR]
    assert concluded(*untested, tested=False).level == "inconclusive"
    assert concluded().level == "inconclusive"


def test_worse_and_better_together_are_mixed():
    better = finding("b", "two", "none", "minor", "better")
    assert concluded(*CLEAR, better).direction == "better"
    assert concluded(*CLEAR, finding("a", "one", "minor")).direction == "worse"
    assert concluded(*CLEAR, better, finding("a", "one", "minor")).direction == "mixed"


def left_out_means(values):
    return Replicates(values.mean(), (values.sum() - values) / (len(values) - 1))


def test_the_jackknife_of_a_mean_is_its_classical_variance():
    rng = np.random.default_rng(1)
    for groups in (2, 8, 63):
        values = rng.gamma(2.0, size=groups)
        estimate = left_out_means(values)
        assert estimate.variance == pytest.approx(values.var(ddof=1) / groups)
        low, high = stats.t.interval(0.9, groups - 1, values.mean(), stats.sem(values))
        assert single(estimate).interval(0.1) == pytest.approx((low, high))


def test_contrasts_of_means_are_welchs_test():
    rng = np.random.default_rng(2)
    a, b = rng.normal(0, 1, 16), rng.normal(0.5, 3, 40)
    contrast = welch(b.mean() - a.mean(), left_out_means(a), left_out_means(b))
    expected = stats.ttest_ind(b, a, equal_var=False)
    assert contrast.p == pytest.approx(expected.pvalue)
    assert contrast.freedom == pytest.approx(expected.df)
    interval = expected.confidence_interval(0.95)
    assert contrast.interval(0.05) == pytest.approx((interval.low, interval.high))


def test_no_spread_is_no_doubt():
    still = Replicates(1.0, np.ones(8))
    assert welch(0.0, still, still).p == 1
    assert welch(0.1, still, still).p == 0
    assert welch(0.1, still, still).interval(0.05) == (0.1, 0.1)


@pytest.mark.parametrize(
    ("p", "adjusted"),
    [
        ([0.01, 0.04, 0.03], [0.03, 0.06, 0.06]),
        ([0.04, 0.04, 0.04, 0.04], [0.16] * 4),
        ([0.5, 0.001, 0.4], [0.8, 0.003, 0.8]),
        ([0.9, 0.6], [1.0, 1.0]),
        ([0.2], [0.2]),
        ([], []),
    ],
)
def test_holm_by_hand(p, adjusted):
    assert holm(p) == pytest.approx(adjusted)


def texts(seed, documents=400, types=400):
    rng = np.random.default_rng(seed)
    weights = 1 / np.arange(1, types + 1)
    drawn = rng.choice(types, (documents, 80), p=weights / weights.sum())
    return [" ".join(f"w{word}x" for word in row) for row in drawn]


@pytest.fixture(scope="module")
def corpora():
    return texts(1), texts(2, types=300)


@pytest.fixture(scope="module")
def runs(corpora):
    return {
        role: degrade.compare(*corpora, reference_role=role, workers=1)
        for role in ("heldout", "training")
    }


def by_name(run):
    return {f.metric: f for f in run.findings}


SETTERS = {"types_1", "types_2", "simpson", "shared_4", "repetition_4"}
RARE_LOSSES = {"rare_loss_1", "rare_loss_2", "rare_loss_3"}


def test_a_reference_that_was_training_data_sets_no_level_by_rare_loss(runs):
    heldout, training = by_name(runs["heldout"]), by_name(runs["training"])
    assert {name for name, f in heldout.items() if f.level} == SETTERS | RARE_LOSSES
    assert {name for name, f in training.items() if f.level} == SETTERS
    for name in RARE_LOSSES:
        left = training[name]
        assert (left.level, left.ruled_out, left.direction, left.p_adjusted) == (None,) * 4
        assert left.change.value == heldout[name].change.value
        assert "training data" in left.note
    assert "rare n-gram loss" in runs["heldout"].verdict.families
    assert "rare n-gram loss" not in runs["training"].verdict.families
    assert [w.code for w in runs["training"].warnings] == ["reference-is-training-data"]


@pytest.mark.parametrize("role", ["heldout", "training"])
def test_adjusted_p_values_are_holms_over_the_metrics_that_set_levels(runs, role):
    setters = [f for f in by_name(runs[role]).values() if f.level is not None]
    assert [f.p_adjusted for f in setters] == holm([f.p for f in setters])
    assert all(f.p_adjusted is None for f in by_name(runs[role]).values() if f.level is None)


@pytest.mark.parametrize(("role", "setters"), [("heldout", 8), ("training", 5)])
def test_intervals_of_the_metrics_that_set_levels_are_simultaneous(corpora, runs, role, setters):
    metrics = chosen_metrics(Options(), None)
    profiles = [degrade.profile(corpus, workers=1) for corpus in corpora]
    matching = match(profiles)
    sides = [side(name, each, matching) for name, each in zip("ab", profiles, strict=True)]
    assessed = assess(metrics, *sides, fix(metrics, sides), ALPHA, role)
    found = by_name(runs[role])
    for metric in metrics:
        sets_level = found[metric.name].level is not None
        if metric.name not in assessed.estimates or not metric.tested:
            continue
        alpha = ALPHA / setters if sets_level else ALPHA
        contrast = assessed.estimates[metric.name].contrast
        expected = change(metric, contrast.value, contrast.interval(alpha))
        assert found[metric.name].change == expected, metric.name
    assert sum(f.level is not None for f in found.values()) == setters
