"""Groups of a corpus that are looked at, and how much text they hold."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from degrade.census.bit_sets import flags


class Selection:
    """Some groups of a corpus.

    Attributes
    ----------
    sizes : int64 array, (groups,), base tokens of every group of the corpus
    whole : the selected groups, as a bit set
    halves : what ``View.halves`` found of them
    """

    def __init__(self, sizes: NDArray[np.int64], whole: int) -> None:
        self.sizes = sizes
        self.whole = whole
        self.halves: dict[tuple[int | None, int, float], tuple[int, int]] = {}

    @cached_property
    def tokens(self) -> int:
        """Base tokens of the selected groups."""
        return int(self.sizes[flags(self.whole, len(self.sizes))].sum())

    @cached_property
    def largest(self) -> tuple[int, int]:
        """Base tokens of the largest selected group, and of the two largest."""
        held = np.sort(self.sizes[flags(self.whole, len(self.sizes))])
        return int(held[-1:].sum()), int(held[-2:].sum())

    def left(
        self, left_out: Sequence[int | None]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Return what is left with each of these groups left out, (rows,) each.

        The group, -1 for none; how many groups are left, and how many base tokens.
        """
        out = np.array([-1 if g is None else g for g in left_out], dtype=np.int64)
        # The last of the sizes is what leaving out none takes.
        tokens = self.tokens - np.append(self.sizes, 0)[out]
        return out, self.whole.bit_count() - (out >= 0), tokens
