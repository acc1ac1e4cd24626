"""A census cut at a length and folded into groups: what comparisons read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from degrade.census import incidence_kernels, section_kernels
from degrade.census.keys import POSITION_BOUNDS, POSITIONS
from degrade.census.table import Table

Weight = Literal["occurrences", "documents"]


@dataclass(frozen=True, slots=True)
class GroupCounts:
    """The weight of each n-gram by group; see ``section_kernels.by_group``."""

    starts: NDArray[np.int64]
    owner: NDArray[np.int64]
    sums: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Joint:
    """How many n-grams are in d groups of one corpus and e of another; see ``joint_incidence``."""

    total: NDArray[np.int64]
    within_a: NDArray[np.int64]
    within_b: NDArray[np.int64]
    within_both: NDArray[np.int64]


Alignment = tuple[NDArray[np.int64], NDArray[np.int64], int]
"""Where the n-grams of one section and of another stand in the union of both, and its size."""


@dataclass(frozen=True, slots=True)
class _Cache:
    """What was computed of a section, by the selection it was computed for."""

    incidence: dict[int, tuple[NDArray[np.int64], NDArray[np.int64]]] = field(default_factory=dict)
    single: dict[int, tuple[NDArray[np.int64], ...]] = field(default_factory=dict)
    counts: dict[str, GroupCounts] = field(default_factory=dict)
    products: dict[str, NDArray[np.float64]] = field(default_factory=dict)
    totals: dict[str, NDArray[np.int64]] = field(default_factory=dict)
    joint: dict[tuple[int, int, int], tuple[Section, Joint]] = field(default_factory=dict)
    alignments: dict[int, tuple[Section, Alignment]] = field(default_factory=dict)


class Section:
    """The n-grams of a census that end within ``length`` symbols, in ``groups`` folded groups.

    ``length`` is one of ``POSITION_BOUNDS``, or None for whole documents; ``groups`` a power of
    two up to 64. Selections of groups are bit sets. Results are cached.
    """

    def __init__(self, table: Table, length: int | None, groups: int) -> None:
        limit = POSITIONS - 1 if length is None else POSITION_BOUNDS.index(length)
        self.groups = groups
        self._table = table
        self._limit = np.uint64(limit)
        self.hashes, self.masks, self._owners = section_kernels.presence(
            table.keys, self._limit, groups
        )
        self._cache = _Cache()

    def __len__(self) -> int:
        return len(self.hashes)

    def totals(self, weight: Weight) -> NDArray[np.int64]:
        """Return the total weight in each group, (groups,)."""
        if weight not in self._cache.totals:
            kept = self._owners >= 0
            groups = (self._table.keys[kept] & np.uint64(self.groups - 1)).astype(np.int64)
            # Sums of whole numbers in double precision: exact up to 2**53.
            sums = np.bincount(groups, self._weights(weight)[kept], self.groups).astype(np.int64)
            self._cache.totals[weight] = sums
        return self._cache.totals[weight]

    def _weights(self, weight: Weight) -> NDArray[Any]:
        return self._table.occurrences if weight == "occurrences" else self._table.documents

    def incidence(self, selected: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return how many n-grams are in d of the selected groups, in all and in each group.

        Shapes (groups + 1,) and (groups, groups + 1).
        """
        if selected not in self._cache.incidence:
            self._cache.incidence[selected] = incidence_kernels.incidence(
                self.masks, np.uint64(selected), self.groups
            )
        return self._cache.incidence[selected]

    def single_occurrences(self, selected: int) -> tuple[NDArray[np.int64], ...]:
        """Return where n-grams occur exactly once in a group; see the kernel of this name."""
        if selected not in self._cache.single:
            counts = self.counts("occurrences")
            self._cache.single[selected] = section_kernels.single_occurrences(
                counts.owner,
                counts.sums,
                counts.starts,
                self.masks,
                np.uint64(selected),
                self.groups,
            )
        return self._cache.single[selected]

    def counts(self, weight: Weight) -> GroupCounts:
        """Return the weight of each n-gram in each group."""
        if weight not in self._cache.counts:
            self._cache.counts[weight] = GroupCounts(
                *section_kernels.by_group(
                    self._table.keys, self._weights(weight), self._owners, self.masks, self.groups
                )
            )
        return self._cache.counts[weight]

    def cross_products(self, weight: Weight) -> NDArray[np.float64]:
        """Return the sum over n-grams of weight in group g times weight in h, (groups, groups)."""
        if weight not in self._cache.products:
            self._cache.products[weight] = section_kernels.cross_products(
                self._table.keys, self._weights(weight), self._owners, self.groups
            )
        return self._cache.products[weight]

    def frequencies(self, weight: Weight, selected: int) -> NDArray[np.int64]:
        """Return the weight of each n-gram in the selected groups, (types,), zeros included."""
        counts = self.counts(weight)
        return section_kernels.frequencies(
            counts.owner, counts.sums, counts.starts, np.uint64(selected), self.groups, len(self)
        )

    def joint(self, selected: int, other: Section, other_selected: int) -> Joint:
        """Return how many n-grams held here are in d groups here and e groups of ``other``."""
        key = (selected, id(other), other_selected)
        if key not in self._cache.joint:
            tables = incidence_kernels.joint_incidence(
                self.hashes,
                self.masks,
                np.uint64(selected),
                self.groups,
                other.hashes,
                other.masks,
                np.uint64(other_selected),
                other.groups,
            )
            # The other section is kept with its tables, so that its id stays its own.
            self._cache.joint[key] = (other, Joint(*tables))
        return self._cache.joint[key][1]

    def alignment(self, other: Section) -> Alignment:
        """Return where the n-grams of both stand in their union."""
        if id(other) not in self._cache.alignments:
            self._cache.alignments[id(other)] = (
                other,
                incidence_kernels.aligned(self.hashes, other.hashes),
            )
        return self._cache.alignments[id(other)][1]
