"""Drawing words from an interpolated n-gram model, document after document."""

from __future__ import annotations

from typing import Any

import numpy as np

from degrade.compiled import kernel
from degrade.learners.decoding import Longer, Ranks, draw_decoded, longer, unranked
from degrade.learners.tree import Numbers, Reals, Tree, place, share_out, total


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


def sample(
    tree: Tree,
    weights: Reals,
    lengths: Numbers,
    temperature: float,
    top_p: float,
    rng: np.random.Generator,
) -> Numbers:
    """Return words of documents of ``lengths``, one document after the other.

    ``weights`` are of contexts of none, one, two ... words.
    """
    decoding = temperature != 1.0 or top_p != 1.0
    ranks, few = unranked(tree, 1.0 / temperature), longer(tree)
    drawn: Numbers = _sample(
        tree, weights, lengths, 1.0 / temperature, top_p, decoding, ranks, few, rng
    )
    return drawn


@kernel
def _sample(
    tree: Tree,
    weights: Reals,
    lengths: Numbers,
    exponent: float,
    top_p: float,
    decoding: bool,
    ranks: Ranks,
    few: Longer,
    rng: Any,
) -> Numbers:
    order = len(weights)
    rows, shares, each = np.empty(order, np.int64), np.empty(order), np.empty(order)
    drawn = np.empty(lengths.sum(), np.int64)
    beginning = tree[0][1] - 1
    at = 0
    for length in lengths:
        rows[:] = -1
        rows[0] = 0
        _go_on(tree, rows, beginning)
        for _ in range(length):
            share_out(tree, weights, rows, shares)
            if not decoding:
                word = draw(tree, rows, shares, rng)
            else:
                for k in range(order):
                    each[k] = shares[k] / max(1, total(tree, rows[k]))
                word = draw_decoded(tree, rows, each, exponent, top_p, ranks, few, rng)
            drawn[at] = word
            at += 1
            _go_on(tree, rows, word)
    return drawn


@kernel
def _go_on(tree: Tree, rows: Numbers, word: int) -> None:
    """Turn ``rows``, of the contexts before ``word``, into those of the contexts that end in it."""
    for k in range(len(rows) - 1, 0, -1):
        entry = place(tree, rows[k - 1], word)
        rows[k] = entry + 1 if entry >= 0 else -1
