"""What Gopher's repetition filters count: repeated lines, and text within repeated n-grams."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from degrade.compiled import kernel
from degrade_metrics.naming import (
    longest,
    longest_from,
    name_pairs,
    name_symbols,
    name_unnumbered,
    slots_for,
)

TOP_ORDERS = (2, 3, 4)
DUPLICATE_ORDERS = (5, 6, 7, 8, 9, 10)
_FIRST_TOP, _LAST_TOP, _LAST = TOP_ORDERS[0], TOP_ORDERS[-1], DUPLICATE_ORDERS[-1]


@kernel
def repeated_units(
    data: NDArray[np.uint8],
    numbers: NDArray[np.int32],
    bounds: NDArray[np.int64],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the lines (or paragraphs) like an earlier one of their document, and their characters.

    Shape (documents,) each.
    """
    documents = len(bounds) - 1
    repeated = np.zeros(documents, dtype=np.int64)
    characters = np.zeros(documents, dtype=np.int64)
    most = longest(bounds)
    names, sizes, places = np.empty((3, most), dtype=np.int32)
    table = np.empty(slots_for(most), dtype=np.int32)
    for document in range(documents):
        first, length = bounds[document], bounds[document + 1] - bounds[document]
        held = name_symbols(numbers, first, length, names, sizes, places, table)
        for p in range(held):
            i = places[p]
            if names[i] == i:
                continue
            repeated[document] += 1
            for position in range(starts[first + i], ends[first + i]):
                characters[document] += data[position] & 0xC0 != 0x80
    return repeated, characters


@kernel
def within_ngrams(
    data: NDArray[np.uint8],
    symbols: NDArray[np.uint64],
    bounds: NDArray[np.int64],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return the characters within each document's top n-grams, and within its duplicate ones.

    And the length of the longest stretch that it holds twice, (documents,), which comes along.
    Shapes (documents, orders). Of n = 2, 3, 4: within the occurrences of the most frequent n-gram,
    if it occurs twice at least (of several, the one that comes first); of n = 5 to 10: within
    n-grams like an earlier one of the document. An n-gram reaches from the start of its first word
    to the end of its last, whatever stands between; no character counts twice.
    """
    documents = len(bounds) - 1
    top = np.zeros((documents, len(TOP_ORDERS)), dtype=np.int64)
    duplicate = np.zeros((documents, len(DUPLICATE_ORDERS)), dtype=np.int64)
    most = longest(bounds)
    longest_ones = np.zeros(documents, dtype=np.int64)
    names, sizes, places, fresh, saved_names, saved_places = np.empty((6, most), dtype=np.int32)
    table = np.empty(slots_for(most), dtype=np.int32)
    for document in range(documents):
        first, length = bounds[document], bounds[document + 1] - bounds[document]
        held = name_unnumbered(symbols, first, length, names, sizes, places, table)
        for n in range(2, _LAST + 1):
            if not held:
                break
            longest_ones[document] = n - 1
            held = name_pairs(1, length, held, names, sizes, places, fresh, table)
            top_name = np.int32(-1)
            if n <= _LAST_TOP:
                for p in range(held):
                    if top_name < 0 or sizes[names[places[p]]] > sizes[top_name]:
                        top_name = names[places[p]]
            covered, within = np.int64(0), 0
            for p in range(held):
                i = places[p]
                if names[i] != top_name if n <= _LAST_TOP else names[i] == i:
                    continue
                start = max(starts[first + i], covered)
                covered = ends[first + i + n - 1]
                for position in range(start, covered):
                    within += data[position] & 0xC0 != 0x80
            if n <= _LAST_TOP:
                top[document, n - _FIRST_TOP] = within
            else:
                duplicate[document, n - _LAST_TOP - 1] = within
        if held:
            parts = names, sizes, places, fresh, saved_names, saved_places, table
            longest_ones[document] = longest_from(_LAST, length, held, *parts)
    return top, duplicate, longest_ones
