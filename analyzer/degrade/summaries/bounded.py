"""Keeping what has the smallest hashes, so that what is kept does not depend on the order."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def kept_below(hashes: NDArray[np.uint64], capacity: int, bound: int) -> tuple[int, int]:
    """Return how many entries to keep, and the bound that lies below all that are dropped.

    ``hashes``, sorted, are those of entries of which all below ``bound`` are there. Kept are
    entries of the smallest hashes, at most ``capacity``, and all of a hash or none of it. The new
    bound is the smallest hash up to which there are more than ``capacity`` entries: a function of
    the entries alone, and never above that of a part of them, so merging is exact.
    """
    end = int(np.searchsorted(hashes, np.uint64(bound))) if bound < 1 << 64 else len(hashes)
    if end <= capacity:
        return end, bound
    bound = int(hashes[capacity])
    return int(np.searchsorted(hashes, np.uint64(bound))), bound
