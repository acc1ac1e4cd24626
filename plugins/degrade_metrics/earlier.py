"""Where in its document an n-gram stood before: what windows of any length are counted from."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from degrade.compiled import kernel
from degrade.text.once import once
from degrade_metrics.naming import slots_for

_ONE = np.uint64(1)


@kernel
def _places_before(
    symbols: NDArray[np.uint64], bounds: NDArray[np.int64], n: int
) -> NDArray[np.int32]:
    before = np.empty(len(symbols), dtype=np.int32)
    longest = 0
    for document in range(len(bounds) - 1):
        longest = max(longest, bounds[document + 1] - bounds[document])
    # Never cleared: what is below the first place of a document was left by those before it.
    last = np.full(slots_for(2 * longest), -1, dtype=np.int32)
    # The mark that is looked for, and then those of the document. A slot that is free leads to the
    # former, so that one comparison finds what is new and what was there: which it is cannot be
    # foretold, and a branch on it would be mistaken at every other word.
    marks = np.empty(longest + 1, dtype=np.uint64)
    for document in range(len(bounds) - 1):
        first = bounds[document]
        own = symbols[first : bounds[document + 1]]
        found = before[first : bounds[document + 1]]
        count = max(0, len(own) - n + 1)
        wrap = np.uint64(slots_for(2 * len(own)) - 1)
        ahead = marks[1:]
        for i in range(count):
            ahead[i] = own[i]
        for k in range(1, n):
            later = own[k:]
            for i in range(count):
                # A rotation apart, so that the order of symbols counts.
                ahead[i] = (ahead[i] << np.uint64(13) | ahead[i] >> np.uint64(51)) ^ later[i]
        below = np.int32(first - 1)
        for i in range(count):
            mark = ahead[i]
            marks[0] = mark
            slot = (mark ^ mark >> np.uint64(32)) & wrap
            while True:
                place = np.uint64(max(last[slot] - below, 0))
                if marks[place] == mark:
                    k = n if n == 1 or place == 0 else 0
                    while k < n and own[place + np.uint64(k) - _ONE] == own[i + k]:
                        k += 1
                    if k == n:
                        break
                slot = (slot + _ONE) & wrap
            found[i] = np.int32(place) - 1
            last[slot] = first + i
        found[count:] = -1
    return before


def places_before(
    symbols: NDArray[np.uint64], bounds: NDArray[np.int64], n: int
) -> NDArray[np.int32]:
    """Return for each n-gram the place where it last began before, from its document's start.

    -1 if it has not been there, and where no n-gram begins; shape (symbols,). N-grams are compared
    symbol by symbol. Found once for all windows that a batch is looked at in.
    """
    return once(symbols, ("places before", n), _places_before, symbols, bounds, n)
