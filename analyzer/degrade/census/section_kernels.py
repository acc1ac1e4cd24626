"""Compiled loops over the entries of a census, one n-gram after the other.

In all of them ``keys`` are sorted, entries whose position code is above ``limit`` are passed over,
and groups are folded to ``groups``, a power of two of at most 64.
"""

import numpy as np
from numpy.typing import NDArray

from degrade.census.keys import GROUP_BITS, GROUP_MASK, HASH_SHIFT, POSITION_MASK
from degrade.compiled import kernel
from degrade.text.instructions import first_bit

_POSITION_SHIFT = np.uint64(GROUP_BITS)
_ONE = np.uint64(1)
_NO_HASH = np.uint64(1 << 63)
"""Above all hashes, which are of 54 bits."""


@kernel
def presence(
    keys: NDArray[np.uint64], limit: np.uint64, groups: int
) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Return each n-gram's hash, and the bit set of groups that hold it."""
    # Room for all: what is left over at the end is never touched, and so takes no memory.
    hashes = np.empty(len(keys), dtype=np.uint64)
    masks = np.empty(len(keys), dtype=np.uint64)
    fold = np.uint64(groups - 1) & GROUP_MASK
    types = 0
    last = _NO_HASH
    mask = np.uint64(0)
    for key in keys:
        if ((key >> _POSITION_SHIFT) & POSITION_MASK) > limit:
            continue
        hashed = key >> HASH_SHIFT
        if hashed != last:
            last = hashed
            hashes[types] = hashed
            types += 1
            mask = np.uint64(0)
        mask |= _ONE << (key & fold)
        masks[types - 1] = mask
    return hashes[:types], masks[:types]


@kernel
def totals(
    keys: NDArray[np.uint64], weights: NDArray[np.unsignedinteger], limit: np.uint64, groups: int
) -> NDArray[np.int64]:
    """Return the total weight in each group, (groups,)."""
    fold = np.uint64(groups - 1) & GROUP_MASK
    sums = np.zeros(groups, dtype=np.int64)
    for i in range(len(keys)):
        if ((keys[i] >> _POSITION_SHIFT) & POSITION_MASK) <= limit:
            sums[np.int64(keys[i] & fold)] += np.int64(weights[i])
    return sums


@kernel
def by_group(
    keys: NDArray[np.uint64],
    weights: NDArray[np.unsignedinteger],
    limit: np.uint64,
    hashes: NDArray[np.uint64],
    masks: NDArray[np.uint64],
    groups: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return the weight of each n-gram in each group that holds it, one group after the other.

    ``hashes`` and ``masks`` are those of ``presence``. Group g holds the n-grams
    ``owner[starts[g]:starts[g + 1]]`` with ``sums`` likewise; a weight of 0 stays (n-grams that
    documents of the group hold, but first held under another length).
    """
    fold = np.uint64(groups - 1) & GROUP_MASK
    starts = np.zeros(groups + 1, dtype=np.int64)
    for t in range(len(masks)):
        mask = masks[t]
        while mask != 0:
            starts[first_bit(mask) + 1] += 1
            mask &= mask - _ONE
    # Not np.cumsum: to load a kernel with it takes longer than most others together.
    for i in range(groups):
        starts[i + 1] += starts[i]
    ends = starts[:-1].copy()
    owner = np.empty(starts[-1], dtype=np.int64)
    sums = np.zeros(starts[-1], dtype=np.int64)
    row = np.zeros(groups, dtype=np.int64)
    i = 0
    for t in range(len(masks)):
        while i < len(keys) and keys[i] >> HASH_SHIFT <= hashes[t]:
            near = ((keys[i] >> _POSITION_SHIFT) & POSITION_MASK) <= limit
            if near and keys[i] >> HASH_SHIFT == hashes[t]:
                row[np.int64(keys[i] & fold)] += np.int64(weights[i])
            i += 1
        mask = masks[t]
        while mask != 0:
            g = first_bit(mask)
            mask &= mask - _ONE
            owner[ends[g]] = t
            sums[ends[g]] = row[g]
            ends[g] += 1
            row[g] = 0
    return starts, owner, sums


@kernel
def cross_products(
    keys: NDArray[np.uint64], weights: NDArray[np.unsignedinteger], limit: np.uint64, groups: int
) -> NDArray[np.float64]:
    """Return the sum over n-grams of weight in group g times weight in group h, (groups, groups).

    Double precision: whole numbers up to 2**53 are exact.
    """
    fold = np.uint64(groups - 1) & GROUP_MASK
    products = np.zeros((groups, groups), dtype=np.float64)
    row = np.zeros(groups, dtype=np.float64)
    touched = np.zeros(groups, dtype=np.int64)
    i = 0
    while i < len(keys):
        hashed = keys[i] >> HASH_SHIFT
        count = 0
        while i < len(keys) and keys[i] >> HASH_SHIFT == hashed:
            near = ((keys[i] >> _POSITION_SHIFT) & POSITION_MASK) <= limit
            if near and weights[i] > 0:
                group = np.int64(keys[i] & fold)
                if row[group] == 0.0:
                    touched[count] = group
                    count += 1
                row[group] += weights[i]
            i += 1
        for a in range(count):
            for b in range(count):
                products[touched[a], touched[b]] += row[touched[a]] * row[touched[b]]
        for a in range(count):
            row[touched[a]] = 0.0
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
def spectrum(
    counted: NDArray[np.int64], frequencies: NDArray[np.int64], frequent: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the frequencies above 0 that occur, ascending, and how many n-grams have each.

    ``counted`` is what ``move`` calls the spectrum; its last place is told apart by the
    ``frequencies`` of the n-grams ``frequent``, which may be beyond.
    """
    most = len(counted) - 1
    many = np.empty(counted[most], dtype=np.int64)
    found = 0
    for t in frequent:
        if frequencies[t] >= most:
            many[found] = frequencies[t]
            found += 1
    _sort(many)
    distinct = found
    for m in range(1, most):
        distinct += counted[m] > 0
    values = np.empty(distinct, dtype=np.int64)
    counts = np.empty(distinct, dtype=np.int64)
    at = 0
    for m in range(1, most):
        if counted[m]:
            values[at] = m
            counts[at] = counted[m]
            at += 1
    for i in range(found):
        if i and many[i] == many[i - 1]:
            counts[at - 1] += 1
            continue
        values[at] = many[i]
        counts[at] = 1
        at += 1
    return values[:at], counts[:at]


@kernel
def _sort(values: NDArray[np.int64]) -> None:
    """Sort a few numbers in place (Shell 1959): less to load than the sort of numpy is."""
    gap = len(values) // 2
    while gap:
        for i in range(gap, len(values)):
            value = values[i]
            j = i
            while j >= gap and values[j - gap] > value:
                values[j] = values[j - gap]
                j -= gap
            values[j] = value
        gap //= 2
