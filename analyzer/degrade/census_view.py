"""The n-grams of one layer and order in a selection of groups: what most metrics read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from degrade import urn
from degrade.census.bit_sets import flags
from degrade.census.grouped import Grouped, Joint, LogSum, Spectrum, Weight
from degrade.errors import SampledCountsError, UndefinedMetricError
from degrade.selection import Selection

Counts = NDArray[np.int64] | NDArray[np.float64]
"""How many n-grams are of each kind: whole numbers, or estimates where a sample was counted."""


@dataclass(frozen=True, slots=True)
class CensusView:
    """The n-grams of one layer and order in a selection of groups.

    ``selection`` is that before a group was left out (``left_out``); tables for it are computed
    once and corrected for the group.

    Where a sample of n-grams was counted, chosen by hash, numbers of n-grams are those of the
    sample over its share of all. What rests on how often n-grams occur is undefined there, as a few
    frequent ones decide it: ``SampledCountsError`` has the engine look for a part of the corpus in
    which all were counted.
    """

    section: Grouped
    selection: Selection
    left_out: int | None

    @property
    def whole(self) -> int:
        """The groups looked at before one was left out, as a bit set."""
        return self.selection.whole

    @property
    def selected(self) -> int:
        """The groups at hand, as a bit set."""
        whole = self.selection.whole
        return whole if self.left_out is None else whole & ~(1 << self.left_out)

    @property
    def groups(self) -> int:
        """The number of groups at hand."""
        return self.selected.bit_count()

    def drawn(self, tokens: float) -> float:
        """Return the real number of groups that hold ``tokens`` tokens of this corpus."""
        _, groups, there = self.selection.left([self.left_out])
        return float(_drawn(tokens, groups, there)[0])

    def incidence(self) -> Counts:
        """Return how many n-grams are in exactly d of the groups at hand, (groups + 1,)."""
        return self._of_all(self._incidence())

    def _of_all(self, counted: NDArray[np.int64]) -> Counts:
        """Return how many n-grams stand behind those counted."""
        return counted if self.section.share == 1 else counted / self.section.share

    def _incidence(self) -> NDArray[np.int64]:
        total, within = self.section.incidence(self.whole)
        if self.left_out is not None:
            total = total - within[self.left_out]
            total[:-1] += within[self.left_out][1:]
        return total[: self.groups + 1]

    def expected_types(self, tokens: float) -> float:
        """Return the expected types in ``tokens`` tokens of whole groups (Colwell 2012, eq. 17)."""
        return float(self.expected_types_each(tokens, [self.left_out])[0])

    def expected_types_each(
        self, tokens: float, left_out: Sequence[int | None]
    ) -> NDArray[np.float64]:
        """Return the same with each of these groups left out of the selection, (rows,)."""
        out, groups, there = self.selection.left(left_out)
        drawn = _drawn(tokens, groups, there)
        tables = self.section.incidence(self.whole)
        return urn.expected_types_each(*tables, out, groups, drawn) / self.section.share

    def expected_hapaxes(self, tokens: float) -> float:
        """Return the expected types that occur once in ``tokens`` tokens of whole groups."""
        total, within, without = self.section.single_occurrences(self.whole)
        if self.left_out is not None:
            total = total - within[self.left_out]
            total[:-1] += without[self.left_out][1:]
        single = urn.expected_hapaxes(total[: self.groups + 1], self.drawn(tokens))
        return single / self.section.share

    def expected_occurrences(self, tokens: float) -> float:
        """Return the expected n-grams, repeats included, in ``tokens`` tokens of whole groups."""
        return self.total("occurrences") * self.drawn(tokens) / self.groups

    def _flags(self) -> NDArray[np.bool_]:
        return flags(self.selected, self.section.groups)

    def total(self, weight: Weight) -> int:
        """Return the occurrences of all n-grams at hand, or documents summed over n-grams."""
        self._require_all()
        return int(self.section.totals(weight)[self._flags()].sum())

    @property
    def types(self) -> int:
        """The number of distinct n-grams at hand."""
        return round(float(self.incidence()[1:].sum()))

    def counted(self) -> dict[str, int]:
        """Return the raw counts: distinct n-grams and their occurrences, as they were counted."""
        occurrences = int(self.section.totals("occurrences")[self._flags()].sum())
        types = int(self._incidence()[1:].sum())
        if self.section.share == 1:
            return {"types": types, "occurrences": occurrences}
        return {"types in the sample": types, "occurrences in the sample": occurrences}

    def _require_all(self) -> None:
        if self.section.share < 1:
            raise SampledCountsError(
                f"it reads the counts of all n-grams, and {self.section.share:.1%} were counted"
            )

    def _require_alike(self, other: CensusView) -> None:
        if self.section.share != other.section.share:
            raise ValueError("samples of n-grams meet only if they are of the same n-grams")

    def frequencies(self, weight: Weight = "occurrences") -> NDArray[np.int64]:
        """Return the frequency of each n-gram at hand, all above 0, in a fixed order."""
        self._require_all()
        every = self.section.frequencies(weight, self.selected)
        return every[every > 0]

    def spectrum(self, weight: Weight = "occurrences") -> Spectrum:
        """Return the frequencies above 0 that occur here, ascending, and the n-grams of each."""
        self._require_all()
        return self.section.spectrum(weight, self.selected)

    def match_between_groups(self, weight: Weight) -> float:
        """Return the chance that two draws from different groups are the same n-gram.

        (sum_t c_t^2 - sum_g sum_t c_gt^2) / (N^2 - sum_g N_g^2), with c_t the occurrences of
        n-gram t, or the documents that hold it. Undefined with fewer than two groups.
        """
        (found,) = self.match_between_groups_each(weight, [self.left_out])
        return found

    def match_between_groups_each(
        self, weight: Weight, left_out: Sequence[int | None]
    ) -> Iterator[float]:
        """Yield the same with each of these groups left out of the selection."""
        self._require_all()
        matches = self.section.matches(weight, self.whole)
        for between, pairs in matches.without(left_out):
            if pairs <= 0:
                raise UndefinedMetricError("fewer than two groups hold such n-grams")
            yield between / pairs

    def regions(self, other: CensusView) -> tuple[NDArray[np.int64], Counts]:
        """Return in how many groups n-grams are here alone, in ``other`` alone and in both.

        For corpora that share their groups: distinct triples, (regions, 3), and how many of the
        n-grams held here have each. A group left out is left out of both.
        """
        if self.left_out != other.left_out:
            raise ValueError("groups are left out of both sides only in pairs")
        self._require_alike(other)
        found = self.section.regions(self.whole, other.section, other.whole)
        triples, counts = found.without(self.left_out)
        return triples, self._of_all(counts)

    def joint_with(self, other: CensusView) -> tuple[Joint, float]:
        """Return how many n-grams counted are in d groups here and e of ``other``, and the share.

        No group is left out, and what leaving one out would take is told: see ``Joint``. The share
        is that of the n-grams counted in all.
        """
        self._require_alike(other)
        joint = self.section.joint(self.whole, other.section, other.whole)
        return joint, float(self.section.share)

    def joint_incidence(self, other: CensusView) -> Counts:
        """Return how many n-grams held here are in d groups here and e of ``other``.

        Shape (groups + 1, other.groups + 1).
        """
        self._require_alike(other)
        joint = self.section.joint(self.whole, other.section, other.whole)
        table = joint.total.copy()
        mine, theirs = self.left_out, other.left_out
        if mine is not None:
            _shift(table, joint.within_a[mine], 1, 0)
        if theirs is not None:
            _shift(table, joint.within_b[theirs], 0, 1)
        if mine is not None and theirs is not None:
            raise ValueError("a group is left out of one side; of corpora in pairs, see regions")
        return self._of_all(table[: self.groups + 1, : other.groups + 1])

    def frequencies_with(
        self, other: CensusView, mine: Sequence[int], theirs: Sequence[int]
    ) -> NDArray[np.int64]:
        """Return frequencies here in each selection of ``mine`` and there in each of ``theirs``.

        Shape (selections, n-grams of both corpora), zeros included; selections are bit sets.
        """
        self._require_all()
        other._require_all()
        at, there, size = self.section.alignment(other.section)
        out = np.zeros((len(mine) + len(theirs), size), dtype=np.int64)
        sides = (self.section, at, mine, 0), (other.section, there, theirs, len(mine))
        for section, place, selections, first in sides:
            for row, selected in enumerate(selections, first):
                if len(place) == size:
                    # Where a side holds all that there are, its order is theirs.
                    section.add_frequencies("occurrences", selected, out[row])
                else:
                    out[row, place] = section.frequencies("occurrences", selected)
        return out

    def log_sums_with(
        self, other: CensusView, mine: Sequence[int], theirs: Sequence[int]
    ) -> LogSum:
        """Return what entropies of the frequencies in four selections, here and there, come from.

        Sizes in occurrences, (4,); sums of x log x of frequencies, (4,); and those of each two
        selections pooled, (4, 4). No two selections have a group in common; in one of parts of the
        same corpus, none of those ``mine`` and ``theirs``.
        """
        self._require_all()
        other._require_all()
        return self.section.log_sums(mine, other.section, theirs)


def _drawn(
    tokens: float, groups: NDArray[np.int64], there: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return how many groups hold ``tokens`` tokens, of so many that together hold ``there``."""
    # Groups differ in size, so sizes are matched on tokens and not on groups.
    found: NDArray[np.float64] = tokens * groups / there
    return found


def _shift(table: NDArray[np.int64], part: NDArray[np.int64], down: int, left: int) -> None:
    """Move the n-grams of ``part`` by ``down`` rows up and ``left`` columns left."""
    table -= part
    rows, columns = part.shape
    table[: rows - down, : columns - left] += part[down:, left:]
