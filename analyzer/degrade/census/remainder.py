"""A section without some of its n-grams: what the error of a sample by hash is told from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from degrade.census.grouped import Alignment, Grouped, Joint, Matches, Regions, Spectrum, Weight
from degrade.census.section import Section


class Remainder:
    """``whole`` without the n-grams of slice ``number`` of ``slices``, by subtraction.

    It meets the remainder of another section without the slice of that number. It counts in how
    many groups n-grams are; their frequencies are not to be had of it.
    """

    def __init__(self, whole: Section, number: int, slices: int) -> None:
        self.groups = whole.groups
        self.share = whole.share * (1 - 1 / slices)
        self._whole = whole
        self._part = whole.slice(number, slices)

    def __len__(self) -> int:
        return len(self._whole) - len(self._part)

    def incidence(self, selected: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return how many n-grams are in d of the selected groups, in all and in each group."""
        (total, within), (less, less_within) = (
            each.incidence(selected) for each in (self._whole, self._part)
        )
        return total - less, within - less_within

    def single_occurrences(self, selected: int) -> tuple[NDArray[np.int64], ...]:
        """Return where n-grams occur exactly once in a group; see the kernel of this name."""
        every, fewer = (each.single_occurrences(selected) for each in (self._whole, self._part))
        return tuple(total - less for total, less in zip(every, fewer, strict=True))

    def joint(self, selected: int, other: Grouped, other_selected: int) -> Joint:
        """Return how many n-grams held here are in d groups here and e groups of ``other``."""
        theirs = self._beside(other)
        every = self._whole.joint(selected, theirs._whole, other_selected)
        fewer = self._part.joint(selected, theirs._part, other_selected)
        return Joint(
            every.total - fewer.total,
            every.within_a - fewer.within_a,
            every.within_b - fewer.within_b,
        )

    def regions(self, selected: int, other: Grouped, other_selected: int) -> Regions:
        """Return in how many groups n-grams are here alone, in ``other`` alone and in both."""
        theirs = self._beside(other)
        every = self._whole.regions(selected, theirs._whole, other_selected)
        fewer = self._part.regions(selected, theirs._part, other_selected)
        both = np.concatenate((every.triples, fewer.triples))
        triples, at = np.unique(both, axis=0, return_inverse=True)
        mine, less = np.split(at.ravel(), [len(every.triples)])
        total = np.zeros(len(triples), dtype=np.int64)
        within = np.zeros((3, self.groups, len(triples)), dtype=np.int64)
        total[mine] += every.total
        total[less] -= fewer.total
        within[:, :, mine] += every.within
        within[:, :, less] -= fewer.within
        return Regions(triples, total, within)

    def totals(self, weight: Weight) -> NoReturn:
        """Raise TypeError: all n-grams have to be known."""
        raise self._unknown(weight)

    def matches(self, weight: Weight, selected: int) -> Matches:
        """Raise TypeError: all n-grams have to be known."""
        del selected
        raise self._unknown(weight)

    def frequencies(self, weight: Weight, selected: int) -> NDArray[np.int64]:
        """Raise TypeError: all n-grams have to be known."""
        del selected
        raise self._unknown(weight)

    def add_frequencies(self, weight: Weight, selected: int, out: NDArray[np.int64]) -> None:
        """Raise TypeError: all n-grams have to be known."""
        del selected, out
        raise self._unknown(weight)

    def spectrum(self, weight: Weight, selected: int) -> Spectrum:
        """Raise TypeError: all n-grams have to be known."""
        del selected
        raise self._unknown(weight)

    def alignment(self, other: Grouped) -> Alignment:
        """Raise TypeError: all n-grams have to be known."""
        del other
        raise self._unknown("n-grams")

    def log_sums(self, mine: Sequence[int], other: Grouped, theirs: Sequence[int]) -> NoReturn:
        """Raise TypeError: all n-grams have to be known."""
        del mine, other, theirs
        raise self._unknown("n-grams")

    def _unknown(self, what: str) -> TypeError:
        return TypeError(f"of a sample of n-grams, {what} are not known")

    def _beside(self, other: Grouped) -> Remainder:
        if not isinstance(other, Remainder):
            raise TypeError("a remainder meets another remainder")
        return other
