"""Where a function of one number is least."""

from __future__ import annotations

import math
from collections.abc import Callable

_STEPS = 500
_ROUNDING = math.sqrt(2.2e-16)
_GOLDEN = 0.5 * (3.0 - math.sqrt(5.0))


def least(cost: Callable[[float], float], low: float, high: float, precision: float) -> float:
    """Return where between ``low`` and ``high`` the ``cost`` is least, within ``precision``.

    By parabolas and golden sections (Brent 1973, ch. 5), step by step as the bounded method of
    ``scipy.optimize.minimize_scalar``, whose import takes longer than many a search.
    """
    best = second = third = low + _GOLDEN * (high - low)
    at_best = at_second = at_third = cost(best)
    step = before = 0.0
    for _ in range(_STEPS - 1):
        middle = 0.5 * (low + high)
        near = _ROUNDING * abs(best) + precision / 3.0
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
        found = cost(x)
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
