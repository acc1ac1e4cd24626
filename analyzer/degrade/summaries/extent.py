"""How much text there is, by group and by length of document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

import numpy as np
from numpy.typing import NDArray

from degrade.census.keys import POSITION_BOUNDS, POSITIONS
from degrade.compiled import kernel
from degrade.summaries.need import Arrays, Need
from degrade.text.document import GROUPS, Batch
from degrade.text.layer import Layer

_EDGES = np.array((0, *POSITION_BOUNDS), dtype=np.int64)


class Extent:
    """Documents, tokens and characters.

    Attributes
    ----------
    documents, characters : int64 arrays, (GROUPS,)
    tokens : int64 array, (POSITIONS, GROUPS), by the position code of each token
    lengths : int64 array, (POSITIONS + 1,), documents of 0 tokens, and of 1 to 16, 17 to 24, ...
    """

    def __init__(self, need: Need) -> None:
        self.layer = str(need["layer"])
        self.documents: NDArray[np.int64] = np.zeros(GROUPS, dtype=np.int64)
        self.characters: NDArray[np.int64] = np.zeros(GROUPS, dtype=np.int64)
        self.tokens: NDArray[np.int64] = np.zeros((POSITIONS, GROUPS), dtype=np.int64)
        self.lengths: NDArray[np.int64] = np.zeros(POSITIONS + 1, dtype=np.int64)

    @classmethod
    def layers(cls, need: Need) -> tuple[str, ...]:
        """Return the layer whose symbols are the tokens."""
        return (str(need["layer"]),)

    def update(self, batch: Batch, layers: Mapping[str, Layer]) -> None:
        """Add the sizes of the documents of ``batch``."""
        groups = batch.groups
        lengths = np.diff(batch.segments(layers[self.layer]).bounds)
        self.documents += np.bincount(groups, minlength=GROUPS)
        np.add.at(self.characters, groups, _characters(batch.data, batch.bounds))
        _add_by_position(lengths, groups, self.tokens)
        bins = np.searchsorted(_EDGES, lengths, side="left")
        self.lengths += np.bincount(bins, minlength=POSITIONS + 1)

    def merge(self, other: Self) -> None:
        """Add the sizes of ``other``."""
        self.documents += other.documents
        self.characters += other.characters
        self.tokens += other.tokens
        self.lengths += other.lengths

    def arrays(self) -> Arrays:
        """Return the four arrays."""
        return {
            "documents": self.documents,
            "characters": self.characters,
            "tokens": self.tokens,
            "lengths": self.lengths,
        }

    @classmethod
    def from_arrays(cls, need: Need, arrays: Arrays) -> Self:
        """Return the extent that gave ``arrays``."""
        extent = cls(need)
        for name, expected in extent.arrays().items():
            found = arrays[name]
            if found.shape != expected.shape or found.dtype != expected.dtype or (found < 0).any():
                raise ValueError(f"{name}: not what it should be")
            expected += found
        return extent


@kernel
def _characters(data: NDArray[np.uint8], bounds: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the characters of each document: bytes that do not continue one (0b10xxxxxx)."""
    out = np.zeros(len(bounds) - 1, dtype=np.int64)
    for i in range(len(out)):
        held = 0
        for octet in data[bounds[i] : bounds[i + 1]]:
            held += (octet & 0xC0) != 0x80
        out[i] = held
    return out


@kernel
def _add_by_position(
    lengths: NDArray[np.int64], groups: NDArray[np.uint8], tokens: NDArray[np.int64]
) -> None:
    """Add the tokens of each document to ``tokens``, (POSITIONS, GROUPS), by position code."""
    for i in range(len(lengths)):
        for code in range(POSITIONS):
            left = lengths[i] - _EDGES[code]
            if left <= 0:
                break
            if code < POSITIONS - 1:
                left = min(left, _EDGES[code + 1] - _EDGES[code])
            tokens[code, groups[i]] += left
