"""Where a function is zero."""

from __future__ import annotations

from collections.abc import Callable

_PRECISION = 2e-12
_RELATIVE = 4 * 2.0**-52
_STEPS = 100


def root(function: Callable[[float], float], low: float, high: float) -> float:
    """Return a place between ``low`` and ``high``, where signs differ, at which it is zero.

    By the method of Brent 1973, ch. 4, step by step as ``scipy.optimize.brentq`` (whose import
    takes longer than all roots of a comparison). Raises ValueError where signs are the same, and
    ArithmeticError where 100 steps are too few.
    """
    before, here = low, high
    at_before, at_here = function(before), function(here)
    if at_before == 0:
        return before
    if at_here == 0:
        return here
    if (at_before < 0) == (at_here < 0):
        raise ValueError(f"one sign at {low:g} and {high:g}")
    across = at_across = step = last = 0.0
    for _ in range(_STEPS):
        if at_before != 0 and at_here != 0 and (at_before < 0) != (at_here < 0):
            across, at_across = before, at_before
            last = step = here - before
        if abs(at_across) < abs(at_here):
            before, here, across = here, across, here
            at_before, at_here, at_across = at_here, at_across, at_here
        near = (_PRECISION + _RELATIVE * abs(here)) / 2
        half = (across - here) / 2
        if at_here == 0 or abs(half) < near:
            return here
        if abs(last) > near and abs(at_here) < abs(at_before):
            if before == across:
                tried = -at_here * (here - before) / (at_here - at_before)
            else:
                one = (at_before - at_here) / (before - here)
                other = (at_across - at_here) / (across - here)
                tried = (
                    -at_here
                    * (at_across * other - at_before * one)
                    / (other * one * (at_across - at_before))
                )
            if 2 * abs(tried) < min(abs(last), 3 * abs(half) - near):
                last, step = step, tried
            else:
                last = step = half
        else:
            last = step = half
        before, at_before = here, at_here
        if abs(step) > near:
            here += step
        else:
            here += near if half > 0 else -near
        at_here = function(here)
    raise ArithmeticError(f"no root within {_STEPS} steps, {here!r} at last")
