"""Bytes eight at a time, as lanes of 64 bits, the first of them lowest."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from degrade.compiled import kernel
from degrade.text.hashing import U64
from degrade.text.instructions import load

_NONE, _TWO, _SEVEN, _EIGHT, _48 = U64(0), U64(2), U64(7), U64(8), U64(48)
_ALL_BITS = U64(0xFFFFFFFFFFFFFFFF)
_LOW_BITS = U64(0x7F7F7F7F7F7F7F7F)
_HIGH_BITS = U64(0x8080808080808080)
_EVERY_SECOND = U64(0x00FF00FF00FF00FF)
_FOUR_ONES = U64(0x0001000100010001)
# Added to the low seven bits of a byte, these carry into its high bit from A, and from [, up.
_FROM_A = U64(0x3F3F3F3F3F3F3F3F)
_ABOVE_Z = U64(0x2525252525252525)
_MOST_ADDED = 255
"""Lanes of ones and zeros whose bytes can be added up without a carry from one to the next."""


def room(size: int) -> tuple[NDArray[np.uint8], NDArray[np.uint64]]:
    """Return room for so many bytes, as bytes and as the lanes they make, with zeros after its end.

    ``load`` may then read up to 64 bytes past the end, as it does in blocks, or after damaged
    UTF-8.
    """
    lanes = np.empty(size // 8 + 10, dtype=np.uint64)
    octets = lanes.view(np.uint8)
    octets[size:] = 0
    return octets, lanes


def padded(data: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.uint64]]:
    """Return ``data`` twice, as bytes and as lanes, in ``room``."""
    octets, lanes = room(len(data))
    octets[: len(data)] = data
    return octets, lanes


@kernel
def only(lane: np.uint64, size: int | np.int64) -> np.uint64:
    """Return the first ``size`` of 8 bytes, 1 to 8, and zeros."""
    return lane & (_ALL_BITS >> U64(64 - 8 * size))


@kernel
def lower_ascii(lane: np.uint64) -> np.uint64:
    """Return 8 bytes with A to Z made a to z, and all others (of any encoding) as they were."""
    low = lane & _LOW_BITS
    upper = (low + _FROM_A) & ~(low + _ABOVE_Z) & ~lane & _HIGH_BITS
    return lane | (upper >> _TWO)


@kernel
def equal(lane: np.uint64, other: np.uint64) -> np.uint64:
    """Return the high bits of those of 8 bytes that are equal in both."""
    differing = lane ^ other
    return U64(~(((differing & _LOW_BITS) + _LOW_BITS) | differing) & _HIGH_BITS)


@kernel
def count(
    lanes: NDArray[np.uint64], start: int, stop: int, bits: np.uint64, wanted: np.uint64
) -> np.int64:
    """Return how many of the bytes from ``start`` to ``stop`` are as ``wanted`` in their ``bits``.

    Both are given eight times, for each byte of a lane.
    """
    found = np.int64(0)
    whole = (stop - start) >> 3
    for some in range(0, whole, _MOST_ADDED):
        added = _NONE
        for lane in range(some, min(some + _MOST_ADDED, whole)):
            added += equal(load(lanes, start + 8 * lane) & bits, wanted) >> _SEVEN
        found += _sum(added)
    left = stop - start - 8 * whole
    if left:
        last = equal(load(lanes, stop - left) & bits, wanted) >> _SEVEN
        found += _sum(only(last, left))
    return found


@kernel
def _sum(lane: np.uint64) -> np.int64:
    pairs = (lane & _EVERY_SECOND) + ((lane >> _EIGHT) & _EVERY_SECOND)
    return np.int64((pairs * _FOUR_ONES) >> _48)
