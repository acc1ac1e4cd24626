"""Models of large numbers of rare events: the Zipf-Mandelbrot law, and the finite one.

Types have probabilities pi in (A, B] with density g(pi) = C pi^(-a - 1); A is 0 in the
Zipf-Mandelbrot law, whose types are without number (Evert 2004, eq. 7 and 10).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from degrade.compiled import kernel
from degrade.errors import UndefinedMetricError
from degrade_metrics.spectrum import Spectrum

ELEMENTS = 15
"""Elements of the spectrum, V_1 to V_15, that are fitted together with V."""
FEWEST = 200
"""Types below which no model is fitted."""
_STEPS = 2_000
_WORST = 1e300


@dataclass(frozen=True, slots=True)
class Fit:
    """A fitted model.

    Attributes
    ----------
    a : the shape; rank r has a probability near r^(-1/a), so a smaller one is steeper
    lowest, highest : the cutoffs A and B
    misfit : the multivariate chi-squared statistic of V, V_1, ..., V_15 (Baayen 2001, p. 119-122)
    """

    a: float
    lowest: float
    highest: float
    misfit: float

    @property
    def support(self) -> float:
        """S = (C / a) (A^-a - B^-a), the types there are."""
        if not self.lowest:
            return math.inf
        scale = (1 - self.a) / (self.highest ** (1 - self.a) - self.lowest ** (1 - self.a))
        return float(scale / self.a * (self.lowest**-self.a - self.highest**-self.a))


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
    (Evert 2004, eq. 16 to 20, with the upper cutoff).
    """
    out = np.empty(elements + 1, dtype=np.float64)
    least, most = size * lowest, size * highest
    scale = (1.0 - a) / (highest ** (1.0 - a) - lowest ** (1.0 - a))
    within = upper_gamma(1.0 - a, least) - upper_gamma(1.0 - a, most)
    ends = highest**-a * math.expm1(-most)
    if lowest > 0.0:
        ends -= lowest**-a * math.expm1(-least)
    out[0] = scale / a * (ends + size**a * within)
    # Gamma(s + 1, x) = s Gamma(s, x) + x^s exp(-x), divided by m! all along. The ends are in logs,
    # as N B is in the thousands.
    out[1] = within
    factorial = 0.0
    for m in range(1, elements):
        s = m - a
        factorial += math.log(m)
        step = -math.exp(s * math.log(most) - most - factorial)
        if least > 0.0:
            step += math.exp(s * math.log(least) - least - factorial)
        out[m + 1] = (s * out[m] + step) / (m + 1)
    out[1:] *= scale * size**a
    return out


@kernel
def misfit(
    size: float, observed: NDArray[np.float64], a: float, lowest: float, highest: float
) -> float:
    """Return the chi-squared statistic of ``observed``, V and V_1, V_2, ..., under a model.

    (o - E)' R^-1 (o - E), with R of independent types: Var V = E[V(2N)] - E[V(N)], Cov(V, V_m) =
    E[V_m(2N)] / 2^m, Cov(V_m, V_k) = [m = k] E[V_m(N)] - C(m + k, m) E[V_(m+k)(2N)] / 2^(m+k).
    Baayen 2001, eq. 3.62 to 3.64.
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
                return _WORST
        rest = apart[i]
        for k in range(i):
            rest -= root[i, k] * solved[k]
        solved[i] = rest / root[i, i]
        total += solved[i] * solved[i]
    return total


@kernel
def _at(point: NDArray[np.float64], size: float, observed: NDArray[np.float64]) -> float:
    """Return the misfit at logit a, log B and, with three numbers, log A N."""
    a = 1.0 / (1.0 + math.exp(-point[0]))
    highest = math.exp(point[1])
    lowest = math.exp(point[2]) / size if len(point) > 2 else 0.0
    if not (1e-3 < a < 1.0 - 1e-9) or highest > 1.0 or lowest >= 0.5 * highest:
        return _WORST
    if size * highest < 1.0 or 0.0 < size * lowest < 1e-8:
        return _WORST
    found = misfit(size, observed, a, lowest, highest)
    return found if found == found else _WORST


@kernel
def _descend(
    start: NDArray[np.float64],
    edge: float,
    size: float,
    observed: NDArray[np.float64],
    steps: int,
) -> tuple[NDArray[np.float64], float]:
    """Minimise by the simplex method of Nelder and Mead 1965; return the place and the value."""
    n = len(start)
    points = np.empty((n + 1, n), dtype=np.float64)
    values = np.empty(n + 1, dtype=np.float64)
    for i in range(n + 1):
        points[i] = start
        if i:
            points[i, i - 1] += edge
        values[i] = _at(points[i], size, observed)
    for _ in range(steps):
        order = np.argsort(values)
        points, values = points[order], values[order]
        if values[n] - values[0] <= 1e-10 * values[0] + 1e-12:
            break
        middle = np.zeros(n, dtype=np.float64)
        for i in range(n):
            middle += points[i] / n
        away = middle - points[n]
        reflected = middle + away
        value = _at(reflected, size, observed)
        if value < values[0]:
            further = middle + 2.0 * away
            beyond = _at(further, size, observed)
            if beyond < value:
                points[n], values[n] = further, beyond
            else:
                points[n], values[n] = reflected, value
            continue
        if value < values[n - 1]:
            points[n], values[n] = reflected, value
            continue
        nearer = middle + 0.5 * away if value < values[n] else middle - 0.5 * away
        between = _at(nearer, size, observed)
        if between < min(value, values[n]):
            points[n], values[n] = nearer, between
            continue
        for i in range(1, n + 1):
            points[i] = points[0] + 0.5 * (points[i] - points[0])
            values[i] = _at(points[i], size, observed)
    best = np.argmin(values)
    return points[best], values[best]


@lru_cache(maxsize=8_192)
def _fitted(size: int, observed: tuple[int, ...], finite: bool) -> Fit:
    seen = np.array(observed, dtype=np.float64)
    start = seen[1] / seen[0]
    shape = math.log(start / (1.0 - start))
    point = np.array([shape, math.log(3e-3), math.log(0.1)][: 3 if finite else 2])
    # A simplex may stall; from where it stops, a fresh and smaller one goes on.
    for edge in (0.4, 0.04):
        point, value = _descend(point, edge, float(size), seen, _STEPS)
    a = 1.0 / (1.0 + math.exp(-point[0]))
    return Fit(a, math.exp(point[2]) / size if finite else 0.0, math.exp(point[1]), float(value))


def fitted(spectrum: Spectrum, *, finite: bool) -> Fit:
    """Return the Zipf-Mandelbrot law that fits best, or the finite one.

    By the least multivariate chi-squared statistic of V and the first 15 elements of the spectrum.
    Raises UndefinedMetricError with fewer than 200 types, or where no model can be fitted.
    """
    types, once = spectrum.types, spectrum.at(1)
    if types < FEWEST:
        raise UndefinedMetricError(f"only {types} types, of {FEWEST} that a fit takes")
    elements = tuple(spectrum.at(m) for m in range(1, ELEMENTS + 1))
    if not 0 < once < types:
        raise UndefinedMetricError("no words, or all words, occur just once")
    found = _fitted(spectrum.tokens, (types, *elements), finite)
    if found.misfit >= _WORST:
        raise UndefinedMetricError("no Zipf-Mandelbrot law can be fitted")
    return found
