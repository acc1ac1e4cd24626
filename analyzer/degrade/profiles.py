"""What a corpus is reduced to, and the plan that says how."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias, cast

from degrade.census.keys import LAYOUT_VERSION
from degrade.errors import ProfileError
from degrade.loading import Loaded, named
from degrade.locks import Lock
from degrade.plan import Plan, extent_need, mix_need, own_needs
from degrade.storage import Arrays, packed, read_sections, write_sections
from degrade.summaries import (
    BUILT_IN,
    Census,
    Clusters,
    Contents,
    Extent,
    Mix,
    Need,
    Sample,
    SampledMoments,
    Summary,
)
from degrade.text.document import GROUPS, LEVELS, Batch, Rows, size_of

MANY_CLUSTERS = 1024
"""Clusters from which a level of the ladder can stand in for the one below it, for metrics that
need all n-grams."""
_AT_ONCE = 1 << 20
"""Bytes of text of a level above the first that are counted at once: a batch holds little of them,
and to count little takes as long as to count some more."""
_OF_THE_WHOLE = (Mix, Sample, SampledMoments)
"""Kept of the whole corpus only: what sizes need not match for is read nowhere else."""

Levels: TypeAlias = tuple[MutableMapping[Need, Summary], ...]


class Profile:
    """A corpus, reduced: every need of the plan at every level of the ladder.

    Level k summarises the documents whose cluster's hash lies below 16**-k, so that corpora of any
    two sizes can meet at a like size.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._levels: Levels = tuple(
            {need: plan.summary(need) for need in _kept_at(plan, k)} for k in range(LEVELS)
        )
        self._waiting: list[list[Rows]] = [[] for _ in range(LEVELS)]
        self._lock = Lock()
        self._broken_off = False
        self.skipped: Counter[str] = Counter()

    def update(self, batch: Batch) -> None:
        """Absorb ``batch``. Raises ProfileError if this profile was loaded without its layers."""
        if missing := [name for name, _ in self.plan.versions if name not in self.plan.layers]:
            raise ProfileError(f"this profile was loaded without its layers ({missing[0]})")
        if self.plan.thin:
            batch = batch.thinned(self.plan.thin)
        self._count(0, batch)
        self.narrow()

    def _count(self, k: int, batch: Batch) -> None:
        for summary in self._levels[k].values():
            summary.update(batch, self.plan.layers)
        if k + 1 < LEVELS:
            waiting = self._waiting[k + 1]
            waiting += batch.rows_at(k + 1)
            if sum(map(size_of, waiting)) >= _AT_ONCE:
                self._count_waiting(k + 1)

    def _count_waiting(self, k: int) -> None:
        waiting, self._waiting[k] = self._waiting[k], []
        self._broken_off = True
        self._count(k, Batch(waiting))
        self._broken_off = False

    def catch_up(self) -> None:
        """Count what waits until there is more of it. Raises ProfileError where that failed before.

        Who reads in another thread meanwhile waits.
        """
        with self._lock:
            if self._broken_off:
                raise ProfileError("counting into this profile was broken off; profile it anew")
            for k in range(1, LEVELS):
                if self._waiting[k]:
                    self._count_waiting(k)

    @property
    def levels(self) -> Levels:
        """The summaries of each level of the ladder."""
        self.catch_up()
        return self._levels

    def beside(self) -> Profile:
        """Return a profile that another thread counts into, n-grams into the censuses of this one.

        All else is its own, and this one has to ``take`` it.
        """
        other = Profile(self.plan)
        for mine, theirs in zip(self._levels, other._levels, strict=True):
            theirs.update(_censuses(mine))
        return other

    def narrow(self) -> None:
        """Hold censuses to their capacity where the next level can stand in for what that costs.

        The clusters of a part are clusters of the whole, so no part is held to it before the whole.
        """
        for k in range(LEVELS - 1):
            censuses = [census for _, census in _censuses(self._levels[k])]
            if all(census.leeway == census.capacity for census in censuses):
                continue
            if self.clusters.at_level(k + 1).sum() < MANY_CLUSTERS:
                break
            for census in censuses:
                census.narrow()

    def merge(self, other: Profile) -> None:
        """Absorb ``other``. Raises ProfileError, saying in what, where the plans differ."""
        self.check_alike(other)
        for mine, theirs in zip(self.levels, other.levels, strict=True):
            for need in mine:
                mine[need].merge(theirs[named(need, theirs)])
        self.narrow()
        self.skipped.update(other.skipped)

    def check_alike(self, other: Profile) -> None:
        """Raise ProfileError, saying in what, where the plans differ."""
        if differences := self.plan.differences(other.plan):
            raise ProfileError(f"profiles of different plans: {'; '.join(differences)}")

    def take(self, level: int, need: Need, other: Profile, name: Need) -> None:
        """Absorb the summary of ``need``, ``name`` in ``other``, which no longer holds it."""
        mine, theirs = self.levels[level][need], other.levels[level].pop(name)
        if theirs is mine:
            cast(Census, mine).settle()
        else:
            mine.merge(theirs)

    def extent(self, level: int = 0) -> Extent:
        """Return the sizes at a level of the ladder."""
        return cast(Extent, self.levels[level][extent_need(self.plan.base)])

    @property
    def clusters(self) -> Clusters:
        """The clusters of the whole corpus."""
        return cast(Clusters, self._levels[0][Need(Clusters)])

    @property
    def contents(self) -> Contents:
        """The different texts of the whole corpus."""
        return cast(Contents, self._levels[0][Need(Contents)])

    @property
    def mix(self) -> Mix:
        """The scripts and languages of the whole corpus."""
        return cast(Mix, self._levels[0][mix_need(self.plan.base)])

    @property
    def sample(self) -> Sample:
        """The documents kept as text."""
        kept = next(need for need in self.levels[0] if need.summary is Sample)
        return cast(Sample, self.levels[0][kept])

    @property
    def exact(self) -> bool:
        """Whether every n-gram was counted, and not only those below a hash threshold."""
        return all(census.table.exact for _, census in self.censuses())

    def censuses(self, level: int = 0) -> Iterator[tuple[Need, Census]]:
        """Yield the censuses at a level of the ladder, each with its need."""
        return _censuses(self.levels[level])

    @property
    def documents(self) -> int:
        """The number of documents."""
        return int(self.extent().documents.sum())

    @property
    def tokens(self) -> int:
        """The number of tokens of the base layer."""
        return int(self.extent().tokens.sum())

    @property
    def characters(self) -> int:
        """The number of characters (Unicode code points)."""
        return int(self.extent().characters.sum())

    def save(self, path: str | Path) -> None:
        """Write the profile to ``path``, whole or not at all; equal profiles give equal bytes."""
        write_sections(Path(path), *self._parts())

    def to_bytes(self) -> bytes:
        """Return what ``save`` writes."""
        return packed(*self._parts())

    def _parts(self) -> tuple[dict[str, Any], Iterator[tuple[str, Arrays]]]:
        header: dict[str, Any] = {
            "base": self.plan.base,
            "versions": self.plan.versions,
            "groups": GROUPS,
            "levels": LEVELS,
            "layout": LAYOUT_VERSION,
            "needs": [[need.summary.__name__, dict(need.options)] for need in self._needs()],
            "skipped": dict(self.skipped),
        }
        sections = (
            (f"{k}/{need.key}", summary.arrays())
            for k, level in enumerate(self.levels)
            for need, summary in zip(self._needs(k), level.values(), strict=True)
        )
        return header, sections

    def _needs(self, level: int = 0) -> list[Need]:
        """Return the needs, with the capacity that the sample has come to after merging."""
        return [
            Need(Sample, documents=self.sample.capacity) if need.summary is Sample else need
            for need in self.levels[level]
        ]

    @classmethod
    def load(
        cls,
        path: str | Path,
        summaries: Iterable[type[Summary]] = BUILT_IN,
        content: bytes | None = None,
    ) -> Profile:
        """Return the profile saved at ``path``. Raises ProfileError if it is damaged or foreign.

        ``content`` is that of the file, where it was read before.

        ``summaries`` are the kinds that may stand in it, each made when it is asked for. A loaded
        profile can be compared and merged; to add documents to it, merge it with a fresh one.
        """
        kinds = {kind.__name__: kind for kind in summaries}
        header, sections = read_sections(Path(path), content)
        try:
            for name, here in (("groups", GROUPS), ("levels", LEVELS), ("layout", LAYOUT_VERSION)):
                if header[name] != here:
                    said = f"{name} {header[name]}; this version of degrade reads {here}"
                    raise ProfileError(f"{path}: {said}")
            needs = tuple(Need(kinds[name], **options) for name, options in header["needs"])
            lacking = sorted(need.key for need in {*own_needs(header["base"])} - {*needs})
            if lacking:
                said = f"it holds no {', no '.join(lacking)}, which this version of degrade needs"
                anew = "an earlier version made it; profile the corpus anew"
                raise ProfileError(f"{path}: {said}: {anew}")
            if header["base"] not in dict(header["versions"]):
                raise ProfileError(f"{path}: damaged: no version of layer {header['base']!r}")
            versions = tuple((str(name), str(version)) for name, version in header["versions"])
            profile = cls(Plan(str(header["base"]), (), versions))
            profile.plan = replace(profile.plan, needs=needs)
            profile._levels = tuple(
                Loaded(Path(path), k, _kept_at(profile.plan, k), sections) for k in range(LEVELS)
            )
            profile.skipped = Counter({str(k): int(n) for k, n in header["skipped"].items()})
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise ProfileError(f"{path}: not a profile this version can read: {error!r}") from error
        return profile


def _censuses(level: Mapping[Need, Summary]) -> Iterator[tuple[Need, Census]]:
    for need in level:
        if need.summary is Census:
            yield need, cast(Census, level[need])


def _kept_at(plan: Plan, level: int) -> tuple[Need, ...]:
    return tuple(n for n in plan.needs if level == 0 or n.summary not in _OF_THE_WHOLE)
