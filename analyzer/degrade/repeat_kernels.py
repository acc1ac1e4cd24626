"""Where n-grams stood before, and stretches that say themselves again, in one pass."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from degrade.compiled import kernel

_DRAWERS, _RING = 1_024, 256


@kernel
def said_before(
    hashes: NDArray[np.uint64], starts: NDArray[np.int64], farthest: int
) -> NDArray[np.int64]:
    """Return how many symbols before each n-gram it stood last in its document, 0 if nowhere.

    ``starts`` are their first symbols; between documents these do not go up by one. No further
    back than ``farthest``, below 256, is looked.
    """
    back = np.zeros(len(hashes), dtype=np.int64)
    latest = np.full(_DRAWERS, -1, dtype=np.int64)
    # The one before each in its drawer; by then overwritten ones are too far back to be asked for.
    earlier = np.full(_RING, -1, dtype=np.int64)
    first = 0
    for i in range(len(hashes)):
        if i and starts[i] != starts[i - 1] + 1:
            first = i
        drawer = np.int64(hashes[i] & np.uint64(_DRAWERS - 1))
        j = latest[drawer]
        while j >= first and i - j <= farthest:
            if hashes[j] == hashes[i]:
                back[i] = i - j
                break
            j = earlier[j & (_RING - 1)]
        earlier[i & (_RING - 1)] = latest[drawer]
        latest[drawer] = i
    return back


@kernel
def running(
    symbols: NDArray[np.uint64],
    bounds: NDArray[np.int64],
    starts: NDArray[np.int64],
    back: NDArray[np.int64],
    times: int,
    fewest: int,
) -> NDArray[np.int64]:
    """Return the phrases said ``times`` times running or more, of ``fewest`` symbols in all.

    ``back`` says how many symbols before the n-grams at ``starts``, in order, stood last: each such
    distance is tried as the length of a phrase. Rows are (document, first symbol said again, how
    many are, length of the phrase).
    """
    found = np.empty((len(starts), 4), dtype=np.int64)
    # How far each distance was followed, so that no stretch is followed twice.
    farthest = 0
    for distance in back:
        farthest = max(farthest, distance)
    reached = np.zeros(farthest + 1, dtype=np.int64)
    document = count = 0
    for k in range(len(starts)):
        at, length = starts[k], back[k]
        while at >= bounds[document + 1]:
            document += 1
        if not length or at < reached[length]:
            continue
        first, stop = at, at
        while (
            first - 1 - length >= bounds[document]
            and symbols[first - 1] == symbols[first - 1 - length]
        ):
            first -= 1
        while stop < bounds[document + 1] and symbols[stop] == symbols[stop - length]:
            stop += 1
        reached[length] = stop
        again = stop - first
        if again >= (times - 1) * length and again + length >= fewest:
            found[count] = document, first, again, length
            count += 1
    return found[:count].copy()
