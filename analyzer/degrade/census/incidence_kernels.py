"""Compiled loops over the bit sets of groups that hold each n-gram."""

import numpy as np
from numpy.typing import NDArray

from degrade.compiled import kernel

_ONE = np.uint64(1)
_EIGHT = np.uint64(8)
_BYTE = np.uint64(0xFF)


@kernel
def incidence(
    masks: NDArray[np.uint64], selected: np.uint64, groups: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return how many n-grams are in d of the selected groups, and of these in each group.

    Shapes (groups + 1,) and (groups, groups + 1).
    """
    total = np.zeros(groups + 1, dtype=np.int64)
    within = np.zeros((groups, groups + 1), dtype=np.int64)
    held = np.zeros(groups, dtype=np.int64)
    for t in range(len(masks)):
        mask = masks[t] & selected
        d = 0
        g = 0
        while mask != 0:
            if mask & _BYTE == 0:
                # Most n-grams are in one group: skip the empty ones eight at a time.
                mask >>= _EIGHT
                g += 8
                continue
            if mask & _ONE:
                held[d] = g
                d += 1
            mask >>= _ONE
            g += 1
        total[d] += 1
        for i in range(d):
            within[held[i], d] += 1
    return total, within


@kernel
def joint_incidence(
    hashes_a: NDArray[np.uint64],
    masks_a: NDArray[np.uint64],
    selected_a: np.uint64,
    groups_a: int,
    hashes_b: NDArray[np.uint64],
    masks_b: NDArray[np.uint64],
    selected_b: np.uint64,
    groups_b: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return how many n-grams are in d groups of a and e of b, for n-grams that a holds.

    The first table is of all, (groups_a + 1, groups_b + 1); the second of those in each group of a
    and the third of those in each group of b, with the group in front; the fourth, for paired
    corpora, of those in the same group of both.
    """
    shape = (groups_a + 1, groups_b + 1)
    total = np.zeros(shape, dtype=np.int64)
    within_a = np.zeros((groups_a, *shape), dtype=np.int64)
    within_b = np.zeros((groups_b, *shape), dtype=np.int64)
    within_both = np.zeros((groups_a, *shape), dtype=np.int64)
    held_a = np.zeros(groups_a, dtype=np.int64)
    held_b = np.zeros(groups_b, dtype=np.int64)
    j = 0
    for i in range(len(hashes_a)):
        mask_a = masks_a[i] & selected_a
        if mask_a == 0:
            continue
        hashed = hashes_a[i]
        while j < len(hashes_b) and hashes_b[j] < hashed:
            j += 1
        mask_b = np.uint64(0)
        if j < len(hashes_b) and hashes_b[j] == hashed:
            mask_b = masks_b[j] & selected_b
        both = mask_a & mask_b
        d = 0
        g = 0
        while mask_a != 0:
            if mask_a & _BYTE == 0:
                mask_a >>= _EIGHT
                g += 8
                continue
            if mask_a & _ONE:
                held_a[d] = g
                d += 1
            mask_a >>= _ONE
            g += 1
        e = 0
        g = 0
        while mask_b != 0:
            if mask_b & _BYTE == 0:
                mask_b >>= _EIGHT
                g += 8
                continue
            if mask_b & _ONE:
                held_b[e] = g
                e += 1
            mask_b >>= _ONE
            g += 1
        total[d, e] += 1
        for k in range(d):
            within_a[held_a[k], d, e] += 1
            if (both >> np.uint64(held_a[k])) & _ONE:
                within_both[held_a[k], d, e] += 1
        for k in range(e):
            within_b[held_b[k], d, e] += 1
    return total, within_a, within_b, within_both


@kernel
def aligned(
    hashes_a: NDArray[np.uint64], hashes_b: NDArray[np.uint64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], int]:
    """Return where the elements of two sorted arrays stand in their union, and its size."""
    place_a = np.empty(len(hashes_a), dtype=np.int64)
    place_b = np.empty(len(hashes_b), dtype=np.int64)
    i = 0
    j = 0
    size = 0
    while i < len(hashes_a) or j < len(hashes_b):
        take_a = j == len(hashes_b) or (i < len(hashes_a) and hashes_a[i] <= hashes_b[j])
        take_b = i == len(hashes_a) or (j < len(hashes_b) and hashes_b[j] <= hashes_a[i])
        if take_a:
            place_a[i] = size
            i += 1
        if take_b:
            place_b[j] = size
            j += 1
        size += 1
    return place_a, place_b, size
