"""BLAKE2b (RFC 7693) of many stretches of bytes at once: ids are hashed as ``hashlib`` would."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from degrade.compiled import kernel
from degrade.text.hashing import U64
from degrade.text.instructions import load
from degrade.text.lanes import only

_IV = np.array(
    [
        0x6A09E667F3BCC908, 0xBB67AE8584CAA73B, 0x3C6EF372FE94F82B, 0xA54FF53A5F1D36F1,
        0x510E527FADE682D1, 0x9B05688C2B3E6C1F, 0x1F83D9ABFB41BD6B, 0x5BE0CD19137E2179,
    ],
    dtype=np.uint64,
)  # fmt: skip
_SIGMA = np.array(
    [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
        [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
        [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
        [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
        [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
        [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
        [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
        [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
        [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
        [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
        [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
    ],
    dtype=np.int64,
)
_BLOCK = 128
_NONE, _FOUR, _EIGHT, _64 = U64(0), U64(4), U64(8), U64(64)
_PARAMETERS = U64(0x01010000)
_NIBBLE, _BYTE = U64(0x0F), U64(0xFF)
_DIGIT, _LETTER, _NINE = U64(ord("0")), U64(ord("a") - 10), U64(9)
# The rounds of a block, as places in the working vector: four columns, then four diagonals.
_A = np.array([0, 1, 2, 3, 0, 1, 2, 3])
_B = np.array([4, 5, 6, 7, 5, 6, 7, 4])
_C = np.array([8, 9, 10, 11, 10, 11, 8, 9])
_D = np.array([12, 13, 14, 15, 15, 12, 13, 14])


@kernel
def _turned(word: np.uint64, right: int) -> np.uint64:
    return U64((word >> U64(right)) | (word << (_64 - U64(right))))


@kernel
def compress(
    state: NDArray[np.uint64],
    message: NDArray[np.uint64],
    work: NDArray[np.uint64],
    counted: int,
    last: bool,
) -> None:
    """Take a block of 16 words into ``state``, ``counted`` bytes with it; ``work`` is room."""
    for i in range(8):
        work[i], work[i + 8] = state[i], _IV[i]
    work[12] ^= U64(counted)
    if last:
        work[14] = ~work[14]
    for turn in range(12):
        for step in range(8):
            a, b = work[_A[step]], work[_B[step]]
            c, d = work[_C[step]], work[_D[step]]
            a += b + message[_SIGMA[turn, 2 * step]]
            d = _turned(d ^ a, 32)
            c += d
            b = _turned(b ^ c, 24)
            a += b + message[_SIGMA[turn, 2 * step + 1]]
            d = _turned(d ^ a, 16)
            c += d
            b = _turned(b ^ c, 63)
            work[_A[step]], work[_B[step]] = a, b
            work[_C[step]], work[_D[step]] = c, d
    for i in range(8):
        state[i] ^= work[i] ^ work[i + 8]


@kernel
def _begin(state: NDArray[np.uint64], size: int) -> None:
    for i in range(8):
        state[i] = _IV[i]
    state[0] ^= _PARAMETERS ^ U64(size)


@kernel
def _hexadecimal(word: np.uint64, first: int) -> np.uint64:
    """Return as text the four bytes of ``word`` from ``first`` on."""
    text = _NONE
    for i in range(4):
        octet = (word >> U64(8 * (first + i))) & _BYTE
        for half, nibble in ((0, octet >> _FOUR), (1, octet & _NIBBLE)):
            letter = nibble + (_LETTER if nibble > _NINE else _DIGIT)
            text |= letter << U64(8 * (2 * i + half))
    return text


@kernel
def short_digests(
    lanes: NDArray[np.uint64], bounds: NDArray[np.int64], size: int, hexadecimal: bool
) -> NDArray[np.uint64]:
    """Return the first 64 bits of the digest of ``size`` bytes of every stretch of bytes.

    If ``hexadecimal``, of a digest of 16 bytes that is written out in hexadecimal digits, it is
    the digest of those. A stretch is from ``bounds[i]`` to ``bounds[i + 1]``, without gaps.
    """
    digests = np.empty(len(bounds) - 1, dtype=np.uint64)
    state, work = np.empty(8, dtype=np.uint64), np.empty(16, dtype=np.uint64)
    message = np.empty(16, dtype=np.uint64)
    for i in range(len(digests)):
        start, end = bounds[i], bounds[i + 1]
        _begin(state, 16 if hexadecimal else size)
        position = start
        while True:
            for word in range(16):
                left = end - position - 8 * word
                if left >= 8:
                    message[word] = load(lanes, position + 8 * word)
                elif left > 0:
                    message[word] = only(load(lanes, position + 8 * word), left)
                else:
                    message[word] = _NONE
            position = min(position + _BLOCK, end)
            compress(state, message, work, position - start, position == end)
            if position == end:
                break
        if hexadecimal:
            message[:] = _NONE
            for word in range(2):
                message[2 * word] = _hexadecimal(state[word], 0)
                message[2 * word + 1] = _hexadecimal(state[word], 4)
            _begin(state, size)
            compress(state, message, work, 32, True)
        digests[i] = state[0]
    return digests
