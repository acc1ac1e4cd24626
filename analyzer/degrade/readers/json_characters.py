"""Characters of JSON in UTF-8, as kernels look at them: eight bytes at a time, or one sequence."""

from __future__ import annotations

import numpy as np

from degrade.compiled import kernel
from degrade.text.hashing import U64

_LOW_BITS = U64(0x7F7F7F7F7F7F7F7F)
_HIGH_BITS = U64(0x8080808080808080)
_QUOTES = U64(0x2222222222222222)
_BACKSLASHES = U64(0x5C5C5C5C5C5C5C5C)
# Added to the low seven bits of a byte, it carries into the high bit from the space up.
_FROM_SPACE = U64(0x6060606060606060)
_FOUR_BYTES = U64(0xFFFFFFFF)
# What the letter after a backslash stands for; 0 is none.
ESCAPES = np.zeros(256, dtype=np.uint8)
for _letter, _meant in zip(b'"\\/bfnrt', b'"\\/\b\f\n\r\t', strict=True):
    ESCAPES[_letter] = _meant
_NO_DIGIT = 255
_HEX = np.full(256, _NO_DIGIT, dtype=np.uint8)
for _value, _digit in enumerate(b"0123456789abcdef"):
    _HEX[_digit] = _HEX[ord(chr(_digit).upper())] = _value


@kernel
def special(lane: np.uint64) -> np.uint64:
    """Return the high bits of those of 8 bytes that are no plain part of a string in ASCII."""
    low = lane & _LOW_BITS
    plain = ((low ^ _QUOTES) + _LOW_BITS) & ((low ^ _BACKSLASHES) + _LOW_BITS)
    return U64((~(plain & (low + _FROM_SPACE)) | lane) & _HIGH_BITS)


@kernel
def hexadecimal(lane: np.uint64) -> np.int64:
    """Return the number that four hexadecimal digits are, or -1 if they are none."""
    value = np.int64(0)
    bad = False
    for i in range(4):
        digit = _HEX[np.int64((lane >> U64(8 * i)) & U64(0xFF))]
        bad |= digit == _NO_DIGIT
        value = value << 4 | np.int64(digit & 15)
    return np.int64(-1) if bad else value


@kernel
def sequence(lane: np.uint64) -> int:
    """Return the bytes of the character beyond ASCII that begins ``lane``; 0 if it is damaged."""
    octets = np.int64(lane & _FOUR_BYTES)
    first, second = octets & 0xFF, octets >> 8 & 0xFF
    if second & 0xC0 != 0x80 or first < 0xC2:
        return 0
    if first < 0xE0:
        return 2
    if octets >> 16 & 0xC0 != 0x80:
        return 0
    if first < 0xF0:
        # No shorter form, and no surrogates.
        bad = (first == 0xE0 and second < 0xA0) or (first == 0xED and second > 0x9F)
        return 0 if bad else 3
    if first > 0xF4 or octets >> 24 & 0xC0 != 0x80:
        return 0
    bad = (first == 0xF0 and second < 0x90) or (first == 0xF4 and second > 0x8F)
    return 0 if bad else 4


@kernel
def visible(first: np.uint8, second: np.uint8) -> bool:
    """Whether a character that begins so is surely no white space."""
    if first < 0x80:
        return bool(first > 0x20)
    if first == 0xE1:
        return bool(second != 0x9A)
    if first == 0xE3:
        return bool(second != 0x80)
    return bool(first >= 0xC3 and first != 0xE2)
