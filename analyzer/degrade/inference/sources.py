"""Where a side of a comparison gets its n-grams and sums: a corpus, or some of its groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from degrade.census.grouped import Grouped
from degrade.census.part import Part
from degrade.census.section import Section
from degrade.census.table import ALL_HASHES
from degrade.profiles import Profile
from degrade.summaries import Census, Moments, Need, SampledMoments, Summary

Number = TypeVar("Number", np.float64, np.int64)


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums over fixed windows by group, (groups,) each; see ``Moments``."""

    numerators: NDArray[np.float64]
    denominators: NDArray[np.float64]
    documents: NDArray[np.int64]


class Source(Protocol):
    """The censuses and sums of a side, by its groups."""

    def section(self, need: Need) -> Grouped:
        """Return the census of ``need``."""
        ...

    def sums(self, need: Need) -> Sums:
        """Return the sums over windows of ``need``."""
        ...

    def summary(self, need: Need) -> Summary | None:
        """Return another summary than a census, where it is that of all groups."""
        ...


class WholeCorpus:
    """A profile, seen at a level of its ladder, cut at a length and folded into groups.

    Of a census with one of ``thresholds``, only n-grams of hashes below it are looked at.
    """

    def __init__(
        self,
        profile: Profile,
        level: int,
        length: int | None,
        groups: int,
        thresholds: Mapping[Need, int] | None = None,
    ) -> None:
        self._profile = profile
        self._level = level
        self._length = length
        self._groups = groups
        self._thresholds = thresholds or {}
        self._sections: dict[Need, Section] = {}

    def section(self, need: Need) -> Section:
        """Return the census of ``need``, cut at the matched length."""
        if need not in self._sections:
            census = self._profile.levels[self._level][need]
            if not isinstance(census, Census):
                raise TypeError(f"{need.key}: views are of censuses")
            table = census.table.below(self._thresholds.get(need, ALL_HASHES))
            self._sections[need] = Section(table, self._length, self._groups)
        return self._sections[need]

    def sums(self, need: Need) -> Sums:
        """Return the sums over windows of ``need``, always of the whole corpus."""
        moments = cast(Moments | SampledMoments, self._profile.levels[0][need])
        numerators, denominators = moments.sums()
        return Sums(
            self._folded(numerators), self._folded(denominators), self._folded(moments.documents)
        )

    def summary(self, need: Need) -> Summary | None:
        """Return the summary of ``need`` at this level of the ladder, or the only one there is."""
        if need.summary is Census:
            return None
        level = self._profile.levels[self._level]
        return level[need] if need in level else self._profile.levels[0][need]

    def _folded(self, by_group: NDArray[Number]) -> NDArray[Number]:
        return cast(NDArray[Number], by_group.reshape(-1, self._groups).sum(axis=0))


class SomeGroups:
    """The groups ``order`` of ``whole``, as groups 0, 1, ... of a side of their own.

    With ``thinned``, incidence is read off a sample of n-grams where there are very many.
    """

    def __init__(self, whole: Source, order: Sequence[int], *, thinned: bool = False) -> None:
        self._whole = whole
        self._thinned = thinned
        self._order = list(order)
        self._parts: dict[Need, Part] = {}

    def section(self, need: Need) -> Part:
        """Return the census of ``need`` in these groups."""
        if need not in self._parts:
            section = self._whole.section(need)
            if not isinstance(section, Section):
                raise TypeError("groups are taken of a whole section")
            self._parts[need] = Part(section, self._order, thinned=self._thinned)
        return self._parts[need]

    def sums(self, need: Need) -> Sums:
        """Return the sums over windows of ``need`` in these groups."""
        sums = self._whole.sums(need)
        return Sums(
            sums.numerators[self._order],
            sums.denominators[self._order],
            sums.documents[self._order],
        )

    def summary(self, need: Need) -> Summary | None:
        """Return nothing: other summaries are not parted by groups here."""
        del need
        return None
