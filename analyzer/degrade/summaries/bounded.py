"""Keeping what has the smallest hashes, so that what is kept does not depend on the order."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from degrade.compiled import kernel

HEAVY = 64
"""Times the documents of the median text from which one weighs too much for a sample of texts to
stand for all."""
CLEAR = 5.0
"""Errors by which what light texts account for falls short before heavy ones are taken to exist."""


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


def placed(
    hashes: NDArray[np.uint64], more: NDArray[np.uint64]
) -> tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.int64]]:
    """Return the union of ``hashes``, all different, in order, and ``more``; and where they are.

    Faster than sorting all where ``more`` are few.
    """
    order = np.argsort(more, kind="stable")
    every, mine, sorted_places = _united(hashes, more[order])
    theirs = np.empty_like(sorted_places)
    theirs[order] = sorted_places
    return every, mine, theirs


@kernel
def _united(
    hashes: NDArray[np.uint64], more: NDArray[np.uint64]
) -> tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.int64]]:
    every = np.empty(len(hashes) + len(more), dtype=np.uint64)
    mine = np.empty(len(hashes), dtype=np.int64)
    theirs = np.empty(len(more), dtype=np.int64)
    i = j = found = 0
    while i < len(hashes) or j < len(more):
        if j == len(more) or (i < len(hashes) and hashes[i] <= more[j]):
            every[found], mine[i] = hashes[i], found
            i += 1
        else:
            every[found] = more[j]
        while j < len(more) and more[j] == every[found]:
            theirs[j] = found
            j += 1
        found += 1
    return every[:found], mine, theirs


@kernel
def counted(keys: NDArray[np.uint64]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Return the different ones of sorted keys, and how often each is among them."""
    different = np.empty(len(keys), dtype=np.uint64)
    counts = np.empty(len(keys), dtype=np.int64)
    found = 0
    for i in range(len(keys)):
        if i and keys[i] == keys[i - 1]:
            counts[found - 1] += 1
        else:
            different[found], counts[found] = keys[i], 1
            found += 1
    return different[:found].copy(), counts[:found].copy()


@kernel
def summed(
    keys: NDArray[np.uint64],
    counts: NDArray[np.int64],
    more_keys: NDArray[np.uint64],
    more_counts: NDArray[np.int64],
) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Return the sum of two tables, of which each has different keys in order."""
    room = len(keys) + len(more_keys)
    every, sums = np.empty(room, dtype=np.uint64), np.empty(room, dtype=np.int64)
    i = j = found = 0
    while i < len(keys) or j < len(more_keys):
        mine = j == len(more_keys) or (i < len(keys) and keys[i] <= more_keys[j])
        theirs = i == len(keys) or (j < len(more_keys) and more_keys[j] <= keys[i])
        every[found] = keys[i] if mine else more_keys[j]
        sums[found] = 0
        if mine:
            sums[found] += counts[i]
            i += 1
        if theirs:
            sums[found] += more_counts[j]
            j += 1
        found += 1
    return every[:found], sums[:found]
