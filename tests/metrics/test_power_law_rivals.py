"""The power law against its rivals: published ratios, the package powerlaw, known tails."""

import numpy as np
import pytest
from scipy.stats import chi2, norm

from degrade_metrics import power_law_rivals as rivals
from degrade_metrics.spectrum import Spectrum


@pytest.fixture(scope="module")
def frequencies(request):
    path = request.config.rootpath / "tests/data/moby_dick_spectrum.csv"
    return np.repeat(*np.loadtxt(path, delimiter=",", skiprows=1, dtype=np.int64).T)


@pytest.fixture(scope="module")
def tail(frequencies):
    return Spectrum.of(frequencies[frequencies >= 7])


@pytest.fixture(scope="module")
def powerlaw():
    return pytest.importorskip("powerlaw", reason="pip install powerlaw")


def ratio(tail, rival):
    return float(tail.counts @ (rivals.power_law(tail, 7) - rival(tail, 7)))


def chance(tail, name):
    rival = getattr(rivals, name)
    nested = name == "truncated_power_law"
    return rivals.chance_of_power_law(tail, 7, rival, nested=nested)


def test_what_is_published_of_moby_dick(tail):
    # Clauset, Shalizi and Newman 2009, section 6.1, count of word use: a normalised ratio of 9.09
    # for the exponential (to which the package powerlaw gives 9.14), and with cutoff p = .18.
    apart = rivals.power_law(tail, 7) - rivals.exponential(tail, 7)
    spread = np.sqrt(tail.counts @ (apart - (tail.counts @ apart) / tail.types) ** 2)
    assert ratio(tail, rivals.exponential) / spread == pytest.approx(9.09, abs=0.06)
    assert chance(tail, "truncated_power_law") == pytest.approx(0.18, abs=0.005)


@pytest.mark.filterwarnings("ignore")
def test_the_package_powerlaw_finds_the_same_ratio(powerlaw, frequencies, tail):
    fit = powerlaw.Fit(frequencies, discrete=True, xmin=7, verbose=False)
    theirs, p = fit.distribution_compare("power_law", "exponential")
    assert ratio(tail, rivals.exponential) == pytest.approx(theirs, rel=1e-6)
    assert chance(tail, "exponential") == pytest.approx(1 - p / 2, abs=1e-9)


@pytest.mark.filterwarnings("ignore")
def test_the_package_powerlaw_gives_rivals_the_same_chances(powerlaw, tail):
    # Its search stops where it happens to; at given parameters they agree.
    settings = {"xmin": 7, "discrete": True}
    model = powerlaw.Truncated_Power_Law(parameters=[1.944, 3.46e-5], **settings)
    total = rivals.truncated_sum(1.944, 3.46e-5, 7)
    found = tail.values**-1.944 * np.exp(-3.46e-5 * tail.values) / total
    assert found == pytest.approx(model.pdf(tail.values.astype(float)), rel=1e-6)
    for mu, sigma in ((0.5, 2.0), (-20.0, 5.0)):
        theirs = powerlaw.Lognormal(parameters=[mu, sigma], **settings).pdf(tail.values.copy())
        found = rivals.lognormal_at(tail, 7, mu, sigma)
        assert np.exp(found) == pytest.approx(theirs, rel=1e-6)
    for beta, scale in ((0.3, 0.5), (1.0, 30.0)):
        model = powerlaw.Stretched_Exponential(parameters=[1 / scale, beta], **settings)
        theirs = model.pdf(tail.values.astype(float))
        found = np.exp(rivals.stretched_at(tail, 7, scale**-beta, beta))
        assert found[:200] == pytest.approx(theirs[:200], rel=1e-6, abs=1e-12)


@pytest.mark.parametrize("alpha", [0.5, 1.0, 1.94, 3.0])
@pytest.mark.parametrize("rate", [1e-4, 0.02, 1.0])
def test_the_sum_of_the_truncated_power_law_is_that_of_its_terms(alpha, rate):
    x = np.arange(7.0, 7 + 60 / rate)
    expected = (x**-alpha * np.exp(-rate * x)).sum()
    assert rivals.truncated_sum(alpha, rate, 7) == pytest.approx(expected, rel=1e-8)


@pytest.mark.parametrize(
    "name",
    ["power_law", "exponential", "lognormal", "stretched_exponential", "truncated_power_law"],
)
def test_chances_add_up_to_one(name):
    # A tail that holds every whole number up to 3,000; beyond lies less than 1 in 2,000.
    every = np.arange(7, 3_001)
    tail = Spectrum(every, np.ceil(1e7 * every**-3.5).astype(np.int64))
    assert 0.9995 < np.exp(getattr(rivals, name)(tail, 7)).sum() < 1 + 1e-9


@pytest.mark.parametrize(
    ("name", "at"),
    [("lognormal", rivals.lognormal_at), ("stretched_exponential", rivals.stretched_at)],
)
def test_no_parameters_near_are_likelier(name, at):
    rng = np.random.default_rng(8)
    drawn = np.rint(np.exp(rng.normal(3.0, 1.2, 40_000))).astype(np.int64)
    tail = Spectrum.of(drawn[drawn >= 7])
    best = float(tail.counts @ getattr(rivals, name)(tail, 7))
    if name == "lognormal":
        grid = [
            (mu, sigma) for mu in np.linspace(2.5, 3.5, 21) for sigma in np.linspace(1, 1.4, 21)
        ]
    else:
        grid = [(r, b) for r in np.geomspace(0.02, 2, 60) for b in np.linspace(0.3, 1, 36)]
    likelihoods = [float(tail.counts @ at(tail, 7, *point)) for point in grid]
    assert best >= max(likelihoods)


def zipf_tail(seed, n, alpha=2.0, xmin=7):
    u = np.random.default_rng(seed).random(n)
    return np.floor((xmin - 0.5) * (1 - u) ** (-1 / (alpha - 1)) + 0.5).astype(np.int64)


def test_a_lognormal_tail_is_told_from_a_power_law():
    rng = np.random.default_rng(8)
    drawn = np.rint(np.exp(rng.normal(3.0, 1.2, 40_000))).astype(np.int64)
    tail = Spectrum.of(drawn[drawn >= 7])
    assert chance(tail, "lognormal") < 0.001
    assert chance(tail, "truncated_power_law") < 0.001


def test_a_power_law_is_preferred_to_the_exponential_and_the_stretched_one():
    tail = Spectrum.of(zipf_tail(1, 20_000))
    assert chance(tail, "exponential") > 0.999
    assert chance(tail, "stretched_exponential") > 0.999
    # The cutoff gains nothing worth a parameter but in 5% of draws.
    assert chance(tail, "truncated_power_law") > 0.05
    assert chance(tail, "lognormal") > 0.05


def test_the_chance_is_the_normal_one_of_the_normalised_ratio(tail):
    apart = rivals.power_law(tail, 7) - rivals.stretched_exponential(tail, 7)
    every = np.repeat(apart, tail.counts)
    z = every.sum() / (every.std() * len(every) ** 0.5)
    assert chance(tail, "stretched_exponential") == pytest.approx(norm.cdf(z), rel=1e-9)
    gained = -2 * ratio(tail, rivals.truncated_power_law)
    assert chance(tail, "truncated_power_law") == pytest.approx(chi2.sf(gained, 1), rel=1e-9)
