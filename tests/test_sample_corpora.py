"""The sample corpora, as the documentation tells of them."""

import math
from pathlib import Path

import pytest

import degrade

CORPORA = Path(__file__).resolve().parents[1] / "sample_corpora"
GENERATIONS = ("gen0", "gen1", "gen2", "gen3", "gen4", "gen5")

LOST = {
    # Change and error, in %; the errors of rare loss are those of the logarithm of what is kept.
    "types_1": ((-18.7, 1.1), (-29.9, 1.1), (-37.8, 1.1), (-43.5, 1.1), (-48.1, 1.1)),
    "types_2": ((-19.7, 0.5), (-29.6, 0.5), (-35.2, 0.5), (-39.2, 0.5), (-41.8, 0.5)),
    "rare_loss_1": ((7.6, 2.1), (16.9, 2.2), (24.5, 2.5), (30.8, 2.6), (36.4, 2.7)),
    "rare_loss_2": ((12.8, 1.5), (22.4, 1.7), (29.3, 1.7), (34.7, 1.8), (39.5, 1.9)),
    "rare_loss_3": ((21.5, 2.1), (33.5, 2.2), (43.2, 2.3), (49.2, 2.2), (55.2, 2.2)),
}
SHARED_4 = (5.8, 8.0, 9.1, 10.0, 10.3)
LEVELS = ("none", "moderate", *["severe"] * 4)


@pytest.fixture(scope="module")
def run():
    return degrade.compare(CORPORA / "gen0-heldout", *(CORPORA / name for name in GENERATIONS))


@pytest.fixture(scope="module")
def against_training_data():
    return degrade.compare(CORPORA / "gen0", CORPORA / "gen5")


def findings(run, metric):
    return [f for each in run.comparisons for f in each.findings if f.metric == metric]


def test_levels_rise_with_the_generations(run):
    assert tuple(each.candidate for each in run.comparisons) == GENERATIONS
    assert tuple(each.verdict.level for each in run.comparisons) == LEVELS
    assert run.verdict == run.comparisons[-1].verdict


def test_more_text_of_the_source_is_none_with_moderate_ruled_out(run):
    verdict = run.comparisons[0].verdict
    assert (verdict.level, verdict.ruled_out) == ("none", "moderate")
    assert verdict.direction == "same"
    assert not verdict.shifted
    assert not verdict.not_computable
    assert all(family.level == "none" for family in verdict.families.values())


def test_generated_text_is_worse_and_shifted(run):
    for each in run.comparisons[1:]:
        assert each.verdict.direction == "worse"
        assert each.verdict.shifted
        assert each.verdict.ruled_out is None


@pytest.mark.parametrize("metric", LOST)
def test_as_much_is_lost_as_by_other_models_of_the_same_kind(run, metric):
    # What one model draws is by chance, which is in the errors: another set of generations, made
    # by another program, lost so much.
    for found, (percent, error) in zip(findings(run, metric)[1:], LOST[metric], strict=True):
        sign = -1 if found.change.scale == "points" else 1
        off = math.log1p(sign * found.change.value) - math.log1p(sign * percent / 100)
        assert abs(off) <= 2 * error / 100


def test_documents_become_as_much_alike(run):
    for found, ratio in zip(findings(run, "shared_4")[1:], SHARED_4, strict=True):
        assert found.change.value == pytest.approx(ratio, rel=0.1)


def test_the_repetition_of_people_goes_and_none_comes(run):
    found = findings(run, "repetition_4")
    assert found[0].reference.counts["window"] == 100
    assert found[0].candidate.value > 0.001
    for one in found[1:]:
        assert one.candidate.value < 0.0005
        assert one.level == "none"


def test_losses_grow_from_generation_to_generation(run):
    for metric in ("types_1", "types_2", "rare_loss_1", "rare_loss_2", "rare_loss_3"):
        values = [abs(f.change.value) for f in findings(run, metric)[1:]]
        assert values == sorted(values)


def test_no_warning_is_called_for(run):
    assert run.warnings == ()


def test_training_data_as_reference_is_found_out(against_training_data):
    assert [w.code for w in against_training_data.warnings] == ["reference-is-training-data"]
    assert against_training_data.record.corpora[0].reference_role == "training"


def test_training_data_as_reference_still_shows_lost_types(against_training_data):
    verdict = against_training_data.verdict
    assert verdict.level in ("moderate", "severe")
    assert verdict.direction == "worse"
    assert verdict.families["lexical diversity"].metric in ("types_1", "types_2")
    assert verdict.families["lexical diversity"].level in ("moderate", "severe")
    assert "fewer different words" in verdict.headline


def test_memorised_rare_words_are_never_an_improvement(against_training_data):
    rare = [f for f in against_training_data.findings if f.metric.startswith("rare_loss")]
    assert len(rare) == 9
    assert min(f.change.value for f in rare) < -0.15
    assert all(f.direction is None and f.level is None and f.ruled_out is None for f in rare)
    assert "rare n-gram loss" not in against_training_data.verdict.families
