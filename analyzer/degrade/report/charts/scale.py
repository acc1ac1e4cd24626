"""From values to places, and where the ticks of an axis stand."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_ROUND = (1.0, 2.0, 5.0)
_FARTHEST, _WIDEST = 1e150, 1e30
"""What lies beyond stands at the end: numbers of a run file may be any that there are."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Values from ``low`` to ``high`` onto places from ``start`` to ``end``."""

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def __call__(self, value: float) -> float:
        """Return the place of ``value``; what lies outside stands at the end."""
        low, high, at = self.low, self.high, min(max(value, self.low), self.high)
        if self.log:
            low, high, at = math.log(low), math.log(high), math.log(at)
        return self.start + (at - low) / (high - low) * (self.end - self.start)

    def holds(self, value: float) -> bool:
        """Return whether ``value`` is neither below nor above."""
        return self.low <= value <= self.high


def scale_over(
    values: Sequence[float], start: float, end: float, *, log: bool = False, padded: float = 0.0
) -> Scale:
    """Return a scale that holds all ``values``, with a share of its length to spare at both ends.

    Values on a logarithmic scale are above 0; without any values it runs from 1 to 10.
    """
    low, high = (min(values), max(values)) if values else (1.0, 10.0)
    if log:
        high = min(max(high, 1 / _FARTHEST), _FARTHEST)
        low = min(max(low, high / _WIDEST), high)
        if high / low < 1.05:
            low, high = low / 1.5, high * 1.5
        spare = (high / low) ** padded
        return Scale(low / spare, high * spare, start, end, log=True)
    low, high = (min(max(each, -_FARTHEST), _FARTHEST) for each in (low, high))
    if high - low <= max(1e-9 * max(abs(low), abs(high)), 1 / _FARTHEST):
        room = max(abs(high), abs(low))
        room = room if room > 1 / _FARTHEST else 1.0
        low, high = low - room / 2, high + room / 2
    spare = (high - low) * padded
    return Scale(low - spare, high + spare, start, end)


def ticks(scale: Scale, most: int) -> list[float]:
    """Return at most ``most`` round values within ``scale``, ascending."""
    return _log_ticks(scale, most) if scale.log else _linear_ticks(scale, most)


def _linear_ticks(scale: Scale, most: int) -> list[float]:
    span = scale.high - scale.low
    magnitude = 10.0 ** math.floor(math.log10(span / most))
    step = next(size for size in (s * magnitude for s in _STEPS) if span / size <= most)
    first, last = math.ceil(scale.low / step - 1e-9), math.floor(scale.high / step + 1e-9)
    # Multiples of whole numbers, so that no error adds up.
    return [float(f"{number * step:.12g}") for number in range(first, last + 1)]


def _log_ticks(scale: Scale, most: int) -> list[float]:
    first, last = math.floor(math.log10(scale.low)), math.ceil(math.log10(scale.high))
    powers = [power for power in range(first, last + 1) if scale.holds(10.0**power)]
    if len(powers) >= 2:
        every = -(-len(powers) // most)
        return [10.0**power for power in powers[::every]]
    fine = [
        float(f"{digit * 10.0**power:.6g}")
        for power in range(first, last + 1)
        for digit in _ROUND
        if scale.holds(digit * 10.0**power)
    ]
    return fine if len(fine) >= 2 else _linear_ticks(Scale(scale.low, scale.high, 0, 1), most)


def spread(places: Sequence[float], least: float) -> list[int]:
    """Return which of ascending ``places`` can be labelled ``least`` apart, the last among them."""
    if not places:
        return []
    narrowest = min((b - a for a, b in pairwise(places)), default=least)
    every = max(1, math.ceil(least / max(narrowest, 1e-6)))
    return sorted(range(len(places) - 1, -1, -every))
