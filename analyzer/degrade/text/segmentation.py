"""Where the segments of UAX #29 lie.

One kernel serves words and sentences; they differ in their tables. It is one long function since a
kernel that hands arrays to another counts references at each call, an atomic operation, which here
cost thirty times the work itself.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from degrade.compiled import kernel
from degrade.text.automaton import BREAK, CLASSES, PENDING
from degrade.text.break_classes import CLASS_BITS, COUNTS
from degrade.text.hashing import U64, decode, load
from degrade.text.unicode_tables import (
    ASCII_CR,
    ASCII_MID,
    ASCII_SPACE,
    ASCII_WORD,
    BEYOND_ASCII,
)

_ONE, _SEVEN, _61 = U64(1), U64(7), U64(61)
_LOW_BITS = U64(0x7F7F7F7F7F7F7F7F)
_HIGH_BITS = U64(0x8080808080808080)
_CASE = U64(0x2020202020202020)
# Added to the low seven bits of a byte, each carries into its high bit from that character up.
_FROM_A, _ABOVE_Z = U64(0x1F1F1F1F1F1F1F1F), U64(0x0505050505050505)
_FROM_0, _ABOVE_9 = U64(0x5050505050505050), U64(0x4646464646464646)
_UNDERSCORE = U64(0x5F5F5F5F5F5F5F5F)
# Multiplied by 1 << 8 k, this has k in its three highest bits.
_BYTE_NUMBER = U64(sum(k << (61 - 8 * k) for k in range(8)))


@kernel
def word_bytes(lane: np.uint64) -> np.int64:
    """Return how many of 8 bytes, from the lowest, come before the first but A-Z a-z 0-9 _."""
    low = lane & _LOW_BITS
    lower = low | _CASE
    letter = (lower + _FROM_A) & ~(lower + _ABOVE_Z)
    digit = (low + _FROM_0) & ~(low + _ABOVE_9)
    underscore = ~((low ^ _UNDERSCORE) + _LOW_BITS)
    other = (~(letter | digit | underscore) | lane) & _HIGH_BITS
    if not other:
        return np.int64(8)
    first = (other & (~other + _ONE)) >> _SEVEN
    return np.int64((first * _BYTE_NUMBER) >> _61)


@kernel
def uax29_spans(
    data: NDArray[np.uint8],
    lanes: NDArray[np.uint64],
    bounds: NDArray[np.int64],
    index: NDArray[np.uint16],
    classes: NDArray[np.uint8],
    steps: NDArray[np.uint8],
    kinds: NDArray[np.uint8],
    wanted: int,
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    held: NDArray[np.uint8],
) -> NDArray[np.int64]:
    """Write starts, ends and or-ed bits of segments; return the bounds of documents in them.

    Only segments that hold all of the bits ``wanted`` are written. There must be room for as many
    as there are bytes. ``kinds`` says of bytes how
    they join where all is ASCII (WB3, WB3d, WB5 to WB13b), or ``BEYOND_ASCII`` of those that only
    the automaton ``steps`` knows.
    """
    span_bounds = np.zeros(len(bounds), dtype=np.int64)
    count = 0
    for document in range(len(bounds) - 1):
        start, stop = bounds[document], bounds[document + 1]
        while start < stop:
            end = start
            bits = np.int64(0)
            kind = np.int64(kinds[data[start]])
            beyond = kind & BEYOND_ASCII != 0
            if kind & ASCII_WORD:
                while True:
                    run = np.int64(8)
                    while run == 8 and end < stop:
                        run = word_bytes(load(lanes, end))
                        end += run
                    if end >= stop:
                        end = stop
                        break
                    mark = np.int64(kinds[data[end]])
                    if not mark & (ASCII_MID | BEYOND_ASCII):
                        break
                    after = np.int64(kinds[data[end + 1]]) if end + 1 < stop else np.int64(0)
                    if (mark | after) & BEYOND_ASCII:
                        beyond = True
                        break
                    if not (mark >> 3) & after & np.int64(kinds[data[end - 1]]):
                        break
                    end += 1
                # Underscores alone are no word.
                bits = np.int64(classes[data[start]])
                for position in range(start + 1, end):
                    if bits & COUNTS:
                        break
                    bits |= np.int64(classes[data[position]])
            elif not beyond:
                end += 1
                if kind & ASCII_SPACE:
                    while end < stop and data[end] == 0x20:
                        end += 1
                elif kind & ASCII_CR and end < stop and data[end] == 0x0A:
                    end += 1
                # What follows may be ignored by the rules, and so belong to this segment.
                beyond = end < stop and kinds[data[end]] & BEYOND_ASCII != 0
            if beyond:
                end = undecided = start
                bits = bits_before = state = np.int64(0)
                while end < stop:
                    code, size = decode(load(lanes, end))
                    found = np.int64(classes[np.int64(index[code >> 7]) << 7 | (code & 0x7F)])
                    next_state = np.int64(steps[state * CLASSES + (found & CLASS_BITS)])
                    if next_state == BREAK:
                        break
                    if next_state & ~state & PENDING:
                        undecided, bits_before = end, bits
                    bits |= found
                    state = next_state
                    end += size
                if state & PENDING:
                    end, bits = undecided, bits_before
            if bits & wanted == wanted:
                starts[count], ends[count], held[count] = start, end, bits & 0xFF
                count += 1
            start = end
        span_bounds[document + 1] = count
    return span_bounds
