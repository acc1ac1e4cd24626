"""Counting single symbols where few different ones make up the text: characters, tags, marks.

An n-gram table sorts a key for every occurrence. Of a hundred characters that say all of a batch,
it is much less work to count in a table by symbol, stretch and group, and to sort the symbols.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from degrade.census.kernels import ngram_hashes
from degrade.census.keys import GROUP_BITS, HASH_SHIFT, POSITION_BOUNDS, POSITIONS
from degrade.census.table import Table
from degrade.compiled import kernel
from degrade.text.hashing import decode
from degrade.text.instructions import load
from degrade.text.layer import Layer
from degrade.text.spans import texts_of

MOST = 1_024
"""Different symbols above which keys are sorted as those of words are."""
_CELLS = POSITIONS << GROUP_BITS
"""Stretches by groups: the keys that a symbol can have, in their order."""
_WORTH = 4
"""Cells for each occurrence above which a table costs more than sorting."""
_BOUNDS = np.array(POSITION_BOUNDS, dtype=np.int64)
_32 = np.uint64(32)
ASCII = 128
_HIGH_BITS = np.uint64(0x8080808080808080)
_SLOTS = 4 * MOST


def counted_symbols(
    symbols: NDArray[np.uint64], bounds: NDArray[np.int64], groups: NDArray[np.uint8]
) -> Table | None:
    """Return ``Table.count`` of single symbols, or None if there are too many different ones."""
    most = min(MOST, _WORTH * len(symbols) // _CELLS)
    names, alphabet = named(symbols, most)
    if not len(alphabet):
        return None
    occurrences = np.zeros((_CELLS, len(alphabet)), dtype=np.uint32)
    documents = np.zeros_like(occurrences)
    count_cells(names, bounds, groups, _BOUNDS, occurrences, documents)
    return _table(alphabet, occurrences, documents)


def counted_characters(
    layer: Layer, data: NDArray[np.uint8], bounds: NDArray[np.int64], groups: NDArray[np.uint8]
) -> Table | None:
    """Return ``Table.count`` of single code points, straight from their bytes.

    ``layer`` says what their symbols are. None if there are too many different ones.
    """
    texts = texts_of(data, bounds)
    most = min(MOST, _WORTH * int(bounds[-1]) // _CELLS)
    table, codes = beyond_ascii(texts.lanes, bounds, most)
    if ASCII + len(codes) > most:
        return None
    occurrences = np.zeros((_CELLS, ASCII + len(codes)), dtype=np.uint32)
    documents = np.zeros_like(occurrences)
    parts = texts.octets, texts.lanes, bounds, groups, _BOUNDS, table, codes
    count_characters(*parts, occurrences, documents)
    found = np.flatnonzero(documents.any(axis=0))
    every = np.concatenate([np.arange(ASCII), codes])[found]
    text = np.frombuffer("".join(map(chr, every.tolist())).encode("utf-8"), dtype=np.uint8)
    alphabet = layer.segment(text, np.array([0, len(text)], dtype=np.int64)).symbols
    return _table(alphabet, occurrences[:, found], documents[:, found])


def _table(
    alphabet: NDArray[np.uint64], occurrences: NDArray[np.uint32], documents: NDArray[np.uint32]
) -> Table | None:
    """Return the table of counts by cell and symbol, or None where two hashes are one."""
    hashes, _ = ngram_hashes(alphabet, np.array([0, len(alphabet)], dtype=np.int64), 1)
    order = np.argsort(hashes)
    if not bool((np.diff(hashes[order]) > 0).all()):
        return None
    return Table(*_in_order(hashes, order, occurrences, documents))


@kernel
def _in_order(
    hashes: NDArray[np.uint64],
    order: NDArray[np.int64],
    occurrences: NDArray[np.uint32],
    documents: NDArray[np.uint32],
) -> tuple[NDArray[np.uint64], NDArray[np.uint32], NDArray[np.uint32]]:
    """Return keys in order, and the counts of those that occur."""
    room = np.count_nonzero(occurrences)
    keys = np.empty(room, dtype=np.uint64)
    found, first = np.empty((2, room), dtype=np.uint32)
    count = 0
    for symbol in order:
        for cell in range(len(occurrences)):
            if occurrences[cell, symbol]:
                keys[count] = hashes[symbol] << HASH_SHIFT | np.uint64(cell)
                found[count] = occurrences[cell, symbol]
                first[count] = documents[cell, symbol]
                count += 1
    return keys, found, first


@kernel
def named(symbols: NDArray[np.uint64], most: int) -> tuple[NDArray[np.uint16], NDArray[np.uint64]]:
    """Return the symbols as numbers in the order of their first occurrences, and the alphabet.

    The alphabet is empty if it is of more than ``most`` symbols, at most 2**16.
    """
    slots = 2
    while slots < 4 * most:
        slots *= 2
    wrap = np.uint64(slots - 1)
    table = np.full(slots, -1, dtype=np.int32)
    alphabet = np.empty(most, dtype=np.uint64)
    names = np.empty(len(symbols), dtype=np.uint16)
    known = 0
    for i in range(len(symbols)):
        symbol = symbols[i]
        slot = np.int64((symbol ^ (symbol >> _32)) & wrap)
        while table[slot] >= 0 and alphabet[table[slot]] != symbol:
            slot = np.int64(np.uint64(slot + 1) & wrap)
        if table[slot] < 0:
            if known == most:
                return names[:0], alphabet[:0]
            table[slot] = known
            alphabet[known] = symbol
            known += 1
        names[i] = table[slot]
    return names, alphabet[:known].copy()


@kernel
def count_cells(
    names: NDArray[np.uint16],
    bounds: NDArray[np.int64],
    groups: NDArray[np.uint8],
    stretches: NDArray[np.int64],
    occurrences: NDArray[np.uint32],
    documents: NDArray[np.uint32],
) -> None:
    """Add the occurrences of each symbol, and the documents that first hold it there.

    Both are (stretches by groups, alphabet); ``stretches`` says where the first ones end, and the
    last one goes on to the end.
    """
    last = np.full(occurrences.shape[1], -1, dtype=np.int64)
    for document in range(len(bounds) - 1):
        begin, end = bounds[document], bounds[document + 1]
        at = begin
        for code in range(len(stretches) + 1):
            stop = min(end, begin + stretches[code]) if code < len(stretches) else end
            cell = code << GROUP_BITS | np.int64(groups[document])
            for i in range(at, stop):
                name = names[i]
                occurrences[cell, name] += np.uint32(1)
                if last[name] != document:
                    last[name] = document
                    documents[cell, name] += np.uint32(1)
            at = stop
            if at == end:
                break


@kernel
def _slot(code: np.int64, codes: NDArray[np.int64], table: NDArray[np.int16]) -> np.int64:
    slot = (code ^ code >> 7) & (_SLOTS - 1)
    while table[slot] >= 0 and codes[table[slot]] != code:
        slot = (slot + 1) & (_SLOTS - 1)
    return slot


@kernel
def beyond_ascii(
    lanes: NDArray[np.uint64], bounds: NDArray[np.int64], most: int
) -> tuple[NDArray[np.int16], NDArray[np.int64]]:
    """Return a table from code points to numbers, and those beyond ASCII by number.

    There are more than ``most`` of them where it stops at one more.
    """
    table = np.full(_SLOTS, -1, dtype=np.int16)
    codes = np.empty(most + 1, dtype=np.int64)
    known = 0
    i, stop = bounds[0], bounds[-1]
    while i < stop and known <= most:
        lane = load(lanes, i)
        if lane & _HIGH_BITS == np.uint64(0):
            i += 8
            continue
        code, size = decode(lane)
        i += size
        if code < ASCII:
            continue
        slot = _slot(code, codes, table)
        if table[slot] < 0:
            table[slot] = known
            codes[known] = code
            known += 1
    return table, codes[:known].copy()


@kernel
def count_characters(
    data: NDArray[np.uint8],
    lanes: NDArray[np.uint64],
    bounds: NDArray[np.int64],
    groups: NDArray[np.uint8],
    stretches: NDArray[np.int64],
    table: NDArray[np.int16],
    codes: NDArray[np.int64],
    occurrences: NDArray[np.uint32],
    documents: NDArray[np.uint32],
) -> None:
    """Do for code points what ``count_cells`` does; those of ASCII are their own numbers."""
    last = np.full(occurrences.shape[1], -1, dtype=np.int64)
    for document in range(len(bounds) - 1):
        i, stop = bounds[document], bounds[document + 1]
        before = 0
        for code in range(len(stretches) + 1):
            # Not even of the longest document is so much left.
            left = stretches[code] - before if code < len(stretches) else stop - i
            # Without a sign, nothing is taken for a place counted from the end.
            cell = np.uint64(code << GROUP_BITS | np.int64(groups[document]))
            while i < stop and left > 0:
                name = np.uint64(data[i])
                if name < np.uint64(ASCII):
                    i += 1
                else:
                    point, size = decode(load(lanes, i))
                    name = np.uint64(ASCII + np.int64(table[_slot(point, codes, table)]))
                    i += size
                left -= 1
                occurrences[cell, name] += np.uint32(1)
                if last[name] != document:
                    last[name] = document
                    documents[cell, name] += np.uint32(1)
            if code < len(stretches):
                before = stretches[code]
            if i == stop:
                break
