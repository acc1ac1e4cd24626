"""Tails of the distributions that tests refer to.

Through ``scipy.special``, and with the results of ``scipy.stats``, which takes longer to import
than many a comparison to compute.
"""

from __future__ import annotations

from typing import cast

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]


def student_tail(statistic: Floats, freedom: float | NDArray[np.int64]) -> Floats:
    """Return the chance that Student's t of so much ``freedom`` lies above ``statistic``."""
    return cast(Floats, special.stdtr(freedom, -statistic))


def normal_tail(statistic: float) -> float:
    """Return the chance that a standard normal lies above ``statistic``."""
    return float(special.ndtr(-statistic))


def student_tail_of_normal(p: Floats, freedom: float | NDArray[np.int64]) -> Floats:
    """Return the chance of t to lie above where a standard normal does with chance ``p``.

    For tests whose error is itself estimated: t has the tails for that.
    """
    return student_tail(-special.ndtri(p), freedom)


def false_discovery_rates(p: Floats) -> Floats:
    """Return p-values adjusted to false discovery rates (Benjamini and Hochberg 1995)."""
    count = len(p)
    order = np.argsort(p)
    rates = p[order] * (count / np.arange(1, count + 1))
    out = np.empty(count)
    out[order] = np.minimum.accumulate(rates[::-1])[::-1]
    return np.minimum(out, 1.0)
