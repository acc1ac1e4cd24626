"""Two corpora as one pool of groups, from which relabelings draw both sides."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from degrade.census.section import Section
from degrade.census.table import ALL_HASHES
from degrade.errors import UndefinedMetricError
from degrade.inference.matching import (
    CLUSTERS_PER_GROUP,
    Matching,
    Side,
    bits,
    folded,
    sizes_of,
)
from degrade.inference.sources import Sums
from degrade.profiles import Profile
from degrade.summaries import Census, Moments, Need, SampledMoments, Summary
from degrade.text.document import GROUPS, LEVELS

FEWEST_GROUPS = 8
_LIKE = 2.0
"""Groups of the two corpora may differ in mean tokens by this much."""


@dataclass(frozen=True, slots=True)
class Share:
    """What one corpus gives to the pool: a level of its ladder folded to ``groups`` groups.

    ``kept`` are those that enter, in order; ``sizes`` the base tokens of each of these.
    """

    profile: Profile
    level: int
    groups: int
    kept: tuple[int, ...]
    sizes: NDArray[np.int64]


class Pool:
    """The groups of two shares side by side, the reference's first: at most 64.

    It is a source like a corpus: of censuses that hold the n-grams of both.
    """

    def __init__(self, shares: tuple[Share, Share], matching: Matching) -> None:
        self._shares = shares
        self._matching = matching
        self._sections: dict[Need, Section] = {}

    def section(self, need: Need) -> Section:
        """Return the censuses of ``need`` of both corpora as one."""
        if need not in self._sections:
            tables = []
            first = 0
            for share in self._shares:
                census = share.profile.levels[share.level][need]
                if not isinstance(census, Census):
                    raise TypeError(f"{need.key}: views are of censuses")
                place = np.full(GROUPS, -1, dtype=np.int64)
                for g in range(GROUPS):
                    if g % share.groups in share.kept:
                        place[g] = first + share.kept.index(g % share.groups)
                tables.append(census.table.regrouped(place))
                first += len(share.kept)
            both = tables[0].plus(tables[1])
            both = both.below(self._matching.thresholds.get(need, ALL_HASHES))
            self._sections[need] = Section(both, self._matching.length, GROUPS)
        return self._sections[need]

    def sums(self, need: Need) -> Sums:
        """Return the sums over windows of ``need``, of the whole corpora."""
        columns: list[list[NDArray[np.float64]]] = [[], [], []]
        for share in self._shares:
            moments = share.profile.levels[0][need]
            if not isinstance(moments, Moments | SampledMoments):
                raise TypeError(f"{need.key}: not sums over windows")
            numerators, denominators = moments.sums()
            documents = moments.documents.astype(np.float64)
            for column, values in zip(columns, (numerators, denominators, documents), strict=True):
                by_group = values.reshape(-1, share.groups).sum(axis=0)[list(share.kept)]
                column.append(by_group)
        numerators, denominators, documents = (np.concatenate(column) for column in columns)
        return Sums(numerators, denominators, documents.astype(np.int64))

    def summary(self, need: Need) -> Summary | None:
        """Return nothing: other summaries are not pooled."""
        del need
        return None


def pooled(reference: Side, candidate: Side) -> tuple[Side, int]:
    """Return both corpora as one side whose groups can be relabeled, and the reference's groups.

    Only groups of like size can be exchanged, so the corpus with less text is folded into fewer
    groups, or the larger one enters through a smaller level of its ladder or with some of its
    groups. Corpora in pairs keep their groups: group i of one belongs to group i of the other.
    Raises UndefinedMetricError where there are too few.
    """
    matching = reference.matching
    if candidate.paired:
        groups = min(reference.groups, GROUPS // 2)
        shares = tuple(_share(each, each.level, groups) for each in (reference, candidate))
        common = [g for g in shares[0].kept if g in shares[1].kept]
        reference_share, candidate_share = (_only(share, common) for share in shares)
    else:
        reference_share, candidate_share = _alike(reference, candidate)
    sizes = np.concatenate((reference_share.sizes, candidate_share.sizes))
    padded = np.zeros(GROUPS, dtype=np.int64)
    padded[: len(sizes)] = sizes
    whole = Side(
        f"{reference.name} and {candidate.name}",
        reference.profile,
        reference.level,
        Matching(matching.tokens, matching.length),
        Pool((reference_share, candidate_share), matching),
        padded,
        bits(padded),
        candidate.paired,
    )
    return whole, len(reference_share.kept)


def _alike(reference: Side, candidate: Side) -> tuple[Share, Share]:
    """Return the shares of like groups that promise the most power."""
    best: tuple[float, tuple[Share, Share]] | None = None
    for mine in _possible(reference):
        for theirs in _possible(candidate):
            smaller = min(len(mine.kept), len(theirs.kept))
            if smaller > GROUPS // 2:
                continue
            # Of the one with more groups the first ones, as many as there is room for.
            pair = tuple(_only(share, share.kept[: GROUPS - smaller]) for share in (mine, theirs))
            small, large = sorted(float(share.sizes.mean()) for share in pair)
            if large > _LIKE * small:
                continue
            # The error of a difference goes with the root of the summed inverse sizes, and few
            # groups on a side make T wide.
            error = math.sqrt(sum(1 / float(share.sizes.sum()) for share in pair))
            width = float(stdtrit(smaller - 1, 0.975)) * (1 + math.log(large / small))
            if best is None or error * width < best[0]:
                best = error * width, (pair[0], pair[1])
    if best is None:
        raise UndefinedMetricError(
            f"no groups of like size, {FEWEST_GROUPS} at least of either corpus, to change places"
        )
    return best[1]


def _possible(side: Side) -> list[Share]:
    """Return every level and folding of a corpus whose groups hold clusters enough."""
    found = []
    for level in range(side.least, LEVELS):
        clusters = side.profile.clusters.at_level(level)
        groups = GROUPS
        while groups >= FEWEST_GROUPS:
            per_group = folded(clusters, groups)
            share = _share(side, level, groups)
            enough = per_group[per_group > 0].mean() >= CLUSTERS_PER_GROUP if per_group.any() else 0
            if len(share.kept) >= FEWEST_GROUPS and (enough or groups == FEWEST_GROUPS):
                found.append(share)
            groups //= 2
        # A smaller level can only help against a corpus many times smaller.
        if not found or len(found[-1].kept) < FEWEST_GROUPS:
            break
    return found


def _share(side: Side, level: int, groups: int) -> Share:
    sizes = sizes_of(side.profile, level, side.matching.length, groups)
    kept = tuple(int(g) for g in np.flatnonzero(sizes))
    return Share(side.profile, level, groups, kept, sizes[list(kept)])


def _only(share: Share, kept: Sequence[int]) -> Share:
    places = [share.kept.index(g) for g in kept]
    return Share(share.profile, share.level, share.groups, tuple(kept), share.sizes[places])
