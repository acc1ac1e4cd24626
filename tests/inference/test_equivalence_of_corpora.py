"""Planted losses of known size, through the whole comparison: what is ruled out and advised."""

import math
from dataclasses import replace

import numpy as np
import pytest
from made_corpora import METRICS, profile
from made_estimates import ALPHA, is_shown, least, most, ruled_out
from scipy.special import gammaln

from degrade.findings import FEWEST_TOKENS
from degrade.inference.assess import assess, fix
from degrade.inference.judgement import judge
from degrade.inference.matching import match, side
from degrade.inference.sample_size import Text, outlook
from degrade.inference.scales import badness, shown, worsening
from degrade.inference.yardstick import StudentT
from degrade.text.document import Document

NAMES = ("types_1", "simpson", "rare_loss_1")
TYPES, WORDS, DOCUMENTS = 3_000, 30, 200
COMMON = 120
NARROWED = 0.3
TRIALS = 200
YARDSTICK = StudentT(ALPHA, len(NAMES))


def tokens(rng, count, narrowed):
    """Return the types of documents, (count, WORDS): each about some words of its own.

    In a share ``narrowed`` of the documents, words beyond the ``COMMON`` ones give way to those.
    """
    chances = 1 / np.arange(5.0, TYPES + 5)
    drawn = rng.choice(TYPES, (count, WORDS), p=chances / chances.sum())
    favourites = np.take_along_axis(
        rng.integers(0, TYPES, (count, 8)), rng.integers(0, 8, (count, WORDS)), axis=1
    )
    drawn = np.where(rng.random((count, WORDS)) < 0.2, favourites, drawn)
    narrow = (rng.random(count) < narrowed)[:, None] & (drawn >= COMMON)
    return np.where(narrow, drawn % COMMON, drawn)


def corpus(rng, count, narrowed, name):
    words = [f"w{k}" for k in range(TYPES)]
    return [
        Document(" ".join(words[k] for k in row), f"{name}/{i}")
        for i, row in enumerate(tokens(rng, count, narrowed))
    ]


def assessed(rng, narrowed, sizes=(DOCUMENTS, DOCUMENTS), names=NAMES):
    metrics = [METRICS[name] for name in names]
    label = str(rng.integers(1 << 60))
    profiles = [
        profile(corpus(rng, size, share, f"{label}{share}"), metrics)
        for size, share in zip(sizes, (0.0, narrowed), strict=True)
    ]
    matching = match(profiles)
    sides = [side(name, each, matching) for name, each in zip("ab", profiles, strict=True)]
    return assess(metrics, *sides, fix(metrics, sides), ALPHA, "heldout")


def expected_types(drawn, documents):
    """Return the expected types in so many ``documents`` (Hurlbert 1971), of far more."""
    of = len(drawn)
    held = np.unique(np.repeat(np.arange(of), WORDS) * TYPES + drawn.ravel())
    frequencies = np.bincount(held % TYPES)
    left = of - frequencies.astype(float)
    missed = gammaln(left + 1) - gammaln(np.maximum(left - documents, 0) + 1)
    missed += gammaln(of - documents + 1) - gammaln(of + 1)
    return float(np.where(left >= documents, 1 - np.exp(missed), 1.0).sum())


def alike(drawn):
    """Return the chance that two tokens of different documents are the same type."""
    rows = np.repeat(np.arange(len(drawn)), WORDS)
    _, within = np.unique(rows * TYPES + drawn.ravel(), return_counts=True)
    total = np.bincount(drawn.ravel()).astype(float)
    return float(((total**2).sum() - (within.astype(float) ** 2).sum()) / drawn.size**2)


@pytest.fixture(scope="module")
def truths():
    """Return the contrasts of the first two metrics, of text 200 times as much."""
    rng = np.random.default_rng(1)
    sides = [tokens(rng, 40_000, share) for share in (0.0, NARROWED)]
    types = [expected_types(drawn, 0.8 * DOCUMENTS) for drawn in sides]
    same = [alike(drawn) for drawn in sides]
    return {"types_1": math.log(types[1] / types[0]), "simpson": math.log(same[1] / same[0])}


@pytest.fixture(scope="module")
def samples():
    rng = np.random.default_rng(2)
    return [assessed(rng, NARROWED) for _ in range(TRIALS)]


@pytest.fixture(scope="module")
def others():
    rng = np.random.default_rng(3)
    return [assessed(rng, NARROWED) for _ in range(TRIALS)]


def values(samples, name):
    return np.array([each.estimates[name].contrast.value for each in samples])


def with_thresholds(metric, *limits):
    """Return ``metric`` with thresholds at these values where more is worse."""
    written = (abs(shown(metric, worsening(metric) * limit)) for limit in limits)
    return replace(metric, thresholds=tuple(written))


def test_the_planted_losses_are_those_of_the_same_size_of_text(truths, samples):
    for name, truth in truths.items():
        found = values(samples, name)
        assert found.mean() == pytest.approx(truth, abs=5 * found.std() / math.sqrt(TRIALS))
        assert abs(truth) > 0.05


@pytest.mark.parametrize("name", NAMES)
def test_a_planted_loss_of_a_threshold_is_ruled_out_in_at_most_one_sample_of_twenty(
    name, truths, samples, others
):
    # How much rare loss is to be expected has no closed form: as much as in as many other samples.
    theta = truths[name] if name in truths else values(others, name).mean()
    edge = badness(METRICS[name], theta)
    metric = with_thresholds(METRICS[name], edge / 2, edge, 1.5 * edge)
    judged = [judge(metric, each.estimates[name], YARDSTICK) for each in samples]
    assert sum(ruled_out(each, "moderate") for each in judged) <= most(TRIALS, ALPHA)
    assert sum(is_shown(each, "moderate") for each in judged) <= most(
        TRIALS, ALPHA / 2 / len(NAMES)
    )
    # Errors of vocabulary are conservative; those of Simpson's index are not.
    if name == "simpson":
        assert sum(ruled_out(each, "moderate") for each in judged) >= least(TRIALS, ALPHA)


@pytest.mark.parametrize("name", NAMES)
def test_the_smallest_change_is_found_in_samples_of_text(name, truths, samples, others):
    # Minor lies so far below the truth that just this is the smallest change that is shown.
    theta = truths[name] if name in truths else values(others, name).mean()
    metric = with_thresholds(METRICS[name], 1e-3, 0.3, 0.6)
    axes = [outlook(metric, each.estimates[name], YARDSTICK, each).axes[0] for each in others]
    excess = np.mean([axis.smallest() - axis.minor for axis in axes])
    minor = badness(metric, theta) - excess
    assert minor > 0
    metric = with_thresholds(METRICS[name], minor, 2, 3)
    judged = [judge(metric, each.estimates[name], YARDSTICK) for each in samples]
    assert sum(is_shown(each, "minor") for each in judged) >= least(TRIALS, 0.75)


def test_no_change_in_enough_text_is_ruled_out_in_most_samples():
    rng = np.random.default_rng(4)
    trials = 60
    samples = [assessed(rng, 0.0) for _ in range(trials)]
    for name in NAMES:
        judged = [judge(METRICS[name], each.estimates[name], YARDSTICK) for each in samples]
        assert sum(ruled_out(each, "moderate") for each in judged) >= least(trials, 0.8), name
        assert sum(is_shown(each, "minor") for each in judged) <= most(trials, ALPHA / 2), name


@pytest.mark.parametrize(
    ("name", "within"), [("types_1", 0.12), ("simpson", 0.12), ("rare_loss_1", 0.25)]
)
def test_with_five_times_as_much_reference_the_error_of_as_much_of_each_is_foreseen(name, within):
    # In 100 such pairs 1.04, .99 and .89 of it: what is rare depends on the reference's size. As if
    # both sides' errors shrank with the candidate's text it would be .90, .78 and .67.
    rng = np.random.default_rng((5, NAMES.index(name)))
    uneven = [assessed(rng, 0.0, (1_500, 300), (name,)) for _ in range(20)]
    even = [assessed(rng, 0.0, (900, 900), (name,)) for _ in range(20)]
    foreseen = []
    for each in uneven:
        axis = outlook(METRICS[name], each.estimates[name], YARDSTICK, each).axes[0]
        foreseen.append(math.sqrt(axis.per_token / (900 * WORDS)))
    seen = [each.estimates[name].contrast.error for each in even]
    assert np.mean(foreseen) == pytest.approx(np.mean(seen), rel=within)


def test_the_fewest_tokens_of_which_none_is_said_are_those_of_the_whole_text():
    found = assessed(np.random.default_rng(6), 0.0, (400, 300))
    text = Text.of(found)
    assert text.now == 300 * WORDS
    assert text.fewest == pytest.approx(FEWEST_TOKENS / 0.8)
