"""An interpolated Kneser-Ney model of word n-grams, in hash tables.

Of a word w after the words h, the last n - 1, with h' the last n - 2 of them (Chen and Goodman
1999, section 3):

    p(w | h) = max(c(h w) - D(c(h w)), 0) / c(h .) + gamma(h) p(w | h')
    gamma(h) = (D1 N1(h .) + D2 N2(h .) + D3 N3+(h .)) / c(h .)

c counts occurrences for the longest n-grams, and for shorter ones the different words that stand
before them, c(v) = N1+(. v). N1, N2 and N3+ count the words that follow h with a count of 1, of 2
and of 3 or more. Where h was never followed by anything, p(w | h) = p(w | h'). The discounts are
those of the modified form, D(c) = c - (c + 1) Y n_(c+1) / n_c with Y = n1 / (n1 + 2 n2), for each
length of n-gram.

*Words that were never seen*: below single words stands the uniform distribution over
``VOCABULARY`` words, p = 1 / ``VOCABULARY``. A word that is new to the model is one of so many,
whatever it is, and that is the same for models with many and with few words: a model that lumped
what it does not know together would find it the cheaper the less it knows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from degrade.compiled import kernel
from degrade.text.hashing import absorb, finish

VOCABULARY = 1 << 20
"""Words there are, known or not."""
FALLBACK = (0.5, 1.0, 1.5)
"""Discounts where counts of counts do not allow their estimation, as in KenLM."""
_START = np.uint64(0x9216D5D98979FB1B)
"""Stands before the first word of a document."""
_SEED = np.uint64(0x452821E638D01377)


@dataclass(frozen=True, slots=True)
class KneserNey:
    """What was learned.

    Attributes
    ----------
    keys, counts : uint64, int32 arrays, (order, slots), n-grams by length, in open addressing
    contexts, totals : uint64, int32 arrays, (order, slots), contexts of 0, 1, ... words
    kinds : int32 array, (order, slots, 3), N1, N2 and N3+ of each context
    discounts : float64 array, (order, 3)
    tokens : words that taught it
    vocabulary : words there are, known or not
    """

    keys: NDArray[np.uint64]
    counts: NDArray[np.int32]
    contexts: NDArray[np.uint64]
    totals: NDArray[np.int32]
    kinds: NDArray[np.int32]
    discounts: NDArray[np.float64]
    tokens: int
    vocabulary: int

    @property
    def order(self) -> int:
        """The length of the longest n-grams."""
        return len(self.keys)

    def bits(
        self,
        symbols: NDArray[np.uint64],
        bounds: NDArray[np.int64],
        documents: NDArray[np.int64],
    ) -> NDArray[np.float64]:
        """Return -log2 p of every word of ``documents``, one after the other."""
        return _bits(
            symbols,
            bounds,
            documents,
            self.keys,
            self.counts,
            self.contexts,
            self.totals,
            self.kinds,
            self.discounts,
            self.vocabulary,
        )


def learned(
    symbols: NDArray[np.uint64],
    bounds: NDArray[np.int64],
    documents: NDArray[np.int64],
    order: int = 3,
    discount: float | None = None,
) -> KneserNey:
    """Return the model of ``documents``, of those ``symbols[bounds[i]:bounds[i + 1]]``.

    With a ``discount``, that one is taken from every count (the plain form).
    """
    tokens = int((bounds[documents + 1] - bounds[documents]).sum())
    slots = 1 << max(4, (3 * tokens // 2).bit_length())
    tables = _counted(symbols, bounds, documents, order, slots)
    keys, counts, contexts, totals, kinds, of_counts = tables
    discounts = np.array(
        [estimated(row) if discount is None else (discount,) * 3 for row in of_counts]
    )
    known = int((counts[0] > 0).sum())
    return KneserNey(
        keys, counts, contexts, totals, kinds, discounts, tokens, max(VOCABULARY, known)
    )


def estimated(of_counts: NDArray[np.int64]) -> tuple[float, float, float]:
    """Return D1, D2 and D3+ from how many n-grams have a count of 1, 2, 3 and 4."""
    n1, n2, n3, n4 = (int(n) for n in of_counts)
    if not (n1 and n2 and n3 and n4):
        return FALLBACK
    y = n1 / (n1 + 2 * n2)
    found = 1 - 2 * y * n2 / n1, 2 - 3 * y * n3 / n2, 3 - 4 * y * n4 / n3
    if not all(0 < d <= c for c, d in enumerate(found, 1)):
        return FALLBACK
    return found


@kernel
def _slot(keys: NDArray[np.uint64], key: np.uint64) -> np.int64:
    """Return where ``key`` is, or the empty slot (0) where it would be."""
    mask = np.uint64(len(keys) - 1)
    place = np.int64(key & mask)
    while keys[place] != 0 and keys[place] != key:
        place = np.int64((place + 1) & np.int64(mask))
    return place


@kernel
def _key(before: np.uint64, word: np.uint64, length: int) -> np.uint64:
    """Return the hash of an n-gram: of the hash of what stands before, and a word."""
    key = finish(absorb(before, word), length)
    # 0 marks an empty slot.
    return key if key != 0 else np.uint64(1)


@kernel
def _befores(symbols: NDArray[np.uint64], first: int, i: int, befores: NDArray[np.uint64]) -> None:
    """Fill in the hashes of the last 0, 1, ... words before word ``i`` of a document."""
    befores[0] = _SEED
    for k in range(1, len(befores)):
        word = symbols[i - k] if i - k >= first else _START
        hashed = absorb(befores[k - 1], word)
        befores[k] = hashed if hashed != 0 else np.uint64(1)


@kernel
def _counted(
    symbols: NDArray[np.uint64],
    bounds: NDArray[np.int64],
    documents: NDArray[np.int64],
    order: int,
    slots: int,
) -> tuple[
    NDArray[np.uint64],
    NDArray[np.int32],
    NDArray[np.uint64],
    NDArray[np.int32],
    NDArray[np.int32],
    NDArray[np.int64],
]:
    keys = np.zeros((order, slots), dtype=np.uint64)
    counts = np.zeros((order, slots), dtype=np.int32)
    owners = np.zeros((order, slots), dtype=np.int32)
    contexts = np.zeros((order, slots), dtype=np.uint64)
    totals = np.zeros((order, slots), dtype=np.int32)
    kinds = np.zeros((order, slots, 3), dtype=np.int32)
    of_counts = np.zeros((order, 4), dtype=np.int64)
    befores = np.empty(order, dtype=np.uint64)
    for document in documents:
        first = bounds[document]
        for i in range(first, bounds[document + 1]):
            _befores(symbols, first, i, befores)
            for k in range(order - 1, -1, -1):
                key = _key(befores[k], symbols[i], k)
                place = _slot(keys[k], key)
                fresh = keys[k, place] == 0
                if fresh:
                    keys[k, place] = key
                    there = _slot(contexts[k], befores[k])
                    contexts[k, there] = befores[k]
                    owners[k, place] = there
                counts[k, place] += 1
                # Only a new n-gram is one more word before the shorter one.
                if not fresh:
                    break
    for k in range(order):
        for slot in range(slots):
            count = counts[k, slot]
            if count == 0:
                continue
            if count <= 4:
                of_counts[k, count - 1] += 1
            owner = owners[k, slot]
            totals[k, owner] += count
            kinds[k, owner, min(count, 3) - 1] += 1
    return keys, counts, contexts, totals, kinds, of_counts


@kernel
def _bits(
    symbols: NDArray[np.uint64],
    bounds: NDArray[np.int64],
    documents: NDArray[np.int64],
    keys: NDArray[np.uint64],
    counts: NDArray[np.int32],
    contexts: NDArray[np.uint64],
    totals: NDArray[np.int32],
    kinds: NDArray[np.int32],
    discounts: NDArray[np.float64],
    vocabulary: int,
) -> NDArray[np.float64]:
    order = len(keys)
    befores = np.empty(order, dtype=np.uint64)
    tokens = 0
    for document in documents:
        tokens += bounds[document + 1] - bounds[document]
    out = np.empty(tokens, dtype=np.float64)
    at = 0
    for document in documents:
        first = bounds[document]
        for i in range(first, bounds[document + 1]):
            _befores(symbols, first, i, befores)
            chance = 1.0 / vocabulary
            for k in range(order):
                there = _slot(contexts[k], befores[k])
                total = totals[k, there]
                # What never came after the last k words did not after more of them.
                if total == 0:
                    break
                left = 0.0
                for c in range(3):
                    left += discounts[k, c] * kinds[k, there, c]
                chance *= left / total
                count = counts[k, _slot(keys[k], _key(befores[k], symbols[i], k))]
                if count > 0:
                    chance += (count - discounts[k, min(count, 3) - 1]) / total
            out[at] = -np.log2(chance)
            at += 1
    return out
