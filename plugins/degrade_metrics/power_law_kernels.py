"""Compiled fit of a discrete power law to how often words occur."""

import math

import numpy as np
from numpy.typing import NDArray

from degrade.compiled import kernel

LEAST, MOST = 1.01, 12.0
"""Exponents between which the most likely one is looked for."""
_PRECISION = 1e-7
_STEPS = 500
_ROUNDING = math.sqrt(2.2e-16)
_GOLDEN = 0.5 * (3.0 - math.sqrt(5.0))
_EPSILON = 1.11022302462515654042e-16
# (2k)! / B_2k of the Euler-Maclaurin sum.
_TERMS = np.array(
    [
        12.0, -720.0, 30240.0, -1209600.0, 47900160.0, -1.8924375803183791606e9, 7.47242496e10,
        -2.950130727918164224e12, 1.1646782814350067249e14, -4.5979787224074726105e15,
        1.8152105401943546773e17, -7.1661652561756670113e18,
    ]
)  # fmt: skip


@kernel
def hurwitz_zeta(x: float, q: float) -> float:
    """Return the sum of (k + q)^-x over k = 0, 1, ..., for x > 1 and q > 0.

    By the Euler-Maclaurin formula from the tenth term on, with the terms, and to the last digit the
    results, of Cephes (Moshier 1989) and so of ``scipy.special.zeta``.
    """
    if q > 1e8:
        rest: float = (1.0 / (x - 1.0) + 1.0 / (2.0 * q)) * q ** (1.0 - x)
        return rest
    total: float = q**-x
    a = q
    b: float = 0.0
    i = 0
    while i < 9 or a <= 9.0:
        i += 1
        a += 1.0
        b = a**-x
        total += b
        if abs(b / total) < _EPSILON:
            return total
    w = a
    total += b * w / (x - 1.0)
    total -= 0.5 * b
    a = 1.0
    k = 0.0
    for term in _TERMS:
        a *= x + k
        b /= w
        t = a * b / term
        total += t
        if abs(t / total) < _EPSILON:
            break
        k += 1.0
        a *= x + k
        b /= w
        k += 1.0
    return total


@kernel
def _cost(alpha: float, mean_log: float, xmin: float) -> float:
    """Return the mean negative log likelihood of ``alpha``."""
    return alpha * mean_log + math.log(hurwitz_zeta(alpha, xmin))


@kernel
def most_likely(mean_log: float, xmin: float) -> float:
    """Return the exponent of greatest likelihood for frequencies of so large a mean logarithm.

    By Brent's search without derivatives (Brent 1973, ch. 5), between ``LEAST`` and ``MOST``.
    """
    low, high = LEAST, MOST
    best = second = third = low + _GOLDEN * (high - low)
    at_best = at_second = at_third = _cost(best, mean_log, xmin)
    step = before = 0.0
    for _ in range(_STEPS - 1):
        middle = 0.5 * (low + high)
        near = _ROUNDING * abs(best) + _PRECISION / 3.0
        if abs(best - middle) <= 2.0 * near - 0.5 * (high - low):
            break
        golden = True
        if abs(before) > near:
            # A parabola through the three best.
            r = (best - second) * (at_best - at_third)
            q = (best - third) * (at_best - at_second)
            p = (best - third) * q - (best - second) * r
            q = 2.0 * (q - r)
            if q > 0.0:
                p = -p
            q = abs(q)
            r, before = before, step
            if abs(p) < abs(0.5 * q * r) and q * (low - best) < p < q * (high - best):
                golden = False
                step = p / q
                x = best + step
                if x - low < 2.0 * near or high - x < 2.0 * near:
                    step = near if middle >= best else -near
        if golden:
            before = low - best if best >= middle else high - best
            step = _GOLDEN * before
        x = best + (1.0 if step >= 0.0 else -1.0) * max(abs(step), near)
        found = _cost(x, mean_log, xmin)
        if found <= at_best:
            if x >= best:
                low = best
            else:
                high = best
            third, at_third = second, at_second
            second, at_second = best, at_best
            best, at_best = x, found
            continue
        if x < best:
            low = x
        else:
            high = x
        if found <= at_second or second == best:
            third, at_third = second, at_second
            second, at_second = x, found
        elif found <= at_third or third in (best, second):
            third, at_third = x, found
    return best


@kernel
def distances(
    values: NDArray[np.int64], counts: NDArray[np.int64], candidates: int
) -> NDArray[np.float64]:
    """Return how far the distribution from each of the first values up is from its own power law.

    ``values`` ascend and ``counts`` have them; the Kolmogorov-Smirnov distance, (candidates,).
    """
    size = len(values)
    above = np.zeros(size + 1, dtype=np.int64)
    logs = np.zeros(size + 1, dtype=np.float64)
    for i in range(size - 1, -1, -1):
        above[i] = above[i + 1] + counts[i]
        logs[i] = logs[i + 1] + counts[i] * math.log(values[i])
    out = np.zeros(candidates, dtype=np.float64)
    for first in range(candidates):
        alpha = most_likely(logs[first] / above[first], float(values[first]))
        whole = hurwitz_zeta(alpha, float(values[first]))
        for i in range(first, size):
            fitted = hurwitz_zeta(alpha, float(values[i])) / whole
            out[first] = max(out[first], abs(above[i] / above[first] - fitted))
    return out
