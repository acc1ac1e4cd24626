"""How much text there is, by group and by length of document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

import numpy as np
from numpy.typing import NDArray

from degrade.census.keys import POSITION_BOUNDS, POSITIONS
from degrade.compiled import kernel
from degrade.summaries.need import Arrays, Need
from degrade.text.blocks import characters_of
from degrade.text.document import GROUPS, Batch
from degrade.text.layer import Layer

_EDGES = np.array((0, *POSITION_BOUNDS), dtype=np.int64)


@kernel
def _add(
    bounds: NDArray[np.int64],
    groups: NDArray[np.uint8],
    edges: NDArray[np.int64],
    documents: NDArray[np.int64],
    tokens: NDArray[np.int64],
    lengths: NDArray[np.int64],
) -> None:
    """Add the lengths of documents; code c is of tokens from ``edges[c]`` to the next edge."""
    for i in range(len(groups)):
        length = bounds[i + 1] - bounds[i]
        documents[groups[i]] += 1
        code = 0
        while code < len(edges) and edges[code] < length:
            end = min(length, edges[code + 1]) if code + 1 < len(edges) else length
            tokens[code, groups[i]] += end - edges[code]
            code += 1
        lengths[code] += 1


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
        np.add.at(self.characters, groups, characters_of(batch.data, batch.bounds))
        bounds = batch.segments(layers[self.layer]).bounds
        _add(bounds, groups, _EDGES, self.documents, self.tokens, self.lengths)

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
