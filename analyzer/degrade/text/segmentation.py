"""Where the segments of UAX #29 lie.

One kernel serves words and sentences; they differ in their tables. It is one long function since a
kernel that hands arrays to another counts references at each call, an atomic operation, which here
cost ten times the work itself.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from degrade.compiled import kernel
from degrade.text.automaton import BREAK, CLASSES, PENDING
from degrade.text.break_classes import CLASS_BITS, COUNTS
from degrade.text.hashing import U64, decode, load
from degrade.text.sentence_rules import State
from degrade.text.unicode_tables import UNDERSCORE

_NONE, _ONE, _SEVEN, _56, _58 = U64(0), U64(1), U64(7), U64(56), U64(58)
_LOW_BITS = U64(0x7F7F7F7F7F7F7F7F)
_HIGH_BITS = U64(0x8080808080808080)
_CASE = U64(0x2020202020202020)
# Added to the low seven bits of a byte, each carries into its high bit from that character up.
_FROM_A, _ABOVE_Z = U64(0x1F1F1F1F1F1F1F1F), U64(0x0505050505050505)
_FROM_0, _ABOVE_9 = U64(0x5050505050505050), U64(0x4646464646464646)
_UNDERSCORE = U64(0x5F5F5F5F5F5F5F5F)
_LF, _CR = U64(0x0A0A0A0A0A0A0A0A), U64(0x0D0D0D0D0D0D0D0D)
_STOP, _MARK, _QUESTION = (
    U64(0x2E2E2E2E2E2E2E2E),
    U64(0x2121212121212121),
    U64(0x3F3F3F3F3F3F3F3F),
)
# Multiplied by the lowest bits of 8 bytes, this brings them side by side into the highest byte.
_GATHER = U64(0x0102040810204080)
# Every six bits in a row of a de Bruijn sequence are different: they number the bits.
_SEQUENCE = 0x03F79D71B4CB0A89
_DE_BRUIJN = U64(_SEQUENCE)
_BITS = np.zeros(64, dtype=np.uint8)
_BITS[[(_SEQUENCE << bit) % 2**64 >> 58 for bit in range(64)]] = np.arange(64)

PLAIN, CASED = int(State.PLAIN), int(State.CASED)
# In states from START to CASED nothing has been read that may end a sentence.
_BLOCK = 64
# With fewer plain bytes than these at the start of a block, the automaton sees to them.
_WORTH = 16


@kernel
def mask(high_bits: np.uint64) -> np.uint64:
    """Return the high bits of 8 bytes as one byte."""
    return ((high_bits >> _SEVEN) * _GATHER) >> _56


@kernel
def first_bit(bits: np.uint64) -> np.int64:
    """Return the number of the lowest bit that is set, if any is."""
    return np.int64(_BITS[((bits & (~bits + _ONE)) * _DE_BRUIJN) >> _58])


@kernel
def below(number: np.int64) -> np.uint64:
    """Return the bits below that number, 0 to 63."""
    return U64((_ONE << U64(number)) - _ONE)


@kernel
def word_bytes(lane: np.uint64) -> np.uint64:
    """Return the high bits of those of 8 bytes that are A-Z, a-z, 0-9 or _."""
    underscore = ~(((lane & _LOW_BITS) ^ _UNDERSCORE) + _LOW_BITS)
    return U64(counted_bytes(lane) | (underscore & ~lane & _HIGH_BITS))


@kernel
def counted_bytes(lane: np.uint64) -> np.uint64:
    """Return the high bits of those of 8 bytes that are A-Z, a-z or 0-9."""
    low = lane & _LOW_BITS
    lower = low | _CASE
    letter = (lower + _FROM_A) & ~(lower + _ABOVE_Z)
    digit = (low + _FROM_0) & ~(low + _ABOVE_9)
    return U64((letter | digit) & ~lane & _HIGH_BITS)


@kernel
def ending_bytes(lane: np.uint64) -> np.uint64:
    """Return the high bits of those of 8 bytes that may end a sentence, or are not of ASCII."""
    low = lane & _LOW_BITS
    others = (low ^ _LF) + _LOW_BITS
    others &= (low ^ _CR) + _LOW_BITS
    others &= (low ^ _STOP) + _LOW_BITS
    others &= (low ^ _MARK) + _LOW_BITS
    others &= (low ^ _QUESTION) + _LOW_BITS
    return U64((~others | lane) & _HIGH_BITS)


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
    as there are bytes. With ``kinds`` of ASCII, and words wanted that count, stretches of ASCII go
    64 bytes at a time: there, a word is a run of letters, digits and underscores, and a mark
    between two of its kind joins them (WB5 to WB13b). Without any, they are sentences: within one,
    ASCII that cannot end it goes by up to 8 bytes, and all that matters is whether the last of them
    has case (SB7, SB998). All else is left to the automaton.
    """
    span_bounds = np.zeros(len(bounds), dtype=np.int64)
    count = 0
    by_blocks = len(kinds) > 0 and wanted == COUNTS
    by_runs = len(kinds) == 0 and wanted == COUNTS
    for document in range(len(bounds) - 1):
        start, stop = bounds[document], bounds[document + 1]
        next_block = start
        while start < stop:
            if by_blocks and next_block <= start:
                inside = _NONE
                plain = np.int64(_BLOCK)
                for i in range(0, _BLOCK, 8):
                    lane = load(lanes, start + i)
                    inside |= mask(word_bytes(lane)) << U64(i)
                    if lane & _HIGH_BITS:
                        plain = i + first_bit(mask(lane & _HIGH_BITS))
                        break
                plain = min(plain, stop - start)
                if plain < _WORTH:
                    next_block = start + _WORTH
                else:
                    first = inside & ~(inside << _ONE) & below(plain - 1)
                    # What follows the last plain byte may be ignored by the rules and join it.
                    after = ~inside & (inside << _ONE) & below(plain - 1)
                    while after:
                        begin, end = start + first_bit(first), start + first_bit(after)
                        after &= after - _ONE
                        mark = kinds[data[end]] >> 3
                        if mark & kinds[data[end - 1]] & kinds[data[end + 1]]:
                            rest = first & (first - _ONE)
                            first ^= rest & (~rest + _ONE)
                            continue
                        first &= first - _ONE
                        # Underscores alone are no word.
                        letters = begin
                        while letters < end and kinds[data[letters]] & UNDERSCORE:
                            letters += 1
                        if letters < end:
                            starts[count], ends[count], held[count] = begin, end, COUNTS
                            count += 1
                    moved = first_bit(first) if first else plain - 1
                    start += moved
                    if moved:
                        continue
            end = undecided = start
            bits = bits_before = state = np.int64(0)
            while end < stop:
                if by_runs and state <= CASED and end + 8 <= stop:
                    lane = load(lanes, end)
                    ending = ending_bytes(lane)
                    run = first_bit(mask(ending)) if ending else np.int64(8)
                    if run:
                        counted = mask(counted_bytes(lane)) & below(run)
                        if counted:
                            bits |= COUNTS
                        last = data[end + run - 1] | 0x20
                        state = np.int64(CASED if 0x61 <= last <= 0x7A else PLAIN)
                        end += run
                        continue
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
