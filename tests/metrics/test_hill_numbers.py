"""Hill numbers, coverage and richness against published values and enumeration."""

import math
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from degrade.errors import UndefinedMetricError
from degrade_metrics import hill_numbers, richness, sample_coverage
from degrade_metrics.spectrum import Spectrum

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT.parent / "shared/reference"

# Ellison et al. 2010, spiders of the Harvard Forest, as in the R package iNEXT, data(spider).
GIRDLED = (46, 22, 17, 15, 15, 9, 8, 6, 6, 4, *[2] * 4, *[1] * 12)
LOGGED = (88, 22, 16, 15, 13, 10, 8, 8, 7, 7, 7, 5, 4, 4, 4, *[3] * 4, *[2] * 4, *[1] * 14)


def spectrum(*frequencies):
    return Spectrum.of(np.array(frequencies, dtype=np.int64))


def reference(name):
    path = REFERENCE / name
    if not path.exists():
        pytest.skip(f"{name} is not here: it is not handed out with the project")
    return path


@pytest.fixture(scope="module")
def moby_dick():
    path = ROOT / "tests/data/moby_dick_spectrum.csv"
    return Spectrum(*np.loadtxt(path, delimiter=",", skiprows=1, dtype=np.int64).T)


def test_the_spiders_of_inext():
    # R package iNEXT, vignette: DataInfo, ChaoRichness, ChaoShannon, ChaoSimpson.
    girdled, logged = spectrum(*GIRDLED), spectrum(*LOGGED)
    assert (girdled.tokens, girdled.types, girdled.at(1), girdled.at(2)) == (168, 26, 12, 4)
    assert (logged.tokens, logged.types) == (252, 37)
    assert sample_coverage.coverage(girdled) == pytest.approx(0.9289, abs=5e-5)
    assert sample_coverage.coverage(logged) == pytest.approx(0.9446, abs=5e-5)
    assert richness.chao1(girdled) == pytest.approx(43.893, abs=5e-4)
    assert richness.chao1(logged) == pytest.approx(61.403, abs=5e-4)
    assert math.exp(hill_numbers.entropy(girdled)) == pytest.approx(12.060, abs=5e-4)
    assert math.exp(hill_numbers.estimated_entropy(girdled)) == pytest.approx(13.826, abs=5e-4)
    assert 1 / hill_numbers.concentration(girdled) == pytest.approx(7.840, abs=5e-4)
    assert 1 / hill_numbers.simpson(girdled) == pytest.approx(8.175, abs=5e-4)


def test_fewer_and_more_of_the_spiders():
    # iNEXT 3.0: richness and coverage of the girdled plots at sizes below and above 168.
    girdled = spectrum(*GIRDLED)
    for size, types, covered in (
        (1, 1.0, 0.1223268),
        (10, 6.478617, 0.5969308),
        (50, 15.030098, 0.8674807),
        (100, 20.459426, 0.9072004),
        (167, 25.928571, 0.9285714),
        (168, 26.0, 0.9288554),
        (169, 26.071145, 0.9291383),
        (200, 28.141739, 0.9373713),
        (336, 34.730733, 0.9635701),
    ):
        assert sample_coverage.types_at(girdled, size) == pytest.approx(types, abs=1e-6)
        assert sample_coverage.coverage_at(girdled, size) == pytest.approx(covered, abs=1e-7)
        if 1 < size < 336:
            at = sample_coverage.types_at_coverage(
                girdled, sample_coverage.coverage_at(girdled, size)
            )
            assert at == pytest.approx(types, rel=1e-5)


def test_coverage_that_twice_the_text_would_not_reach_has_no_richness():
    with pytest.raises(UndefinedMetricError, match=r"96\.4% of its language, not 99\.0%"):
        sample_coverage.types_at_coverage(spectrum(*GIRDLED), 0.99)


def test_moby_dick(moby_dick):
    # Values of shared tables for 18,855 types and 209,994 tokens.
    assert hill_numbers.yule(moby_dick) == pytest.approx(94.5554, abs=5e-5)
    assert hill_numbers.simpson(moby_dick) == pytest.approx(0.00945558, abs=5e-9)
    assert richness.chao1(moby_dick) == pytest.approx(32_456.87, abs=5e-3)
    assert sample_coverage.coverage(moby_dick) == pytest.approx(0.95638, abs=5e-6)


def test_brown():
    # Spectrum of the Brown corpus as in the R package zipfR: N 1,006,770, V 45,215.
    rows = np.loadtxt(reference("brown_spectrum.csv"), delimiter=",", skiprows=1, dtype=np.int64)
    brown = Spectrum(*rows.T)
    assert (brown.tokens, brown.types, brown.at(1)) == (1_006_770, 45_215, 19_130)
    assert hill_numbers.yule(brown) == pytest.approx(100.632, abs=5e-4)
    assert hill_numbers.simpson(brown) == pytest.approx(0.0100632, abs=5e-8)
    assert richness.chao1(brown) == pytest.approx(73_548.58, abs=5e-3)
    assert sample_coverage.coverage(brown) == pytest.approx(0.98100, abs=5e-6)


URN = (4, 3, 2, 1, 1)


def samples(size):
    tokens = [word for word, count in enumerate(URN) for _ in range(count)]
    return list(combinations(tokens, size))


@pytest.mark.parametrize("size", range(1, sum(URN)))
def test_richness_and_coverage_of_every_draw_from_a_small_urn(size):
    urn = spectrum(*URN)
    every = samples(size)
    types = np.mean([len(set(drawn)) for drawn in every])
    assert sample_coverage.types_at(urn, size) == pytest.approx(types, rel=1e-12)
    # Coverage of m tokens: the chance that one more drawn after them is of a word among them.
    seen = []
    for drawn in every:
        left = [count - drawn.count(word) for word, count in enumerate(URN)]
        seen.append(sum(n for word, n in enumerate(left) if word in drawn) / sum(left))
    assert sample_coverage.coverage_at(urn, size) == pytest.approx(np.mean(seen), rel=1e-12)


def test_the_unbiased_estimator_of_simpson_is_that_of_every_pair():
    pairs = samples(2)
    assert hill_numbers.simpson(spectrum(*URN)) == pytest.approx(
        np.mean([a == b for a, b in pairs]), rel=1e-12
    )


def test_the_seen_part_of_entropy_is_its_expectation_over_every_draw():
    # Chao, Wang and Jost 2013: H is the sum over k >= 1 of (1 - coverage of k) / k, of
    # which the part up to n - 1 has an unbiased estimator: the mean over draws of k.
    urn = spectrum(*URN)
    n = urn.tokens
    below = sum((1 - sample_coverage.coverage_at(urn, k)) / k for k in range(1, n))
    unseen = urn.at(1) / n * hill_numbers.unseen_entropy(urn)
    assert hill_numbers.estimated_entropy(urn) - unseen == pytest.approx(below, rel=1e-12)


@pytest.mark.parametrize("frequencies", [GIRDLED, LOGGED, URN, (5, 1), (9, 9, 2), (1, 1, 1, 1)])
def test_the_unseen_part_of_entropy_is_its_series(frequencies):
    found = spectrum(*frequencies)
    n, a = found.tokens, hill_numbers.once_seen_share(found)
    terms = math.fsum((1 - a) ** r / r for r in range(1, n))
    expected = 0.0 if a == 1 else (1 - a) ** (1 - n) * (-math.log(a) - terms)
    assert hill_numbers.unseen_entropy(found) == pytest.approx(expected, rel=1e-9)


def test_the_estimated_entropy_is_nearer_to_that_of_the_population():
    # By the mean of 200 draws of 500 tokens of 1,000 words: short by .64 nats, and by .10.
    rng = np.random.default_rng(3)
    chances = 1 / np.arange(1.0, 1_001)
    chances /= chances.sum()
    truth = -(chances * np.log(chances)).sum()
    draws = rng.multinomial(500, chances, size=200)
    spectra = [Spectrum.of(row[row > 0]) for row in draws]
    plug_in = np.mean([hill_numbers.entropy(each) for each in spectra]) - truth
    estimate = np.mean([hill_numbers.estimated_entropy(each) for each in spectra]) - truth
    assert plug_in < -0.4
    assert abs(estimate) < 0.2 * abs(plug_in)


def test_chao2_of_the_groups_that_hold_a_word():
    # 8 groups; 5 words in one, 3 in two, 1 in all: 9 + 7/8 * 25/6.
    incidence = np.array([0, 5, 3, 0, 0, 0, 0, 0, 1])
    assert richness.chao2(incidence) == pytest.approx(9 + 7 / 8 * 25 / 6)
    none_twice = np.array([0, 5, 0, 0, 0, 0, 0, 0, 1])
    assert richness.chao2(none_twice) == pytest.approx(6 + 7 / 8 * 10)


def test_expectation_adjusted_distinct():
    # Liu et al. 2022. As many draws as make all 10 words be expected: 10 [1 - .9^C].
    assert richness.adjusted_distinct(10 * (1 - 0.9**7), 7, 10) == pytest.approx(1)
    assert richness.adjusted_distinct(3, 7, 10) == pytest.approx(3 / (10 * (1 - 0.9**7)))


def test_even_draws_are_as_distinct_as_expected():
    rng = np.random.default_rng(1)
    types = np.mean([len(np.unique(rng.integers(0, 50, 80))) for _ in range(2_000)])
    assert richness.adjusted_distinct(types, 80, 50) == pytest.approx(1, abs=0.005)
