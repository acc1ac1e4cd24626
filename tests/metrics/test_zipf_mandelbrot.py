"""Zipf-Mandelbrot laws against published fits, other formulas and known populations."""

from math import comb
from pathlib import Path

import numpy as np
import pytest
from scipy.special import gamma, gammaincc
from zipf_populations import chances, cooled, cut, support

import degrade
from degrade.errors import UndefinedMetricError
from degrade_metrics import lnre, lnre_kernels, zipf_mandelbrot
from degrade_metrics.spectrum import Spectrum

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT.parent / "shared/reference"


def spectrum_of_file(name):
    path = REFERENCE / name
    if not path.exists():
        pytest.skip(f"{name} is not here: it is not handed out with the project")
    return Spectrum(*np.loadtxt(path, delimiter=",", skiprows=1, dtype=np.int64).T)


def observed(spectrum):
    return np.array([spectrum.types, *map(spectrum.at, range(1, 16))], dtype=np.float64)


def test_the_infinite_law_of_the_tutorial_of_zipfr():
    # zipfR tutorial, lnre("zm", Brown100k.spc): alpha .5925796, B .003426494, E[V] 13,678.75,
    # E[V_1] 8,224.65, and E[V] at larger sizes; computed from more digits than are printed.
    for size, types in (
        (1e5, 13_678.75),
        (1e6, 54_118.18),
        (1e7, 212_383.1),
        (1e8, 831_773.0),
    ):
        found = lnre_kernels.expected(size, 0.5925796, 0.0, 0.003426494, 1)
        assert found[0] == pytest.approx(types, rel=4e-7)
    once = lnre_kernels.expected(1e5, 0.5925796, 0.0, 0.003426494, 1)[1]
    assert once == pytest.approx(8_224.65, abs=5e-3)

    brown = spectrum_of_file("brown_100k_spectrum.csv")
    fit = lnre.fitted(brown, finite=False)
    # The published search stopped 3e-7 of a short of the least misfit, by 5e-8 of 2,011.6: what is
    # found here is nearer to it, and B the same to all digits printed.
    assert fit.a == pytest.approx(0.5925796, abs=4e-7)
    assert fit.highest == pytest.approx(0.003426494, abs=1e-9)
    published = lnre_kernels.misfit(1e5, observed(brown), 0.5925796, 0.0, 0.003426494)
    assert published - 1e-6 < fit.misfit < published


@pytest.mark.parametrize(
    ("name", "a", "types"),
    [("brown_100k_spectrum.csv", "0.798", 24_421), ("brown_spectrum.csv", "0.5795", 86_439)],
)
def test_the_finite_law_of_brown(name, a, types):
    fit = lnre.fitted(spectrum_of_file(name), finite=True)
    assert f"{fit.a:.{len(a) - 2}f}" == a
    assert round(fit.support) == types


def test_the_cutoffs_of_the_finite_law_of_brown():
    fit = lnre.fitted(spectrum_of_file("brown_spectrum.csv"), finite=True)
    assert fit.lowest == pytest.approx(1.706e-7, abs=5e-11)
    assert fit.highest == pytest.approx(1.869e-3, abs=5e-7)


GRID = [(s, x) for s in (0.05, 0.3, 0.5, 0.99, 1.7, 5.4) for x in (1e-9, 0.01, 0.8, 1.3, 6.0, 40.0)]


@pytest.mark.kernel
@pytest.mark.parametrize(("s", "x"), GRID)
def test_the_upper_incomplete_gamma_function(s, x):
    assert lnre_kernels.upper_gamma(s, x) == pytest.approx(gamma(s) * gammaincc(s, x), rel=1e-12)


LAWS = [(0.6, 2e-6, 3e-3), (0.8, 2.4e-6, 9e-3), (0.3, 1e-5, 0.02), (0.6, 0.0, 3e-3)]


@pytest.mark.kernel
@pytest.mark.parametrize(("a", "lowest", "highest"), LAWS)
def test_expected_spectra_are_integrals_of_the_density(a, lowest, highest):
    # E[V] of independent (Poisson) types is the integral of 1 - exp(-N pi), E[V_m] that of
    # (N pi)^m exp(-N pi) / m!, times C pi^(-a - 1) d pi; here in log pi, piece by piece.
    size = 20_000
    scale = (1 - a) / (highest ** (1 - a) - lowest ** (1 - a))

    edges = np.linspace(np.log(max(lowest, 1e-30)), np.log(highest), 400)
    nodes, weights = np.polynomial.legendre.leggauss(20)
    half = np.diff(edges)[:, None] / 2
    x = edges[:-1, None] + (nodes + 1) * half

    def integral(held):
        return scale * float((half * weights * held(size * np.exp(x)) * np.exp(-a * x)).sum())

    found = lnre_kernels.expected(size, a, lowest, highest, 30)
    assert found[0] == pytest.approx(integral(lambda x: -np.expm1(-x)), rel=1e-8)
    for m in (1, 2, 7, 15, 30):
        expected = integral(lambda x, m=m: np.exp(m * np.log(x) - x) / gamma(m + 1))
        assert found[m] == pytest.approx(expected, rel=1e-8)


@pytest.mark.kernel
def test_misfit_is_the_quadratic_form_of_the_covariances():
    size, law = 1e5, (0.7, 1e-6, 5e-3)
    once, twice = (lnre_kernels.expected(k * size, *law, 30) for k in (1, 2))
    spread = np.empty((16, 16))
    spread[0, 0] = twice[0] - once[0]
    for m in range(1, 16):
        spread[0, m] = spread[m, 0] = twice[m] / 2**m
        for k in range(1, 16):
            own = once[m] if m == k else 0.0
            spread[m, k] = own - comb(m + k, m) * twice[m + k] / 2 ** (m + k)
    seen = once[:16] + np.arange(16) - 7.0
    apart = seen - once[:16]
    expected = apart @ np.linalg.solve(spread, apart)
    assert lnre_kernels.misfit(size, seen, *law) == pytest.approx(expected, rel=1e-8)
    assert lnre_kernels.quadratic(-np.eye(3), np.ones(3)) > 1e299


def drawn(found, tokens, seed):
    counts = np.random.default_rng(seed).multinomial(tokens, found)
    return Spectrum.of(counts[counts > 0])


def test_the_support_of_a_known_vocabulary_is_found():
    assert support(0.7, 1e-6, 1e-2) == pytest.approx(
        (0.3 / (1e-2**0.3 - 1e-6**0.3)) / 0.7 * (1e6**0.7 - 1e2**0.7)
    )
    # Of these three draws: within 2.1% of a, within 4% of S.
    population = chances(0.7, 5e-3, 12_000)
    for seed in range(3):
        fit = lnre.fitted(drawn(population, 60_000, seed), finite=True)
        assert fit.a == pytest.approx(0.7, rel=0.03)
        assert fit.support == pytest.approx(12_000, rel=0.15)


def texts(found, seed, documents=100, length=400):
    rng = np.random.default_rng(seed)
    words = rng.choice(len(found), size=(documents, length), p=found)
    return [" ".join(f"w{word}" for word in row) for row in words]


@pytest.fixture(scope="module")
def told():
    """Return the changes of a and S, by what was done to the vocabulary."""
    whole = chances(0.7, 5e-3, 12_000)
    reference = texts(whole, 1)
    changes = {}
    for name, population in (
        ("nothing", whole),
        ("cut", cut(whole, 4_000)),
        ("narrowed", chances(0.5, 5e-3, 12_000)),
        ("cooled", cooled(whole, 0.8)),
    ):
        run = degrade.compare(
            reference, texts(population, 2), metrics=["types_1", "fzm_a", "fzm_s"],
            self_check=0, workers=1,
        )  # fmt: skip
        changes[name] = {f.metric: f.change for f in run.findings}
    return changes


def test_a_cut_shrinks_the_support_and_keeps_the_shape(told):
    assert told["cut"]["fzm_s"].value == pytest.approx(-2 / 3, abs=0.1)
    assert told["cut"]["fzm_s"].high < -0.4
    assert told["cut"]["fzm_a"].low < 0 < told["cut"]["fzm_a"].high


def test_narrowing_steepens_the_shape(told):
    assert told["narrowed"]["fzm_a"].value == pytest.approx(0.5 / 0.7 - 1, abs=0.1)
    assert told["narrowed"]["fzm_a"].high < -0.1
    # Words are lost either way: by types alone one could not tell.
    assert told["narrowed"]["types_1"].high < -0.1
    assert told["cut"]["types_1"].high < -0.1


def test_a_lower_temperature_is_narrowing_and_no_cut(told):
    assert told["cooled"]["fzm_a"].high < -0.1
    assert told["cooled"]["fzm_s"].low < 0 < told["cooled"]["fzm_s"].high
    # Though about as many words go as by a cut to a third.
    assert told["cooled"]["types_1"].high < -0.3


def test_the_same_vocabulary_is_neither_cut_nor_narrowed(told):
    for name in ("fzm_a", "fzm_s"):
        assert told["nothing"][name].low < 0 < told["nothing"][name].high


def test_a_cut_below_the_resolution_is_said_to_be_so():
    # 2,000 tokens do not tell a vocabulary of a million words from one without end.
    metrics = {metric.name: metric for metric in zipf_mandelbrot.METRICS}
    few = texts(chances(0.6, 1e-2, 1_000_000), 0, documents=100, length=60)
    asked = ["types_1", "fzm_s"]
    run = degrade.compare(few, few[::-1], metrics=asked, self_check=0, workers=1)
    (finding,) = [f for f in run.findings if f.metric == "fzm_s"]
    assert finding.change is None
    assert "below the resolution" in finding.note
    assert "below the resolution" in metrics["fzm_s"].undefined


@pytest.mark.parametrize(
    ("frequencies", "said"),
    [
        ([3] * 199, "only 199 types"),
        ([1] * 300, "occur just once"),
        ([2] * 300, "no words"),
        ([1] * 3_000 + [2] * 3, "no Zipf-Mandelbrot law"),
    ],
)
def test_where_there_is_no_law(frequencies, said):
    with pytest.raises(UndefinedMetricError, match=said):
        lnre.fitted(Spectrum.of(np.array(frequencies)), finite=True)
