"""Drawing words at a temperature, and from the most probable ones that hold enough together.

Both act on the mixture, exactly. What followed the last word alone is ranked once for each word;
what followed the last two is few, changes the ranks of those few, and is kept as well.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from degrade.compiled import kernel
from degrade.learners.tree import Numbers, Reals, Tree, count, place, total

_ROUNDING = 1e-12


class Ranks(NamedTuple):
    """What followed each word, by falling probability, for all entries of word pairs.

    Longer contexts leave the last word's own estimate more or less weight: the first of two rows
    is without any, the second with some. Probabilities to the exponent are in units of the
    largest, ``peak``, which is 0 where a word has not been ranked.

    Attributes
    ----------
    order : which entry of the row comes at a rank
    sharp : by entry, the probability to the exponent
    above : by rank, ``sharp`` cumulated
    alone : by entry, what the frequencies of the words themselves hold to the exponent, cumulated
    held : the same of all words; the most frequent has 1
    """

    order: NDArray[np.int32]
    sharp: Reals
    above: Reals
    alone: Reals
    held: Reals
    peak: Reals


class Longer(NamedTuple):
    """What longer contexts make of the words that followed them, for all entries of word triples.

    Behind these is room for what followed more than two words, which is not kept. Probabilities to
    the exponent are in units of the largest of the context.

    Attributes
    ----------
    before, after : probabilities without the longer contexts, and with them
    old, sharp : both to the exponent
    largest, added : by pair of words, the largest probability there is, and how much more ``sharp``
        holds than ``old``; 0 where a pair has not been seen to. The last are of the room behind.
    """

    before: Reals
    after: Reals
    old: Reals
    sharp: Reals
    largest: Reals
    added: Reals


@kernel
def _power(base: float, exponent: float) -> float:
    # Powers differ in their last bit from platform to platform.
    return base if exponent == 1.0 else float(base**exponent)


def unranked(tree: Tree, exponent: float) -> Ranks:
    """Return ranks to be filled in; pages of memory that nothing is written to are not taken."""
    words = int(tree[0][1])
    pairs = _first_triple(tree) - words
    counts = np.diff(tree[2][: words + 1]).astype(np.float64)
    held = np.concatenate([[0.0], np.cumsum((counts / counts[0]) ** exponent)])
    return Ranks(
        np.empty((2, pairs), np.int32),
        np.empty((2, pairs)),
        np.empty((2, pairs)),
        np.empty(pairs),
        held,
        np.zeros((2, words)),
    )


def longer(tree: Tree) -> Longer:
    """Return room for what follows two words or more, to be filled in."""
    words = int(tree[0][1])
    first = _first_triple(tree)
    triples = int(tree[0][min(first + 1, len(tree[0]) - 1)]) - first
    entries = np.empty((4, triples + words))
    pairs = np.zeros((2, first - words + 1))
    return Longer(*entries, *pairs)


def _first_triple(tree: Tree) -> int:
    """Return the entry of the first word triple: before it are those of pairs, and of words."""
    words = int(tree[0][1])
    return int(tree[0][min(words + 1, len(tree[0]) - 1)])


@kernel
def _rank(tree: Tree, row: int, each: Reals, exponent: float, kind: int, ranks: Ranks) -> None:
    """Rank what followed the last word, whose row it is."""
    starts, followers, _ = tree
    words = starts[1]
    first, last = starts[row], starts[row + 1]
    known = np.empty(last - first)
    # Of words that never followed the last one, the first is the most frequent.
    outside, peak, held = 0, 0.0, 0.0
    for entry in range(first, last):
        word = followers[entry]
        p = each[0] * count(tree, word) + each[1] * count(tree, entry)
        known[entry - first] = p
        peak = max(peak, p)
        outside += word == outside
        held += ranks.held[word + 1] - ranks.held[word]
        ranks.alone[entry - words] = held
    if outside < words:
        peak = max(peak, each[0] * count(tree, outside))
    # Stable, so that of equals the more frequent comes first.
    order = np.argsort(-known, kind="mergesort")
    above = 0.0
    for i in range(len(order)):
        sharp = _power(known[order[i]] / peak, exponent)
        above += sharp
        ranks.order[kind, first - words + i] = order[i]
        ranks.above[kind, first - words + i] = above
        ranks.sharp[kind, first - words + order[i]] = sharp
    ranks.peak[kind, row - 1] = peak


@kernel
def _lengthen(
    tree: Tree, rows: Numbers, each: Reals, exponent: float, ranks: Ranks, found: Longer
) -> tuple[int, int, int]:
    """Return where ``found`` has what followed two words or more, how many did, and their pair."""
    starts, followers, _ = tree
    words = int(starts[1])
    if len(rows) < 3 or not total(tree, rows[2]):
        return 0, 0, -1
    begin, size = int(starts[rows[2]]), int(starts[rows[2] + 1] - starts[rows[2]])
    kept = len(rows) == 3 or not total(tree, rows[3])
    pair = int(rows[2]) - 1 - words if kept else len(found.largest) - 1
    at = begin - int(starts[words + 1]) if kept else len(found.after) - words
    if kept and found.largest[pair] > 0.0:
        return at, size, pair
    first, last = starts[rows[1]], starts[rows[1] + 1]
    entry = first
    for i in range(size):
        word = followers[begin + i]
        entry += np.searchsorted(followers[entry:last], word)
        p = each[0] * count(tree, word) + each[1] * count(tree, entry)
        found.before[at + i] = p
        found.after[at + i] = p + each[2] * count(tree, begin + i)
        found.old[at + i] = ranks.sharp[1, entry - words]
    for k in range(3, len(rows)):
        if each[k] > 0:
            # What followed a longer context followed the shorter one too.
            i = 0
            for far in range(starts[rows[k]], starts[rows[k] + 1]):
                while followers[begin + i] < followers[far]:
                    i += 1
                found.after[at + i] += each[k] * count(tree, far)
    peak = ranks.peak[1, rows[1] - 1]
    largest, added = peak, 0.0
    for i in range(at, at + size):
        largest = max(largest, found.after[i])
    factor = _power(peak / largest, exponent)
    for i in range(at, at + size):
        found.old[i] *= factor
        found.sharp[i] = max(found.old[i], _power(found.after[i] / largest, exponent))
        added += found.sharp[i] - found.old[i]
    found.largest[pair], found.added[pair] = largest, added
    return at, size, pair


@kernel
def _held_before(
    tree: Tree,
    rows: Numbers,
    each: Reals,
    kind: int,
    ranks: Ranks,
    few: tuple[Longer, int, int],
    scales: tuple[float, float],
    p: float,
    word: int,
) -> float:
    """Return what the words hold that are more probable than ``word``, of ``p``.

    Of equals, the more frequent comes first. ``few`` are the longer contexts, with their place and
    number; ``scales`` the factors of ``ranks.above`` and ``ranks.held``.
    """
    starts, followers, _ = tree
    words = starts[1]
    low, high = 0, int(words)
    while low < high:
        middle = (low + high) // 2
        alone = each[0] * count(tree, middle)
        if alone > p or (alone == p and middle < word):
            low = middle + 1
        else:
            high = middle
    before = scales[1] * ranks.held[low]
    if kind < 0:
        return float(before)
    first, last = starts[rows[1]], starts[rows[1] + 1]
    at = first - words
    within = np.searchsorted(followers[first:last], low)
    if within:
        before -= scales[1] * ranks.alone[at + within - 1]
    low, high = 0, int(last - first)
    while low < high:
        middle = (low + high) // 2
        entry = first + ranks.order[kind, at + middle]
        other = followers[entry]
        own = each[0] * count(tree, other) + each[1] * count(tree, entry)
        if own > p or (own == p and other < word):
            low = middle + 1
        else:
            high = middle
    if low:
        before += scales[0] * ranks.above[kind, at + low - 1]
    found, begin, many = few
    for i in range(begin, begin + many):
        other = followers[starts[rows[2]] + i - begin]
        if found.before[i] > p or (found.before[i] == p and other < word):
            before -= found.old[i]
        if found.after[i] > p or (found.after[i] == p and other < word):
            before += found.sharp[i]
    return float(before)


@kernel
def _outside(tree: Tree, row: int, held: Reals, rng: Any) -> int:
    """Return a word that never followed the last one, drawn by what it holds."""
    while True:
        word = int(np.searchsorted(held, rng.random() * held[-1], side="right") - 1)
        if row < 0 or place(tree, row, word) < 0:
            return word


@kernel
def draw_decoded(
    tree: Tree,
    rows: Numbers,
    each: Reals,
    exponent: float,
    top_p: float,
    ranks: Ranks,
    found: Longer,
    rng: Any,
) -> int:
    """Return a word drawn with its probability to the ``exponent``, from the ``top_p`` of these.

    ``each[k]`` is the probability of one count in ``rows[k]``.
    """
    starts, followers, _ = tree
    words = starts[1]
    row, kind = -1, -1
    first, size, largest = words, 0, each[0] * count(tree, 0)
    begin, many, factor, added = 0, 0, 1.0, 0.0
    inside, rest = 0.0, ranks.held[-1]
    if len(rows) > 1 and total(tree, rows[1]):
        row, kind = int(rows[1]), int(len(rows) > 2 and total(tree, rows[2]) > 0)
        if ranks.peak[kind, row - 1] == 0.0:
            _rank(tree, row, each, exponent, kind, ranks)
        first, size = starts[row], starts[row + 1] - starts[row]
        rest -= ranks.alone[first - words + size - 1]
        largest = ranks.peak[kind, row - 1]
        begin, many, pair = _lengthen(tree, rows, each, exponent, ranks, found)
        if many:
            largest, added = found.largest[pair], found.added[pair]
        factor = _power(ranks.peak[kind, row - 1] / largest, exponent)
        inside = factor * ranks.above[kind, first - words + size - 1]
    at = first - words
    scale = _power(each[0] * count(tree, 0) / largest, exponent)
    others = scale * rest if size < words and rest > _ROUNDING * ranks.held[-1] else 0.0
    while True:
        chance = rng.random() * (inside + added + others)
        if chance < inside or added + others == 0.0:
            above = ranks.above[kind, at : at + size]
            rank = min(size - 1, np.searchsorted(above, chance / factor, side="right"))
            entry = first + ranks.order[kind, at + rank]
            word = int(followers[entry])
            p = each[0] * count(tree, word) + each[1] * count(tree, entry)
            far = place(tree, rows[2], word) if many else -1
            if far >= 0:
                p = found.after[begin + far - starts[rows[2]]]
        elif chance < inside + added or others == 0.0:
            chance -= inside
            i = begin
            while i < begin + many - 1 and chance >= found.sharp[i] - found.old[i]:
                chance -= found.sharp[i] - found.old[i]
                i += 1
            word, p = int(followers[starts[rows[2]] + i - begin]), found.after[i]
        else:
            word = _outside(tree, row, ranks.held, rng)
            p = each[0] * count(tree, word)
        if top_p == 1.0:
            return word
        few, scales = (found, begin, many), (factor, scale)
        before = _held_before(tree, rows, each, kind, ranks, few, scales, p, word)
        if before < (top_p - _ROUNDING) * (inside + added + others):
            return word
