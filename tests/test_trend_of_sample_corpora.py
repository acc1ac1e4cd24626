"""The trend over five generations of recursive training, in the sample corpora."""

from pathlib import Path

import pytest

import degrade

CORPORA = Path(__file__).resolve().parents[1] / "sample_corpora"
GENERATIONS = ("gen1", "gen2", "gen3", "gen4", "gen5")
TAIL = ("types_1", "types_2", "rare_loss_1", "rare_loss_2", "rare_loss_3")
COMPANIONS = ("hapax_share", "distinct_1", "distinct_2", "distinct_3")


@pytest.fixture(scope="module")
def run():
    metrics = ("primary", *COMPANIONS, "mattr")
    return degrade.compare(
        CORPORA / "gen0-heldout", *(CORPORA / name for name in GENERATIONS), metrics=metrics
    )


@pytest.fixture(scope="module")
def trends(run):
    return {trend.metric: trend for trend in run.trend}


@pytest.mark.parametrize("metric", [*TAIL, *COMPANIONS, "shared_4"])
def test_the_tail_goes_from_generation_to_generation(run, trends, metric):
    changes = [
        f.change.value for each in run.comparisons for f in each.findings if f.metric == metric
    ]
    assert changes == sorted(changes, key=abs)
    trend = trends[metric]
    assert trend.generations == GENERATIONS
    assert trend.direction == "worse"
    assert trend.p < 1e-20


@pytest.mark.parametrize("metric", [*TAIL, "shared_4"])
def test_the_loss_is_past_minor_from_the_first_generation(trends, metric):
    trend = trends[metric]
    assert trend.first_generation_beyond_minor == trend.earliest == "gen1"
    # Once-seen words: 7.5 points, where minor begins at 5 and the error is 2.
    assert trend.latest == ("gen2" if metric == "rare_loss_1" else "gen1")


def test_slopes_are_the_mean_steps_of_the_figures(run, trends):
    for metric in TAIL:
        found = [f.change for each in run.comparisons for f in each.findings if f.metric == metric]
        first, last = found[0].value, found[-1].value
        if found[0].scale == "points":
            step = (last - first) / 4
        else:
            step = ((1 + last) / (1 + first)) ** (1 / 4) - 1
        slope = trends[metric].slope
        assert slope.scale == found[0].scale
        # Losses slow down a little, so a line through all lies near, not on, the mean step.
        assert slope.value == pytest.approx(step, rel=0.1)
        assert slope.low < slope.value < slope.high
        assert slope.high - slope.low < 0.25 * abs(slope.value)


def test_what_recursive_training_does_not_harm_is_not_said_to_be_lost(trends):
    assert trends["mattr"].direction == "better"
    assert trends["simpson"].direction == trends["repetition_4"].direction == "same"
    for metric in ("simpson", "repetition_4"):
        trend = trends[metric]
        assert trend.minor is not None
        assert trend.first_generation_beyond_minor is trend.earliest is trend.latest is None
