"""Hill numbers: how many equally frequent words would be as diverse as these."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.special import digamma

from degrade.errors import UndefinedMetricError
from degrade.metric import CorpusMetric, View
from degrade.summaries import Census, Need
from degrade_metrics.spectrum import Spectrum, spectrum_of

FAMILY = "lexical diversity"
WORDS = Need(Census, layer="word", n=1)
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(64)


def entropy(spectrum: Spectrum) -> float:
    """Return the Shannon entropy of the observed frequencies, in nats."""
    shares = spectrum.values / spectrum.tokens
    return float(-(spectrum.counts * shares * np.log(shares)).sum())


def estimated_entropy(spectrum: Spectrum) -> float:
    """Return the entropy of the population, unseen words included (Chao, Wang and Jost 2013)."""
    n = spectrum.tokens
    seen = spectrum.values * (digamma(n) - digamma(spectrum.values)) / n
    return float((spectrum.counts * seen).sum()) + spectrum.at(1) / n * unseen_entropy(spectrum)


def once_seen_share(spectrum: Spectrum) -> float:
    """Return A, the estimated mean relative frequency of words seen once (ibid.)."""
    n, once, twice = spectrum.tokens, spectrum.at(1), spectrum.at(2)
    if twice:
        return 2 * twice / ((n - 1) * once + 2 * twice)
    return 2 / ((n - 1) * (once - 1) + 2) if once else 1.0


def unseen_entropy(spectrum: Spectrum) -> float:
    """Return (1 - A)^(1 - n) [-log A - sum_(r < n) (1 - A)^r / r], for words never seen (ibid.).

    That difference cancels, and has n terms. It is the sum over j >= 1 of q^j / (n - 1 + j) with
    q = 1 - A, which is the integral over u >= 0 of q exp(-u) / (n (1 - q exp(-u / n))).
    """
    n, a = spectrum.tokens, once_seen_share(spectrum)
    q = 1.0 - a
    if q <= 0:
        return 0.0
    # The denominator is near n A + u: in w, with n A + u = n A exp(w), the integrand is smooth.
    least = n * a
    top = math.log1p(745.0 / least)
    w = (_NODES + 1) * top / 2
    u = least * np.expm1(w)
    below = n * (a - q * np.expm1(-u / n))
    return float((_WEIGHTS * q * np.exp(-u) / below * least * np.exp(w)).sum() * top / 2)


def simpson(spectrum: Spectrum) -> float:
    """Return the chance that two tokens drawn without replacement are the same word."""
    n = spectrum.tokens
    return float((spectrum.counts * _pairs(spectrum.values)).sum()) / (float(n) * (n - 1))


def _pairs(values: NDArray[np.int64]) -> NDArray[np.float64]:
    return values.astype(np.float64) * (values - 1)


def concentration(spectrum: Spectrum) -> float:
    """Return the chance that two tokens drawn with replacement are the same word."""
    return float((spectrum.counts * (spectrum.values / spectrum.tokens) ** 2).sum())


def yule(spectrum: Spectrum) -> float:
    """Return Yule's characteristic K (Tweedie and Baayen 1998)."""
    return 1e4 * (concentration(spectrum) - 1 / spectrum.tokens)


def _entropy(view: View) -> float:
    return entropy(spectrum_of(view[WORDS]))


def _hill_1_observed(view: View) -> float:
    return math.exp(entropy(spectrum_of(view[WORDS])))


def _hill_1_asymptotic(view: View) -> float:
    return math.exp(estimated_entropy(spectrum_of(view[WORDS], fewest=2)))


def _hill_2_observed(view: View) -> float:
    return 1 / concentration(spectrum_of(view[WORDS]))


def _hill_2_asymptotic(view: View) -> float:
    chance = simpson(spectrum_of(view[WORDS], fewest=2))
    if not chance:
        raise UndefinedMetricError("no word occurs twice")
    return 1 / chance


def _yule_k(view: View) -> float:
    return yule(spectrum_of(view[WORDS]))


_SIZE = "Observed values grow with the text; they compare at the matched size only."
_INDEPENDENT = (
    "The estimator takes words for independent draws; within a document they are not, so read "
    "its difference between corpora, whose error comes from documents, and not its level."
)

METRICS = (
    CorpusMetric(
        name="entropy",
        title="Entropy of word frequencies",
        family=FAMILY,
        unit="nats",
        scale="difference",
        worse="lower",
        needs=(WORDS,),
        compute=_entropy,
        view="selection",
        threshold_unit="nats",
        source="Shannon 1948, section 6; the maximum-likelihood (plug-in) estimate",
        formula="H = -sum_t p_t ln p_t, p_t = c_t / N",
        description="How unpredictable the next word is from word frequencies alone.",
        undefined="no words",
        pitfalls=_SIZE,
    ),
    CorpusMetric(
        name="hill_1_observed",
        title="Hill number of order 1, observed",
        family=FAMILY,
        unit="words",
        scale="log",
        worse="lower",
        needs=(WORDS,),
        compute=_hill_1_observed,
        view="selection",
        threshold_unit="relative",
        source="Hill 1973, number N1; Jost 2006",
        formula="1D = exp(-sum_t p_t ln p_t)",
        description="How many equally frequent words would have this entropy: the number of "
        "common words.",
        undefined="no words",
        pitfalls=_SIZE,
        default=False,
    ),
    CorpusMetric(
        name="hill_1_asymptotic",
        title="Hill number of order 1, asymptotic",
        family=FAMILY,
        unit="words",
        scale="log",
        worse="lower",
        needs=(WORDS,),
        compute=_hill_1_asymptotic,
        view="selection",
        threshold_unit="relative",
        source="Chao, Wang and Jost 2013, the estimator of entropy, as its exponential",
        formula="ln 1D = sum_t (c_t / n) [psi(n) - psi(c_t)] + (f1 / n) (1 - A)^(1 - n) "
        "[-ln A - sum_(r < n) (1 - A)^r / r], A = 2 f2 / [(n - 1) f1 + 2 f2]",
        description="The same of the language the text is drawn from, words that it does not hold "
        "included, by the estimator of Chao, Wang and Jost.",
        undefined="fewer than two words",
        pitfalls=_INDEPENDENT,
        default=False,
    ),
    CorpusMetric(
        name="hill_2_observed",
        title="Hill number of order 2, observed",
        family=FAMILY,
        unit="words",
        scale="log",
        worse="lower",
        needs=(WORDS,),
        compute=_hill_2_observed,
        view="selection",
        threshold_unit="relative",
        source="Hill 1973, number N2: the inverse of Simpson 1949",
        formula="2D = 1 / sum_t p_t^2",
        description="How many equally frequent words would be drawn twice as often: the number of "
        "very common words.",
        undefined="no words",
        pitfalls="A handful of function words decide it.",
        default=False,
    ),
    CorpusMetric(
        name="hill_2_asymptotic",
        title="Hill number of order 2, asymptotic",
        family=FAMILY,
        unit="words",
        scale="log",
        worse="lower",
        needs=(WORDS,),
        compute=_hill_2_asymptotic,
        view="selection",
        threshold_unit="relative",
        source="Simpson 1949, the unbiased estimator, inverted as in Chao et al. 2014",
        formula="2D = n (n - 1) / sum_t c_t (c_t - 1)",
        description="The same of the language the text is drawn from, by pairs of different "
        "tokens.",
        undefined="no word occurs twice",
        pitfalls="Pairs within a document count here, and they match more often: the metric "
        "simpson, between documents, does without them. " + _INDEPENDENT,
        default=False,
    ),
    CorpusMetric(
        name="yule_k",
        title="Yule's K",
        family=FAMILY,
        unit="K",
        scale="log",
        worse="higher",
        needs=(WORDS,),
        compute=_yule_k,
        view="selection",
        threshold_unit="relative",
        source="Yule 1944, characteristic K; Tweedie and Baayen 1998, section 2",
        formula="K = 10^4 (sum_m m^2 V(m, N) - N) / N^2",
        description="How concentrated word frequencies are: ten thousand times Simpson's chance.",
        undefined="no word occurs twice",
        pitfalls="Pairs within a document count, so topical documents raise it; the metric "
        "simpson, between documents, does without them.",
    ),
)
