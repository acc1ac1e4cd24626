"""Metrics as they are registered, under their names, against plain computations on real text."""

import math
from collections import Counter

import numpy as np
import pytest
from heldout_words import BATCH, DOCUMENTS, WORDS, ngrams
from scipy import stats
from scipy.special import digamma, gammaln, zeta

import degrade
from degrade import registry
from degrade.inference.matching import match, side
from degrade_metrics import lnre, power_law_rivals
from degrade_metrics.spectrum import Spectrum

METRICS = registry.catalogue().metrics


COUNTS = Counter(word for words in WORDS for word in words)
FREQUENCIES = np.array(list(COUNTS.values()))
N, V = int(FREQUENCIES.sum()), len(FREQUENCIES)
ONCE, TWICE = (int((k == FREQUENCIES).sum()) for k in (1, 2))
SHARES = FREQUENCIES / N


@pytest.fixture(scope="module")
def profile():
    return degrade.profile(DOCUMENTS, metrics=["default", *CORPUS], sampled_documents=0, workers=1)


@pytest.fixture(scope="module")
def seen(profile):
    return side("gen0-heldout", profile, match([profile]))


def missed(x, n):
    """Return C(N - x, n) / C(N, n), for each frequency x of N tokens."""
    x = np.asarray(x, dtype=float)
    possible = x <= N - n
    left = N - np.where(possible, x, 0)
    logs = gammaln(left + 1) - gammaln(left - n + 1) - gammaln(N + 1) + gammaln(N - n + 1)
    return np.where(possible, np.exp(logs), 0.0)


def held_by(seen, n):
    """Return in how many groups each n-gram is found."""
    groups = BATCH.groups.astype(int) % seen.groups
    held = {}
    for words, group in zip(WORDS, groups.tolist(), strict=True):
        for gram in ngrams(words, n):
            held.setdefault(gram, set()).add(group)
    return np.array([len(where) for where in held.values()], dtype=float)


def expected_types(seen, n):
    groups = seen.groups
    drawn = seen.matching.tokens * groups / N
    left = groups - held_by(seen, n)
    inside = left - drawn > -1
    left = np.where(inside, left, groups)
    logs = gammaln(left + 1) - gammaln(left - drawn + 1)
    logs += gammaln(groups - drawn + 1) - gammaln(groups + 1)
    return float((1 - np.where(inside, np.exp(logs), 0.0)).sum())


def all_ngrams(seen, n):
    return sum(len(ngrams(words, n)) for words in WORDS) * seen.matching.tokens / N


def chao_shannon(seen):
    a = 2 * TWICE / ((N - 1) * ONCE + 2 * TWICE)
    known = float((SHARES * (digamma(N) - digamma(FREQUENCIES))).sum())
    terms = math.fsum((1 - a) ** r / r for r in range(1, N))
    return math.exp(known + ONCE / N * (1 - a) ** (1 - N) * (-math.log(a) - terms))


def chao_2(seen):
    held = held_by(seen, 1)
    once, twice = (int((held == k).sum()) for k in (1, 2))
    groups = seen.groups
    return V + (groups - 1) / groups * once**2 / (2 * twice)


def fit(finite, read):
    return lambda seen: read(lnre.fitted(Spectrum.of(FREQUENCIES), finite=finite))


def adjusted(seen):
    return expected_types(seen, 1) / (V * (1 - ((V - 1) / V) ** seen.matching.tokens))


CORPUS = {
    "types_3": lambda seen: expected_types(seen, 3),
    "distinct_2": lambda seen: expected_types(seen, 2) / all_ngrams(seen, 2),
    "distinct_3": lambda seen: expected_types(seen, 3) / all_ngrams(seen, 3),
    "ead": adjusted,
    "entropy": lambda seen: stats.entropy(FREQUENCIES),
    "hill_1_observed": lambda seen: math.exp(stats.entropy(FREQUENCIES)),
    "hill_1_asymptotic": chao_shannon,
    "hill_2_observed": lambda seen: 1 / (SHARES**2).sum(),
    "hill_2_asymptotic": lambda seen: N * (N - 1) / (FREQUENCIES * (FREQUENCIES - 1)).sum(),
    "yule_k": lambda seen: 1e4 * ((FREQUENCIES**2).sum() - N) / N**2,
    "chao1": lambda seen: V + (N - 1) / N * ONCE**2 / (2 * TWICE),
    "chao2": chao_2,
    "sample_coverage": lambda seen: 1 - ONCE / N * (N - 1) * ONCE / ((N - 1) * ONCE + 2 * TWICE),
    # Anchored on the same text, the coverage of half of it is reached by half of it.
    "coverage_richness": lambda seen: float((1 - missed(FREQUENCIES, N / 2)).sum()),
    "zm_a": fit(False, lambda law: law.a),
    "zm_b": fit(False, lambda law: law.highest),
    "fzm_a": fit(True, lambda law: law.a),
    "fzm_b": fit(True, lambda law: law.highest),
    "fzm_s": fit(True, lambda law: law.support),
    "length_cv": lambda seen: np.std([*map(len, WORDS)], ddof=1) / np.mean([*map(len, WORDS)]),
}


def computed(seen, name):
    metric = METRICS[name]
    view = seen.view(metric.needs)
    if metric.anchor is None:
        return metric.compute(view)
    return metric.compute(view, metric.anchor(view))


@pytest.mark.parametrize("name", CORPUS)
def test_metrics_of_a_corpus(seen, name):
    assert computed(seen, name) == pytest.approx(CORPUS[name](seen), rel=1e-6)


def test_the_exponent_is_of_the_greatest_likelihood_from_the_best_frequency(seen):
    metric = METRICS["power_law_exponent"]
    view = seen.view(metric.needs)
    xmin = metric.anchor(view)

    def distance(least):
        tail = np.sort(FREQUENCIES[least <= FREQUENCIES])
        alphas = np.arange(1.5, 3.5, 1e-3)
        alpha = alphas[np.argmin(alphas * np.log(tail).mean() + np.log(zeta(alphas, least)))]
        values = np.unique(tail)
        survival = 1 - np.searchsorted(tail, values) / len(tail)
        return np.abs(survival - zeta(alpha, values) / zeta(alpha, least)).max()

    candidates = [x for x in np.unique(FREQUENCIES) if (x <= FREQUENCIES).sum() >= 50]
    assert distance(xmin) == pytest.approx(min(map(distance, candidates)), abs=2e-4)
    logs = np.log(FREQUENCIES[xmin <= FREQUENCIES])
    alpha = metric.compute(view, xmin)
    slope = (np.log(zeta(alpha + 1e-5, xmin)) - np.log(zeta(alpha - 1e-5, xmin))) / 2e-5
    assert -slope == pytest.approx(logs.mean(), rel=1e-5)


@pytest.mark.parametrize("rival", ["lognormal", "exponential", "stretched_exponential",
                                   "truncated_power_law"])  # fmt: skip
def test_rivals_of_the_power_law_go_by_their_names(seen, rival):
    metric = METRICS[f"vuong_{rival}"]
    view = seen.view(metric.needs)
    xmin = metric.anchor(view)
    expected = power_law_rivals.chance_of_power_law(
        Spectrum.of(FREQUENCIES),
        xmin,
        getattr(power_law_rivals, rival),
        nested=rival == "truncated_power_law",
    )
    assert metric.compute(view, xmin) == expected


CUT = [f"{name}_{n}" for name in ("once_seen_loss", "rare_mass") for n in (1, 2)]


def test_only_closed_forms_are_corrected_by_the_jackknife():
    # What halves corpora between whole groups jumps with each group left out: G - 1 times the mean
    # jump is noise, several times the error. In a closed form it is a bias, and far below it.
    halves = DOCUMENTS[::2], DOCUMENTS[1::2]
    asked = [*CUT, "rare_loss_1"]
    profiles = [degrade.profile(half, metrics=asked, sampled_documents=0) for half in halves]
    run = degrade.compare(*profiles, metrics=asked, self_check=0)
    found = {finding.metric: finding for finding in run.findings}
    matching = match(profiles)
    sides = [side(str(i), profile, matching) for i, profile in enumerate(profiles)]
    for name in asked:
        metric = METRICS[name]
        _, here = metric.compute(*(each.view(metric.needs) for each in sides))
        apart = abs(np.log(found[name].candidate.value / here))
        if name in CUT:
            assert apart == pytest.approx(0, abs=1e-12)
        else:
            assert 1e-9 < apart < 0.5 * found[name].error
