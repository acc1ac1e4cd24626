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

MOST = 1_024
"""Different symbols above which keys are sorted as those of words are."""
_CELLS = POSITIONS << GROUP_BITS
"""Stretches by groups: the keys that a symbol can have, in their order."""
_WORTH = 4
"""Cells for each occurrence above which a table costs more than sorting."""
_BOUNDS = np.array(POSITION_BOUNDS, dtype=np.int64)
_32 = np.uint64(32)


def counted_symbols(
    symbols: NDArray[np.uint64], bounds: NDArray[np.int64], groups: NDArray[np.uint8]
) -> Table | None:
    """Return ``Table.count`` of single symbols, or None if there are too many different ones."""
    most = min(MOST, _WORTH * len(symbols) // _CELLS)
    names, alphabet = named(symbols, most)
    if not len(alphabet):
        return None
    hashes, _ = ngram_hashes(alphabet, np.array([0, len(alphabet)], dtype=np.int64), 1)
    order = np.argsort(hashes)
    if not bool((np.diff(hashes[order]) > 0).all()):
        return None
    occurrences = np.zeros((_CELLS, len(alphabet)), dtype=np.uint32)
    documents = np.zeros_like(occurrences)
    count_cells(names, bounds, groups, _BOUNDS, occurrences, documents)
    by_symbol = occurrences.T[order]
    symbol, cell = np.nonzero(by_symbol)
    keys = hashes[order][symbol] << HASH_SHIFT | cell.astype(np.uint64)
    return Table(keys, by_symbol[symbol, cell], documents[cell, order[symbol]])


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
