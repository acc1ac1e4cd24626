"""Plain lines of JSON Lines to columns of bytes, without an object a line.

A plain line is one that any reader of JSON takes for the same: one object, valid UTF-8, numbers of
few digits, nothing nested deeper than ``DEEPEST``; every field that is wanted stands in it, once,
its name written without escapes, a string (an id, cluster or source: a whole number or null, too),
and a text with something to be seen in it. What a line that is not plain holds, or what is wrong
with it, is left to who can say so.

It is one long function since a kernel that hands arrays to another counts references at each call.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from degrade.compiled import kernel
from degrade.readers.json_characters import ESCAPES, hexadecimal, sequence, special, visible
from degrade.text.hashing import U64, encode
from degrade.text.instructions import first_bit, load
from degrade.text.segmentation import mask

TEXT, ID, CLUSTER, SOURCE = range(4)
FIELDS = 4
DEEPEST = 60
MOST_DIGITS = 18
"""A whole number of so many digits fits into 64 bits."""

_NONE, _ONE, _THREE = U64(0), U64(1), U64(3)
_ALL_BITS = U64(0xFFFFFFFFFFFFFFFF)
_FOUR_BYTES, _FIVE_BYTES = U64(0xFFFFFFFF), U64(0xFFFFFFFFFF)
_TRUE = U64(int.from_bytes(b"true", "little"))
_FALSE = U64(int.from_bytes(b"false", "little"))
_NULL = U64(int.from_bytes(b"null", "little"))

_LF, _CR, _TAB, _SPACE = 0x0A, 0x0D, 0x09, 0x20
_QUOTE, _BACKSLASH, _COMMA, _COLON = ord('"'), ord("\\"), ord(","), ord(":")
_OPEN_OBJECT, _CLOSE_OBJECT = ord("{"), ord("}")
_OPEN_LIST, _CLOSE_LIST = ord("["), ord("]")
_ZERO, _NINE, _MINUS, _PLUS, _POINT = ord("0"), ord("9"), ord("-"), ord("+"), ord(".")
_E, _U, _T, _F, _N = ord("e"), ord("u"), ord("t"), ord("f"), ord("n")
# What may come next: a name or the end of the object; a name; a colon; a value; a value or the end
# of the list; a comma or the end of what is open.
_NAME_OR_END, _NAME, _AFTER_NAME, _VALUE, _VALUE_OR_END, _AFTER_VALUE = range(6)


@kernel
def plain_rows(
    octets: NDArray[np.uint8],
    lanes: NDArray[np.uint64],
    stop: int,
    names: NDArray[np.uint8],
    name_bounds: NDArray[np.int64],
    required: int,
    out: NDArray[np.uint8],
    bounds: NDArray[np.int64],
    others: NDArray[np.int64],
) -> tuple[int, int]:
    """Write the fields of the plain lines; return their number, and that of all other lines.

    The first ``stop`` bytes are read, whole lines; zeros follow (``lanes.padded``). Field f is
    called ``names[name_bounds[f]:name_bounds[f + 1]]``, nothing if it is not wanted; ``required``
    has the bits of those that must be there. Row r of it is written to
    ``out[f, bounds[f, r]:bounds[f, r + 1]]``. Of another line that is not blank, ``others`` is
    told the rows before it, its number among the lines, and where it begins and ends.
    """
    rows = odd = line = 0
    position = np.int64(0)
    ends = np.zeros(FIELDS, dtype=np.int64)
    while position < stop:
        begin = position
        state, depth, inside = _VALUE, 0, _NONE
        field, seen = -1, 0
        good = blank = False
        while True:
            octet = octets[position]
            while octet in (_SPACE, _TAB, _CR):
                position += 1
                octet = octets[position]
            if octet == _LF or position >= stop:
                blank = state == _VALUE and depth == 0
                break
            if state == _VALUE and depth == 0 and octet != _OPEN_OBJECT:
                break
            closed = False
            if octet == _QUOTE:
                naming = state <= _NAME
                if state in (_AFTER_NAME, _AFTER_VALUE):
                    break
                position += 1
                first = run = position
                copying = not naming and depth == 1 and field >= 0
                escaped = False
                at = ends[field] if copying else np.int64(0)
                while True:
                    # Lane by lane, what stands before the position let pass.
                    at_lane = U64(position) >> _THREE
                    rest = special(lanes[at_lane]) & (_ALL_BITS << U64(8 * (position & 7)))
                    while rest == _NONE:
                        at_lane += _ONE
                        rest = special(lanes[at_lane])
                    position = np.int64(at_lane << _THREE) + first_bit(mask(rest))
                    octet = octets[position]
                    if octet >= 0x80:
                        size = 1
                        while octet >= 0x80 and size:
                            size = sequence(load(lanes, position))
                            position += size
                            octet = octets[position]
                        if size:
                            continue
                        break
                    if octet < _SPACE:
                        break
                    if copying:
                        # A loop over what is counted from 0, which goes several bytes at a time.
                        given, copy = octets[run:position], out[field, at : at + position - run]
                        for i in range(len(given)):
                            copy[i] = given[i]
                        at += position - run
                    if octet == _QUOTE:
                        break
                    escaped = True
                    octet = octets[position + 1]
                    unit, size = U64(ESCAPES[octet]), 1
                    position += 2
                    if octet == _U:
                        code = hexadecimal(load(lanes, position))
                        position += 4
                        if 0xD800 <= code < 0xDC00:
                            after = load(lanes, position)
                            lower = hexadecimal(load(lanes, position + 2))
                            if (
                                after & U64(0xFFFF) == U64(_BACKSLASH | _U << 8)
                                and 0xDC00 <= lower < 0xE000
                            ):
                                code = 0x10000 + ((code - 0xD800) << 10) + (lower - 0xDC00)
                                position += 6
                        if code < 0 or 0xD800 <= code < 0xE000:
                            octet = _BACKSLASH
                            break
                        unit, size = encode(code)
                    elif unit == _NONE:
                        octet = _BACKSLASH
                        break
                    if copying:
                        for i in range(size):
                            out[field, at + i] = np.uint8((unit >> U64(8 * i)) & U64(0xFF))
                        at += size
                    run = position
                if octet != _QUOTE:
                    break
                if naming:
                    state = _AFTER_NAME
                    field = -1
                    if depth == 1:
                        if escaped:
                            break
                        for f in range(FIELDS):
                            size = name_bounds[f + 1] - name_bounds[f]
                            if (required >> f & 1 == 0 and size == 0) or size != position - first:
                                continue
                            i = 0
                            while i < size and names[name_bounds[f] + i] == octets[first + i]:
                                i += 1
                            if i == size:
                                field = f
                        if field >= 0 and seen >> field & 1:
                            break
                else:
                    state = _AFTER_VALUE
                    if copying:
                        if field == TEXT:
                            i = ends[TEXT]
                            while i < at and not visible(
                                out[TEXT, i], out[TEXT, min(i + 1, at - 1)]
                            ):
                                i += 1
                            if i == at:
                                break
                        ends[field] = at
                        seen |= 1 << field
                position += 1
            elif state == _AFTER_NAME:
                if octet != _COLON:
                    break
                state = _VALUE
                position += 1
            elif state == _AFTER_VALUE and octet == _COMMA:
                state = _NAME if inside & _ONE else _VALUE
                position += 1
            elif octet == _CLOSE_OBJECT:
                if not (state == _NAME_OR_END or (state == _AFTER_VALUE and inside & _ONE)):
                    break
                closed = True
            elif octet == _CLOSE_LIST:
                if not (state == _VALUE_OR_END or (state == _AFTER_VALUE and not inside & _ONE)):
                    break
                closed = True
            elif state != _VALUE and state != _VALUE_OR_END:
                break
            elif octet in (_OPEN_OBJECT, _OPEN_LIST):
                if depth == DEEPEST or (depth == 1 and field >= 0):
                    break
                depth += 1
                inside <<= _ONE
                state = _VALUE_OR_END
                if octet == _OPEN_OBJECT:
                    inside |= _ONE
                    state = _NAME_OR_END
                position += 1
            elif octet == _MINUS or _ZERO <= octet <= _NINE:
                first = position
                position += octet == _MINUS
                digits = position
                while _ZERO <= octets[position] <= _NINE:
                    position += 1
                size = position - digits
                if size == 0 or size > MOST_DIGITS or (octets[digits] == _ZERO and size > 1):
                    break
                whole = octets[position] != _POINT and octets[position] | 0x20 != _E
                if octets[position] == _POINT:
                    position += 1
                    digits = position
                    while _ZERO <= octets[position] <= _NINE:
                        position += 1
                    if position == digits or position - digits > MOST_DIGITS:
                        break
                if octets[position] | 0x20 == _E:
                    position += 1
                    if octets[position] == _PLUS or octets[position] == _MINUS:
                        position += 1
                    digits = position
                    while _ZERO <= octets[position] <= _NINE:
                        position += 1
                    if position == digits or position - digits > 2:
                        break
                if depth == 1 and field >= 0:
                    # -0 is 0 to some.
                    if field == TEXT or not whole or (octet == _MINUS and octets[digits] == _ZERO):
                        break
                    for i in range(first, position):
                        out[field, ends[field]] = octets[i]
                        ends[field] += 1
                    seen |= 1 << field
                state = _AFTER_VALUE
            else:
                lane = load(lanes, position)
                if lane & _FOUR_BYTES == _NULL:
                    if depth == 1 and field == TEXT:
                        break
                    if depth == 1 and field > TEXT:
                        seen |= 1 << field
                    position += 4
                elif depth == 1 and field >= 0:
                    break
                elif lane & _FOUR_BYTES == _TRUE:
                    position += 4
                elif lane & _FIVE_BYTES == _FALSE:
                    position += 5
                else:
                    break
                state = _AFTER_VALUE
            if closed:
                position += 1
                depth -= 1
                inside >>= _ONE
                state = _AFTER_VALUE
                if depth == 0:
                    octet = octets[position]
                    while octet in (_SPACE, _TAB, _CR):
                        position += 1
                        octet = octets[position]
                    good = bool(octet == _LF or position >= stop) and seen & required == required
                    break
        if good:
            rows += 1
            for f in range(FIELDS):
                bounds[f, rows] = ends[f]
        elif not blank:
            position = begin
            while position < stop and octets[position] != _LF:
                position += 1
            others[odd, 0], others[odd, 1] = rows, line
            others[odd, 2], others[odd, 3] = begin, position
            odd += 1
            for f in range(FIELDS):
                ends[f] = bounds[f, rows]
        position += 1
        line += 1
    return rows, odd
