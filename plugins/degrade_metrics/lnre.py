"""Models of large numbers of rare events: the Zipf-Mandelbrot law, and the finite one.

Types have probabilities pi in (A, B] with density g(pi) = C pi^(-a - 1); A is 0 in the
Zipf-Mandelbrot law, whose types are without number (Evert 2004).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from degrade.compiled import kernel
from degrade.errors import UndefinedMetricError
from degrade_metrics.lnre_kernels import WORST, misfit
from degrade_metrics.spectrum import Spectrum

ELEMENTS = 15
"""Elements of the spectrum, V_1 to V_15, that are fitted together with V."""
FEWEST = 200
"""Types below which no model is fitted."""
STEEPEST, FLATTEST = 0.01, 0.99
"""Shapes between which a law is looked for."""
_STEPS = 600


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
def _at(point: NDArray[np.float64], size: float, observed: NDArray[np.float64]) -> float:
    """Return the misfit at logit a, log B and, with three numbers, log A N."""
    a = 1.0 / (1.0 + math.exp(-point[0]))
    highest = math.exp(point[1])
    lowest = math.exp(point[2]) / size if len(point) > 2 else 0.0
    if not (STEEPEST < a < FLATTEST) or highest > 1.0 or lowest >= 0.5 * highest:
        return WORST
    if size * highest < 1.0 or 0.0 < size * lowest < 1e-8:
        return WORST
    found = misfit(size, observed, a, lowest, highest)
    return found if found == found else WORST


@kernel
def _descend(
    start: NDArray[np.float64],
    edge: float,
    precision: float,
    size: float,
    observed: NDArray[np.float64],
) -> tuple[NDArray[np.float64], float]:
    """Minimise by the simplex method of Nelder and Mead 1965; return the place and the value.

    Until the values at the corners of the simplex, ``edge`` wide at first, are within
    ``precision`` of one another.
    """
    n = len(start)
    points = np.empty((n + 1, n), dtype=np.float64)
    values = np.empty(n + 1, dtype=np.float64)
    for i in range(n + 1):
        points[i] = start
        if i:
            points[i, i - 1] += edge
        values[i] = _at(points[i], size, observed)
    for _ in range(_STEPS):
        order = np.argsort(values)
        points, values = points[order], values[order]
        if values[n] - values[0] <= precision * values[0] + 1e-12:
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
    for edge, precision in ((0.4, 1e-5), (0.04, 1e-13)):
        point, value = _descend(point, edge, precision, float(size), seen)
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
    # A shape at its bound says that the law is none: word lists, say, in which all occurs once.
    if found.misfit >= WORST or not 1.1 * STEEPEST < found.a < 0.998 * FLATTEST:
        raise UndefinedMetricError("no Zipf-Mandelbrot law can be fitted")
    return found
