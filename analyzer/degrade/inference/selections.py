"""Selections of whole groups that pass the matched size, which statistics are averaged over."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

from degrade.errors import UndefinedMetricError
from degrade.view import STARTS


@dataclass(frozen=True, slots=True)
class Passing:
    """Groups in a row, as bit sets: below the matched size, and with the next group above it.

    ``share`` is how far the matched size lies from the one to the other, in log tokens; ``below``
    is 0 where the first group is larger than the matched size.
    """

    below: int
    above: int
    share: float


@lru_cache(maxsize=1024)
def passing(
    sizes: tuple[int, ...], tokens: float, left_out: int | None = None
) -> tuple[Passing, ...]:
    """Return selections of groups of these ``sizes`` that pass ``tokens``, one group left out.

    From 8 evenly spaced starts in the cyclic order of groups, or as many as give selections that
    have no group in common, if those are more. Raises UndefinedMetricError where text is too
    little.
    """
    groups = len(sizes)
    # A group is left out and selections end within one, so each takes two more than it draws.
    taken = math.ceil(tokens * groups / sum(sizes)) + 2
    starts = max(STARTS, groups // taken)
    return tuple(
        _from(start * groups // starts, sizes, tokens, left_out) for start in range(starts)
    )


def _from(first: int, sizes: tuple[int, ...], tokens: float, left_out: int | None) -> Passing:
    groups = len(sizes)
    selected = sofar = 0
    for g in (*range(first, groups), *range(first)):
        size = sizes[g]
        if g == left_out or not size:
            continue
        if sofar + size > tokens:
            above = selected | 1 << g
            if not sofar:
                return Passing(0, above, 1.0)
            share = math.log(tokens / sofar) / math.log((sofar + size) / sofar)
            return Passing(selected, above, share)
        selected |= 1 << g
        sofar += size
    raise UndefinedMetricError("too little text for a selection of groups")
