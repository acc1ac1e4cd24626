"""Repeated stretches of a sequence by naming: the kernels that all repetition is counted with.

Every stretch of one length gets a name, equal ones the same (Karp, Miller and Rosenberg 1972): the
place where the first of them begins. A stretch of length a + b is two named stretches of length a,
b places apart (b <= a), so names of one length give those of the next, whatever the length. Only
places whose stretch is repeated are looked at again, and few are: in running text every second
word occurs twice within 200 words, but one pair of words in ten does.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from degrade.compiled import kernel
from degrade.text.once import once

ORDERS = 6
"""Orders that are counted before lengths are doubled: few stretches that occur twice are longer."""
_A = np.uint64(0x9E3779B97F4A7C15)
_B = np.uint64(0xD6E8FEB86659FD93)
_32 = np.uint64(32)


@kernel
def slots_for(places: int) -> int:
    """Return the size of a table that holds ``places`` names: a power of 2, at most half full."""
    slots = 2
    while slots < 2 * places:
        slots *= 2
    return slots


@kernel
def _numbered(symbols: NDArray[np.uint64], bounds: NDArray[np.int64]) -> NDArray[np.int32]:
    numbers = np.empty(len(symbols), dtype=np.int32)
    most = longest(bounds)
    table = np.empty(slots_for(most), dtype=np.int32)
    types = np.empty(most, dtype=np.uint64)
    for document in range(len(bounds) - 1):
        known = 0
        slots = slots_for(bounds[document + 1] - bounds[document])
        wrap = np.uint64(slots - 1)
        table[:slots] = -1
        for i in range(bounds[document], bounds[document + 1]):
            symbol = symbols[i]
            slot = np.int64((symbol ^ (symbol >> _32)) & wrap)
            while table[slot] >= 0 and types[table[slot]] != symbol:
                slot = np.int64(np.uint64(slot + 1) & wrap)
            if table[slot] < 0:
                table[slot] = known
                types[known] = symbol
                known += 1
            numbers[i] = table[slot]
    return numbers


def numbered(symbols: NDArray[np.uint64], bounds: NDArray[np.int64]) -> NDArray[np.int32]:
    """Return the symbols of each document as numbers, in the order in which they first come.

    They are looked up once for all that is counted within documents of a batch, in tables that are
    as small as a document.
    """
    return once(symbols, "numbers", _numbered, symbols, bounds)


@kernel
def longest(bounds: NDArray[np.int64]) -> int:
    """Return the symbols of the longest document."""
    most = 0
    for document in range(len(bounds) - 1):
        most = max(most, bounds[document + 1] - bounds[document])
    return most


@kernel
def name_symbols(
    numbers: NDArray[np.int32],
    first: int,
    length: int,
    names: NDArray[np.int32],
    sizes: NDArray[np.int32],
    places: NDArray[np.int32],
    table: NDArray[np.int32],
) -> int:
    """Name the symbols from ``first`` on, as ``numbered``; return how many are repeated.

    ``names[i]`` becomes the place of the first symbol like the i-th, or -1 if there is no other;
    ``sizes`` of a name how many have it; ``places`` begins with those that are repeated, in order.
    ``table`` has room for the numbers of the document, and ``slots_for(length)``.
    """
    for i in range(length):
        table[numbers[first + i]] = -1
    for i in range(length):
        number = numbers[first + i]
        if table[number] < 0:
            table[number] = i
            sizes[i] = 0
        names[i] = table[number]
        sizes[table[number]] += 1
    held = 0
    for i in range(length):
        if sizes[names[i]] > 1:
            places[held] = i
            held += 1
        else:
            names[i] = -1
    return held


@kernel
def name_unnumbered(
    symbols: NDArray[np.uint64],
    first: int,
    length: int,
    names: NDArray[np.int32],
    sizes: NDArray[np.int32],
    places: NDArray[np.int32],
    table: NDArray[np.int32],
) -> int:
    """Do what ``name_symbols`` does, for symbols that nothing else asks the numbers of."""
    slots = slots_for(length)
    wrap = np.uint64(slots - 1)
    table[:slots] = -1
    for i in range(length):
        symbol = symbols[first + i]
        slot = np.int64((symbol ^ (symbol >> _32)) & wrap)
        while table[slot] >= 0 and symbols[first + table[slot]] != symbol:
            slot = np.int64(np.uint64(slot + 1) & wrap)
        if table[slot] < 0:
            table[slot] = i
            sizes[i] = 0
        names[i] = table[slot]
        sizes[table[slot]] += 1
    held = 0
    for i in range(length):
        repeated = sizes[names[i]] > 1
        places[held] = i
        held += repeated
        if not repeated:
            names[i] = -1
    return held


@kernel
def name_pairs(
    gap: int,
    length: int,
    held: int,
    names: NDArray[np.int32],
    sizes: NDArray[np.int32],
    places: NDArray[np.int32],
    fresh: NDArray[np.int32],
    table: NDArray[np.int32],
) -> int:
    """Name the stretches longer by ``gap`` in place of those named; return how many are repeated.

    ``held`` of ``places`` are repeated so far, in a sequence of ``length`` symbols; ``fresh`` has
    room for as many.
    """
    wrap = np.uint64(slots_for(held) - 1)
    table[: slots_for(held)] = -1
    for p in range(held):
        i = places[p]
        fresh[p] = -1
        if i + gap >= length or names[i + gap] < 0:
            continue
        one, two = names[i], names[i + gap]
        mark = np.uint64(one) * _A ^ np.uint64(two) * _B
        slot = np.int64((mark ^ (mark >> _32)) & wrap)
        while table[slot] >= 0 and (names[table[slot]] != one or names[table[slot] + gap] != two):
            slot = np.int64(np.uint64(slot + 1) & wrap)
        if table[slot] < 0:
            table[slot] = i
            sizes[i] = 0
        fresh[p] = table[slot]
        sizes[table[slot]] += 1
    kept = 0
    for p in range(held):
        i = places[p]
        if fresh[p] >= 0 and sizes[fresh[p]] > 1:
            names[i] = fresh[p]
            places[kept] = i
            kept += 1
        else:
            names[i] = -1
    return kept


@kernel
def longest_from(
    length: int,
    size: int,
    held: int,
    names: NDArray[np.int32],
    sizes: NDArray[np.int32],
    places: NDArray[np.int32],
    fresh: NDArray[np.int32],
    saved_names: NDArray[np.int32],
    saved_places: NDArray[np.int32],
    table: NDArray[np.int32],
) -> int:
    """Return the length of the longest stretch that is repeated, where some of ``length`` are.

    Lengths double as long as they are found; then what was added last is halved.
    """
    low, high = 0, 0
    while True:
        gap = length if not high else (low + high) // 2
        for p in range(held):
            saved_places[p] = places[p]
            saved_names[p] = names[places[p]]
        kept = name_pairs(gap, size, held, names, sizes, places, fresh, table)
        if kept and not high:
            length, held = 2 * length, kept
            continue
        for p in range(held):
            places[p] = saved_places[p]
            names[places[p]] = saved_names[p]
        if kept:
            low = gap
        else:
            high = gap
        if high - low <= 1:
            return length + low


def repeated_ngrams(
    symbols: NDArray[np.uint64], bounds: NDArray[np.int64], window: int, most: int = ORDERS
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return n-grams less distinct ones, and n-grams, in the full windows of each document.

    Shape (documents, most), for n = 1 to ``most``. Windows follow one another from the start; what
    is left at the end is passed over.
    """
    repeated, _, windows = _repeats(symbols, bounds, window, most)
    ngrams = np.maximum(0, window - np.arange(most))
    return repeated, windows[:, None] * ngrams


def longest_repeats(
    symbols: NDArray[np.uint64], bounds: NDArray[np.int64], window: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the lengths of the longest stretch that occurs twice, summed over full windows.

    And the windows, (documents,) each. The two may overlap; 0 where no symbol occurs twice. A
    ``window`` of 0 is the whole document, if there is any of it.
    """
    return _repeats(symbols, bounds, window, ORDERS)[1:]


def _repeats(
    symbols: NDArray[np.uint64], bounds: NDArray[np.int64], window: int, most: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    parts = numbered(symbols, bounds), bounds, window, most
    return once(symbols, ("repeats", window, most), repeats, *parts)


@kernel
def repeats(
    numbers: NDArray[np.int32], bounds: NDArray[np.int64], window: int, most: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return the repeated n-grams, n = 1 to ``most``, the longest repeats, and the full windows.

    Shapes (documents, most), and (documents,) twice; sums over windows.
    """
    documents = len(bounds) - 1
    repeated = np.zeros((documents, most), dtype=np.int64)
    longest_ones = np.zeros(documents, dtype=np.int64)
    windows = np.zeros(documents, dtype=np.int64)
    room = max(window, longest(bounds))
    names, sizes, places, fresh, saved_names, saved_places = np.empty((6, room), dtype=np.int32)
    table = np.empty(slots_for(room), dtype=np.int32)
    for document in range(documents):
        size = window if window else max(1, bounds[document + 1] - bounds[document])
        for start in range(bounds[document], bounds[document + 1] - size + 1, size):
            windows[document] += 1
            held = name_symbols(numbers, start, size, names, sizes, places, table)
            length = 0
            while held and length < most:
                length += 1
                for p in range(held):
                    if names[places[p]] != places[p]:
                        repeated[document, length - 1] += 1
                if length < most:
                    held = name_pairs(1, size, held, names, sizes, places, fresh, table)
            if not held:
                longest_ones[document] += length
                continue
            parts = names, sizes, places, fresh, saved_names, saved_places, table
            longest_ones[document] += longest_from(length, size, held, *parts)
    return repeated, longest_ones, windows
