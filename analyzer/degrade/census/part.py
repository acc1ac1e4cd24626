"""Some groups of a section, as a section of their own: what relabelings of groups read."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from degrade.census import incidence_kernels
from degrade.census.bit_sets import flags
from degrade.census.grouped import (
    Alignment,
    Grouped,
    Joint,
    LogSum,
    Matches,
    Regions,
    Spectrum,
    Weight,
)
from degrade.census.section import Section

_ONE = np.uint64(1)


class Part:
    """The groups ``order`` of ``whole``, in that order; group i here is ``order[i]`` there.

    It meets other parts of the same section. Nothing is copied by n-gram: n-grams of the same
    groups are counted as one, and with ``thinned`` only some of them, for all.
    """

    def __init__(self, whole: Section, order: Sequence[int], *, thinned: bool = False) -> None:
        self.groups = len(order)
        self.share = whole.share
        self._whole = whole
        self._order = np.asarray(order, dtype=np.int64)
        place = np.full(64, -1, dtype=np.int64)
        place[self._order] = np.arange(self.groups)
        distinct = whole.distinct_masks(thinned)
        self._masks = incidence_kernels.regrouped(distinct.masks, place)
        self._counts = distinct.counts
        self._incidence: dict[int, tuple[NDArray[np.int64], NDArray[np.int64]]] = {}
        self._matches: dict[tuple[str, int], Matches] = {}
        self._regions: dict[tuple[int, int, int], tuple[Part, Regions]] = {}
        self._joint: dict[tuple[int, int, int], tuple[Part, Joint]] = {}

    def __len__(self) -> int:
        return len(self._whole)

    def _there(self, selected: int) -> int:
        """Return the bit set that ``selected`` is in the whole section."""
        there = _ONE << self._order[flags(selected, self.groups)].astype(np.uint64)
        return int(np.bitwise_or.reduce(there))

    def totals(self, weight: Weight) -> NDArray[np.int64]:
        """Return the total weight in each group, (groups,)."""
        return self._whole.totals(weight)[self._order]

    def matches(self, weight: Weight, selected: int) -> Matches:
        """Return how often draws from different selected groups match."""
        key = (weight, selected)
        if key not in self._matches:
            products = self._whole.cross_products(weight)[np.ix_(self._order, self._order)]
            self._matches[key] = Matches.of(products, self.totals(weight), selected)
        return self._matches[key]

    def incidence(self, selected: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return how many n-grams are in d of the selected groups, in all and in each group.

        N-grams of the whole section that are in none of them are counted under 0.
        """
        if selected not in self._incidence:
            self._incidence[selected] = incidence_kernels.incidence(
                self._masks & np.uint64(selected), self._counts, self.groups
            )
        return self._incidence[selected]

    def single_occurrences(self, selected: int) -> tuple[NDArray[np.int64], ...]:
        """Return where n-grams occur exactly once in a group; see the kernel of this name."""
        total, within, without = self._whole.single_occurrences(self._there(selected))
        most = self.groups + 1
        return total[:most], within[self._order, :most], without[self._order, :most]

    def frequencies(self, weight: Weight, selected: int) -> NDArray[np.int64]:
        """Return the weight of each n-gram of the whole section in the selected groups."""
        return self._whole.frequencies(weight, self._there(selected))

    def add_frequencies(self, weight: Weight, selected: int, out: NDArray[np.int64]) -> None:
        """Add the weight of each n-gram of the whole section in the selected groups to ``out``."""
        self._whole.add_frequencies(weight, self._there(selected), out)

    def spectrum(self, weight: Weight, selected: int) -> Spectrum:
        """Return the weights above 0 in the selected groups, and how many n-grams have each."""
        return self._whole.spectrum(weight, self._there(selected))

    def joint(self, selected: int, other: Grouped, other_selected: int) -> Joint:
        """Return how many n-grams held here are in d groups here and e groups of ``other``."""
        theirs = self._beside(other)
        key = (selected, id(other), other_selected)
        if key not in self._joint:
            tables = incidence_kernels.joint_incidence(
                self._masks & np.uint64(selected),
                theirs._masks & np.uint64(other_selected),
                self._counts,
                self.groups,
                other.groups,
            )
            self._joint[key] = (theirs, Joint(*tables))
        return self._joint[key][1]

    def regions(self, selected: int, other: Grouped, other_selected: int) -> Regions:
        """Return in how many groups n-grams are here alone, in ``other`` alone and in both."""
        theirs = self._beside(other)
        key = (selected, id(other), other_selected)
        if key not in self._regions:
            tables = incidence_kernels.regions(
                self._masks & np.uint64(selected),
                theirs._masks & np.uint64(other_selected),
                self._counts,
                self.groups,
            )
            self._regions[key] = (theirs, Regions(*tables))
        return self._regions[key][1]

    def alignment(self, other: Grouped) -> Alignment:
        """Return where the n-grams of both stand in their union: where they are."""
        self._beside(other)
        every = np.arange(len(self._whole))
        return every, every, len(every)

    def log_sums(self, mine: Sequence[int], other: Grouped, theirs: Sequence[int]) -> LogSum:
        """Return occurrences, and sums of their x log x, in selections here and in ``other``."""
        beside = self._beside(other)
        return self._whole.own_log_sums(
            [*map(self._there, mine), *(beside._there(each) for each in theirs)]
        )

    def _beside(self, other: Grouped) -> Part:
        if not isinstance(other, Part) or other._whole is not self._whole:
            raise TypeError("a part meets another part of the same section")
        return other
