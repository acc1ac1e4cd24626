"""Compiled loops over the entries of a census, one n-gram after the other.

In all of them ``keys`` are sorted, entries whose position code is above ``limit`` are passed over,
and groups are folded to ``groups``, a power of two of at most 64.
"""

import numpy as np
from numpy.typing import NDArray

from degrade.census.bit_sets import lowest
from degrade.census.keys import GROUP_BITS, GROUP_MASK, HASH_SHIFT, POSITION_MASK
from degrade.compiled import kernel

_POSITION_SHIFT = np.uint64(GROUP_BITS)
_ONE = np.uint64(1)


@kernel
def presence(
    keys: NDArray[np.uint64], limit: np.uint64, groups: int
) -> tuple[NDArray[np.uint64], NDArray[np.uint64], NDArray[np.int64]]:
    """Return each n-gram's hash, the bit set of groups that hold it, and each entry's n-gram.

    An entry passed over has the n-gram -1.
    """
    hashes = np.empty(len(keys), dtype=np.uint64)
    masks = np.empty(len(keys), dtype=np.uint64)
    owners = np.empty(len(keys), dtype=np.int64)
    fold = np.uint64(groups - 1)
    types = 0
    for i in range(len(keys)):
        key = keys[i]
        if ((key >> _POSITION_SHIFT) & POSITION_MASK) > limit:
            owners[i] = -1
            continue
        hashed = key >> HASH_SHIFT
        if types == 0 or hashes[types - 1] != hashed:
            hashes[types] = hashed
            masks[types] = 0
            types += 1
        masks[types - 1] |= _ONE << (key & GROUP_MASK & fold)
        owners[i] = types - 1
    return hashes[:types].copy(), masks[:types].copy(), owners


@kernel
def by_group(
    keys: NDArray[np.uint64],
    weights: NDArray[np.unsignedinteger],
    owners: NDArray[np.int64],
    masks: NDArray[np.uint64],
    groups: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return the weight of each n-gram in each group that holds it, one group after the other.

    Group g holds the n-grams ``owner[starts[g]:starts[g + 1]]`` with ``sums`` likewise; a weight
    of 0 stays (n-grams that documents of the group hold, but first held under another length).
    """
    fold = np.uint64(groups - 1)
    sizes = np.zeros(groups + 1, dtype=np.int64)
    for t in range(len(masks)):
        mask = masks[t]
        while mask != 0:
            sizes[lowest(mask) + 1] += 1
            mask &= mask - _ONE
    starts = np.cumsum(sizes)
    ends = starts[:-1].copy()
    owner = np.empty(starts[-1], dtype=np.int64)
    sums = np.zeros(starts[-1], dtype=np.int64)
    row = np.zeros(groups, dtype=np.int64)
    i = 0
    for t in range(len(masks)):
        while i < len(keys) and owners[i] <= t:
            if owners[i] == t:
                row[np.int64(keys[i] & GROUP_MASK & fold)] += np.int64(weights[i])
            i += 1
        mask = masks[t]
        while mask != 0:
            g = lowest(mask)
            mask &= mask - _ONE
            owner[ends[g]] = t
            sums[ends[g]] = row[g]
            ends[g] += 1
            row[g] = 0
    return starts, owner, sums


@kernel
def cross_products(
    keys: NDArray[np.uint64],
    weights: NDArray[np.unsignedinteger],
    owners: NDArray[np.int64],
    groups: int,
) -> NDArray[np.float64]:
    """Return the sum over n-grams of weight in group g times weight in group h, (groups, groups).

    Double precision: whole numbers up to 2**53 are exact.
    """
    fold = np.uint64(groups - 1)
    products = np.zeros((groups, groups), dtype=np.float64)
    row = np.zeros(groups, dtype=np.float64)
    touched = np.zeros(groups, dtype=np.int64)
    count = 0
    current = np.int64(-1)
    for i in range(len(keys) + 1):
        if i < len(keys) and owners[i] < 0:
            continue
        if i == len(keys) or owners[i] != current:
            for a in range(count):
                for b in range(count):
                    products[touched[a], touched[b]] += row[touched[a]] * row[touched[b]]
            for a in range(count):
                row[touched[a]] = 0.0
            count = 0
            if i == len(keys):
                break
            current = owners[i]
        if weights[i] > 0:
            group = np.int64(keys[i] & GROUP_MASK & fold)
            if row[group] == 0.0:
                touched[count] = group
                count += 1
            row[group] += weights[i]
    return products


@kernel
def single_occurrences(
    owner: NDArray[np.int64],
    sums: NDArray[np.int64],
    starts: NDArray[np.int64],
    masks: NDArray[np.uint64],
    selected: np.uint64,
    groups: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return, by incidence d, in how many groups n-grams of that incidence occur exactly once.

    The first array, (groups + 1,), is of all n-grams; the second, (groups, groups + 1), of those in
    each group; the third of those in each group, the single occurrences of that group left out.
    """
    single = np.zeros(len(masks), dtype=np.int64)
    spread = np.zeros(len(masks), dtype=np.int64)
    for g in range(groups):
        if (selected >> np.uint64(g)) & _ONE:
            for i in range(starts[g], starts[g + 1]):
                single[owner[i]] += sums[i] == 1
                spread[owner[i]] += 1
    total = np.zeros(groups + 1, dtype=np.int64)
    within = np.zeros((groups, groups + 1), dtype=np.int64)
    without = np.zeros((groups, groups + 1), dtype=np.int64)
    for t in range(len(masks)):
        total[spread[t]] += single[t]
    for g in range(groups):
        if (selected >> np.uint64(g)) & _ONE:
            for i in range(starts[g], starts[g + 1]):
                t = owner[i]
                within[g, spread[t]] += single[t]
                without[g, spread[t]] += single[t] - (sums[i] == 1)
    return total, within, without


@kernel
def frequencies(
    owner: NDArray[np.int64],
    sums: NDArray[np.int64],
    starts: NDArray[np.int64],
    selected: np.uint64,
    out: NDArray[np.int64],
) -> None:
    """Add the total weight of each n-gram in the selected groups to ``out``, (types,)."""
    for g in range(len(starts) - 1):
        if (selected >> np.uint64(g)) & _ONE:
            for i in range(starts[g], starts[g + 1]):
                out[owner[i]] += sums[i]


@kernel
def move(
    owner: NDArray[np.int64],
    sums: NDArray[np.int64],
    starts: NDArray[np.int64],
    joining: np.uint64,
    leaving: np.uint64,
    frequencies: NDArray[np.int64],
    spectrum: NDArray[np.int64],
) -> None:
    """Add the weights of groups ``joining`` to ``frequencies``, and take off those ``leaving``.

    ``spectrum[m]`` is the number of n-grams of frequency m, in its last place of that or more. Both
    are changed.
    """
    most = len(spectrum) - 1
    for g in range(len(starts) - 1):
        joins = (joining >> np.uint64(g)) & _ONE
        if not joins and not (leaving >> np.uint64(g)) & _ONE:
            continue
        for i in range(starts[g], starts[g + 1]):
            t = owner[i]
            before = frequencies[t]
            after = before + sums[i] if joins else before - sums[i]
            frequencies[t] = after
            spectrum[min(before, most)] -= 1
            spectrum[min(after, most)] += 1


@kernel
def spread(
    owner: NDArray[np.int64],
    sums: NDArray[np.int64],
    starts: NDArray[np.int64],
    sizes: NDArray[np.int64],
    types: int,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return each n-gram's total weight, and the sum of its squared weights over group sizes.

    Shape (types,) each; groups of size 0 count as of 1.
    """
    totals = np.zeros(types, dtype=np.float64)
    squares = np.zeros(types, dtype=np.float64)
    for g in range(len(starts) - 1):
        size = float(max(1, sizes[g]))
        for i in range(starts[g], starts[g + 1]):
            weight = float(sums[i])
            totals[owner[i]] += weight
            squares[owner[i]] += weight * weight / size
    return totals, squares
