"""The counts of an n-gram model as kernels see them.

Rows and entries are those of ``Successors``. ``rows[k]`` is the row of the context of the last k
words, or -1; ``shares[k]`` is the weight of its estimate, once the weight of contexts that nothing
followed went to the next shorter one.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from degrade.compiled import kernel

Tree = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]
Numbers = NDArray[np.int64]
Reals = NDArray[np.float64]


@kernel
def place(tree: Tree, row: int, word: int) -> int:
    """Return the entry of ``word`` in ``row``, or -1."""
    starts, followers, _ = tree
    if row < 0:
        return -1
    first, last = starts[row], starts[row + 1]
    entry = first + np.searchsorted(followers[first:last], word)
    return int(entry) if entry < last and followers[entry] == word else -1


@kernel
def total(tree: Tree, row: int) -> int:
    """Return how many words are counted in ``row``."""
    starts, _, below = tree
    return int(below[starts[row + 1]] - below[starts[row]]) if row >= 0 else 0


@kernel
def count(tree: Tree, entry: int) -> int:
    """Return how often the n-gram of ``entry`` was seen."""
    return int(tree[2][entry + 1] - tree[2][entry])


@kernel
def share_out(tree: Tree, weights: Reals, rows: Numbers, shares: Reals) -> None:
    """Write ``shares``: each weight to the longest context, from its own down, that has words."""
    carried = 0.0
    for k in range(len(weights) - 1, -1, -1):
        carried += weights[k]
        shares[k] = 0.0
        if total(tree, rows[k]):
            shares[k] = carried
            carried = 0.0
