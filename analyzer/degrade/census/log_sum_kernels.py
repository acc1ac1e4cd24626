"""Compiled sums of x log x over the n-grams of four selections of groups."""

import numpy as np
from numpy.typing import NDArray

from degrade.compiled import kernel

ROWS = 4
"""Selections that are looked at together: two halves of each of two corpora."""


@kernel
def x_log_x_below(most: int) -> NDArray[np.float64]:
    """Return x log x for x = 0 to ``most`` - 1."""
    out = np.zeros(most, dtype=np.float64)
    for x in range(2, most):
        out[x] = x * np.log(x)
    return out


@kernel
def _x_log_x(count: int, table: NDArray[np.float64]) -> float:
    return float(table[count] if count < len(table) else count * np.log(count))


@kernel
def parted(
    starts: NDArray[np.int64],
    owner: NDArray[np.int64],
    sums: NDArray[np.int64],
    types: int,
    table: NDArray[np.float64],
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int64], NDArray[np.float64], int, int]:
    """Return the columns of n-grams in several groups, and sums over the others.

    Group g holds the n-grams ``owner[starts[g]:starts[g + 1]]`` with ``sums`` likewise. Of n-grams
    in several groups the same three, those first whose frequency goes beyond ``table``; the sum of
    x log x of the others by group; and how many n-grams are in several groups, and how many of
    these are beyond.
    """
    groups = len(starts) - 1
    holding = np.zeros(types, dtype=np.int64)
    totals = np.zeros(types, dtype=np.int64)
    for i in range(len(owner)):
        holding[owner[i]] += 1
        totals[owner[i]] += sums[i]
    place = np.full(types, -1, dtype=np.int64)
    words = 0
    frequent = 0
    for rest in (False, True):
        for t in range(types):
            if holding[t] > 1 and (totals[t] < len(table)) == rest:
                place[t] = words
                words += 1
        if not rest:
            frequent = words
    new_starts = np.zeros(groups + 1, dtype=np.int64)
    new_owner = np.empty(len(owner), dtype=np.int32)
    new_sums = np.empty(len(owner), dtype=np.int64)
    alone = np.zeros(groups, dtype=np.float64)
    at = 0
    for g in range(groups):
        for i in range(starts[g], starts[g + 1]):
            if place[owner[i]] < 0:
                alone[g] += _x_log_x(sums[i], table)
                continue
            new_owner[at] = place[owner[i]]
            new_sums[at] = sums[i]
            at += 1
        new_starts[g + 1] = at
    return new_starts, new_owner[:at].copy(), new_sums[:at].copy(), alone, words, frequent


@kernel
def move(
    starts: NDArray[np.int64],
    owner: NDArray[np.int32],
    sums: NDArray[np.int64],
    before: NDArray[np.int64],
    after: NDArray[np.int64],
    frequencies: NDArray[np.int64],
) -> None:
    """Count each group in its row ``after`` and no longer in that ``before``; -1 is for none.

    ``frequencies``, (n-grams, ROWS), are changed, and ``before`` becomes ``after``.
    """
    staying = 0
    moving = 0
    for g in range(len(starts) - 1):
        if before[g] >= 0:
            staying += (starts[g + 1] - starts[g]) * (before[g] == after[g])
            moving += (starts[g + 1] - starts[g]) * (before[g] != after[g])
    if moving > staying:
        # Sooner counted anew than taken off again.
        frequencies[:] = 0
        before[:] = -1
    for g in range(len(starts) - 1):
        if before[g] == after[g]:
            continue
        for i in range(starts[g], starts[g + 1]):
            if before[g] >= 0:
                frequencies[owner[i], before[g]] -= sums[i]
            if after[g] >= 0:
                frequencies[owner[i], after[g]] += sums[i]
        before[g] = after[g]


@kernel
def log_sums(
    frequencies: NDArray[np.int64],
    rows: NDArray[np.int64],
    occurrences: NDArray[np.int64],
    alone: NDArray[np.float64],
    frequent: int,
    table: NDArray[np.float64],
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Return of each row the occurrences, (ROWS,), and the sum of x log x, and that of each two.

    Shapes (ROWS,), and (ROWS, ROWS) of rows pooled. ``frequencies`` are of the n-grams in several
    groups, the ``frequent`` ones first, which may go beyond ``table``; ``alone`` are the sums of
    the others by group, ``occurrences`` are of all, and ``rows`` say where groups are counted.
    """
    sizes = np.zeros(ROWS, dtype=np.int64)
    single = np.zeros(ROWS, dtype=np.float64)
    for g in range(len(rows)):
        if rows[g] >= 0:
            single[rows[g]] += alone[g]
            sizes[rows[g]] += occurrences[g]
    pooled = np.zeros((ROWS, ROWS), dtype=np.float64)
    for i in range(ROWS):
        for j in range(i + 1, ROWS):
            pooled[i, j] = single[i] + single[j]
    for t in range(frequent):
        for i in range(ROWS):
            single[i] += _x_log_x(frequencies[t, i], table)
            for j in range(i + 1, ROWS):
                pooled[i, j] += _x_log_x(frequencies[t, i] + frequencies[t, j], table)
    # Sums in variables of their own: four at once, and none waits for another's memory.
    s0, s1, s2, s3 = 0.0, 0.0, 0.0, 0.0
    s01, s02, s03, s12, s13, s23 = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for t in range(frequent, len(frequencies)):
        a, b, c, d = (
            np.uint64(frequencies[t, 0]),
            np.uint64(frequencies[t, 1]),
            np.uint64(frequencies[t, 2]),
            np.uint64(frequencies[t, 3]),
        )
        s0 += table[a]
        s1 += table[b]
        s2 += table[c]
        s3 += table[d]
        s01 += table[a + b]
        s02 += table[a + c]
        s03 += table[a + d]
        s12 += table[b + c]
        s13 += table[b + d]
        s23 += table[c + d]
    single[0] += s0
    single[1] += s1
    single[2] += s2
    single[3] += s3
    pooled[0, 1] += s01
    pooled[0, 2] += s02
    pooled[0, 3] += s03
    pooled[1, 2] += s12
    pooled[1, 3] += s13
    pooled[2, 3] += s23
    # Not pooled + pooled.T: to load a kernel with it takes longer than most others together.
    for i in range(ROWS):
        for j in range(i):
            pooled[i, j] = pooled[j, i]
    return sizes, single, pooled
