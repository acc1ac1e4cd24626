"""Compiled reading of bit sets of groups."""

import numpy as np
from numpy.typing import NDArray

from degrade.compiled import kernel

_ONE = np.uint64(1)
_58 = np.uint64(58)
# Every six bits in a row of a de Bruijn sequence are different: they number the bits.
_SEQUENCE = 0x03F79D71B4CB0A89
_DE_BRUIJN = np.uint64(_SEQUENCE)
_BITS = np.zeros(64, dtype=np.uint8)
_BITS[[(_SEQUENCE << bit) % 2**64 >> 58 for bit in range(64)]] = np.arange(64)


@kernel
def lowest(mask: np.uint64) -> np.int64:
    """Return the lowest group of ``mask``, if there is any."""
    return np.int64(_BITS[((mask & (~mask + _ONE)) * _DE_BRUIJN) >> _58])


@kernel
def groups_of(mask: np.uint64, held: NDArray[np.int64]) -> int:
    """Write the groups of ``mask`` to the start of ``held`` and return how many they are."""
    d = 0
    while mask != 0:
        held[d] = lowest(mask)
        mask &= mask - _ONE
        d += 1
    return d
