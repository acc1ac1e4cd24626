"""Closed forms for groups drawn without replacement, at real-valued numbers of groups.

Binomial coefficients of real arguments go through log-gamma, with C(a, b) = 0 where a - b <= -1:
there the gamma function has poles and changes sign, and the naive form returns plausible garbage.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaln


def log_binomial(a: ArrayLike, b: ArrayLike) -> NDArray[np.float64]:
    """Return log C(a, b) for real a >= 0 and b; -inf where b <= -1 or a - b <= -1."""
    top = np.asarray(a, dtype=np.float64)
    low = np.asarray(b, dtype=np.float64)
    defined = (low > -1) & (top - low > -1)
    x = np.where(defined, low, 0.0)
    y = np.where(defined, top - low, 0.0)
    value = gammaln(top + 1) - gammaln(x + 1) - gammaln(y + 1)
    return np.where(defined, value, -np.inf)


def missed(held: ArrayLike, groups: float, drawn: float) -> NDArray[np.float64]:
    """Return the chance that ``drawn`` of ``groups`` groups miss all the ``held`` ones.

    C(groups - held, drawn) / C(groups, drawn); all may be real. Raises ValueError if more groups
    are drawn than there are.
    """
    if not 0 <= drawn <= groups:
        raise ValueError(f"{drawn:g} groups of {groups:g}")
    left = groups - np.asarray(held, dtype=np.float64)
    return np.exp(log_binomial(left, drawn) - log_binomial(groups, drawn))


def expected_types(incidence: NDArray[np.int64], groups: float) -> float:
    """Return the expected number of types in ``groups`` groups drawn without replacement.

    ``incidence[d]`` is the number of types found in exactly ``d`` of the len(incidence) - 1 groups
    there are. ``groups`` may be fractional. Colwell et al. 2012, eq. 17. Raises ValueError above
    the number of groups.
    """
    held = np.arange(len(incidence))
    return float(incidence @ (1.0 - missed(held, len(incidence) - 1, groups)))


def expected_hapaxes(single: NDArray[np.int64], groups: float) -> float:
    """Return the expected number of types that occur once in ``groups`` groups drawn.

    ``single[d]`` is the number of pairs of a type found in d groups and one of these in which it
    occurs once. Such a type is a hapax if that group is drawn and the d - 1 others are not:
    C(G - d, g - 1) / C(G, g).
    """
    all_groups = len(single) - 1
    if not 0 < groups <= all_groups:
        raise ValueError(f"{groups:g} groups of {all_groups:g}")
    held = np.arange(1, len(single))
    chance = log_binomial(all_groups - held, groups - 1) - log_binomial(all_groups, groups)
    return float(single[1:] @ np.exp(chance))


def rarity(held: ArrayLike, groups: float, half: float, found: int) -> NDArray[np.float64]:
    """Return h(r|d): the chance that ``found`` of the ``held`` groups are in a half drawn.

    C(d, r) C(G - d, half - r) / C(G, half), for ``half`` of ``groups`` groups, real-valued where
    ``groups`` is odd.
    """
    d = np.asarray(held, dtype=np.float64)
    return np.exp(
        log_binomial(d, found)
        + log_binomial(np.maximum(groups - d, 0.0), half - found)
        - log_binomial(groups, half)
    )
