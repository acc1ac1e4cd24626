"""Expected spectra of Zipf-Mandelbrot laws, and how far a spectrum is from them."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from degrade.compiled import kernel

WORST = 1e300
"""The misfit where there is none."""


@kernel
def _series(s: float, x: float) -> float:
    """Return the lower incomplete gamma function of ``s``, over x^s exp(-x): for small x."""
    term = 1.0 / s
    total = term
    k = s
    while term > total * 1e-17:
        k += 1.0
        term *= x / k
        total += term
    return total


@kernel
def _fraction(s: float, x: float) -> float:
    """Return the upper incomplete gamma function of ``s``, over x^s exp(-x): for large x."""
    b = x + 1.0 - s
    c = 1e300
    d = 1.0 / b
    h = d
    for i in range(1, 500):
        numerator = -i * (i - s)
        b += 2.0
        d = 1.0 / (numerator * d + b)
        c = b + numerator / c
        h *= d * c
        if abs(d * c - 1.0) < 1e-16:
            break
    return h


@kernel
def upper_gamma(s: float, x: float) -> float:
    """Return the upper incomplete gamma function, for s > 0 and x >= 0."""
    if x <= 0.0:
        return math.gamma(s)
    power = math.exp(s * math.log(x) - x)
    if x < s + 1.0:
        return math.gamma(s) - power * _series(s, x)
    return power * _fraction(s, x)


@kernel
def expected(
    size: float, a: float, lowest: float, highest: float, elements: int
) -> NDArray[np.float64]:
    """Return E[V] and E[V_1], E[V_2], ... of ``size`` tokens, (elements + 1,).

    E[V_m] = C N^a / m! [Gamma(m - a, N A) - Gamma(m - a, N B)], and E[V] from integrating by parts
    (Evert 2004).
    """
    out = np.empty(elements + 1, dtype=np.float64)
    least, most = size * lowest, size * highest
    scale = (1.0 - a) / (highest ** (1.0 - a) - lowest ** (1.0 - a))
    within = upper_gamma(1.0 - a, least) - upper_gamma(1.0 - a, most)
    ends = highest**-a * math.expm1(-most)
    if lowest > 0.0:
        ends -= lowest**-a * math.expm1(-least)
    out[0] = scale / a * (ends + size**a * within)
    # Gamma(s + 1, x) = s Gamma(s, x) + x^s exp(-x), divided by m! all along.
    out[1] = within
    above = math.exp((1.0 - a) * math.log(most) - most)
    below = math.exp((1.0 - a) * math.log(least) - least) if least > 0.0 else 0.0
    for m in range(1, elements):
        out[m + 1] = ((m - a) * out[m] + below - above) / (m + 1)
        above *= most / (m + 1)
        below *= least / (m + 1)
    out[1:] *= scale * size**a
    return out


@kernel
def misfit(
    size: float, observed: NDArray[np.float64], a: float, lowest: float, highest: float
) -> float:
    """Return the chi-squared statistic of ``observed``, V and V_1, V_2, ..., under a model.

    (o - E)' R^-1 (o - E), with R of independent types: Var V = E[V(2N)] - E[V(N)], Cov(V, V_m) =
    E[V_m(2N)] / 2^m, Cov(V_m, V_k) = [m = k] E[V_m(N)] - C(m + k, m) E[V_(m+k)(2N)] / 2^(m+k).
    Baayen 2001, pp. 119-122.
    """
    elements = len(observed) - 1
    once = expected(size, a, lowest, highest, elements)
    twice = expected(2.0 * size, a, lowest, highest, 2 * elements)
    spread = np.empty((elements + 1, elements + 1), dtype=np.float64)
    spread[0, 0] = twice[0] - once[0]
    for m in range(1, elements + 1):
        spread[0, m] = twice[m] / 2.0**m
        spread[m, 0] = spread[0, m]
        ways = 1.0
        for k in range(1, elements + 1):
            # C(m + k, m) / 2^(m + k), from k = 0 up.
            ways *= (m + k) / k
            spread[m, k] = -ways * twice[m + k] / 2.0 ** (m + k)
        spread[m, m] += once[m]
    apart = observed - once
    return quadratic(spread, apart)


@kernel
def quadratic(spread: NDArray[np.float64], apart: NDArray[np.float64]) -> float:
    """Return x' R^-1 x by Cholesky's decomposition, 1e300 where R is not positive definite."""
    size = len(apart)
    root = np.zeros((size, size), dtype=np.float64)
    total = 0.0
    solved = np.empty(size, dtype=np.float64)
    for i in range(size):
        for j in range(i + 1):
            rest = spread[i, j]
            for k in range(j):
                rest -= root[i, k] * root[j, k]
            if i > j:
                root[i, j] = rest / root[j, j]
            elif rest > 0.0:
                root[i, i] = math.sqrt(rest)
            else:
                return WORST
        rest = apart[i]
        for k in range(i):
            rest -= root[i, k] * solved[k]
        solved[i] = rest / root[i, i]
        total += solved[i] * solved[i]
    return total
