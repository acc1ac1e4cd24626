"""Rivals of the power law: which distribution the tail of word frequencies rather follows."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincc, log_ndtr, ndtr, zeta

from degrade.errors import UndefinedMetricError
from degrade.metric import CorpusMetric, View
from degrade.summaries import Census, Need
from degrade_metrics.searching import least
from degrade_metrics.spectrum import Spectrum, spectrum_of
from degrade_metrics.zipf_tail import best_xmin, power_law_exponent

FAMILY = "Zipf tail"
WORDS = Need(Census, layer="word", n=1)
WIDEST = 10.0
"""Largest sigma of a lognormal: beyond, it is a power law in all that can be seen."""
MOST_STRETCHED = 0.1
"""Least exponent of a stretched exponential, for the same reason."""
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(96)

Logs = NDArray[np.float64]
"""The logarithm of the probability of each frequency in the tail."""


def _least(cost: Callable[[float], float], low: float, high: float) -> float:
    return least(cost, low, high, precision=1e-7 * (high - low))


def _between(larger: Logs, smaller: Logs) -> Logs:
    """Return log (exp ``larger`` - exp ``smaller``)."""
    found: Logs = larger + np.log(-np.expm1(smaller - larger))
    return found


def power_law(tail: Spectrum, xmin: int) -> Logs:
    """P(x) = x^-alpha / zeta(alpha, xmin), at the exponent of greatest likelihood."""
    alpha = power_law_exponent(tail, xmin)
    found: Logs = -alpha * np.log(tail.values) - math.log(zeta(alpha, xmin))
    return found


def exponential(tail: Spectrum, xmin: int) -> Logs:
    """P(x) = (1 - e^-l) e^(-l (x - xmin)), l = log(1 + 1 / (mean - xmin))."""
    above = tail.tokens / tail.types - xmin
    if above <= 0:
        raise UndefinedMetricError(f"all words of the tail occur {xmin} times")
    rate = math.log1p(1 / above)
    return math.log(-math.expm1(-rate)) - rate * (tail.values - xmin).astype(np.float64)


def lognormal_at(tail: Spectrum, xmin: int, mu: float, sigma: float) -> Logs:
    """Return a lognormal rounded to whole numbers, from ``xmin`` up."""
    low, high = (-(np.log(tail.values + side) - mu) / sigma for side in (-0.5, 0.5))
    least = -(math.log(xmin - 0.5) - mu) / sigma
    found: Logs = _between(log_ndtr(low), log_ndtr(high)) - log_ndtr(least)
    return found


def lognormal(tail: Spectrum, xmin: int) -> Logs:
    """Return the rounded lognormal of greatest likelihood, with sigma up to 10."""

    def location(sigma: float) -> float:
        low, high = -2 * sigma**2 - 10, math.log(tail.values[-1]) + 1
        return _least(
            lambda mu: -float(tail.counts @ lognormal_at(tail, xmin, mu, sigma)), low, high
        )

    def cost(log_sigma: float) -> float:
        sigma = math.exp(log_sigma)
        return -float(tail.counts @ lognormal_at(tail, xmin, location(sigma), sigma))

    sigma = math.exp(_least(cost, math.log(0.2), math.log(WIDEST)))
    return lognormal_at(tail, xmin, location(sigma), sigma)


def stretched_at(tail: Spectrum, xmin: int, rate: float, beta: float) -> Logs:
    """Return exp(-rate x^beta) rounded to whole numbers, from ``xmin`` up."""
    low, high = (-rate * np.power(tail.values + side, beta) for side in (-0.5, 0.5))
    found: Logs = _between(low, high) + rate * (xmin - 0.5) ** beta
    return found


def stretched_exponential(tail: Spectrum, xmin: int) -> Logs:
    """Return the rounded stretched exponential of greatest likelihood, with beta from .1 to 2."""

    def rate(beta: float) -> float:
        # Between rates at which the tail falls by e over its range, and over its first step.
        longest, shortest = (
            tail.values[-1] ** beta,
            (xmin + 0.5) ** beta - (xmin - 0.5) ** beta,
        )
        return math.exp(
            _least(
                lambda log: -float(tail.counts @ stretched_at(tail, xmin, math.exp(log), beta)),
                math.log(0.01 / longest),
                math.log(10 / shortest),
            )
        )

    def cost(log_beta: float) -> float:
        beta = math.exp(log_beta)
        return -float(tail.counts @ stretched_at(tail, xmin, rate(beta), beta))

    beta = math.exp(_least(cost, math.log(MOST_STRETCHED), math.log(2.0)))
    return stretched_at(tail, xmin, rate(beta), beta)


def truncated_sum(alpha: float, rate: float, xmin: int) -> float:
    """Return the sum of x^-alpha e^(-rate x) over whole x from ``xmin`` up.

    Term by term up to 64 past ``xmin``, and Euler-Maclaurin from there.
    """
    x = np.arange(xmin, xmin + 64, dtype=np.float64)
    start = float(xmin + 64)
    first = start**-alpha * math.exp(-rate * start)
    # The integral in u = log(x / start); it ends where the exponential has.
    top = math.log1p(745 / (rate * start))
    u = (_NODES + 1) * top / 2
    integral = (
        start ** (1 - alpha)
        * top
        / 2
        * float(_WEIGHTS @ np.exp((1 - alpha) * u - rate * start * np.exp(u)))
    )
    slope = first * (alpha / start + rate)
    head = float((x**-alpha * np.exp(-rate * x)).sum())
    return float(head + integral + first / 2 + slope / 12)


def truncated_power_law(tail: Spectrum, xmin: int) -> Logs:
    """P(x) proportional to x^-alpha e^(-rate x), at the greatest likelihood."""
    logs, n = float(tail.counts @ np.log(tail.values)), tail.types

    def cost(alpha: float, rate: float) -> float:
        total = truncated_sum(alpha, rate, xmin)
        return alpha * logs + rate * tail.tokens + n * math.log(total)

    def exponent(rate: float) -> float:
        return _least(lambda alpha: cost(alpha, rate), -1.0, 12.0)

    low, high = math.log(1e-3 / tail.values[-1]), math.log(2.0)
    rate = math.exp(_least(lambda log: cost(exponent(math.exp(log)), math.exp(log)), low, high))
    alpha = exponent(rate)
    total = math.log(truncated_sum(alpha, rate, xmin))
    found: Logs = -alpha * np.log(tail.values) - rate * tail.values - total
    return found


Rival = Callable[[Spectrum, int], Logs]


def chance_of_power_law(spectrum: Spectrum, xmin: int, rival: Rival, *, nested: bool) -> float:
    """Return how surely the power law fits the tail from ``xmin`` up better than ``rival``.

    Phi(R / (s sqrt n)), with R the log-likelihood ratio and s the deviation of its terms (Vuong
    1989; Clauset, Shalizi and Newman 2009, appendix C). Of a ``nested`` rival, that has the
    power law as a special case, the p-value of its gain: chi-squared of -2 R, one degree.
    """
    kept = spectrum.values >= xmin
    tail = Spectrum(spectrum.values[kept], spectrum.counts[kept])
    apart = power_law(tail, xmin) - rival(tail, xmin)
    ratio = float(tail.counts @ apart)
    if nested:
        return float(gammaincc(0.5, max(0.0, -ratio)))
    mean = ratio / tail.types
    spread = math.sqrt(float(tail.counts @ (apart - mean) ** 2) / tail.types)
    if not spread:
        raise UndefinedMetricError("both distributions fit alike")
    return float(ndtr(ratio / (spread * math.sqrt(tail.types))))


def _xmin(reference: View) -> int:
    return best_xmin(spectrum_of(reference[WORDS]))


def _chance(view: View, xmin: int, *, rival: Rival, nested: bool) -> float:
    return chance_of_power_law(spectrum_of(view[WORDS]), xmin, rival, nested=nested)


METRICS = tuple(
    CorpusMetric(
        name=f"vuong_{name}",
        title=f"Power law against {said}",
        family=FAMILY,
        unit="probability",
        scale="difference",
        worse="either",
        needs=(WORDS,),
        compute=partial(_chance, rival=rival, nested=nested),
        view="selection",
        anchor=_xmin,
        threshold_unit="points",
        source="Vuong 1989; Clauset, Shalizi and Newman 2009, appendix C",
        formula="chi-squared probability of -2 R, one degree of freedom"
        if nested
        else "Phi(R / (s sqrt n)), R the log-likelihood ratio of n words, s the deviation of its "
        "terms",
        description=f"Whether the frequencies of words, from the one that suits the reference, "
        f"rather follow a power law (near 1) or a {said} (near 0); between .05 and .95 they cannot "
        "be told apart.",
        undefined="fewer than 50 words reach the least frequency",
        pitfalls=f"Words are taken for independent: descriptive, not tested. {pitfall}",
        default=False,
        tested=False,
    )
    for name, said, rival, nested, pitfall in (
        (
            "lognormal",
            "lognormal",
            lognormal,
            False,
            "A lognormal with a large sigma is a power law to the eye, so sigma stays below 10.",
        ),
        (
            "exponential",
            "exponential",
            exponential,
            False,
            "The exponential is the least that heavy tails have to beat.",
        ),
        (
            "stretched_exponential",
            "stretched exponential",
            stretched_exponential,
            False,
            "With an exponent near 0 it is a power law to the eye, so that stays above .1.",
        ),
        (
            "truncated_power_law",
            "power law with exponential cutoff",
            truncated_power_law,
            True,
            "The cutoff can only gain, so what counts is by how much.",
        ),
    )
)
