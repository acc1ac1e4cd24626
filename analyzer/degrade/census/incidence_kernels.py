"""Compiled loops over the bit sets of groups that hold each n-gram.

``counts`` says for how many n-grams each bit set stands: n-grams of the same groups are alike.
"""

import numpy as np
from numpy.typing import NDArray

from degrade.census.bit_sets import size_of
from degrade.compiled import kernel
from degrade.text.instructions import first_bit

_ONE = np.uint64(1)
_BYTE = np.uint64(0xFF)


@kernel
def incidence(
    masks: NDArray[np.uint64], counts: NDArray[np.int64], groups: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return how many n-grams are in d groups, and of these in each group.

    Shapes (groups + 1,) and (groups, groups + 1).
    """
    total = np.zeros(groups + 1, dtype=np.int64)
    within = np.zeros((groups, groups + 1), dtype=np.int64)
    for t in range(len(masks)):
        mask = masks[t]
        d = size_of(mask)
        total[d] += counts[t]
        while mask:
            within[np.uint64(first_bit(mask)), d] += counts[t]
            mask &= mask - _ONE
    return total, within


@kernel
def joint_incidence(
    masks_a: NDArray[np.uint64],
    masks_b: NDArray[np.uint64],
    counts: NDArray[np.int64],
    groups_a: int,
    groups_b: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return how many n-grams are in d groups of a and e of b, for n-grams that a holds.

    ``masks_a[t]`` and ``masks_b[t]`` are of the same n-grams. The first table is of all,
    (groups_a + 1, groups_b + 1); the second of those in each group of a and the third of those in
    each group of b, with the group in front.
    """
    shape = (groups_a + 1, groups_b + 1)
    total = np.zeros(shape, dtype=np.int64)
    within_a = np.zeros((groups_a, *shape), dtype=np.int64)
    within_b = np.zeros((groups_b, *shape), dtype=np.int64)
    for t in range(len(masks_a)):
        a, b = masks_a[t], masks_b[t]
        if a == 0:
            continue
        d, e, count = size_of(a), size_of(b), counts[t]
        total[d, e] += count
        while a:
            within_a[np.uint64(first_bit(a)), d, e] += count
            a &= a - _ONE
        while b:
            within_b[np.uint64(first_bit(b)), d, e] += count
            b &= b - _ONE
    return total, within_a, within_b


@kernel
def regions(
    masks_a: NDArray[np.uint64],
    masks_b: NDArray[np.uint64],
    counts: NDArray[np.int64],
    groups: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return in how many groups n-grams are in a alone, in b alone and in both, for those of a.

    The distinct triples of these numbers, (regions, 3); how many n-grams have each, (regions,); and
    how many of these have a group in the first, second and third region, (3, groups, regions).
    """
    side = groups + 1
    place = np.full(side * side * side, -1, dtype=np.int64)
    of = np.full(len(masks_a), -1, dtype=np.int64)
    distinct = 0
    for t in range(len(masks_a)):
        if masks_a[t] == 0:
            continue
        both = masks_a[t] & masks_b[t]
        a, b = int(size_of(masks_a[t] ^ both)), int(size_of(masks_b[t] ^ both))
        at = (a * side + b) * side + int(size_of(both))
        if place[at] < 0:
            place[at] = distinct
            distinct += 1
        of[t] = place[at]
    triples = np.zeros((distinct, 3), dtype=np.int64)
    for at in range(len(place)):
        if place[at] >= 0:
            triples[place[at], 0] = at // side // side
            triples[place[at], 1] = at // side % side
            triples[place[at], 2] = at % side
    total = np.zeros(distinct, dtype=np.int64)
    within = np.zeros((3, groups, distinct), dtype=np.int64)
    for t in range(len(masks_a)):
        if of[t] < 0:
            continue
        total[of[t]] += counts[t]
        both = masks_a[t] & masks_b[t]
        alone_a, alone_b = masks_a[t] ^ both, masks_b[t] ^ both
        while alone_a:
            within[0, np.uint64(first_bit(alone_a)), of[t]] += counts[t]
            alone_a &= alone_a - _ONE
        while alone_b:
            within[1, np.uint64(first_bit(alone_b)), of[t]] += counts[t]
            alone_b &= alone_b - _ONE
        while both:
            within[2, np.uint64(first_bit(both)), of[t]] += counts[t]
            both &= both - _ONE
    return triples, total, within


@kernel
def masks_at(
    hashes_a: NDArray[np.uint64], hashes_b: NDArray[np.uint64], masks_b: NDArray[np.uint64]
) -> NDArray[np.uint64]:
    """Return the bit sets of b for the n-grams of a, in their order; 0 where b has none.

    Both arrays of hashes are sorted.
    """
    out = np.zeros(len(hashes_a), dtype=np.uint64)
    j = 0
    for i in range(len(hashes_a)):
        while j < len(hashes_b) and hashes_b[j] < hashes_a[i]:
            j += 1
        if j < len(hashes_b) and hashes_b[j] == hashes_a[i]:
            out[i] = masks_b[j]
    return out


@kernel
def regrouped(masks: NDArray[np.uint64], place: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Return the bit sets with group g called ``place[g]``, and without it where that is < 0."""
    # By bytes: what each of the 256 values of each of the 8 bytes becomes.
    becomes = np.zeros((8, 256), dtype=np.uint64)
    for byte in range(8):
        for bit in range(8):
            new = place[8 * byte + bit]
            if new >= 0:
                for value in range(256):
                    if (value >> bit) & 1:
                        becomes[byte, value] |= _ONE << np.uint64(new)
    out = np.empty(len(masks), dtype=np.uint64)
    for t in range(len(masks)):
        mask = masks[t]
        new_mask = np.uint64(0)
        for byte in range(8):
            new_mask |= becomes[byte, np.int64((mask >> np.uint64(8 * byte)) & _BYTE)]
        out[t] = new_mask
    return out


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
