"""A census cut at a length and folded into groups: what comparisons read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from degrade.census import frequency_kernels, incidence_kernels, section_kernels
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
from degrade.census.keys import HASH_SHIFT, POSITION_BOUNDS, POSITIONS
from degrade.census.log_sums import LogSums
from degrade.census.spectra import GroupCounts, Spectra
from degrade.census.table import ALL_HASHES, Table

MOST_THINNED = 500_000
MOST_HELD = 500_000
"""N-grams whose frequencies are held for the next selection of groups."""


@dataclass(frozen=True, slots=True)
class DistinctMasks:
    """Each bit set of groups that holds n-grams, and how many n-grams it holds."""

    masks: NDArray[np.uint64]
    counts: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Cache:
    """What was computed of a section, by the selection it was computed for."""

    incidence: dict[int, tuple[NDArray[np.int64], NDArray[np.int64]]] = field(default_factory=dict)
    single: dict[int, tuple[NDArray[np.int64], ...]] = field(default_factory=dict)
    counts: dict[str, GroupCounts] = field(default_factory=dict)
    spectra: dict[str, Spectra] = field(default_factory=dict)
    products: dict[str, NDArray[np.float64]] = field(default_factory=dict)
    totals: dict[str, NDArray[np.int64]] = field(default_factory=dict)
    matches: dict[tuple[str, int], Matches] = field(default_factory=dict)
    distinct: dict[int, DistinctMasks] = field(default_factory=dict)
    joint: dict[tuple[int, int, int], tuple[Section, Joint]] = field(default_factory=dict)
    regions: dict[tuple[int, int, int], tuple[Section, Regions]] = field(default_factory=dict)
    alignments: dict[int, tuple[Section, Alignment]] = field(default_factory=dict)
    log_sums: dict[int, tuple[Section, LogSums]] = field(default_factory=dict)


class Section:
    """The n-grams of a census that end within ``length`` symbols, in ``groups`` folded groups.

    ``length`` is one of ``POSITION_BOUNDS``, or None for whole documents; ``groups`` a power of
    two up to 64. Selections of groups are bit sets. Results are cached.
    """

    def __init__(self, table: Table, length: int | None, groups: int) -> None:
        limit = POSITIONS - 1 if length is None else POSITION_BOUNDS.index(length)
        self.groups = groups
        self.share = table.threshold / ALL_HASHES
        self._table = table
        self._length = length
        self._limit = np.uint64(limit)
        self.hashes, self.masks = section_kernels.presence(table.keys, self._limit, groups)
        self._cache = _Cache()

    def __len__(self) -> int:
        return len(self.hashes)

    def slice(self, number: int, slices: int) -> Section:
        """Return the n-grams of one of ``slices`` equal ranges of the hashes that are kept.

        The smallest hashes are in slice 0.
        """
        ends = [self._table.threshold * at // slices for at in (number, number + 1)]
        cuts = np.array(ends, dtype=np.uint64) << HASH_SHIFT
        # All hashes end at 2**64, which is 0 here; there is no key beyond.
        first = int(np.searchsorted(self._table.keys, cuts[0]))
        last = int(np.searchsorted(self._table.keys, cuts[1])) if cuts[1] else len(self._table)
        part = Table(
            self._table.keys[first:last],
            self._table.occurrences[first:last],
            self._table.documents[first:last],
            self._table.threshold,
        )
        found = Section(part, self._length, self.groups)
        found.share = self.share / slices
        return found

    def totals(self, weight: Weight) -> NDArray[np.int64]:
        """Return the total weight in each group, (groups,)."""
        if weight not in self._cache.totals:
            self._cache.totals[weight] = section_kernels.totals(
                self._table.keys, self._weights(weight), self._limit, self.groups
            )
        return self._cache.totals[weight]

    def _weights(self, weight: Weight) -> NDArray[Any]:
        return self._table.occurrences if weight == "occurrences" else self._table.documents

    def incidence(self, selected: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return how many n-grams are in d of the selected groups, in all and in each group.

        Shapes (groups + 1,) and (groups, groups + 1).
        """
        if selected not in self._cache.incidence:
            masks = self.masks & np.uint64(selected)
            self._cache.incidence[selected] = incidence_kernels.incidence(
                masks, np.ones(len(masks), dtype=np.int64), self.groups
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
                    self._table.keys,
                    self._weights(weight),
                    self._limit,
                    self.hashes,
                    self.masks,
                    self.groups,
                )
            )
        return self._cache.counts[weight]

    def cross_products(self, weight: Weight) -> NDArray[np.float64]:
        """Return the sum over n-grams of weight in group g times weight in h, (groups, groups)."""
        if weight not in self._cache.products:
            self._cache.products[weight] = section_kernels.cross_products(
                self._table.keys, self._weights(weight), self._limit, self.groups
            )
        return self._cache.products[weight]

    def frequencies(self, weight: Weight, selected: int) -> NDArray[np.int64]:
        """Return the weight of each n-gram in the selected groups, (types,), zeros included."""
        out = np.zeros(len(self), dtype=np.int64)
        self.add_frequencies(weight, selected, out)
        return out

    def add_frequencies(self, weight: Weight, selected: int, out: NDArray[np.int64]) -> None:
        """Add the weight of each n-gram in the selected groups to ``out``, (types,)."""
        if len(self) <= MOST_HELD:
            held = self._spectra(weight).frequencies(selected)
            if held is not None:
                out += held
                return
        found = self.counts(weight)
        section_kernels.frequencies(found.owner, found.sums, found.starts, np.uint64(selected), out)

    def frequent(
        self,
        other: Section,
        weight: Weight,
        sizes: tuple[NDArray[np.int64], NDArray[np.int64]],
        fewest: int,
    ) -> tuple[NDArray[np.uint64], NDArray[np.float64], NDArray[np.float64]]:
        """Return the n-grams of a weight of at least ``fewest`` here and in ``other`` together.

        Their hashes, in order; their weights here and there, (2, n-grams); and their squared
        weights over the ``sizes`` of the groups here and there, summed.
        """
        if self._limit != other._limit:
            raise ValueError("sections that are cut at another length")
        here = self._table.keys, self._weights(weight), sizes[0]
        there = other._table.keys, other._weights(weight), sizes[1]
        return frequency_kernels.frequent_in_both(*here, *there, self._limit, fewest)

    def within_documents(self, hashes: NDArray[np.uint64]) -> NDArray[np.int64]:
        """Return how often n-grams are said by what holds them; see the kernel of this name."""
        table, limit = self._table, self._limit
        return frequency_kernels.within_documents(
            table.keys, table.occurrences, table.documents, limit, self.groups, hashes
        )

    def spectrum(self, weight: Weight, selected: int) -> Spectrum:
        """Return the weights above 0 in the selected groups, and how many n-grams have each."""
        return self._spectra(weight).of(selected)

    def _spectra(self, weight: Weight) -> Spectra:
        if weight not in self._cache.spectra:
            found = self.counts(weight)
            self._cache.spectra[weight] = Spectra(found, len(self))
        return self._cache.spectra[weight]

    def matches(self, weight: Weight, selected: int) -> Matches:
        """Return how often draws from different selected groups match."""
        key = (weight, selected)
        if key not in self._cache.matches:
            products, totals = self.cross_products(weight), self.totals(weight)
            self._cache.matches[key] = Matches.of(products, totals, selected)
        return self._cache.matches[key]

    def distinct_masks(self, thinned: bool) -> DistinctMasks:
        """Return the bit sets of groups that hold n-grams, each once.

        ``thinned`` looks at one n-gram in so many that ``MOST_THINNED`` at most are left, and
        counts each of these so many times: n-grams stand by their hashes, which is at random.
        """
        factor = -(-len(self) // MOST_THINNED) if thinned else 1
        if factor not in self._cache.distinct:
            masks = self.masks[: len(self) // max(1, factor)]
            # Most n-grams are in one group; only the others have to be sorted.
            single = masks & (masks - np.uint64(1)) == 0
            several, counts = np.unique(masks[~single], return_counts=True)
            ones = np.uint64(1) << np.arange(self.groups, dtype=np.uint64)
            alone = np.bincount(np.searchsorted(ones, masks[single]), minlength=self.groups)
            self._cache.distinct[factor] = DistinctMasks(
                np.concatenate((ones, several)), factor * np.concatenate((alone, counts))
            )
        return self._cache.distinct[factor]

    def joint(self, selected: int, other: Grouped, other_selected: int) -> Joint:
        """Return how many n-grams held here are in d groups here and e groups of ``other``."""
        if not isinstance(other, Section):
            raise TypeError("a whole section meets another whole one")
        key = (selected, id(other), other_selected)
        if key not in self._cache.joint:
            theirs = incidence_kernels.masks_at(self.hashes, other.hashes, other.masks)
            tables = incidence_kernels.joint_incidence(
                self.masks & np.uint64(selected),
                theirs & np.uint64(other_selected),
                np.ones(len(theirs), dtype=np.int64),
                self.groups,
                other.groups,
            )
            # The other section is kept with its tables, so that its id stays its own.
            self._cache.joint[key] = (other, Joint(*tables))
        return self._cache.joint[key][1]

    def regions(self, selected: int, other: Grouped, other_selected: int) -> Regions:
        """Return in how many groups n-grams are here alone, in ``other`` alone and in both."""
        if not isinstance(other, Section):
            raise TypeError("a whole section meets another whole one")
        key = (selected, id(other), other_selected)
        if key not in self._cache.regions:
            theirs = incidence_kernels.masks_at(self.hashes, other.hashes, other.masks)
            tables = incidence_kernels.regions(
                self.masks & np.uint64(selected),
                theirs & np.uint64(other_selected),
                np.ones(len(theirs), dtype=np.int64),
                self.groups,
            )
            self._cache.regions[key] = (other, Regions(*tables))
        return self._cache.regions[key][1]

    def alignment(self, other: Grouped) -> Alignment:
        """Return where the n-grams of both stand in their union."""
        if not isinstance(other, Section):
            raise TypeError("a whole section meets another whole one")
        if id(other) not in self._cache.alignments:
            self._cache.alignments[id(other)] = (
                other,
                incidence_kernels.aligned(self.hashes, other.hashes),
            )
        return self._cache.alignments[id(other)][1]

    def log_sums(self, mine: Sequence[int], other: Grouped, theirs: Sequence[int]) -> LogSum:
        """Return occurrences, and sums of their x log x, in selections here and in ``other``."""
        if not isinstance(other, Section):
            raise TypeError("a whole section meets another whole one")
        if id(other) not in self._cache.log_sums:
            at, there, size = self.alignment(other)
            both = (self, at), (other, there)
            columns = [(each.counts("occurrences"), place) for each, place in both]
            self._cache.log_sums[id(other)] = (other, LogSums(columns, size))
        return self._cache.log_sums[id(other)][1].of(mine, theirs)

    def own_log_sums(self, selections: Sequence[int]) -> LogSum:
        """Return occurrences, and sums of their x log x, in selections of this section alone."""
        # No section has this id.
        if 0 not in self._cache.log_sums:
            columns = [(self.counts("occurrences"), np.arange(len(self)))]
            self._cache.log_sums[0] = (self, LogSums(columns, len(self)))
        return self._cache.log_sums[0][1].of(selections)
