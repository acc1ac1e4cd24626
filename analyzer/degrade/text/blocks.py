"""Where lines, paragraphs and characters lie, how many, and where white space ends."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from degrade.compiled import kernel
from degrade.text.break_classes import WHITE
from degrade.text.hashing import SEED, U64, absorb, decode, finish
from degrade.text.instructions import first_bit, load
from degrade.text.lanes import equal, only
from degrade.text.once import once
from degrade.text.segmentation import mask

_LF, _CR = 0x0A, 0x0D
_NONE = U64(0)
_LINE_FEEDS, _RETURNS = U64(0x0A0A0A0A0A0A0A0A), U64(0x0D0D0D0D0D0D0D0D)


@kernel
def trimmed(
    data: NDArray[np.uint8],
    lanes: NDArray[np.uint64],
    start: np.int64,
    end: np.int64,
    index: NDArray[np.uint16],
    classes: NDArray[np.uint8],
) -> tuple[np.int64, np.int64]:
    """Return the stretch without white space at its ends; start is end if it is all white."""
    while start < end:
        code, size = decode(load(lanes, start))
        if not classes[np.int64(index[code >> 7]) << 7 | (code & 0x7F)] & WHITE:
            break
        start += size
    while start < end:
        last = end - 1
        while last > start and data[last] & 0xC0 == 0x80:
            last -= 1
        code, _ = decode(load(lanes, last))
        if not classes[np.int64(index[code >> 7]) << 7 | (code & 0x7F)] & WHITE:
            break
        end = last
    return start, end


@kernel
def trim(
    data: NDArray[np.uint8],
    lanes: NDArray[np.uint64],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    index: NDArray[np.uint16],
    classes: NDArray[np.uint8],
) -> None:
    """Take the white space off the ends of every stretch, in place."""
    for i in range(len(starts)):
        start, end = starts[i], ends[i]
        # Most begin and end with a character of ASCII that is not white.
        if start < end and 0x20 < data[start] < 0x7F and 0x20 < data[end - 1] < 0x7F:
            continue
        starts[i], ends[i] = trimmed(data, lanes, start, end, index, classes)


@kernel
def line_spans(
    data: NDArray[np.uint8],
    lanes: NDArray[np.uint64],
    bounds: NDArray[np.int64],
    index: NDArray[np.uint16],
    classes: NDArray[np.uint8],
    paragraphs: bool,
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Write where lines lie, or else paragraphs; return the bounds of documents in them.

    Lines end with LF, CR LF or CR; the white ones are left out, and part paragraphs.
    """
    span_bounds = np.zeros(len(bounds), dtype=np.int64)
    count = 0
    for document in range(len(bounds) - 1):
        position, stop = bounds[document], bounds[document + 1]
        inside = False
        while position < stop:
            start = position
            ending = _NONE
            while position + 8 <= stop and ending == _NONE:
                lane = load(lanes, position)
                ending = equal(lane, _LINE_FEEDS) | equal(lane, _RETURNS)
                position += first_bit(mask(ending)) if ending else 8
            while position < stop and data[position] != _LF and data[position] != _CR:
                position += 1
            first, last = trimmed(data, lanes, start, position, index, classes)
            if position + 1 < stop and data[position] == _CR and data[position + 1] == _LF:
                position += 1
            position += 1
            if first == last:
                inside = False
            elif inside and paragraphs:
                ends[count - 1] = last
            else:
                inside = True
                starts[count], ends[count] = first, last
                count += 1
        span_bounds[document + 1] = count
    return span_bounds


@kernel
def character_spans(
    lanes: NDArray[np.uint64],
    bounds: NDArray[np.int64],
    offsets: NDArray[np.int64],
    symbols: NDArray[np.uint64],
) -> NDArray[np.int64]:
    """Write where code points begin and the last ends, and symbols; return bounds of documents."""
    plain = np.empty(0x80, dtype=np.uint64)
    for octet in range(len(plain)):
        plain[octet] = finish(absorb(SEED, U64(octet)), 1)
    span_bounds = np.zeros(len(bounds), dtype=np.int64)
    count = 0
    for document in range(len(bounds) - 1):
        position = bounds[document]
        while position < bounds[document + 1]:
            lane = load(lanes, position)
            code, size = decode(lane)
            offsets[count] = position
            position += size
            if size == 1:
                symbols[count] = plain[code]
            else:
                symbols[count] = finish(absorb(SEED, only(lane, size)), size)
            count += 1
        span_bounds[document + 1] = count
    offsets[count] = bounds[-1]
    return span_bounds


@kernel
def _characters_of(data: NDArray[np.uint8], bounds: NDArray[np.int64]) -> NDArray[np.int64]:
    characters = np.zeros(len(bounds) - 1, dtype=np.int64)
    for document in range(len(bounds) - 1):
        found = 0
        for octet in data[bounds[document] : bounds[document + 1]]:
            # Bytes that continue another are 0b10xxxxxx.
            found += octet & 0xC0 != 0x80
        characters[document] = found
    return characters


def characters_of(data: NDArray[np.uint8], bounds: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the code points of each document of a batch, (documents,), counted once for all."""
    return once(data, "characters", _characters_of, data, np.ascontiguousarray(bounds))
