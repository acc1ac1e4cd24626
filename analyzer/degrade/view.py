"""What a metric is computed from: read-only selections of the groups of a corpus."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from degrade import urn
from degrade.census.grouped import Grouped, Spectrum, Weight
from degrade.errors import UndefinedMetricError
from degrade.summaries import Need, Summary
from degrade.text.document import GROUPS

STARTS = 8
"""Evenly spaced starts in the cyclic order of groups, over which selections are averaged."""


@dataclass(frozen=True, slots=True)
class CensusView:
    """The n-grams of one layer and order in a selection of groups.

    ``whole`` is the selection before a group was left out (``left_out``); tables for it are
    computed once and corrected for the group. ``corpus_tokens`` is the number of base tokens in the
    groups at hand, which sizes are matched on.
    """

    section: Grouped
    whole: int
    left_out: int | None
    corpus_tokens: int

    @property
    def selected(self) -> int:
        """The groups at hand, as a bit set."""
        return self.whole & ~(1 << self.left_out) if self.left_out is not None else self.whole

    @property
    def groups(self) -> int:
        """The number of groups at hand."""
        return self.selected.bit_count()

    def drawn(self, tokens: float) -> float:
        """Return the real number of groups that hold ``tokens`` tokens of this corpus."""
        # Groups differ in size, so sizes are matched on tokens and not on groups.
        return tokens * self.groups / self.corpus_tokens

    def incidence(self) -> NDArray[np.int64]:
        """Return how many n-grams are in exactly d of the groups at hand, (groups + 1,)."""
        total, within = self.section.incidence(self.whole)
        if self.left_out is not None:
            total = total - within[self.left_out]
            total[:-1] += within[self.left_out][1:]
        return total[: self.groups + 1]

    def expected_types(self, tokens: float) -> float:
        """Return the expected types in ``tokens`` tokens of whole groups (Colwell 2012, eq. 17)."""
        return urn.expected_types(self.incidence(), self.drawn(tokens))

    def expected_hapaxes(self, tokens: float) -> float:
        """Return the expected types that occur once in ``tokens`` tokens of whole groups."""
        total, within, without = self.section.single_occurrences(self.whole)
        if self.left_out is not None:
            total = total - within[self.left_out]
            total[:-1] += without[self.left_out][1:]
        return urn.expected_hapaxes(total[: self.groups + 1], self.drawn(tokens))

    def expected_occurrences(self, tokens: float) -> float:
        """Return the expected n-grams, repeats included, in ``tokens`` tokens of whole groups."""
        return self.total("occurrences") * self.drawn(tokens) / self.groups

    def _flags(self) -> NDArray[np.bool_]:
        return np.array([(self.selected >> g) & 1 for g in range(self.section.groups)], dtype=bool)

    def total(self, weight: Weight) -> int:
        """Return the occurrences of all n-grams at hand, or documents summed over n-grams."""
        return int(self.section.totals(weight)[self._flags()].sum())

    @property
    def types(self) -> int:
        """The number of distinct n-grams at hand."""
        return int(self.incidence()[1:].sum())

    def frequencies(self, weight: Weight = "occurrences") -> NDArray[np.int64]:
        """Return the frequency of each n-gram at hand, all above 0, in a fixed order."""
        every = self.section.frequencies(weight, self.selected)
        return every[every > 0]

    def spectrum(self, weight: Weight = "occurrences") -> Spectrum:
        """Return the frequencies above 0 that occur here, ascending, and the n-grams of each."""
        return self.section.spectrum(weight, self.selected)

    def match_between_groups(self, weight: Weight) -> float:
        """Return the chance that two draws from different groups are the same n-gram.

        (sum_t c_t^2 - sum_g sum_t c_gt^2) / (N^2 - sum_g N_g^2), with c_t the occurrences of
        n-gram t, or the documents that hold it. Undefined with fewer than two groups.
        """
        matches = self.section.matches(weight, self.whole)
        between, pairs = matches.without(self.left_out)
        if pairs <= 0:
            raise UndefinedMetricError("fewer than two groups hold such n-grams")
        return between / pairs

    def regions(self, other: CensusView) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return in how many groups n-grams are here alone, in ``other`` alone and in both.

        For corpora that share their groups: distinct triples, (regions, 3), and how many of the
        n-grams held here have each. A group left out is left out of both.
        """
        if self.left_out != other.left_out:
            raise ValueError("groups are left out of both sides only in pairs")
        found = self.section.regions(self.whole, other.section, other.whole)
        return found.without(self.left_out)

    def joint_incidence(self, other: CensusView) -> NDArray[np.int64]:
        """Return how many n-grams held here are in d groups here and e of ``other``.

        Shape (groups + 1, other.groups + 1).
        """
        joint = self.section.joint(self.whole, other.section, other.whole)
        table = joint.total.copy()
        mine, theirs = self.left_out, other.left_out
        if mine is not None:
            _shift(table, joint.within_a[mine], 1, 0)
        if theirs is not None:
            _shift(table, joint.within_b[theirs], 0, 1)
        if mine is not None and theirs is not None:
            raise ValueError("a group is left out of one side; of corpora in pairs, see regions")
        return table[: self.groups + 1, : other.groups + 1]

    def frequencies_with(
        self, other: CensusView, mine: Sequence[int], theirs: Sequence[int]
    ) -> NDArray[np.int64]:
        """Return frequencies here in each selection of ``mine`` and there in each of ``theirs``.

        Shape (selections, n-grams of both corpora), zeros included; selections are bit sets.
        """
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


def _shift(table: NDArray[np.int64], part: NDArray[np.int64], down: int, left: int) -> None:
    """Move the n-grams of ``part`` by ``down`` rows up and ``left`` columns left."""
    table -= part
    rows, columns = part.shape
    table[: rows - down, : columns - left] += part[down:, left:]


class Selection:
    """Some groups of a corpus.

    Attributes
    ----------
    sizes : int64 array, (groups,), base tokens of every group of the corpus
    whole : the selected groups, as a bit set
    tokens : base tokens of the selected groups
    largest : of the largest selected group, and of the two largest
    """

    __slots__ = ("largest", "sizes", "tokens", "whole")

    def __init__(self, sizes: NDArray[np.int64], whole: int) -> None:
        inside = sorted(int(size) for g, size in enumerate(sizes) if whole >> g & 1)
        self.sizes = sizes
        self.whole = whole
        self.tokens = sum(inside)
        self.largest = sum(inside[-1:]), sum(inside[-2:])


@dataclass(frozen=True, slots=True)
class View:
    """A read-only selection of groups of one corpus at a matched size.

    Attributes
    ----------
    sections : the census of each need, cut at the matched length
    tokens : the matched size, in tokens of the base layer
    selection : the groups looked at, before one was left out
    left_out : the group left out of them
    paired : the other corpus of a pair shares this one's clusters
    summaries : what was asked for besides censuses
    """

    sections: Mapping[Need, Grouped]
    tokens: float
    selection: Selection
    left_out: int | None = None
    paired: bool = False
    summaries: Mapping[Need, Summary] = field(default_factory=dict)

    def summary(self, need: Need) -> Summary:
        """Return another summary than a census, of all groups: see ``inside`` for those at hand.

        Undefined where only some groups of a corpus are looked at as a corpus of their own.
        """
        if need not in self.summaries:
            raise UndefinedMetricError(f"{need.key} is not at hand here")
        return self.summaries[need]

    @property
    def inside(self) -> NDArray[np.bool_]:
        """Which of the 64 groups that summaries keep are at hand, (GROUPS,)."""
        folded = np.arange(GROUPS) % len(self.selection.sizes)
        return np.array([self.selected >> int(g) & 1 for g in folded], dtype=bool)

    def __getitem__(self, need: Need) -> CensusView:
        whole = self.selection.whole
        return CensusView(self.sections[need], whole, self.left_out, self.corpus_tokens)

    def without(self, group: int | None) -> View:
        """Return the view with ``group`` left out, and no other."""
        return View(self.sections, self.tokens, self.selection, group, self.paired, self.summaries)

    @property
    def corpus_tokens(self) -> int:
        """Base tokens in the groups at hand."""
        if self.left_out is None:
            return self.selection.tokens
        return self.selection.tokens - int(self.selection.sizes[self.left_out])

    @property
    def groups(self) -> int:
        """The number of groups at hand."""
        return self.selected.bit_count()

    @property
    def selected(self) -> int:
        """The groups at hand, as a bit set."""
        whole = self.selection.whole
        return whole if self.left_out is None else whole & ~(1 << self.left_out)

    @property
    def fresh_tokens(self) -> float:
        """A size that a random half of the groups has to spare, whichever group is left out.

        0.8 of a half, less where one group holds much of the text; at most the matched size.
        """
        there = self.selection
        spare = 0.95 * (there.tokens - there.largest[0])
        return min(self.tokens, 0.8 * there.tokens / 2, spare / 2)

    @property
    def half_tokens(self) -> float:
        """A size that two disjoint halves can have, whichever group is left out."""
        there = self.selection
        return min(self.tokens, 0.95 * (there.tokens - there.largest[1])) / 2

    def halves(self, start: int, tokens: float) -> tuple[int, int]:
        """Return two disjoint selections of about ``tokens`` tokens each, as bit sets.

        Groups are taken in cyclic order from ``start`` of 8 evenly spaced starts; each half stops
        at whichever whole number of groups comes nearer.
        """
        sizes, selected = self.selection.sizes, self.selected
        total = len(sizes)
        first = start * total // STARTS
        taken = [0, 0]
        side, sofar = 0, 0
        for g in (g % total for g in range(first, first + total)):
            if not selected >> g & 1:
                continue
            size = int(sizes[g])
            if sofar and sofar + size - tokens > tokens - sofar:
                side, sofar = side + 1, 0
                if side == len(taken):
                    break
            taken[side] |= 1 << g
            sofar += size
        return taken[0], taken[1]
