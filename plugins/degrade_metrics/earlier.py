"""Where in its document an n-gram stood before: what windows of any length are counted from."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from degrade.compiled import kernel
from degrade.text.once import once


@kernel
def _places_before(
    symbols: NDArray[np.uint64], bounds: NDArray[np.int64], n: int
) -> NDArray[np.int32]:
    before = np.empty(len(symbols), dtype=np.int32)
    longest = 0
    for document in range(len(bounds) - 1):
        longest = max(longest, bounds[document + 1] - bounds[document])
    slots = 2
    while slots < 2 * longest:
        slots *= 2
    last = np.empty(slots, dtype=np.int32)
    for document in range(len(bounds) - 1):
        first = bounds[document]
        length = bounds[document + 1] - first
        slots = 2
        while slots < 2 * length:
            slots *= 2
        last[:slots] = -1
        wrap = np.uint64(slots - 1)
        before[first + max(0, length - n + 1) : first + length] = -1
        for i in range(length - n + 1):
            mark = symbols[first + i]
            for k in range(1, n):
                # A rotation apart, so that the order of symbols counts.
                mark = (mark << np.uint64(13) | mark >> np.uint64(51)) ^ symbols[first + i + k]
            slot = (mark ^ mark >> np.uint64(32)) & wrap
            while last[slot] >= 0:
                known = first + np.int64(last[slot])
                k = 0
                while k < n and symbols[known + k] == symbols[first + i + k]:
                    k += 1
                if k == n:
                    break
                slot = (slot + np.uint64(1)) & wrap
            before[first + i] = last[slot]
            last[slot] = i
    return before


def places_before(
    symbols: NDArray[np.uint64], bounds: NDArray[np.int64], n: int
) -> NDArray[np.int32]:
    """Return for each n-gram the place where it last began before, from its document's start.

    -1 if it has not been there, and where no n-gram begins; shape (symbols,). N-grams are compared
    symbol by symbol. Found once for all windows that a batch is looked at in.
    """
    return once(symbols, ("places before", n), _places_before, symbols, bounds, n)
