"""The place of a token in the tree of its sentence, as one symbol.

The low 32 bits hold the arcs between the token and the root, the next 30 the distance to its head
in words, and the two highest whether it begins a sentence and whether it is punctuation. Distances
leave punctuation out, as Liu 2008 does; that of a root and of punctuation is 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

BEGINS = np.uint64(1 << 63)
PUNCTUATION = np.uint64(1 << 62)
_DISTANCE = np.uint64(32)
_LOW = np.uint64((1 << 32) - 1)
_MIDDLE = np.uint64((1 << 30) - 1)


def tree_symbols(doc: Any, tokens: Sequence[Any]) -> NDArray[np.uint64]:
    """Return the symbols of ``tokens`` of a parsed spaCy Doc."""
    heads = np.array([token.head.i for token in doc], dtype=np.int64)
    marks = np.array([token.is_punct or token.is_space for token in doc], dtype=bool)
    depths = depths_of(heads)
    places = np.cumsum(~marks)
    distances = np.where(marks, 0, np.abs(places - places[heads]))
    firsts = {next((t.i for t in sentence if not t.is_space), -1) for sentence in doc.sents}
    kept = np.array([token.i for token in tokens], dtype=np.int64)
    begins = np.array([i in firsts for i in kept.tolist()], dtype=bool)
    return packed(depths[kept], distances[kept], begins, marks[kept])


def depths_of(heads: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the arcs between each token and its root, a token that is its own head."""
    depths = np.zeros(len(heads), dtype=np.int64)
    above = np.arange(len(heads))
    # As many rounds as the tree is high: all tokens climb one arc at a time.
    while bool((heads[above] != above).any()):
        depths += heads[above] != above
        above = heads[above]
    return depths


def packed(
    depths: NDArray[np.int64],
    distances: NDArray[np.int64],
    begins: NDArray[np.bool_],
    marks: NDArray[np.bool_],
) -> NDArray[np.uint64]:
    """Return the symbols."""
    symbols = depths.astype(np.uint64) | distances.astype(np.uint64) << _DISTANCE
    symbols[begins] |= BEGINS
    symbols[marks] |= PUNCTUATION
    return symbols


def unpacked(
    symbols: NDArray[np.uint64],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_], NDArray[np.bool_]]:
    """Return depths, distances, whether each begins a sentence and whether it is punctuation."""
    return (
        (symbols & _LOW).astype(np.int64),
        (symbols >> _DISTANCE & _MIDDLE).astype(np.int64),
        symbols & BEGINS != 0,
        symbols & PUNCTUATION != 0,
    )
