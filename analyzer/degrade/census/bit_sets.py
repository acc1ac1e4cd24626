"""Compiled reading of bit sets of groups."""

import numpy as np
from numpy.typing import NDArray

from degrade.compiled import kernel

_ONE = np.uint64(1)
# The powers of two below 2**64 leave different remainders by 67: they number the bits.
_PRIME = np.uint64(67)
_BITS = np.zeros(67, dtype=np.uint8)
_BITS[[2**bit % 67 for bit in range(64)]] = np.arange(64)


@kernel
def lowest(mask: np.uint64) -> np.int64:
    """Return the lowest group of ``mask``, if there is any."""
    return np.int64(_BITS[(mask & ~(mask - _ONE)) % _PRIME])


@kernel
def groups_of(mask: np.uint64, held: NDArray[np.int64]) -> int:
    """Write the groups of ``mask`` to the start of ``held`` and return how many they are."""
    d = 0
    while mask != 0:
        held[d] = lowest(mask)
        mask &= mask - _ONE
        d += 1
    return d


def flags(selected: int, groups: int) -> NDArray[np.bool_]:
    """Return which of ``groups`` groups a bit set holds, (groups,)."""
    held = np.frombuffer(selected.to_bytes(8, "little"), dtype=np.uint8)
    return np.unpackbits(held, count=groups, bitorder="little").view(np.bool_)
