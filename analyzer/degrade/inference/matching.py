"""At which size, length and number of groups the corpora of a run can meet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import cast

import numpy as np
from numpy.typing import NDArray

from degrade.census.grouped import Grouped
from degrade.census.keys import POSITION_BOUNDS, POSITIONS
from degrade.census.table import ALL_HASHES
from degrade.errors import UndefinedMetricError
from degrade.inference.sources import Source, WholeCorpus
from degrade.inference.texts import Texts
from degrade.profiles import Profile
from degrade.selection import Selection
from degrade.summaries import Census, Need
from degrade.text.document import GROUPS, LEVELS
from degrade.view import View

FEWEST_GROUPS = 8
TESTED_GROUPS = 16
"""Groups from which errors are believed; below, only effects are shown."""
CLUSTERS_PER_GROUP = 5
LENGTHS_DIFFER = 0.10
"""Difference in mean length from which only beginnings of documents are compared, of such a length
that they differ by less."""
REFERENCE_SIZES = 2.5
"""Matched sizes of the reference that pair metrics see; what counts as rare depends on it."""
PAIRED_SHARE = 0.1
"""Share of given clusters in common from which corpora are compared in pairs of clusters. The same
clusters fall into the same groups, so pairs of groups are right however few clusters are shared."""
_LEAST_DRAWN = 0.05
"""Share of a corpus drawn below which the next level of the ladder, 16 times smaller, suffices."""


@dataclass(frozen=True, slots=True)
class Matching:
    """The size at which all corpora of a run are seen.

    ``tokens`` is the matched size m, ``length`` the tokens of each document that are looked at
    (None for whole documents), ``groups`` the number of groups of all corpora, where some meet in
    pairs of groups (None where each is folded for itself), ``thresholds`` the hash below which
    n-grams are looked at, by census, where some corpus did not count all.
    """

    tokens: float
    length: int | None
    groups: int | None = None
    thresholds: Mapping[Need, int] = field(default_factory=dict)


@dataclass(slots=True)
class Side:
    """One corpus, as a run sees it: a level of its ladder, cut and folded.

    ``sizes`` are base tokens by group, ``occupied`` the groups that hold any, as a bit set;
    ``texts`` its documents, where they are at hand. ``elsewhere`` is by metric where it is read,
    if not here, or why it cannot be; ``least`` the largest level that may be looked at.
    """

    name: str
    profile: Profile
    level: int
    matching: Matching
    source: Source
    sizes: NDArray[np.int64]
    occupied: int
    paired: bool = False
    texts: Texts | None = None
    elsewhere: Mapping[str, Side | UndefinedMetricError] = field(default_factory=dict)
    least: int = 0
    estimates: dict[str, object] = field(default_factory=dict)
    _views: dict[tuple[Need, ...], View] = field(default_factory=dict)
    _selections: dict[int, Selection] = field(default_factory=dict)

    @property
    def groups(self) -> int:
        """The number of groups after folding, empty ones among them."""
        return len(self.sizes)

    @property
    def occupied_groups(self) -> list[int]:
        """The groups that hold any tokens, in order."""
        return [g for g in range(len(self.sizes)) if self.occupied >> g & 1]

    def of(self, metric: str) -> Side:
        """Return where ``metric`` is read. Raises UndefinedMetricError where it cannot be."""
        there = self.elsewhere.get(metric, self)
        if isinstance(there, UndefinedMetricError):
            raise there
        return there

    def section(self, need: Need) -> Grouped:
        """Return the census of ``need``, cut at the matched length and the common threshold."""
        return self.source.section(need)

    def view(
        self, needs: tuple[Need, ...], selected: int | None = None, left_out: int | None = None
    ) -> View:
        """Return the view of ``selected`` groups (all that are occupied), one of them left out."""
        if needs not in self._views:
            sections = {n: self.section(n) for n in needs if n.summary is Census}
            others = {n: s for n in needs if (s := self.source.summary(n)) is not None}
            self._views[needs] = View(
                sections,
                self.matching.tokens,
                self.selection(self.occupied),
                paired=self.paired,
                summaries=others,
            )
        view = self._views[needs]
        if selected is not None:
            view = view.within(self.selection(selected))
        return view if left_out is None else view.without(left_out)

    def selection(self, selected: int) -> Selection:
        """Return the groups ``selected``, a bit set."""
        if selected not in self._selections:
            self._selections[selected] = Selection(self.sizes, selected)
        return self._selections[selected]

    def at_most(self, tokens: float) -> int:
        """Return the first groups that together pass ``tokens`` tokens, or all there are."""
        selected, sofar = 0, 0
        for g in self.occupied_groups:
            if sofar > tokens:
                break
            selected |= 1 << g
            sofar += int(self.sizes[g])
        return selected


def match(profiles: Sequence[Profile], *, lengths: bool = True) -> Matching:
    """Return the matching of a run; with ``lengths`` off, of whole documents in any case."""
    groups = None
    if any(meet_in_pairs(one, other) for one, other in combinations(profiles, 2)):
        groups = min(folded_groups(profile) for profile in profiles)
    length = _matched_length(profiles) if lengths else None
    sizes = [_own_sizes(profile, 0, length, groups) for profile in profiles]
    return Matching(min(usable(size) for size in sizes), length, groups)


def meet_in_pairs(one: Profile, other: Profile) -> bool:
    """Return whether the corpora share so many given clusters that they meet in pairs of them."""
    return one.clusters.share_given_in(other.clusters) > PAIRED_SHARE


def side(name: str, profile: Profile, matching: Matching, level: int | None = None) -> Side:
    """Return a corpus as the run sees it, from ``level`` of its ladder, or the one that fits."""
    if level is None:
        level = fitting_level(profile, matching)
    sizes = _own_sizes(profile, level, matching.length, matching.groups)
    source = WholeCorpus(profile, level, matching.length, len(sizes), matching.thresholds)
    return Side(name, profile, level, matching, source, sizes, bits(sizes))


def in_like_groups(sides: Sequence[Side]) -> list[Side]:
    """Return ``sides`` folded to as many groups as the one with the fewest has.

    For tests of single n-grams: how unevenly one is spread is estimated from both sides together,
    and one that does not hold it would count for as much as it has groups.
    """
    groups = min(each.groups for each in sides)
    return [
        each
        if each.groups == groups
        else side(each.name, each.profile, replace(each.matching, groups=groups), each.level)
        for each in sides
    ]


def with_common_thresholds(sides: Sequence[Side]) -> list[Side]:
    """Return ``sides`` cut to the n-grams that all of them have counted."""
    common: dict[Need, int] = {}
    for each in sides:
        for need, census in each.profile.censuses(each.level):
            if not census.table.exact:
                common[need] = min(common.get(need, ALL_HASHES), census.table.threshold)
    if not common:
        return list(sides)
    matching = replace(sides[0].matching, thresholds=common)
    return [
        replace(side(each.name, each.profile, matching, each.level), texts=each.texts)
        for each in sides
    ]


def fitting_level(profile: Profile, matching: Matching, level: int = 0) -> int:
    """Return the smallest level, ``level`` or beyond, with enough text for the matched size."""
    sizes = _own_sizes(profile, level, matching.length, matching.groups)
    while level < LEVELS - 1:
        above = _own_sizes(profile, level + 1, matching.length, matching.groups)
        drawn = matching.tokens / max(1, int(sizes.sum()))
        if drawn >= _LEAST_DRAWN or usable(above) < matching.tokens:
            break
        level, sizes = level + 1, above
    return level


def part_of(whole: Side, source: Source, order: Sequence[int], tokens: float) -> Side:
    """Return the groups ``order`` of ``whole`` as a side of their own, seen at ``tokens`` tokens.

    ``source`` holds what ``whole.source`` does, of these groups.
    """
    sizes = whole.sizes[list(order)]
    matching = Matching(tokens, whole.matching.length)
    return Side(
        whole.name, whole.profile, whole.level, matching, source, sizes, bits(sizes), whole.paired
    )


def bits(sizes: NDArray[np.int64]) -> int:
    """Return the groups that hold anything, as a bit set."""
    return sum(1 << int(g) for g in np.flatnonzero(sizes))


def folded_groups(profile: Profile, level: int = 0) -> int:
    """Return how many groups of enough clusters a corpus has, seen at a level of its ladder.

    Corpora of unlike sizes need not have as many groups as each other: in few and large groups the
    larger one would be drawn by parts of a group, which no closed form does without bias.
    """
    clusters = profile.clusters.at_level(level)
    groups = GROUPS
    while groups > FEWEST_GROUPS:
        held = folded(clusters, groups)
        if held.any() and held[held > 0].mean() >= CLUSTERS_PER_GROUP:
            break
        groups //= 2
    return groups


def folded(by_group: NDArray[np.int64], groups: int) -> NDArray[np.int64]:
    """Return the sums over the groups that fold into each of ``groups``."""
    return cast(NDArray[np.int64], by_group.reshape(-1, groups).sum(axis=0))


def mean_length(profile: Profile, codes: int = POSITIONS) -> float:
    """Return the mean tokens of a document, under the first ``codes`` position bounds."""
    tokens = int(profile.extent().tokens[:codes].sum())
    return tokens / profile.documents if profile.documents else 0.0


def _matched_length(profiles: Sequence[Profile]) -> int | None:
    """Return how many tokens of each document to look at; None where lengths are alike.

    The most for which documents, so cut, are alike in mean length: where many documents of one side
    are shorter than that, as much text would be of more documents there, and so more varied.
    """
    means = [mean_length(profile) for profile in profiles]
    if max(means) <= (1 + LENGTHS_DIFFER) * min(means):
        return None
    for code, bound in reversed(list(enumerate(POSITION_BOUNDS))):
        cut = [mean_length(profile, code + 1) for profile in profiles]
        if max(cut) <= (1 + LENGTHS_DIFFER) * min(cut):
            return bound
    return POSITION_BOUNDS[0]


def sizes_of(profile: Profile, level: int, length: int | None, groups: int) -> NDArray[np.int64]:
    """Return the base tokens of each group that are looked at, (groups,)."""
    codes = POSITIONS if length is None else POSITION_BOUNDS.index(length) + 1
    return folded(profile.extent(level).tokens[:codes].sum(axis=0), groups)


def _own_sizes(
    profile: Profile, level: int, length: int | None, groups: int | None
) -> NDArray[np.int64]:
    return sizes_of(profile, level, length, groups or folded_groups(profile, level))


def usable(sizes: NDArray[np.int64]) -> float:
    """Return the size at which a corpus of such groups can be seen, whichever is left out."""
    total = int(sizes.sum())
    return min(0.8 * total, 0.95 * (total - int(sizes.max(initial=0))))
