"""What a corpus is written in rather than about: function words, punctuation, lists, markup."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

import numpy as np
from numpy.typing import NDArray

from degrade.compiled import kernel
from degrade.summaries.moments import cover
from degrade.summaries.need import Arrays, Need
from degrade.text.document import GROUPS, Batch
from degrade.text.layer import Layer
from degrade.text.spans import texts_of
from degrade.text.style_marks import MARKS, punctuation_of_code_points, style_marks
from degrade.text.style_words import HEDGE, style_table, style_words

STYLE_EDITION = 1
"""Changes with the lists of words and marks: profiles of different editions refuse to meet."""


@kernel
def add_by_group(
    found: NDArray[np.int64], groups: NDArray[np.uint8], sums: NDArray[np.int64]
) -> None:
    """Add what was ``found``, (documents, kinds), to ``sums``, (kinds, groups)."""
    for document in range(len(groups)):
        for kind in range(found.shape[1]):
            sums[kind, groups[document]] += found[document, kind]


class Style:
    """Words and marks of style, by group.

    Attributes
    ----------
    words : int64 array, (GROUPS,), all words
    function_words : int64 array, (GROUPS, words known + 1), in the order of ``FUNCTION_WORDS``; in
        the last column, hedges. Only layers whose symbols are words hold any
    marks : int64 array, (marks, GROUPS), in the order of ``MARKS``
    """

    def __init__(self, need: Need) -> None:
        self.layer = str(need["layer"])
        self.words: NDArray[np.int64] = np.zeros(GROUPS, dtype=np.int64)
        self.function_words: NDArray[np.int64] = np.zeros((GROUPS, HEDGE + 1), dtype=np.int64)
        self.marks: NDArray[np.int64] = np.zeros((len(MARKS), GROUPS), dtype=np.int64)

    @classmethod
    def layers(cls, need: Need) -> tuple[str, ...]:
        """Return the layer whose words are counted."""
        return (str(need["layer"]),)

    def update(self, batch: Batch, layers: Mapping[str, Layer]) -> None:
        """Add the words and marks of ``batch``."""
        segments = batch.segments(layers[self.layer])
        groups = batch.groups
        cover(segments.bounds, groups, 0, self.words)
        known = style_table()
        style_words(
            segments.symbols,
            segments.bounds,
            groups,
            known.symbols,
            known.columns,
            known.hedges,
            self.function_words,
        )
        texts = texts_of(batch.data, batch.bounds)
        found = style_marks(
            texts.octets, texts.lanes, batch.bounds, punctuation_of_code_points(), len(MARKS)
        )
        add_by_group(found, groups, self.marks)

    def merge(self, other: Self) -> None:
        """Add the counts of ``other``."""
        for mine, theirs in zip(self.arrays().values(), other.arrays().values(), strict=True):
            mine += theirs

    def arrays(self) -> Arrays:
        """Return the three arrays."""
        return {
            "words": self.words,
            "function_words": self.function_words,
            "marks": self.marks,
        }

    @classmethod
    def from_arrays(cls, need: Need, arrays: Arrays) -> Self:
        """Return the style that gave ``arrays``."""
        style = cls(need)
        for name, expected in style.arrays().items():
            found = arrays[name]
            if found.shape != expected.shape or found.dtype != expected.dtype or (found < 0).any():
                raise ValueError(f"{name}: not what it should be")
            expected += found
        return style
