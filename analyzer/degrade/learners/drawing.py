"""Drawing words from an interpolated n-gram model.

Rows and entries are those of ``Successors``. ``rows[k]`` is the row of the context of the last k
words, or -1; ``shares[k]`` is the weight of its estimate, once the weight of contexts that nothing
followed went to the next shorter one.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from degrade.compiled import kernel

Tree = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]
Numbers = NDArray[np.int64]
Reals = NDArray[np.float64]
_ROUNDING = 1e-12


@kernel
def place(tree: Tree, row: int, word: int) -> int:
    """Return the entry of ``word`` in ``row``, or -1."""
    starts, followers, _ = tree
    if row < 0:
        return -1
    first, last = starts[row], starts[row + 1]
    entry = first + np.searchsorted(followers[first:last], word)
    return int(entry) if entry < last and followers[entry] == word else -1


@kernel
def total(tree: Tree, row: int) -> int:
    """Return how many words are counted in ``row``."""
    starts, _, below = tree
    return int(below[starts[row + 1]] - below[starts[row]]) if row >= 0 else 0


@kernel
def count(tree: Tree, entry: int) -> int:
    """Return how often the n-gram of ``entry`` was seen."""
    return int(tree[2][entry + 1] - tree[2][entry])


@kernel
def share_out(tree: Tree, weights: Reals, rows: Numbers, shares: Reals) -> None:
    """Write ``shares``: each weight to the longest context, from its own down, that has words."""
    carried = 0.0
    for k in range(len(weights) - 1, -1, -1):
        carried += weights[k]
        shares[k] = 0.0
        if total(tree, rows[k]):
            shares[k] = carried
            carried = 0.0


@kernel
def draw(tree: Tree, rows: Numbers, shares: Reals, rng: Any) -> int:
    """Return a word drawn from the interpolated distribution: a context, then a word after it."""
    starts, followers, below = tree
    chance = rng.random()
    k = len(shares) - 1
    while k > 0 and chance >= shares[k]:
        chance -= shares[k]
        k -= 1
    first, last = starts[rows[k]], starts[rows[k] + 1]
    token = below[first] + int(rng.random() * (below[last] - below[first]))
    return int(followers[first + np.searchsorted(below[first : last + 1], token, side="right") - 1])


@kernel
def fill(tree: Tree, rows: Numbers, each: Reals, known: Reals) -> int:
    """Write the probability of each word that followed the last one; return how many did.

    ``each[k]`` is the probability of one count in ``rows[k]``.
    """
    starts, followers, _ = tree
    if len(rows) < 2 or not total(tree, rows[1]):
        return 0
    first, last = starts[rows[1]], starts[rows[1] + 1]
    for entry in range(first, last):
        # Entries of row 0 are the words themselves.
        alone = each[0] * count(tree, followers[entry])
        known[entry - first] = alone + each[1] * count(tree, entry)
    for k in range(2, len(rows)):
        if each[k] > 0:
            # What followed a longer context followed the last word too.
            entry = first
            for longer in range(starts[rows[k]], starts[rows[k] + 1]):
                while followers[entry] < followers[longer]:
                    entry += 1
                known[entry - first] += each[k] * count(tree, longer)
    return int(last - first)


@kernel
def held_before(
    tree: Tree,
    own: Numbers,
    known: Reals,
    sharp: Reals,
    each: float,
    held: Reals,
    scale: float,
    p: float,
    word: int,
) -> float:
    """Return what the words hold, sharpened, that are more probable than ``word``, of ``p``.

    ``own`` are the words that followed the last one, ``known`` and ``sharp`` their probabilities as
    they are and sharpened. Of equals, the more frequent comes first.
    """
    low, high = 0, int(tree[0][1])
    while low < high:
        middle = (low + high) // 2
        alone = each * count(tree, middle)
        if alone > p or (alone == p and middle < word):
            low = middle + 1
        else:
            high = middle
    before = scale * held[low]
    for i in range(len(own)):
        if own[i] < low:
            before -= scale * (held[own[i] + 1] - held[own[i]])
        if known[i] > p or (known[i] == p and own[i] < word):
            before += sharp[i]
    return float(before)


@kernel
def _power(base: float, exponent: float) -> float:
    # Powers differ in their last bit from platform to platform.
    return base if exponent == 1.0 else float(base**exponent)


@kernel
def cumulated(tree: Tree, exponent: float) -> Reals:
    """Return the counts of single words, to the ``exponent``, cumulated; the first word has 1."""
    size = tree[0][1]
    held = np.zeros(size + 1)
    for word in range(size):
        held[word + 1] = held[word] + _power(count(tree, word) / count(tree, 0), exponent)
    return held


@kernel
def draw_decoded(
    tree: Tree,
    rows: Numbers,
    shares: Reals,
    each: Reals,
    held: Reals,
    exponent: float,
    top_p: float,
    room: tuple[Reals, Reals],
    rng: Any,
) -> int:
    """Return a word drawn with its probability to the ``exponent``, from the ``top_p`` of these."""
    size = fill(tree, rows, each, room[0])
    known, sharp = room[0][:size], room[1][:size]
    first = tree[0][rows[1]] if size else 0
    own = tree[1][first : first + size]
    # Of words that never followed the last one, the first is the most frequent.
    outside, largest = 0, 0.0
    for i in range(size):
        outside += own[i] == outside
        largest = max(largest, known[i])
    if size < len(held) - 1:
        largest = max(largest, each[0] * count(tree, outside))
    if top_p == 1.0 and exponent > 1.0:
        # Powers of all would take most of the time.
        while True:
            word = draw(tree, rows, shares, rng)
            entry = place(tree, rows[1], word) if size else -1
            p = known[entry - first] if entry >= 0 else each[0] * count(tree, word)
            if rng.random() < (p / largest) ** (exponent - 1.0):
                return word
    scale = _power(each[0] * count(tree, 0) / largest, exponent)
    inside, rest = 0.0, held[-1]
    for i in range(size):
        sharp[i] = _power(known[i] / largest, exponent)
        inside += sharp[i]
        rest -= held[own[i] + 1] - held[own[i]]
    others = scale * rest if size < len(held) - 1 and rest > _ROUNDING * held[-1] else 0.0
    while True:
        chance = rng.random() * (inside + others)
        if chance < inside or others == 0.0:
            i = 0
            while i < size - 1 and chance >= sharp[i]:
                chance -= sharp[i]
                i += 1
            word, p = int(own[i]), known[i]
        else:
            word = int(np.searchsorted(held, rng.random() * held[-1], side="right") - 1)
            while size and place(tree, rows[1], word) >= 0:
                word = int(np.searchsorted(held, rng.random() * held[-1], side="right") - 1)
            p = each[0] * count(tree, word)
        if top_p == 1.0:
            return word
        before = held_before(tree, own, known, sharp, each[0], held, scale, p, word)
        if before < (top_p - _ROUNDING) * (inside + others):
            return word


@kernel
def sample(
    tree: Tree,
    weights: Reals,
    lengths: Numbers,
    temperature: float,
    top_p: float,
    rng: Any,
) -> Numbers:
    """Return words of documents of ``lengths``, one document after the other.

    ``weights`` are of contexts of none, one, two ... words.
    """
    order = len(weights)
    exponent = 1.0 / temperature
    plain = temperature == 1.0 and top_p == 1.0
    held = cumulated(tree, exponent)
    room = np.empty(len(held)), np.empty(len(held))
    rows, shares, each = np.empty(order, np.int64), np.empty(order), np.empty(order)
    drawn = np.empty(lengths.sum(), np.int64)
    at = 0
    for length in lengths:
        rows[:] = -1
        rows[0] = 0
        for _ in range(length):
            share_out(tree, weights, rows, shares)
            if plain:
                word = draw(tree, rows, shares, rng)
            else:
                for k in range(order):
                    each[k] = shares[k] / max(1, total(tree, rows[k]))
                word = draw_decoded(tree, rows, shares, each, held, exponent, top_p, room, rng)
            drawn[at] = word
            at += 1
            for k in range(order - 1, 0, -1):
                entry = place(tree, rows[k - 1], word)
                rows[k] = entry + 1 if entry >= 0 else -1
    return drawn
