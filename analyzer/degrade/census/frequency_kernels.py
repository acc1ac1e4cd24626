"""Compiled walk over two censuses at once, for what is frequent in them."""

import numpy as np
from numpy.typing import NDArray

from degrade.census.keys import GROUP_BITS, GROUP_MASK, HASH_SHIFT, POSITION_MASK
from degrade.compiled import kernel

_POSITION_SHIFT = np.uint64(GROUP_BITS)
_NO_HASH = np.uint64(1 << 63)
"""Above all hashes, which are of 54 bits."""


@kernel
def _weight_of(
    keys: NDArray[np.uint64],
    weights: NDArray[np.unsignedinteger],
    limit: np.uint64,
    first: int,
    hashed: np.uint64,
) -> tuple[int, int]:
    """Return the weight of the n-gram ``hashed``, and where its entries, from ``first``, end."""
    weight = 0
    i = first
    while i < len(keys) and keys[i] >> HASH_SHIFT == hashed:
        if ((keys[i] >> _POSITION_SHIFT) & POSITION_MASK) <= limit:
            weight += int(weights[i])
        i += 1
    return weight, i


@kernel
def _squares_of(
    keys: NDArray[np.uint64],
    weights: NDArray[np.unsignedinteger],
    limit: np.uint64,
    sizes: NDArray[np.int64],
    row: NDArray[np.int64],
) -> float:
    """Return the sum of an n-gram's squared weights over group sizes; groups of size 0 are of 1."""
    row[:] = 0
    fold = np.uint64(len(sizes) - 1) & GROUP_MASK
    for i in range(len(keys)):
        if ((keys[i] >> _POSITION_SHIFT) & POSITION_MASK) <= limit:
            row[np.int64(keys[i] & fold)] += np.int64(weights[i])
    squares = 0.0
    for g in range(len(sizes)):
        squares += float(row[g]) * float(row[g]) / float(max(1, sizes[g]))
    return squares


@kernel
def frequent_in_both(
    keys_a: NDArray[np.uint64],
    weights_a: NDArray[np.unsignedinteger],
    sizes_a: NDArray[np.int64],
    keys_b: NDArray[np.uint64],
    weights_b: NDArray[np.unsignedinteger],
    sizes_b: NDArray[np.int64],
    limit: np.uint64,
    fewest: int,
) -> tuple[NDArray[np.uint64], NDArray[np.float64], NDArray[np.float64]]:
    """Return the n-grams of a weight of at least ``fewest`` in a and b together.

    Their hashes; their weights, (2, n-grams), in a and in b; and the sums of their squared weights
    by group over ``sizes_a`` and ``sizes_b``, (groups,), likewise. Entries of a position code above
    ``limit`` are passed over.
    """
    # Room for all: what is left over at the end is never touched, and so takes no memory.
    most = len(keys_a) + len(keys_b)
    hashes = np.empty(most, dtype=np.uint64)
    found = np.empty((most, 2), dtype=np.float64)
    squares = np.empty((most, 2), dtype=np.float64)
    row = np.zeros(max(len(sizes_a), len(sizes_b)), dtype=np.int64)
    i, j, at = 0, 0, 0
    while i < len(keys_a) or j < len(keys_b):
        hash_a = keys_a[i] >> HASH_SHIFT if i < len(keys_a) else _NO_HASH
        hash_b = keys_b[j] >> HASH_SHIFT if j < len(keys_b) else _NO_HASH
        hashed = min(hash_a, hash_b)
        weight_a, end_a = _weight_of(keys_a, weights_a, limit, i, hashed)
        weight_b, end_b = _weight_of(keys_b, weights_b, limit, j, hashed)
        if weight_a + weight_b >= fewest:
            hashes[at] = hashed
            found[at, 0], found[at, 1] = weight_a, weight_b
            squares[at, 0] = _squares_of(keys_a[i:end_a], weights_a[i:end_a], limit, sizes_a, row)
            squares[at, 1] = _squares_of(keys_b[j:end_b], weights_b[j:end_b], limit, sizes_b, row)
            at += 1
        i, j = end_a, end_b
    return hashes[:at].copy(), found[:at].T.copy(), squares[:at].T.copy()


@kernel
def within_documents(
    keys: NDArray[np.uint64],
    occurrences: NDArray[np.unsignedinteger],
    documents: NDArray[np.unsignedinteger],
    limit: np.uint64,
    groups: int,
    wanted: NDArray[np.uint64],
) -> NDArray[np.int64]:
    """Return how often the n-grams ``wanted``, hashes in order, are said by what holds them.

    Six rows, (6, wanted): occurrences x, documents d, groups that hold it, and the sums over
    ``groups`` of x^2, x d and d^2. Entries of a position code above ``limit`` are passed over.
    """
    found = np.zeros((6, len(wanted)), dtype=np.int64)
    rows = np.zeros((2, groups), dtype=np.int64)
    fold = np.uint64(groups - 1) & GROUP_MASK
    i = 0
    for t in range(len(wanted)):
        while i < len(keys) and keys[i] >> HASH_SHIFT < wanted[t]:
            i += 1
        rows[:] = 0
        while i < len(keys) and keys[i] >> HASH_SHIFT == wanted[t]:
            if ((keys[i] >> _POSITION_SHIFT) & POSITION_MASK) <= limit:
                at = np.int64(keys[i] & fold)
                rows[0, at] += np.int64(occurrences[i])
                rows[1, at] += np.int64(documents[i])
            i += 1
        for g in range(groups):
            x, d = rows[0, g], rows[1, g]
            found[0, t] += x
            found[1, t] += d
            found[2, t] += d > 0
            found[3, t] += x * x
            found[4, t] += x * d
            found[5, t] += d * d
    return found
