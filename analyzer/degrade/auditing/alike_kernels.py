"""A table of documents by the keys of their signatures."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from degrade.auditing.signatures import BANDS, HASHES
from degrade.compiled import kernel

ALIKE = 0.8
"""Resemblance (Jaccard index) from which documents are alike."""
AT = 8
"""Slots of the table for each document."""
NOTHING = np.int32(-1)
_MOST = 32
"""Documents of one key that another is held against."""
_AGREEING = int(np.ceil(HASHES * (1 + ALIKE) / 2))
"""Equal bits of documents that are alike: of orders that disagree, half of the bits are equal."""
_BAND_BITS, _BAND = np.uint32(3), np.uint32(7)
"""The low bits of a key say of which band it is."""
_1, _2, _4, _56 = np.uint64(1), np.uint64(2), np.uint64(4), np.uint64(56)
_ODD, _PAIRS = np.uint64(0x5555555555555555), np.uint64(0x3333333333333333)
_FOURS, _BYTES = np.uint64(0x0F0F0F0F0F0F0F0F), np.uint64(0x0101010101010101)


@kernel
def agreeing_bits(one: NDArray[np.uint64], two: NDArray[np.uint64]) -> int:
    """Return how many bits of two signatures are equal."""
    apart = 0
    for word in range(len(one)):
        x = one[word] ^ two[word]
        x -= (x >> _1) & _ODD
        x = (x & _PAIRS) + ((x >> _2) & _PAIRS)
        x = (x + (x >> _4)) & _FOURS
        apart += int((x * _BYTES) >> _56)
    return 64 * len(one) - apart


@kernel
def slot_of(tags: NDArray[np.uint32], heads: NDArray[np.int32], tag: np.uint32) -> np.int64:
    """Return the slot of a key: where it stands, or is to stand."""
    last = len(tags) - 1
    slot = np.int64(tag >> _BAND_BITS) & last
    while heads[slot] >= 0 and tags[slot] != tag:
        slot = (slot + 1) & last
    return slot


@kernel
def link(
    tags: NDArray[np.uint32],
    heads: NDArray[np.int32],
    digests: NDArray[np.uint64],
    bits: NDArray[np.uint64],
    octaves: NDArray[np.uint8],
    company: NDArray[np.uint8],
    twins: NDArray[np.int32],
    before: NDArray[np.int32],
    bands: NDArray[np.uint32],
    first: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Enter documents, those from row ``first`` on, by the keys ``bands``, (documents, BANDS).

    Return the row of the earlier document that each is most like, the first of such, or -1, and how
    many bits agree. Both are marked in ``company``. Of documents of the same words, only the first
    is entered.
    """
    likes = np.full(len(bands), -1, dtype=np.int64)
    most = np.zeros(len(bands), dtype=np.int64)
    for i in range(len(bands)):
        row = first + i
        twins[row] = NOTHING
        for band in range(BANDS):
            other = heads[slot_of(tags, heads, bands[i, band])]
            looked = 0
            while other >= 0 and looked < _MOST and twins[row] < 0:
                looked += 1
                if digests[other] == digests[row]:
                    twins[row] = other
                    break
                agreeing = agreeing_bits(bits[other], bits[row])
                if agreeing >= _AGREEING:
                    company[other] = max(company[other], octaves[row] + 1)
                    company[row] = max(company[row], octaves[other] + 1)
                    if agreeing > most[i] or (agreeing == most[i] and other < likes[i]):
                        likes[i], most[i] = other, agreeing
                other = before[other, band]
        if twins[row] >= 0:
            likes[i], most[i] = -1, 0
            continue
        for band in range(BANDS):
            slot = slot_of(tags, heads, bands[i, band])
            before[row, band] = heads[slot]
            tags[slot], heads[slot] = bands[i, band], row
    return likes, most


@kernel
def relinked(
    tags: NDArray[np.uint32],
    heads: NDArray[np.int32],
    before: NDArray[np.int32],
    moved: NDArray[np.int32],
    slots: int,
) -> tuple[NDArray[np.uint32], NDArray[np.int32], NDArray[np.int32]]:
    """Return the table in ``slots``, and ``before``, of documents with the numbers ``moved``.

    -1 for those that go.
    """
    new_tags = np.zeros(slots, dtype=np.uint32)
    new_heads = np.full(slots, NOTHING, dtype=np.int32)
    new_before = np.full((len(before), BANDS), NOTHING, dtype=np.int32)
    for old in range(len(tags)):
        other, band = heads[old], np.int64(tags[old] & _BAND)
        last = NOTHING
        while other >= 0:
            row = moved[other]
            if row >= 0:
                if last >= 0:
                    new_before[last, band] = row
                else:
                    slot = slot_of(new_tags, new_heads, tags[old])
                    new_tags[slot], new_heads[slot] = tags[old], row
                last = row
            other = before[other, band]
    return new_tags, new_heads, new_before
