"""Trends of whole runs: what is tested, dated and left out, and why."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

import degrade
from degrade.inference.assess import Assessed
from degrade.inference.estimates import SideEstimate, compare_corpora
from degrade.inference.jackknife import Replicates
from degrade.inference.matching import match, side
from degrade.inference.trend import trends as trends_of
from degrade_metrics.repetition import METRICS as REPETITION

RARE = ("rare_loss_1", "rare_loss_2", "rare_loss_3")
SOME = ("types_1", *RARE, "repetition_4", "jsd_1")


def corpus(seed, types, documents=240, length=40, name=""):
    """Return documents of a Zipfian vocabulary of ``types`` words, in clusters with a ``name``."""
    rng = np.random.default_rng(seed)
    weights = 1 / np.arange(1, types + 1)
    texts = (rng.choice(types, length, p=weights / weights.sum()) for _ in range(documents))
    return [
        degrade.Document(
            " ".join(f"w{t}" for t in text),
            id=f"{seed}-{i}",
            cluster=f"{name}{i}" if name else "",
        )
        for i, text in enumerate(texts)
    ]


def trends(*corpora, **options):
    run = degrade.compare(*corpora, metrics=SOME, **options)
    return {trend.metric: trend for trend in run.trend}


FRESH = [corpus(seed, 2000) for seed in range(4)]
SHRINKING = [corpus(10 + k, types) for k, types in enumerate((1900, 1500, 1000, 700))]


@pytest.fixture(scope="module")
def shrinking():
    return degrade.compare(FRESH[0], *SHRINKING, metrics=SOME)


def test_a_single_candidate_has_no_trend():
    assert degrade.compare(*FRESH[:2], metrics=["types_1"]).trend == ()


def test_a_vocabulary_that_shrinks_has_a_trend_and_a_date(shrinking):
    found = {trend.metric: trend for trend in shrinking.trend}
    names = tuple(each.candidate for each in shrinking.comparisons)
    types = found["types_1"]
    assert types.generations == names
    assert (types.direction, types.test) == ("worse", "jonckheere")
    assert types.slope.high < 0
    assert types.p_adjusted < 0.001
    assert types.first_generation_beyond_minor in names[1:3]
    assert types.minor == 0.03


def test_generations_of_one_source_have_no_trend_and_no_date():
    found = trends(*FRESH)
    for metric in ("types_1", "rare_loss_1"):
        assert found[metric].direction == "same"
        assert found[metric].slope.low < 0 < found[metric].slope.high
        assert found[metric].first_generation_beyond_minor is None


def test_what_every_generation_lacks_is_named(shrinking):
    found = {trend.metric: trend for trend in shrinking.trend}["repetition_4"]
    names = ", ".join(each.candidate for each in shrinking.comparisons)
    assert found.note.startswith(f"not computable for {names}: full windows of 200, 100 or 50")
    assert found.slope is found.p is found.direction is found.minor is None


def test_what_one_generation_lacks_is_named_too():
    # Windows are chosen for all corpora at once, but a rare word that never returns is one's own.
    strange = [degrade.Document(d.text.replace("w", "v"), id=d.id) for d in FRESH[2]]
    found = trends(FRESH[0], FRESH[1], strange)["rare_loss_1"]
    assert found.note.startswith(f"not computable for {found.generations[1]}: ")
    assert found.slope is None


def test_every_metric_has_its_entry_in_the_order_of_the_findings(shrinking):
    findings = [finding.metric for finding in shrinking.comparisons[0].findings]
    assert [trend.metric for trend in shrinking.trend] == findings


def test_rare_loss_against_training_data_is_neither_dated_nor_counted(shrinking):
    found = trends(FRESH[0], *SHRINKING, reference_role="training")
    for metric in RARE:
        trend = found[metric]
        assert trend.slope is not None
        assert trend.p is not None
        assert trend.p_adjusted is trend.direction is trend.minor is None
        assert trend.first_generation_beyond_minor is None
        assert trend.note == "not dated: the reference was training data"
    assert found["types_1"].minor == 0.03
    # Fewer metrics set the level, so each has the narrower interval.
    before = {trend.metric: trend for trend in shrinking.trend}["types_1"].slope
    after = found["types_1"].slope
    assert after.high - after.low < before.high - before.low


def test_a_divergence_has_a_trend_but_is_never_a_loss(shrinking):
    shift = {trend.metric: trend for trend in shrinking.trend}["jsd_1"]
    assert shift.slope.low > 0
    assert shift.slope.scale == "nats"
    assert shift.direction is shift.minor is shift.p_adjusted is None


def test_with_too_few_documents_only_slopes_are_shown():
    found = trends(FRESH[0], *(some[:60] for some in SHRINKING))["types_1"]
    assert found.slope.value < 0
    assert found.slope.low is found.slope.high is found.p is found.test is None
    assert found.minor is found.first_generation_beyond_minor is None
    assert "too few groups" in found.note


@pytest.mark.parametrize("with_reference", [True, False])
def test_generations_of_the_same_prompts_are_tested_within_them(with_reference):
    prompts = [corpus(30 + k, 2000, name="prompt") for k in range(4)]
    reference = prompts[3] if with_reference else FRESH[0]
    assert trends(reference, *prompts[:3])["types_1"].test == "page"
    assert trends(FRESH[0], *prompts[:1], *FRESH[1:3])["types_1"].test == "jonckheere"


def test_rare_events_in_few_groups_make_no_trend():
    """Most groups hold none: whatever the estimates, these are alike in all generations."""
    (metric,) = REPETITION
    metric = replace(metric, thresholds=None, primary=False)
    profiles = [degrade.profile(documents) for documents in FRESH[:2]]
    sides = [side("some", one, replace(match(profiles), groups=64)) for one in profiles]
    rng = np.random.default_rng(3)

    def estimate():
        windows = rng.poisson(40, 64)
        events = rng.poisson(0.5, 64) * rng.integers(1, 20, 64)
        left = np.log((events.sum() - events + 0.5) / (windows.sum() - windows))
        return SideEstimate(0.0, Replicates(np.log(events.sum() / windows.sum()), left), dict)

    ordered, runs = 0, 400
    for _ in range(runs):
        reference = estimate()
        estimates = (compare_corpora(reference, estimate(), paired=False) for _ in range(5))
        assessed = [Assessed(*sides, {metric.name: each}, {}, "heldout") for each in estimates]
        (trend,) = trends_of([metric], assessed, 0.05, "heldout")
        ordered += trend.p <= 0.05
    assert ordered <= stats.binom.ppf(0.999, runs, 0.05)


def test_equal_runs_have_equal_trends(shrinking):
    again = degrade.compare(FRESH[0], *SHRINKING, metrics=SOME)
    assert again.trend == shrinking.trend


def test_the_order_given_is_the_order_of_generations(shrinking):
    back = {t.metric: t for t in degrade.compare(FRESH[0], *SHRINKING[::-1], metrics=SOME).trend}
    opposite = {"worse": "better", "better": "worse"}
    turned = set()
    for forth in shrinking.trend:
        if forth.slope is not None:
            other = back[forth.metric]
            values = (other.slope.value, forth.slope.value)
            if forth.slope.scale == "relative":
                assert (1 + values[0]) * (1 + values[1]) == pytest.approx(1, rel=1e-9)
            else:
                assert values[0] == pytest.approx(-values[1], rel=1e-9)
            assert other.p == pytest.approx(forth.p, rel=1e-6)
            assert other.direction == opposite.get(forth.direction, forth.direction)
            turned.add(forth.direction)
    assert "worse" in turned
