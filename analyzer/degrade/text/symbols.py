"""The symbols of stretches of text: as they are, case-folded, or with white space collapsed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from degrade.compiled import kernel
from degrade.text.break_classes import FOLDS, WHITE
from degrade.text.hashing import (
    SEED,
    U64,
    absorb,
    decode,
    encode,
    finish,
    push,
)
from degrade.text.instructions import load
from degrade.text.lanes import lower_ascii, only

_EMPTY = U64(0)
_SPACE = U64(0x20)
_ONE, _SEVEN, _8, _56, _BYTE = U64(1), U64(7), U64(8), U64(56), U64(0xFF)
_SPACES = U64(0x2020202020202020)
_LOW_BITS = U64(0x7F7F7F7F7F7F7F7F)
_HIGH_BITS = U64(0x8080808080808080)
_AT_ONCE = 1024
# Added to a byte of ASCII, it carries into the high bit from the space up.
_FROM_SPACE = U64(0x6060606060606060)


@kernel
def exact_symbols(
    lanes: NDArray[np.uint64], starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> NDArray[np.uint64]:
    """Return the symbol of each stretch of bytes."""
    symbols = np.empty(len(starts), dtype=np.uint64)
    for i in range(len(starts)):
        h = SEED
        position, end = starts[i], ends[i]
        while position + 8 <= end:
            h = absorb(h, load(lanes, position))
            position += 8
        if position < end:
            h = absorb(h, only(load(lanes, position), end - position))
        symbols[i] = finish(h, end - starts[i])
    return symbols


@kernel
def folded_symbols(
    lanes: NDArray[np.uint64],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    held: NDArray[np.uint8],
    index: NDArray[np.uint16],
    folding: NDArray[np.int32],
) -> NDArray[np.uint64]:
    """Return the symbol of each stretch of text after simple case folding.

    ``held[i]`` has the bit ``FOLDS`` if anything beyond ASCII in the stretch folds.
    """
    symbols = np.empty(len(starts), dtype=np.uint64)
    others = np.empty(_AT_ONCE, dtype=np.int64)
    for low in range(0, len(starts), _AT_ONCE):
        high = min(low + _AT_ONCE, len(starts))
        first, last, bits, out = starts[low:high], ends[low:high], held[low:high], symbols[low:high]
        # Most words are one lane. All are hashed as if they were, several at a time, and the others
        # then anew: which are these is found without a branch, which would often be mistaken.
        for i in range(len(out)):
            out[i] = only(load(lanes, first[i]), min(last[i] - first[i], 8))
        for i in range(len(out)):
            out[i] = finish(absorb(SEED, lower_ascii(out[i])), last[i] - first[i])
        count = _EMPTY
        for i in range(len(out)):
            others[count] = i
            # Less one, so that none at all is many.
            count += U64((U64(last[i] - first[i] - 1) > _SEVEN) | (bits[i] & FOLDS != 0))
        for i in others[:count]:
            h = SEED
            position, end = first[i], last[i]
            length = end - position
            if bits[i] & FOLDS:
                lane, filled, length = _EMPTY, 0, 0
                while position < end:
                    code, size = decode(load(lanes, position))
                    position += size
                    code += np.int64(folding[np.int64(index[code >> 7]) << 7 | (code & 0x7F)])
                    unit, size = encode(code)
                    h, lane, filled = push(h, lane, filled, unit, size)
                    length += size
                if filled:
                    h = absorb(h, lane)
            else:
                while end - position > 8:
                    h = absorb(h, lower_ascii(load(lanes, position)))
                    position += 8
                if position < end:
                    h = absorb(h, lower_ascii(only(load(lanes, position), end - position)))
            out[i] = finish(h, length)
    return symbols


@kernel
def collapsed_symbols(
    lanes: NDArray[np.uint64],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    index: NDArray[np.uint16],
    classes: NDArray[np.uint8],
) -> NDArray[np.uint64]:
    """Return the symbol of each stretch of text with every run of white space as one space."""
    symbols = np.empty(len(starts), dtype=np.uint64)
    for i in range(len(starts)):
        h, lane, filled, length = SEED, _EMPTY, 0, 0
        after_white = False
        position = starts[i]
        while position < ends[i]:
            block = load(lanes, position)
            spaces = ~((block ^ _SPACES) + _LOW_BITS) & _HIGH_BITS
            if (
                position + 8 <= ends[i]
                and block & _HIGH_BITS == _EMPTY
                and (block + _FROM_SPACE) & _HIGH_BITS == _HIGH_BITS
                and spaces & (spaces << _8) == _EMPTY
                and not (after_white and block & _BYTE == _SPACE)
            ):
                # Eight characters of ASCII without anything to collapse stay what they are.
                h = absorb(h, lane | (block << U64(8 * filled)))
                # Two shifts, since one by 64 is undefined.
                lane = (block >> _ONE) >> U64(63 - 8 * filled)
                length += 8
                position += 8
                after_white = block >> _56 == _SPACE
                continue
            code, size = decode(block)
            white = classes[np.int64(index[code >> 7]) << 7 | (code & 0x7F)] & WHITE != 0
            unit = only(block, size)
            position += size
            if white:
                unit, size = _SPACE, 1
            if not (white and after_white):
                h, lane, filled = push(h, lane, filled, unit, size)
                length += size
            after_white = white
        if filled:
            h = absorb(h, lane)
        symbols[i] = finish(h, length)
    return symbols


@kernel
def bits_of(
    lanes: NDArray[np.uint64],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    index: NDArray[np.uint16],
    classes: NDArray[np.uint8],
) -> NDArray[np.uint8]:
    """Return the bits of ``break_classes`` of all code points in each stretch, or-ed."""
    held = np.zeros(len(starts), dtype=np.uint8)
    for i in range(len(starts)):
        position = starts[i]
        while position < ends[i]:
            code, size = decode(load(lanes, position))
            held[i] |= classes[np.int64(index[code >> 7]) << 7 | (code & 0x7F)]
            position += size
    return held
