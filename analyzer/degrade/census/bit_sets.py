"""Compiled reading of bit sets of groups."""

import numpy as np
from numpy.typing import NDArray

from degrade.compiled import kernel

_ONE = np.uint64(1)


@kernel
def size_of(mask: np.uint64) -> np.int64:
    """Return how many groups ``mask`` holds: one instruction, as compilers know this loop."""
    size = np.uint64(0)
    while mask:
        mask &= mask - _ONE
        size += _ONE
    return np.int64(size)


def flags(selected: int, groups: int) -> NDArray[np.bool_]:
    """Return which of ``groups`` groups a bit set holds, (groups,)."""
    held = np.frombuffer(selected.to_bytes(8, "little"), dtype=np.uint8)
    return np.unpackbits(held, count=groups, bitorder="little").view(np.bool_)
