"""What a large corpus will come to, from a little of it: what it drops need not be counted."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from threading import Event

from degrade.census.table import ALL_HASHES
from degrade.engines.batching import absorb, batches
from degrade.engines.several import run_threads
from degrade.engines.source import Part, Source, untold
from degrade.errors import InputError
from degrade.plan import Plan
from degrade.profiles import MANY_CLUSTERS, Profile
from degrade.summaries import Census, Clusters, Need
from degrade.text.document import LEVELS

LOOKED_AT = 4
"""Parts that are looked at, evenly spread."""
MOST_LOOKED_AT = 1 / 6
"""Share of a corpus that is looked at, at most: of few large archives it would be half, and to look
takes two thirds of the time that counting does."""
_ENTRIES = 1 << 14
"""Entries that are counted of each census of these."""
_MARGIN = 4.0
"""How many times fewer n-grams there may be than is expected."""
_MARGIN_OF_CLUSTERS = 2.0
_FEWEST_CLUSTERS = 32
"""Clusters of a level from which it is foreseen how many there will be."""

Place = tuple[int, str]
"""A census: its level of the ladder and the key of its need."""


@dataclass(frozen=True, slots=True)
class Foresight:
    """What the whole is expected to drop.

    It is an expectation, so the whole has to be asked whether it was ``borne_out``. Where it was,
    the whole is what it would have been without.

    Attributes
    ----------
    thresholds : of censuses, from which hash on nothing is kept in the end
    narrow : so many levels of the ladder, from the first, are held to their capacity in the end
    """

    thresholds: Mapping[Place, int]
    narrow: int

    def prepare(self, profile: Profile) -> None:
        """Have ``profile``, a fresh one, not count what the whole is expected to drop."""
        for (level, key), census in censuses(profile):
            if level < self.narrow:
                census.narrow()
            if (level, key) in self.thresholds:
                census.lower(self.thresholds[level, key])

    def borne_out(self, whole: Profile) -> bool:
        """Return whether ``whole``, merged of prepared profiles, drops what was expected.

        A census that has come below the threshold it began with held too much for that one, and so
        it would have come there from above, too.
        """
        kept = dict(censuses(whole))
        return all(
            int(whole.clusters.at_level(level + 1).sum()) >= MANY_CLUSTERS
            for level in range(self.narrow)
        ) and all(
            kept[place].table.threshold < threshold for place, threshold in self.thresholds.items()
        )


def fresh(plan: Plan, foreseen: Foresight | None) -> Profile:
    """Return an empty profile, prepared where something is foreseen."""
    profile = Profile(plan)
    if foreseen is not None:
        foreseen.prepare(profile)
    return profile


def foreseen(
    plan: Plan, corpus: Source, parts: Sequence[Part], threads: int = 1
) -> Foresight | None:
    """Return what ``corpus`` will drop, or None where nothing is to be gained or to be told."""
    size = sum(map(corpus.weight, parts))
    some = looked_at(plan, corpus, parts, size)
    return foreseen_of(plan, corpus, some, size, threads) if some else None


def looked_at(plan: Plan, corpus: Source, parts: Sequence[Part], size: float) -> Sequence[Part]:
    """Return those of ``parts``, of ``size`` bytes, to look at; none where nothing is gained."""
    if not plan.capacity or len(parts) < 2 * LOOKED_AT:
        return ()
    some = [parts[i * len(parts) // LOOKED_AT] for i in range(LOOKED_AT)]
    return some if sum(map(corpus.weight, some)) <= MOST_LOOKED_AT * size else ()


def foreseen_of(
    plan: Plan, corpus: Source, some: Sequence[Part], size: float, threads: int = 1
) -> Foresight | None:
    """Return what ``corpus``, of ``size`` bytes, will drop, or None where that cannot be told.

    A few of its parts are counted, few entries of each census. How these grow from half of the
    parts to all of them is how they are expected to go on. Documents of a corpus are much like each
    other, and more of them repeat what others hold: where an expectation is wrong, it is too high,
    mostly by less than a half.
    """
    try:
        seen = _Seen(plan, corpus, some, threads)
    except InputError:
        # Told in its place, when what stands before it was counted.
        return None
    return seen.expected(size)


class _Seen:
    """How many entries and clusters there are in half of some parts, and in all of them."""

    def __init__(self, plan: Plan, corpus: Source, parts: Sequence[Part], threads: int) -> None:
        """Count ``parts``, each half in one of ``threads``. Raises InputError."""
        self._plan = plan
        needs = (need for need in plan.needs if need.summary is Census)
        small = replace(plan, needs=(*needs, Need(Clusters)), capacity=_ENTRIES, leeway=_ENTRIES)
        halves = parts[::2], parts[1::2]
        assert len(halves[0]) == len(halves[1])
        whole, other = _counted(small, corpus, halves, threads)
        self._sizes = [sum(map(corpus.weight, halves[0]))]
        self._entries: list[dict[Place, float]] = []
        self._clusters: list[list[int]] = []
        self._note(whole)
        self._sizes.append(self._sizes[0] + sum(map(corpus.weight, halves[1])))
        whole.merge(other)
        self._note(whole)

    def _note(self, profile: Profile) -> None:
        self._entries.append({place: _number(census) for place, census in censuses(profile)})
        self._clusters.append([int(profile.clusters.at_level(k).sum()) for k in range(LEVELS)])

    def expected(self, size: float) -> Foresight | None:
        """Return what is dropped of ``size`` bytes."""
        go_on = self._growth(size)
        narrow = 0
        for held in zip(*(each[1:] for each in self._clusters), strict=True):
            if held[0] < _FEWEST_CLUSTERS or go_on(*held) < _MARGIN_OF_CLUSTERS * MANY_CLUSTERS:
                break
            narrow += 1
        thresholds = {}
        for place, entries in self._entries[1].items():
            most = self._plan.capacity if place[0] < narrow else self._plan.leeway
            excess = go_on(self._entries[0][place], entries) / (_MARGIN * most)
            if excess > 1:
                thresholds[place] = ALL_HASHES >> math.floor(math.log2(excess))
        dropped = {place: each for place, each in thresholds.items() if each < ALL_HASHES}
        return Foresight(dropped, narrow) if dropped or narrow else None

    def _growth(self, size: float) -> Callable[[float, float], float]:
        """Return how many there are of what is so often in half of the parts, and in all."""
        half, whole = self._sizes
        times, doubled = math.log(size / whole), math.log(whole / half)

        def go_on(first: float, both: float) -> float:
            if not first:
                return both
            # Nothing grows faster than the text does.
            return both * math.exp(min(1.0, math.log(both / first) / doubled) * times)

        return go_on


def _counted(
    plan: Plan, corpus: Source, halves: Sequence[Sequence[Part]], threads: int
) -> list[Profile]:
    """Return the profile of each of ``halves``, counted here or each in a thread."""
    profiles = [Profile(plan) for _ in halves]
    failures: list[BaseException] = []

    def work(number: int, given_up: Event) -> None:
        # A copy: what is read here is read again, in other shards maybe, and is entered then.
        read = copy(corpus)
        try:
            for part in halves[number]:
                for held in batches(read.rows_of(part)):
                    if given_up.is_set():
                        return
                    absorb(profiles[number], held, untold)
            profiles[number].catch_up()
        except BaseException as error:  # noqa: BLE001 - raised again here
            failures.append(error)

    if threads > 1:
        run_threads(work, range(len(halves)))
    else:
        for number in range(len(halves)):
            work(number, Event())
    if failures:
        raise failures[0]
    return profiles


def censuses(profile: Profile) -> Iterator[tuple[Place, Census]]:
    """Yield all censuses of ``profile``."""
    for level in range(len(profile.levels)):
        for need, census in profile.censuses(level):
            yield (level, need.key), census


def _number(census: Census) -> float:
    """Return how many entries there are, those that were dropped among them."""
    return len(census.table) * (ALL_HASHES / census.table.threshold)
