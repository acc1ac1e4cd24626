"""What a metric is computed from: read-only selections of the groups of a corpus."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from degrade.census.bit_sets import flags
from degrade.census.grouped import Grouped
from degrade.census_view import CensusView
from degrade.errors import UndefinedMetricError
from degrade.selection import Selection
from degrade.summaries import Need, Summary
from degrade.text.document import GROUPS

STARTS = 8
"""Evenly spaced starts in the cyclic order of groups, over which selections are averaged."""


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
        groups = len(self.selection.sizes)
        return flags(self.selected, groups)[np.arange(GROUPS) % groups]

    def __getitem__(self, need: Need) -> CensusView:
        return CensusView(self.sections[need], self.selection, self.left_out)

    def without(self, group: int | None) -> View:
        """Return the view with ``group`` left out, and no other."""
        return View(self.sections, self.tokens, self.selection, group, self.paired, self.summaries)

    def within(self, selection: Selection) -> View:
        """Return the view of another selection of groups, none of them left out."""
        return View(self.sections, self.tokens, selection, None, self.paired, self.summaries)

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
        key = self.left_out, start, tokens
        known = self.selection.halves
        if key not in known:
            known[key] = self._halves(start, tokens)
        return known[key]

    def _halves(self, start: int, tokens: float) -> tuple[int, int]:
        sizes, selected = self.selection.sizes.tolist(), self.selected
        total = len(sizes)
        first = start * total // STARTS
        taken = [0, 0]
        side, sofar = 0, 0
        for g in (g % total for g in range(first, first + total)):
            if not selected >> g & 1:
                continue
            size = sizes[g]
            if sofar and sofar + size - tokens > tokens - sofar:
                side, sofar = side + 1, 0
                if side == len(taken):
                    break
            taken[side] |= 1 << g
            sofar += size
        return taken[0], taken[1]
