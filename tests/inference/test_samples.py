"""Where a sample of n-grams was counted: what is looked at, and how large its error is."""

import math

import numpy as np
import pytest
from made_corpora import METRICS, documents, profile
from made_samples import changed, estimated, rehashed, sampled, sides_of, slid

import degrade
from degrade.api import Options, chosen_metrics
from degrade.census.table import Table
from degrade.comparison import Settings, Subject, compare_profiles
from degrade.errors import SampledCountsError
from degrade.inference.exact_levels import reads_all
from degrade.inference.survival import survival
from degrade.report.outline import outline
from degrade.summaries import Census, Need
from degrade.text.document import Batch

OF_TYPES = ("types_1", "types_2", "rare_loss_1", "rare_loss_2", "rare_loss_3")
OF_FREQUENCIES = ("simpson", "shared_4", "jsd_1")
INCIDENCE = tuple(METRICS[name] for name in OF_TYPES)
EVERY = chosen_metrics(Options(metrics=["all"]), None)
SHARE = 1 / 16
PRIMARIES = tuple(METRICS[name] for name in (*OF_TYPES, *OF_FREQUENCIES))


@pytest.fixture(scope="module")
def pair():
    """Two corpora, the second of fewer words."""
    return (
        profile(documents(1, 800, types=20_000), PRIMARIES),
        profile(documents(2, 800, types=12_000), PRIMARIES),
    )


@pytest.fixture(scope="module")
def exact(pair):
    return estimated(INCIDENCE, *pair).estimates


def findings(reference, candidate, metrics=PRIMARIES, **settings):
    subjects = Subject("reference", reference), Subject("candidate", candidate)
    chosen = Settings(**{"reference_role": "heldout", "self_check": 0, **settings})
    (comparison,) = compare_profiles(subjects[0], subjects[1:], metrics, chosen).comparisons
    return {finding.metric: finding for finding in comparison.findings}, comparison


def test_a_sample_is_the_exact_comparison_of_the_ngrams_in_it(pair):
    cut = [sampled(each, SHARE) for each in pair]
    # The same n-grams, in tables that say that there are no others.
    alone = [changed(each, lambda _, t: Table(t.keys, t.occurrences, t.documents)) for each in cut]
    found, expected = (estimated(INCIDENCE, *both).estimates for both in (cut, alone))
    for name in OF_TYPES:
        one, other = found[name], expected[name]
        assert one.contrast.value == pytest.approx(other.contrast.value, abs=1e-12)
        assert one.contrast.error_of_groups == pytest.approx(other.contrast.error, rel=1e-9)
        assert other.by_sample is None
        scale = SHARE if name.startswith("types") else 1.0
        for mine, theirs in ((one.reference, other.reference), (one.candidate, other.candidate)):
            assert mine.value * scale == pytest.approx(theirs.value, rel=1e-12)
            assert mine.counted()["types in the sample"] == theirs.counted()["types"]


def test_both_sides_are_cut_to_what_both_have_counted(pair):
    reference, candidate = pair
    whole, both = (
        estimated(INCIDENCE, sampled(reference, SHARE), each).estimates
        for each in (candidate, sampled(candidate, SHARE))
    )
    for name in OF_TYPES:
        assert whole[name].contrast == both[name].contrast
    other_way = estimated(INCIDENCE, reference, sampled(candidate, SHARE)).estimates
    assert other_way["types_2"].contrast == both["types_2"].contrast


def test_every_need_is_cut_on_its_own(pair, exact):
    reference, candidate = pair
    mixed = estimated(
        INCIDENCE, sampled(reference, SHARE, orders=(2,)), sampled(candidate, 0.5, orders=(3,))
    ).estimates
    shares = {name: mixed[name].note for name in OF_TYPES}
    assert mixed["types_1"].contrast == exact["types_1"].contrast
    assert shares["types_1"] is shares["rare_loss_1"] is None
    assert shares["types_2"].startswith("from 1 in 16 n-grams")
    assert shares["rare_loss_3"].startswith("from 1 in 2 n-grams")


def test_merged_profiles_look_at_what_both_have_counted(pair):
    parts = [profile(documents(3, 300, name=name), PRIMARIES) for name in "ab"]
    merged = profile([], PRIMARIES)
    for part, share in zip(parts, (0.5, SHARE), strict=True):
        merged.merge(sampled(part, share))
    whole = profile([], PRIMARIES)
    for part in parts:
        whole.merge(part)
    found, expected = (
        estimated(INCIDENCE, pair[0], each).estimates for each in (merged, sampled(whole, SHARE))
    )
    for name in OF_TYPES:
        assert found[name].contrast == expected[name].contrast


def test_where_all_were_counted_there_is_no_error_of_a_sample(pair, exact):
    for each in exact.values():
        assert each.by_sample is None
        assert each.contrast.sampling == 0
        assert each.contrast.error_of_groups == each.contrast.error
        assert each.note is None
    sides = sides_of(*pair)
    assert sides[0].matching.thresholds == {}


def apart(exact, pair, samples):
    """Return how far each sample lies from all, in stated errors of the sample, by metric."""
    found = {name: [] for name in OF_TYPES}
    errors = {name: [] for name in OF_TYPES}
    for change in samples:
        estimates = estimated(INCIDENCE, *(sampled(change(p), SHARE) for p in pair)).estimates
        for name in OF_TYPES:
            distance = estimates[name].contrast.value - exact[name].contrast.value
            found[name].append(distance / math.sqrt(estimates[name].by_sample.variance))
            errors[name].append((distance, estimates[name].contrast.error))
    return found, errors


def test_sixteen_samples_of_a_sixteenth_lie_within_two_errors(pair, exact):
    # 95% are expected. Of 80 that were independent, fewer than 70 would be less than one case in
    # 1,000; they are less than independent, which is why 68.
    found, _ = apart(exact, pair, [lambda p, k=k: slid(p, k) for k in range(16)])
    assert sum(abs(z) < 2 for each in found.values() for z in each) >= 68


@pytest.mark.slow
def test_a_hundred_samples_of_a_sixteenth_lie_within_two_errors(pair, exact):
    found, errors = apart(
        exact,
        pair,
        [lambda p, k=k: rehashed(p, np.random.default_rng(k)) for k in range(100)],
    )
    for name in OF_TYPES:
        # 94.6% are expected, of t with 31 degrees of freedom; 86 or fewer in one case in 1,000.
        assert sum(abs(z) < 2 for z in found[name]) > 86, name
        distances, stated = (np.array(column) for column in zip(*errors[name], strict=True))
        true = math.hypot(float(np.sqrt((distances**2).mean())), exact[name].contrast.error)
        # The jackknife of few rare n-grams is itself too large, never too small; where next to none
        # of a sample come back, far too large, so that the most of it is told by the median.
        assert float(np.sqrt((stated**2).mean())) > 0.9 * true, name
        assert float(np.median(stated)) < 1.9 * true, name


def test_what_reads_frequencies_is_told_from_what_counts_ngrams(pair):
    sides = sides_of(*(sampled(each, SHARE) for each in pair))
    assert not any(reads_all(METRICS[name], *sides) for name in OF_TYPES)
    assert all(reads_all(METRICS[name], *sides) for name in OF_FREQUENCIES)
    view = sides[0].view((Need(Census, layer="word", n=1),))[Need(Census, layer="word", n=1)]
    for read in (
        view.frequencies,
        lambda: view.total("occurrences"),
        lambda: view.expected_occurrences(9),
    ):
        with pytest.raises(SampledCountsError, match=r"6\.2% were counted"):
            read()
    whole = sides_of(*pair)[0].view((Need(Census, layer="word", n=1),))
    (there,) = (whole[need] for need in whole.sections)
    with pytest.raises(ValueError, match="of the same n-grams"):
        view.joint_incidence(there)


@pytest.fixture(scope="module")
def large():
    """Two corpora whose first level of the ladder is enough for a test, and those levels alone."""
    made = [documents(seed, 4_800, 25, types=types) for seed, types in ((5, 3_000), (6, 1_500))]
    whole = [profile(each, PRIMARIES) for each in made]
    parts = [profile(_first_level(each), PRIMARIES) for each in made]
    return whole, parts


def _first_level(corpus):
    return Batch(corpus).level(1).documents


def test_frequent_ngrams_are_read_where_all_were_counted(large):
    whole, parts = large
    found, comparison = findings(*(sampled(each, SHARE, levels=[0]) for each in whole))
    expected, alone = findings(*parts)
    for name in OF_FREQUENCIES:
        for field in ("reference", "candidate", "error", "freedom"):
            mine, theirs = getattr(found[name], field), getattr(expected[name], field)
            assert mine == theirs, (name, field)
        assert found[name].change.value == expected[name].change.value
        tokens = [f"{each.tokens:,}" for each in parts]
        assert all(words in found[name].note for words in (*tokens, "all n-grams were counted"))
    assert alone.matched_tokens < comparison.matched_tokens
    assert found["types_2"].note.startswith("from 1 in 16 n-grams")


def test_without_such_a_part_they_are_not_computable_and_say_why(pair, large):
    found, comparison = findings(*(sampled(each, SHARE) for each in pair))
    assert set(comparison.verdict.not_computable) == set(OF_FREQUENCIES)
    assert found["simpson"].note.endswith("counted in a sample in every part of the corpus")
    found, comparison = findings(*(sampled(each, SHARE, levels=[0]) for each in pair))
    assert set(comparison.verdict.not_computable) == set(OF_FREQUENCIES)
    assert "holds too few independent documents" in found["simpson"].note
    assert comparison.verdict.level != "none"


@pytest.mark.parametrize("test", ["jackknife", "permutation"])
def test_a_whole_comparison_of_samples(large, test):
    cut = [sampled(each, SHARE, levels=[0]) for each in large[0]]
    damaged, comparison = findings(*cut, test=test, relabelings=39, self_check=12)
    assert all(f.p <= 0.05 for f in damaged.values() if f.metric in (*OF_TYPES[:2], "simpson"))
    check = comparison.self_check
    assert set(check.noise_95) == set(damaged)
    assert comparison.verdict.level in ("moderate", "severe")
    halves = [profile(documents(5, 4_800, 25)[i::2], PRIMARIES) for i in (0, 1)]
    same, comparison = findings(
        *(sampled(each, SHARE, levels=[0]) for each in halves), test=test, relabelings=39
    )
    assert comparison.verdict.level in ("none", "inconclusive")
    if test == "permutation":
        # No metric is left to t: those of the other level are relabeled there.
        assert all(round(f.p * 40, 9).is_integer() for f in (*damaged.values(), *same.values()))


def test_a_trend_carries_the_error_that_generations_do_not_share(large):
    reference, worse = large[0]
    between = profile(documents(7, 4_800, 25, types=2_000), PRIMARIES)
    slopes = []
    for share in (1.0, SHARE):
        cut = [sampled(each, share, levels=[0]) for each in (reference, between, worse)]
        subjects = [Subject(f"g{i}", each) for i, each in enumerate(cut)]
        settings = Settings(reference_role="heldout", self_check=0)
        compared = compare_profiles(subjects[0], subjects[1:], PRIMARIES, settings)
        slopes.append({each.metric: each.slope for each in compared.trend})
    exact, sample = slopes
    assert set(sample) == set(exact)
    for name in OF_TYPES[:2]:
        mine, theirs = sample[name], exact[name]
        assert mine.high - mine.low > theirs.high - theirs.low
        assert mine.low < theirs.value < mine.high


def test_every_metric_has_a_value_or_a_reason():
    corpora = [documents(seed, 320, 60, name="x") for seed in (1, 2)]
    profiles = [degrade.profile(each, metrics=["all"], workers=1) for each in corpora]
    held = {need.key for need in profiles[0].plan.needs}
    metrics = [m for m in EVERY if {n.key for n in m.needs} <= held]
    whole, _ = findings(*profiles, metrics)
    cut, _ = findings(*(sampled(each, 0.25, levels=[0]) for each in profiles), metrics)
    for name, finding in cut.items():
        assert finding.change is not None or finding.note, name
        if finding.change is None or whole[name].change is None or finding.error is None:
            continue
        exact = whole[name]
        if finding.note is None:
            assert (finding.error, finding.p) == (exact.error, exact.p), name
            assert finding.change.value == exact.change.value, name


def test_what_survives_of_training_data_is_told_of_a_sample_with_its_error():
    words = Need(Census, layer="word", n=1)
    corpora = [profile(documents(seed, 500, types=20_000), INCIDENCE) for seed in (1, 2)]
    whole, cut = (
        list(survival(*sides_of(*(sampled(each, share) for each in corpora)), words))
        for share in (1.0, 0.25)
    )
    for exact, sample in zip(whole, cut, strict=True):
        assert sample.types == pytest.approx(exact.types, rel=0.15)
        assert sample.low < exact.kept < sample.high
        assert sample.expected == pytest.approx(exact.expected, abs=0.02)
        assert sample.high - sample.low > exact.high - exact.low


def test_lists_say_that_they_are_of_a_sample(pair):
    for share, said in ((1.0, "tested, "), (0.25, "tested (a sample of 25.0% of all), ")):
        cut = [sampled(each, share) for each in pair]
        run = degrade.compare(*cut, metrics=["types_1"], self_check=0, reference_role="heldout")
        (section,) = outline(run.record).sections
        assert said in section.lost.title
        assert said in section.gained.title
        assert ("counted exactly" in outline(run.record).inputs[0].read) == (share == 1)
