"""Compiled loops that turn symbols into sorted, counted entries."""

import numpy as np
from numpy.typing import NDArray

from degrade.census.keys import GROUP_BITS, HASH_SHIFT
from degrade.compiled import kernel

# Odd constants of full width: the golden ratio, and the multipliers of MurmurHash3's finalizer.
_ROLL = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xFF51AFD7ED558CCD)
_MIX_2 = np.uint64(0xC4CEB9FE1A85EC53)
_HALF = np.uint64(33)
_ONE = np.uint64(1)
_POSITION_SHIFT = np.uint64(GROUP_BITS)
# Of a digit: as many as have all their places in the nearest cache, and fewer for a few keys.
_MOST_BITS, _FEW_BITS = 12, 8


@kernel
def mixed(value: np.uint64) -> np.uint64:
    """Return ``value`` with every bit depending on every other (a bijection of 64 bits)."""
    value ^= value >> _HALF
    value *= _MIX_1
    value ^= value >> _HALF
    value *= _MIX_2
    value ^= value >> _HALF
    return value


@kernel
def _hash_document(symbols: NDArray[np.uint64], n: int, out: NDArray[np.uint64]) -> None:
    """Write the hashes of all n-grams of a document: 54 bits, right-aligned.

    A polynomial in the symbols, mixed. One step for all n-grams after the other, each counted from
    0, since the loops then run several n-grams at a time: an index that may be negative is looked
    up alone.
    """
    for i in range(len(out)):
        out[i] = symbols[i]
    for k in range(1, n):
        later = symbols[k:]
        for i in range(len(out)):
            out[i] = out[i] * _ROLL + later[i]
    for i in range(len(out)):
        out[i] = mixed(out[i] + np.uint64(n)) >> HASH_SHIFT


@kernel
def ngram_hashes(
    symbols: NDArray[np.uint64], bounds: NDArray[np.int64], n: int
) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Return the hash (high 54 bits, right-aligned) and first symbol of every n-gram, in order."""
    total = 0
    for document in range(len(bounds) - 1):
        total += max(0, bounds[document + 1] - bounds[document] - n + 1)
    hashes = np.empty(total, dtype=np.uint64)
    starts = np.empty(total, dtype=np.int64)
    at = 0
    for document in range(len(bounds) - 1):
        first = bounds[document]
        length = max(0, bounds[document + 1] - first - n + 1)
        _hash_document(symbols[first : first + length + n - 1], n, hashes[at : at + length])
        for i in range(length):
            starts[at + i] = first + i
        at += length
    return hashes, starts


@kernel
def ngram_keys(
    symbols: NDArray[np.uint64],
    bounds: NDArray[np.int64],
    groups: NDArray[np.uint8],
    n: int,
    codes: NDArray[np.uint64],
    threshold: np.uint64,
) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Return the key of every n-gram, and of every one that its document already held before.

    Only of n-grams whose hash lies below ``threshold``. Documents that first hold an n-gram under a
    key are its occurrences less its repeats: two plain sorts give both counts, where a third column
    would have to travel with the keys.
    """
    total = 0
    longest = 0
    for document in range(len(bounds) - 1):
        length = max(0, bounds[document + 1] - bounds[document] - n + 1)
        total += length
        longest = max(longest, length)
    slots = 2
    while slots < 2 * longest:
        slots *= 2
    seen = np.empty(slots, dtype=np.uint64)
    hashes = np.empty(longest, dtype=np.uint64)
    keys = np.empty(total, dtype=np.uint64)
    repeats = np.empty(total, dtype=np.uint64)
    at = 0
    repeated = 0
    last_code = np.uint64(len(codes))
    far = codes[-1] + _ONE
    for document in range(len(bounds) - 1):
        first = bounds[document]
        length = bounds[document + 1] - first - n + 1
        if length <= 0:
            continue
        own = hashes[:length]
        _hash_document(symbols[first : bounds[document + 1]], n, own)
        kept = 0
        for hashed in own:
            kept += hashed < threshold
        slots = 2
        while slots < 2 * kept:
            slots *= 2
        seen[:slots] = 0
        wrap = np.uint64(slots - 1)
        group = np.uint64(groups[document])
        for i in range(length):
            hashed = own[i]
            if hashed >= threshold:
                continue
            end = np.uint64(i + n - 1)
            code = codes[end] if end < last_code else far
            key = (hashed << HASH_SHIFT) | (code << _POSITION_SHIFT) | group
            keys[at] = key
            at += 1
            mark = hashed + _ONE
            slot = hashed & wrap
            while seen[slot] != 0 and seen[slot] != mark:
                slot = (slot + _ONE) & wrap
            if seen[slot] == mark:
                repeats[repeated] = key
                repeated += 1
            else:
                seen[slot] = mark
    return keys[:at], repeats[:repeated]


@kernel
def in_order(keys: NDArray[np.uint64], threshold: np.uint64) -> NDArray[np.uint64]:
    """Return ``keys`` sorted; their hashes lie below ``threshold``.

    Digit by digit, from the lowest up: where a key goes follows from its digit and from how many
    there are of each, so that no branch depends on what is compared.
    """
    width = 64
    while width > 1 and (threshold << HASH_SHIFT) - _ONE < _ONE << np.uint64(width - 1):
        width -= 1
    most = _MOST_BITS if len(keys) >> _MOST_BITS - 1 else _FEW_BITS
    digits = (width + most - 1) // most
    bits = (width + digits - 1) // digits
    # A batch holds fewer than 2**32 keys.
    ends = np.empty((1 << bits) + 1, dtype=np.uint32)
    digit = np.uint64((1 << bits) - 1)
    out, other = keys.copy(), np.empty_like(keys)
    for k in range(digits):
        shift = np.uint64(k * bits)
        ends[:] = 0
        for key in out:
            ends[(key >> shift & digit) + _ONE] += np.uint32(1)
        for i in range(1, len(ends)):
            ends[i] += ends[i - 1]
        for key in out:
            place = key >> shift & digit
            other[ends[place]] = key
            ends[place] += np.uint32(1)
        out, other = other, out
    return out


@kernel
def counted(
    keys: NDArray[np.uint64], repeats: NDArray[np.uint64]
) -> tuple[NDArray[np.uint64], NDArray[np.uint32], NDArray[np.uint32]]:
    """Return distinct keys, occurrences and documents, from sorted keys and sorted repeats.

    A batch holds fewer than 2**32 occurrences, so its counts fit.
    """
    distinct = 0
    for i in range(len(keys)):
        if i == 0 or keys[i] != keys[i - 1]:
            distinct += 1
    out = np.empty(distinct, dtype=np.uint64)
    occurrences = np.empty(distinct, dtype=np.uint32)
    documents = np.empty(distinct, dtype=np.uint32)
    i = 0
    r = 0
    for at in range(distinct):
        key = keys[i]
        begin = i
        while i < len(keys) and keys[i] == key:
            i += 1
        first = r
        while r < len(repeats) and repeats[r] == key:
            r += 1
        out[at] = key
        occurrences[at] = i - begin
        documents[at] = (i - begin) - (r - first)
    return out, occurrences, documents


@kernel
def merged(
    keys_a: NDArray[np.uint64],
    occurrences_a: NDArray[np.unsignedinteger],
    documents_a: NDArray[np.unsignedinteger],
    keys_b: NDArray[np.uint64],
    occurrences_b: NDArray[np.unsignedinteger],
    documents_b: NDArray[np.unsignedinteger],
) -> tuple[NDArray[np.uint64], NDArray[np.unsignedinteger], NDArray[np.unsignedinteger]]:
    """Return the sum of two sorted tables of one dtype; the caller sees to it that sums fit."""
    most = len(keys_a) + len(keys_b)
    # Room for all: what is left over at the end is never touched, and so takes no memory.
    keys = np.empty(most, dtype=np.uint64)
    occurrences = np.empty(most, dtype=occurrences_a.dtype)
    documents = np.empty(most, dtype=documents_a.dtype)
    # Unsigned, since a signed index is looked at for its sign at every step.
    i = np.uint64(0)
    j = np.uint64(0)
    at = np.uint64(0)
    end_a, end_b = np.uint64(len(keys_a)), np.uint64(len(keys_b))
    while i < end_a or j < end_b:
        if j == end_b or (i < end_a and keys_a[i] < keys_b[j]):
            keys[at] = keys_a[i]
            occurrences[at] = occurrences_a[i]
            documents[at] = documents_a[i]
            i += _ONE
        elif i == end_a or keys_b[j] < keys_a[i]:
            keys[at] = keys_b[j]
            occurrences[at] = occurrences_b[j]
            documents[at] = documents_b[j]
            j += _ONE
        else:
            keys[at] = keys_a[i]
            occurrences[at] = occurrences_a[i] + occurrences_b[j]
            documents[at] = documents_a[i] + documents_b[j]
            i += _ONE
            j += _ONE
        at += _ONE
    return keys[:at], occurrences[:at], documents[:at]


@kernel
def summed_steps(steps: NDArray[np.uint64]) -> tuple[NDArray[np.uint64], bool]:
    """Return the running sums of ``steps``, and whether each is above that before it."""
    keys = np.empty_like(steps)
    key = np.uint64(0)
    rising = True
    for i in range(len(steps)):
        before = key
        key += steps[i]
        rising &= key > before or i == 0
        keys[i] = key
    return keys, rising
