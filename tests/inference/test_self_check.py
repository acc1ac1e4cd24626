"""The self-check: what the reference says of the comparison when nothing has changed."""

from dataclasses import replace

import numpy as np
import pytest
from made_corpora import METRICS, documents, profile

import degrade
from degrade.errors import UsageError
from degrade.inference import self_check as module
from degrade.inference.assess import assess, estimate, fix
from degrade.inference.matching import Matching, match, part_of, side
from degrade.inference.resampling import parts
from degrade.inference.self_check import Splits, self_check, split_reference
from degrade.inference.sources import SomeGroups
from degrade.inference.yardstick import StudentT
from degrade.text.document import Batch

PRIMARIES = tuple(METRICS.values())
QUICK = tuple(m for m in PRIMARIES if m.name != "jsd_1")
ALPHA = 0.05


def sides_of(*corpora, metrics=PRIMARIES):
    profiles = [profile(corpus, metrics) for corpus in corpora]
    matching = match(profiles)
    return [side(name, each, matching) for name, each in zip("ab", profiles, strict=False)]


@pytest.fixture(scope="module")
def compared():
    """Two corpora of one source, their comparison, and 100 halvings of the first."""
    sides = sides_of(documents(1), documents(2))
    fixed = fix(PRIMARIES, sides)
    assessed = assess(PRIMARIES, *sides, fixed, ALPHA, "heldout")
    splits = split_reference(PRIMARIES, sides[0], fixed, 100, np.random.default_rng(0))
    return assessed, splits


def test_groups_of_a_corpus_read_as_a_corpus_of_their_documents():
    corpus = documents(3)
    (whole,) = sides_of(corpus)
    fixed = fix(PRIMARIES, [whole])
    rng = np.random.default_rng(4)
    order = rng.permutation(whole.occupied_groups).tolist()
    halves = sorted(order[:32]), sorted(order[32:])
    tokens = 0.8 * min(int(whole.sizes[half].sum()) for half in halves)
    inside = parts(whole, halves, tokens)
    groups = Batch(corpus).groups
    alone = []
    for half in halves:
        kept = [d for d, g in zip(corpus, groups, strict=True) if g in half]
        matching = Matching(tokens, None, 64)
        alone.append(side("alone", profile(kept, PRIMARIES), matching))
    for metric in PRIMARIES:
        if metric.name == "jsd_1":
            # Its halves start at evenly spaced places among all groups, the empty ones too.
            continue
        found, expected = (estimate(metric, *pair, fixed).contrast for pair in (inside, alone))
        assert found.value == pytest.approx(expected.value, rel=1e-9, abs=1e-12), metric.name
        assert found.error == pytest.approx(expected.error, rel=1e-9), metric.name
        assert found.freedom == pytest.approx(expected.freedom, rel=1e-6), metric.name


def test_noise_is_as_large_as_the_errors_say(compared):
    assessed, splits = compared
    found = self_check(splits, PRIMARIES, assessed, StudentT(ALPHA, 8), "heldout")
    assert (found.splits, found.groups, found.note) == (100, 32, None)
    for name in ("types_1", "types_2", "simpson"):
        error = assessed.estimates[name].contrast.error
        # 95% of |T| lies below 1.98; the quantile of 100 splits of one corpus wanders by a third.
        assert 0.65 * 1.98 * error < found.noise_95[name] < 1.5 * 1.98 * error, name
    assert set(found.noise_95) == set(assessed.estimates)
    assert found.noise_95["jsd_1"] < 0.01
    assert found.noise_95["repetition_4"] > 1


def test_alarms_are_as_rare_as_promised(compared):
    assessed, splits = compared
    found = self_check(splits, PRIMARIES, assessed, StudentT(ALPHA, 8), "heldout")
    # The whole interval, at 1 - .05 / 16, has to lie beyond a threshold: at most 5%, mostly 0.
    assert found.false_alarm_rate <= 0.02
    # At a nominal 5%, more than 14 of 100 independent splits are expected in 1 of 3,000.
    assert all(rate <= 0.14 for rate in found.rejection_rate.values())
    assert "jsd_1" not in found.rejection_rate


def test_errors_too_small_are_found_out(compared):
    assessed, splits = compared
    shrunk = {
        "types_1": replace(
            assessed.estimates["types_1"],
            contrast=replace(assessed.estimates["types_1"].contrast, error=0.2),
        )
    }
    trials = tuple(
        {"types_1": replace(t["types_1"], statistic=6 * t["types_1"].statistic)}
        for t in splits.trials
    )
    found = self_check(
        replace(splits, trials=trials),
        [METRICS["types_1"]],
        replace(assessed, estimates=shrunk),
        StudentT(ALPHA, 1),
        "heldout",
    )
    # T six times too large: beyond 2 in three of four splits, half of them for the worse.
    assert found.rejection_rate["types_1"] > 0.5
    assert found.false_alarm_rate > 0.2


def test_rare_loss_does_not_alarm_where_the_reference_was_training_data(compared):
    assessed, splits = compared
    loud = tuple(
        {**t, "rare_loss_1": replace(t["rare_loss_1"], statistic=-50.0)} for t in splits.trials
    )
    loud_splits = replace(splits, trials=loud)
    for role, rate in (("heldout", 1.0), ("training", 0.0)):
        yardstick = StudentT(ALPHA, 8)
        found = self_check(loud_splits, PRIMARIES, assessed, yardstick, role)
        assert found.false_alarm_rate == pytest.approx(rate, abs=0.02)


def test_halves_of_too_few_groups_are_not_checked():
    few = documents(5, count=60)
    sides = sides_of(few, documents(6, count=60), metrics=QUICK)
    fixed = fix(QUICK, sides)
    splits = split_reference(QUICK, sides[0], fixed, 10, np.random.default_rng(0))
    assert splits == Splits(reason="halves of 8 groups of documents are too small")
    assessed = assess(QUICK, *sides, fixed, ALPHA, "heldout")
    found = self_check(splits, QUICK, assessed, StudentT(ALPHA, 8), "heldout")
    assert found.splits == 0
    assert found.false_alarm_rate is None
    assert found.note == "no self-check: halves of 8 groups of documents are too small"


def test_a_large_reference_is_split_at_a_smaller_level_of_its_ladder(monkeypatch):
    # Of so many documents, level 1 has 1/16: enough for 5 in each of 64 groups.
    (whole,) = sides_of(documents(7, count=6_000, words=12), metrics=QUICK[:3])
    fixed = fix(QUICK[:3], [whole])
    assert split_reference(QUICK[:3], whole, fixed, 2, np.random.default_rng(0)).tokens > 20_000
    monkeypatch.setattr(module, "_LARGEST", 50_000)
    splits = split_reference(QUICK[:3], whole, fixed, 2, np.random.default_rng(0))
    assert 1_000 < splits.tokens < 2_500
    assert splits.groups == 32


def test_a_part_keeps_no_group_it_was_not_given():
    (whole,) = sides_of(documents(8, count=100), metrics=QUICK[:1])
    order = whole.occupied_groups[:5]
    part = part_of(whole, SomeGroups(whole.source, order), order, 100.0)
    assert part.sizes.tolist() == whole.sizes[order].tolist()
    assert part.occupied == 0b11111


def test_self_checks_are_asked_for_left_out_and_repeated():
    corpora = ([d.text for d in documents(seed, count=100)] for seed in (9, 10))
    reference, candidate = (degrade.profile(c, metrics=["types_1"], workers=1) for c in corpora)
    runs = [
        degrade.compare(reference, candidate, metrics=["types_1"], self_check=n, seed=seed)
        for n, seed in ((20, 0), (20, 0), (20, 1), (0, 0))
    ]
    checks = [run.comparisons[0].self_check for run in runs]
    assert checks[0].splits == 20
    assert checks[0] == checks[1] != checks[2]
    assert checks[3] is None
    with pytest.raises(UsageError, match="0 or more"):
        degrade.compare(reference, candidate, self_check=-1)


def test_relabelings_too_few_to_show_anything_are_refused():
    with pytest.raises(UsageError, match=r"18 relabelings show nothing at 0.05; it takes 19"):
        degrade.compare(["a text"], ["another"], test="permutation", relabelings=18)
    with pytest.raises(UsageError, match="jackknife or permutation, not 'bootstrap'"):
        degrade.compare(["a text"], ["another"], test="bootstrap")
