"""Compiled chances of a discrete power law."""

import numpy as np
from numpy.typing import NDArray

from degrade.compiled import kernel

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
def distance(values: NDArray[np.int64], counts: NDArray[np.int64], alpha: float) -> float:
    """Return how far the distribution of frequencies is from the power law from the first up.

    ``values`` ascend and ``counts`` have them; the Kolmogorov-Smirnov distance.
    """
    size = 0
    for count in counts:
        size += count
    above = size
    whole = hurwitz_zeta(alpha, float(values[0]))
    out = 0.0
    for i in range(len(values)):
        fitted = hurwitz_zeta(alpha, float(values[i])) / whole
        out = max(out, abs(above / size - fitted))
        above -= counts[i]
    return out
