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
from degrade.text.break_classes import CLASS_BITS, COUNTS, FOLDS, WordBreak
from degrade.text.hashing import U64, decode
from degrade.text.instructions import first_bit, load
from degrade.text.sentence_rules import State
from degrade.text.unicode_tables import UNDERSCORE

_NONE, _ONE, _SEVEN, _56 = U64(0), U64(1), U64(7), U64(56)
_LOW_BITS = U64(0x7F7F7F7F7F7F7F7F)
_HIGH_BITS = U64(0x8080808080808080)
_CASE = U64(0x2020202020202020)
# Added to the low seven bits of a byte, each carries into its high bit from that character up.
_ABOVE_SPACE = U64(0x5F5F5F5F5F5F5F5F)
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

PLAIN, CASED = int(State.PLAIN), int(State.CASED)
# In states from START to CASED nothing has been read that may end a sentence.
_BLOCK = 64
# With fewer plain bytes than these at the start of a block, the automaton sees to them.
_WORTH = 16
_OTHER, _LETTER, _JOINT = int(WordBreak.OTHER), int(WordBreak.ALETTER), int(WordBreak.MIDNUMLET)
_LONG = 3  # bytes of a joint beyond ASCII


@kernel
def mask(high_bits: np.uint64) -> np.uint64:
    """Return the high bits of 8 bytes as one byte."""
    return ((high_bits >> _SEVEN) * _GATHER) >> _56


@kernel
def below(number: int | np.int64) -> np.uint64:
    """Return the bits below that number, 0 to 63."""
    return U64((_ONE << U64(number)) - _ONE)


@kernel
def underscores(lane: np.uint64) -> np.uint64:
    """Return the high bits of those of 8 bytes that are _."""
    return U64(~(((lane & _LOW_BITS) ^ _UNDERSCORE) + _LOW_BITS) & ~lane & _HIGH_BITS)


@kernel
def shown_bytes(lane: np.uint64) -> np.uint64:
    """Return the high bits of those of 8 bytes that are of ASCII and neither space nor control."""
    return U64(((lane & _LOW_BITS) + _ABOVE_SPACE) & ~lane & _HIGH_BITS)


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
    as there are bytes. With ``kinds`` of bytes, and words wanted that count, most text goes 64
    bytes at a time: a word is a run of letters, digits and underscores, and a mark between two of
    its kind joins them (WB5 to WB13b). Letters beyond ASCII are no different there, quotation marks
    and dashes part words as spaces do, and an apostrophe is a mark; at anything else the block
    ends. Without ``kinds`` they are sentences: within one, ASCII that cannot end it goes by up to 8
    bytes, and all that matters is whether the last of them has case (SB7, SB998). All else is left
    to the automaton.
    """
    span_bounds = np.zeros(len(bounds), dtype=np.int64)
    # Unsigned, since a signed index is looked at for its sign.
    count = _NONE
    by_blocks = len(kinds) > 0 and wanted == COUNTS
    by_runs = len(kinds) == 0 and wanted == COUNTS
    for document in range(len(bounds) - 1):
        start, stop = bounds[document], bounds[document + 1]
        next_block = start
        while start < stop:
            if by_blocks and next_block <= start:
                inside = marks = lines = foreign = folding = _NONE
                for i in range(0, _BLOCK, 8):
                    lane = load(lanes, start + i)
                    line = underscores(lane)
                    lines |= line
                    inside |= mask(counted_bytes(lane) | line) << U64(i)
                    marks |= mask(shown_bytes(lane)) << U64(i)
                    foreign |= mask(lane & _HIGH_BITS) << U64(i)
                plain = np.int64(min(stop - start, _BLOCK))
                wide = _NONE
                while foreign:
                    place = first_bit(foreign)
                    code, size = decode(load(lanes, start + place))
                    if place + size > plain:
                        plain = min(place, plain)
                        break
                    octets = below(size) << U64(place)
                    found = np.int64(classes[np.int64(index[code >> 7]) << 7 | (code & 0x7F)])
                    kind = found & CLASS_BITS
                    if kind == _LETTER and found & COUNTS:
                        inside |= octets
                        if found & FOLDS:
                            folding |= octets
                    elif kind == _JOINT and size == _LONG:
                        wide |= _ONE << U64(place)
                    elif kind != _OTHER or found & COUNTS:
                        plain = place
                        break
                    foreign &= ~octets
                whole = plain == stop - start and plain < _BLOCK
                if plain < _WORTH and not whole:
                    next_block = start + _WORTH
                else:
                    if plain < _BLOCK:
                        inside &= below(plain)
                    joints = marks & ~inside & (inside >> _ONE)
                    joints = (joints | wide & (inside >> U64(_LONG))) & (inside << _ONE)
                    while joints:
                        place = first_bit(joints)
                        joints &= joints - _ONE
                        at = start + place
                        width = _LONG if data[at] & 0x80 else 1
                        if kinds[data[at]] >> 3 & kinds[data[at - 1]] & kinds[data[at + width]]:
                            inside |= below(width) << U64(place)
                    if whole:
                        decided = plain
                        limit = below(plain) << _ONE | _ONE
                    else:
                        # What follows the last character may be ignored by the rules and join it.
                        decided = plain - 1
                        while decided > 0 and data[start + decided] & 0xC0 == 0x80:
                            decided -= 1
                        limit = below(decided)
                    first = inside & ~(inside << _ONE) & limit
                    after = ~inside & (inside << _ONE) & limit
                    while after:
                        begin, end = start + first_bit(first), start + first_bit(after)
                        of_word = np.int64(COUNTS)
                        if folding and folding & (after - _ONE) & ~(first - _ONE):
                            of_word |= FOLDS
                        first &= first - _ONE
                        after &= after - _ONE
                        if lines:
                            # Underscores alone are no word.
                            letters = begin
                            while letters < end and kinds[data[letters]] & UNDERSCORE:
                                letters += 1
                            if letters == end:
                                continue
                        starts[count], ends[count], held[count] = begin, end, of_word
                        count += _ONE
                    moved = first_bit(first) if first else decided
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
                count += _ONE
            start = end
        span_bounds[document + 1] = np.int64(count)
    return span_bounds
