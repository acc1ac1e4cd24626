"""The figures of a prototype on its own generations, of which three are kept here."""

import math
from pathlib import Path

import pytest

import degrade

HOUSE = Path(__file__).resolve().parents[1]
HUMAN = HOUSE / "sample_corpora"
MADE = HOUSE / "tests" / "data" / "prototype"
GENERATIONS = ("gen0", "gen1", "gen3", "gen5")

MEASURED = {
    # Change and error, in %, of a prototype that segmented words by a regular expression; the
    # errors of rare loss are those of the logarithm of what is kept.
    "types_1": ((-1.4, 1.4), (-18.7, 1.1), (-37.8, 1.1), (-48.1, 1.1)),
    "types_2": ((-0.2, 0.6), (-19.7, 0.5), (-35.2, 0.5), (-41.8, 0.5)),
    "rare_loss_1": ((-2.8, 2.0), (7.6, 2.1), (24.5, 2.5), (36.4, 2.7)),
    "rare_loss_2": ((-0.2, 1.3), (12.8, 1.5), (29.3, 1.7), (39.5, 1.9)),
    "rare_loss_3": ((0.7, 2.0), (21.5, 2.1), (43.2, 2.3), (55.2, 2.2)),
    "simpson": ((-4.0, 1.8), (-5.6, 1.3), (-7.9, 1.3), (-9.4, 1.4)),
}
SHARED_4 = (1.0, 5.8, 9.1, 10.3)
REPETITION_4 = (0.0023, 0.0004, 0.00004, 0.0002)
LEVELS = ("none", "moderate", "severe", "severe")


@pytest.fixture(scope="module")
def run():
    made = (MADE / f"{name}.jsonl.xz" for name in GENERATIONS[1:])
    return degrade.compare(HUMAN / "gen0-heldout", HUMAN / "gen0", *made, self_check=0)


def findings(run, metric):
    return [f for each in run.comparisons for f in each.findings if f.metric == metric]


def test_levels_are_those_of_the_prototype(run):
    assert tuple(each.candidate for each in run.comparisons) == GENERATIONS
    assert tuple(each.verdict.level for each in run.comparisons) == LEVELS


@pytest.mark.parametrize("metric", MEASURED)
def test_figures_are_those_measured_before(run, metric):
    for found, (percent, error) in zip(findings(run, metric), MEASURED[metric], strict=True):
        if found.change.scale == "points":
            off = math.log1p(-found.change.value) - math.log1p(-percent / 100)
        else:
            off = math.log1p(found.change.value) - math.log1p(percent / 100)
        assert abs(off) <= 2 * error / 100


def test_errors_are_those_measured_before(run):
    # Eight metrics set levels: t at 1 - .05 / 16 with some 80 to 125 degrees of freedom is 2.80.
    for metric, measured in MEASURED.items():
        for found, (_, error) in zip(findings(run, metric), measured, strict=True):
            ends = sorted((found.change.low, found.change.high))
            sign = -1 if found.change.scale == "points" else 1
            low, high = sorted(math.log1p(sign * end) for end in ends)
            assert (high - low) / 2 / 2.80 == pytest.approx(error / 100, rel=0.25)


def test_ratios_are_those_measured_before(run):
    for found, ratio in zip(findings(run, "shared_4"), SHARED_4, strict=True):
        assert found.change.value == pytest.approx(ratio, rel=0.02)


def test_repetition_of_the_source_is_not_that_of_a_degraded_model(run):
    found = findings(run, "repetition_4")
    assert found[0].reference.value == pytest.approx(0.0017, abs=0.00005)
    assert found[0].reference.counts["window"] == 100
    for one, share in zip(found, REPETITION_4, strict=True):
        # To the digit printed.
        assert one.candidate.value == pytest.approx(share, abs=share / 8 + 2e-6)
        assert one.level == "none"
