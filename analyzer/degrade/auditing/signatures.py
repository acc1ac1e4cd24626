"""What a document says, as 128 bits, and as keys that documents alike have in common.

Of each of ``HASHES`` orders of all five-word phrases, a signature says which phrase of the document
comes first (MinHash, Broder 1997): two documents agree in as large a share of the orders as they
share of their phrases taken together. A bit of each is kept (Li and König 2010); four in a row make
a key of ``BANDS``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from degrade.compiled import kernel
from degrade.summaries.sketches import mixed
from degrade.text.hashing import A

N = 5
HASHES = 128
BANDS, ROWS = 6, 4
"""Of two documents with a resemblance of .8, no key is common with a chance of .04; of .9, .002."""
_WORDS = HASHES // 64
_32, _63 = np.uint64(32), np.uint64(63)
_BAND = np.uint64(7)
_NONE, _ALL = np.uint32(0xFFFFFFFF), np.uint64(0xFFFFFFFFFFFFFFFF)
_SALTS, _FACTORS = np.random.default_rng(20_000).integers(0, 1 << 32, (2, HASHES), np.uint32)
_FACTORS |= np.uint32(1)


@dataclass(frozen=True, slots=True)
class Signatures:
    """Signatures of documents.

    Attributes
    ----------
    keys : uint64 array, (documents,), of the phrase of smallest hash, which documents alike share
        with a chance of their resemblance; 0 for a document without a phrase
    bands : uint32 array, (documents, BANDS), keys by their rows, the number of the band lowest
    bits : uint64 array, (documents, HASHES / 64)
    """

    keys: NDArray[np.uint64]
    bands: NDArray[np.uint32]
    bits: NDArray[np.uint64]


def signatures(symbols: NDArray[np.uint64], bounds: NDArray[np.int64]) -> Signatures:
    """Return the signatures of documents of words ``symbols[bounds[i]:bounds[i + 1]]``."""
    return Signatures(*_signed(symbols, bounds, _SALTS, _FACTORS))


@kernel
def _signed(
    symbols: NDArray[np.uint64],
    bounds: NDArray[np.int64],
    salts: NDArray[np.uint32],
    factors: NDArray[np.uint32],
) -> tuple[NDArray[np.uint64], NDArray[np.uint32], NDArray[np.uint64]]:
    count = len(bounds) - 1
    keys = np.zeros(count, dtype=np.uint64)
    bands = np.zeros((count, BANDS), dtype=np.uint32)
    bits = np.zeros((count, _WORDS), dtype=np.uint64)
    least = np.empty(HASHES, dtype=np.uint32)
    for document in range(count):
        start, grams = bounds[document], bounds[document + 1] - bounds[document] - N + 1
        if grams < 1:
            continue
        smallest = _ALL
        least[:] = _NONE
        for i in range(start, start + grams):
            h = np.uint64(0)
            for k in range(N):
                h = (h + symbols[i + k]) * A
                h ^= h >> _32
            h = mixed(h)
            smallest = min(smallest, h)
            low = np.uint32(h >> _32)
            for k in range(HASHES):
                least[k] = min(least[k], np.uint32(np.uint32(low ^ salts[k]) * factors[k]))
        keys[document] = max(np.uint64(1), mixed(smallest + A))
        for k in range(HASHES):
            bits[document, k // 64] |= np.uint64(least[k] & 1) << (np.uint64(k) & _63)
        for band in range(BANDS):
            value = np.uint64(band)
            for k in range(band * ROWS, (band + 1) * ROWS):
                value = mixed(value * A + np.uint64(least[k]))
            bands[document, band] = np.uint32((value >> _32 & ~_BAND) | np.uint64(band))
    return keys, bands, bits
