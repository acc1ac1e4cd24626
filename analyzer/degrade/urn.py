"""Closed forms for groups drawn without replacement, at real-valued numbers of groups.

Ratios of binomial coefficients of real arguments, with C(a, b) = 0 where a - b <= -1: there the
gamma function has poles and changes sign, and the naive form returns plausible garbage. Each ratio
is a product of simple factors from one number of held groups to the next, which ends where a factor
is not positive: exactly where that rule says 0.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from degrade.compiled import kernel


def missed(most: int, groups: float, drawn: float) -> NDArray[np.float64]:
    """Return the chance that ``drawn`` of ``groups`` groups miss d held ones, d = 0 to ``most``.

    C(groups - d, drawn) / C(groups, drawn), shape (most + 1,); groups and drawn may be real. Raises
    ValueError if more groups are drawn than there are.
    """
    _check(drawn, groups)
    return chances_missed(most, float(groups), drawn)


def expected_types(incidence: NDArray[np.int64], groups: float) -> float:
    """Return the expected number of types in ``groups`` groups drawn without replacement.

    ``incidence[d]`` is the number of types found in exactly ``d`` of the len(incidence) - 1 groups
    there are. ``groups`` may be fractional. Colwell et al. 2012, eq. 17. Raises ValueError above
    the number of groups.
    """
    _check(groups, len(incidence) - 1)
    return _expected_types(incidence, groups)


def expected_types_each(
    total: NDArray[np.int64],
    within: NDArray[np.int64],
    left_out: NDArray[np.int64],
    groups: NDArray[np.int64],
    drawn: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return the expected types with each of the groups ``left_out`` left out, (rows,).

    ``total[d]`` is the number of types found in exactly d groups, ``within[g, d]`` that of those of
    them that group g holds. In each row, so many ``groups`` are left, of which ``drawn`` are drawn;
    -1 leaves out none. Raises ValueError if more groups are drawn than there are.
    """
    for each, of in zip(drawn.tolist(), groups.tolist(), strict=True):
        _check(each, of)
    return _expected_types_each(total, within, left_out, groups, drawn)


def expected_hapaxes(single: NDArray[np.int64], groups: float) -> float:
    """Return the expected number of types that occur once in ``groups`` groups drawn.

    ``single[d]`` is the number of pairs of a type found in d groups and one of these in which it
    occurs once. Such a type is a hapax if that group is drawn and the d - 1 others are not:
    C(G - d, g - 1) / C(G, g). Raises ValueError above the number of groups.
    """
    _check(groups, len(single) - 1)
    return _expected_hapaxes(single, groups)


def rarity(most: int, groups: float, half: float, found: int) -> NDArray[np.float64]:
    """Return the chance that ``found`` of d held groups are in a half drawn, for d = 0 to ``most``.

    h(r|d) = C(d, r) C(G - d, half - r) / C(G, half), shape (most + 1,), for ``half`` of ``groups``
    groups, real-valued where ``groups`` is odd.
    """
    return chances_rare(most, float(groups), float(half), found)


def rare_and_missed(
    regions: NDArray[np.int64], groups: int, half: float, found: int, drawn: float
) -> NDArray[np.float64]:
    """Return the chance that a half finds a type rare here, and the other half misses it there.

    Two corpora share their groups. ``regions`` is (types, 3): groups that hold the type here alone,
    there alone, and in both corpora. Of ``groups`` groups a half is drawn, and ``drawn`` groups of
    what is left; the chance is that the half has ``found`` of those that hold the type here and
    the drawn ones none of those that hold it there. With a, b, o the regions, n drawn, d = a + o:

    sum_j C(a, j) C(G - a - b - o, n - j) / C(G, n) * C(d - j, r) C(G - n - d + j, half - r)
    / C(G - n, half), where j of the drawn groups hold the type here. Shape (types,).
    """
    _check(drawn, groups - half)
    return _rare_and_missed(regions, float(groups), half, found, drawn)


def _check(drawn: float, groups: float) -> None:
    if not 0 <= drawn <= groups:
        raise ValueError(f"{drawn:g} groups of {groups:g}")


@kernel
def chances_missed(most: int, groups: float, drawn: float) -> NDArray[np.float64]:
    """Return what ``missed`` does, for compiled loops: nothing is checked."""
    out = np.zeros(most + 1, dtype=np.float64)
    chance = 1.0
    for d in range(most + 1):
        out[d] = chance
        left = groups - d
        if left - drawn <= 0:
            break
        chance *= (left - drawn) / left
    return out


@kernel
def _expected_types(incidence: NDArray[np.int64], groups: float) -> float:
    most = len(incidence) - 1
    chance = 1.0
    total = 0.0
    for d in range(1, most + 1):
        left = most - d + 1
        # Once missing them all is impossible, it stays so: the factor is 0 for all that follow.
        chance *= max(left - groups, 0.0) / left
        total += incidence[d] * (1.0 - chance)
    return total


@kernel
def _expected_types_each(
    total: NDArray[np.int64],
    within: NDArray[np.int64],
    left_out: NDArray[np.int64],
    groups: NDArray[np.int64],
    drawn: NDArray[np.float64],
) -> NDArray[np.float64]:
    out = np.empty(len(left_out), dtype=np.float64)
    incidence = total.copy()
    for row in range(len(left_out)):
        most = groups[row]
        g = left_out[row]
        for d in range(most + 1):
            incidence[d] = total[d]
            if g >= 0:
                incidence[d] += within[g, d + 1] - within[g, d]
        out[row] = _expected_types(incidence[: most + 1], drawn[row])
    return out


@kernel
def _expected_hapaxes(single: NDArray[np.int64], groups: float) -> float:
    most = len(single) - 1
    total = 0.0
    chance = groups / most
    for d in range(1, most + 1):
        total += single[d] * chance
        left = most - d
        if left <= 0 or left - (groups - 1) <= 0:
            break
        chance *= (left - (groups - 1)) / left
    return total


@kernel
def chances_rare(most: int, groups: float, half: float, found: int) -> NDArray[np.float64]:
    """Return what ``rarity`` does, for compiled loops."""
    out = np.zeros(most + 1, dtype=np.float64)
    chance = 1.0
    for i in range(found):
        if half - i <= 0:
            return out
        chance *= (half - i) / (groups - i)
    for d in range(found, most + 1):
        out[d] = chance
        left = groups - d
        if left <= 0 or left - (half - found) <= 0:
            break
        chance *= (d + 1) / (d + 1 - found) * (left - (half - found)) / left
    return out


@kernel
def _log_binomial(a: float, b: float) -> float:
    """Return log C(a, b), -inf where it is 0 by the rule of this module."""
    if b <= -1 or a - b <= -1:
        return -np.inf
    return math.lgamma(a + 1) - math.lgamma(b + 1) - math.lgamma(a - b + 1)


@kernel
def _rare_and_missed(
    regions: NDArray[np.int64], groups: float, half: float, found: int, drawn: float
) -> NDArray[np.float64]:
    out = np.zeros(len(regions), dtype=np.float64)
    every = _log_binomial(groups, drawn) + _log_binomial(groups - drawn, half)
    for t in range(len(regions)):
        a, b, o = regions[t, 0], regions[t, 1], regions[t, 2]
        for j in range(a + 1):
            held = a + o - j
            if held < found:
                break
            log = (
                _log_binomial(a, j)
                + _log_binomial(groups - a - b - o, drawn - j)
                + _log_binomial(held, found)
                + _log_binomial(groups - drawn - held, half - found)
            )
            if log > -np.inf:
                out[t] += np.exp(log - every)
    return out
