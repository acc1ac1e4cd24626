"""The hash of a symbol: 64 bits of its UTF-8 bytes, the same for ever.

The bytes are read as little-endian 64-bit lanes, the last one filled up with zeros. From
h = ``SEED``, each lane w gives

    w = w * A;  w ^= w >> 32;  w *= B;  h = (h ^ w) * C;  h ^= h >> 32

and in the end h ^= (number of bytes) * A is put through the finalizer of splitmix64 (Steele et al.
2014; constants of Stafford's mix 13). Every step is a bijection of what it changes, so texts of
the same length of 8 bytes or fewer never collide.
"""

from __future__ import annotations

import numpy as np

from degrade.compiled import kernel

U64 = np.uint64
SEED = U64(0x243F6A8885A308D3)
A = U64(0x9E3779B97F4A7C15)
B = U64(0xD6E8FEB86659FD93)
C = U64(0xFF51AFD7ED558CCD)
D = U64(0xBF58476D1CE4E5B9)
E = U64(0x94D049BB133111EB)

_27, _30, _31, _32 = U64(27), U64(30), U64(31), U64(32)
_FOUR_BYTES = U64(0xFFFFFFFF)


@kernel
def absorb(h: np.uint64, lane: np.uint64) -> np.uint64:
    """Return the hash ``h`` with one more lane in it."""
    w = lane * A
    w ^= w >> _32
    w *= B
    h = (h ^ w) * C
    return h ^ (h >> _32)


@kernel
def finish(h: np.uint64, length: int | np.int64) -> np.uint64:
    """Return the symbol of ``length`` bytes that have all been absorbed."""
    h ^= U64(length) * A
    h = (h ^ (h >> _30)) * D
    h = (h ^ (h >> _27)) * E
    return h ^ (h >> _31)


@kernel
def encode(code: np.int64) -> tuple[np.uint64, int]:
    """Return the UTF-8 bytes of a code point, the first one lowest, and their number."""
    if code < 0x80:
        return U64(code), 1
    if code < 0x800:
        return U64(0x80C0 | (code >> 6) | (code & 0x3F) << 8), 2
    if code < 0x10000:
        return U64(0x8080E0 | (code >> 12) | (code >> 6 & 0x3F) << 8 | (code & 0x3F) << 16), 3
    high = 0xF0 | (code >> 18) | (code >> 12 & 0x3F) << 8
    return U64(0x80808000 | high | (code >> 6 & 0x3F) << 16 | (code & 0x3F) << 24), 4


@kernel
def decode(lane: np.uint64) -> tuple[np.int64, int]:
    """Return the code point that valid UTF-8 begins with, and the number of its bytes."""
    octets = np.int64(lane & _FOUR_BYTES)
    first = octets & 0xFF
    if first < 0x80:
        return first, 1
    second = octets >> 8 & 0x3F
    if first < 0xE0:
        return (first & 0x1F) << 6 | second, 2
    third = octets >> 16 & 0x3F
    if first < 0xF0:
        return (first & 0x0F) << 12 | second << 6 | third, 3
    return (first & 0x07) << 18 | second << 12 | third << 6 | (octets >> 24 & 0x3F), 4


@kernel
def push(
    h: np.uint64, lane: np.uint64, filled: int, unit: np.uint64, size: int
) -> tuple[np.uint64, np.uint64, int]:
    """Return the hash, its open lane and the bytes in it after ``size`` more bytes, at most 7."""
    lane |= unit << U64(8 * filled)
    filled += size
    if filled < 8:
        return h, lane, filled
    filled -= 8
    return absorb(h, lane), unit >> U64(8 * (size - filled)), filled
