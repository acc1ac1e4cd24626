"""What a worker of a cluster does: count parts, merge profiles. Profiles travel as their files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from degrade.engines.counting import Count
from degrade.engines.foresight import Foresight, foreseen_of, fresh
from degrade.engines.known import Known
from degrade.engines.luggage import Luggage, portable
from degrade.engines.source import Part, Tally, untold
from degrade.plan import Plan
from degrade.profiles import Profile
from degrade.version import __version__

Fetch = Callable[[Any], Any]
"""Returns what lies at a place of the cluster. Raises where that is lost."""


@dataclass(frozen=True, slots=True)
class Orders:
    """What to count: where the luggage lies, its hash, and the version that packed it."""

    where: tuple[Any, ...]
    key: str
    version: str = __version__


@dataclass(frozen=True, slots=True)
class Counted:
    """What came of counting: of how much, and of reading each shard of each part.

    With ``error``, there is no profile: part ``failed`` cannot be counted. Otherwise ``known`` is
    what the profile tells of the whole.
    """

    documents: int
    characters: int
    tallies: tuple[tuple[Tally, ...], ...]
    failed: int = 0
    error: BaseException | None = None
    known: Known = field(default_factory=Known)


@dataclass(frozen=True, slots=True)
class Merged:
    """What came of merging: the numbers of the profiles that are lost, and what the others tell."""

    lost: frozenset[int]
    known: Known


class VersionError(Exception):
    """Another version of degrade is installed here."""


def foreseen(fetch: Fetch, orders: Orders, some: Sequence[Part], size: float) -> Foresight | None:
    """Return what the corpus, of ``size`` bytes, is expected to drop, by ``some`` of its parts."""
    count = opened(fetch, orders)
    try:
        return foreseen_of(count.plan, count.corpus, some, size)
    except Exception:  # noqa: BLE001 - what fails is told when it is counted
        return None


def counted(
    fetch: Fetch,
    orders: Orders,
    parts: Sequence[Part],
    drops: Foresight,
    hear: Callable[[], Foresight | None] = lambda: None,
) -> tuple[Counted, bytes]:
    """Return what came of counting ``parts``, and the content of the profile's file.

    ``drops`` is what the whole drops, as far as is known, and what it is found to drop meanwhile is
    to ``hear``.
    """
    count = opened(fetch, orders)
    profile = fresh(count.plan, drops)
    tallies = []
    for number, part in enumerate(parts):
        if (more := hear()) is not None:
            more.prepare(profile)
        try:
            tallies.append(count.add(profile, part, untold))
        except Exception as error:  # noqa: BLE001 - raised again by the engine
            return Counted(0, 0, tuple(tallies), number, portable(error)), b""
    tells = Known.of(profile)
    done = Counted(profile.documents, profile.characters, tuple(tallies), known=tells)
    return done, profile.to_bytes()


def merged(
    fetch: Fetch, orders: Orders, places: Sequence[Any], lost: tuple[type[Exception], ...]
) -> tuple[Merged, bytes]:
    """Return what came of merging the profiles at ``places``, and the content of the whole's file.

    One is in memory at a time, besides the whole. ``lost`` are the errors that say that one is.
    """
    plan = opened(fetch, orders).plan
    whole, missing = Profile(plan), []
    for number, place in enumerate(places):
        try:
            content = fetch(place)
        except lost:
            missing.append(number)
        else:
            absorb(whole, content)
    return Merged(frozenset(missing), Known.of(whole)), whole.to_bytes()


def absorb(whole: Profile, content: bytes) -> None:
    """Merge the profile whose file holds ``content`` into ``whole``, of the same plan."""
    whole.merge(loaded(content, whole.plan))


def loaded(content: bytes, plan: Plan) -> Profile:
    """Return the profile by ``plan`` whose file holds ``content``."""
    kinds = {need.summary for need in plan.needs}
    return Profile.load(Path("a worker's profile"), kinds, content)


def opened(fetch: Fetch, orders: Orders) -> Count:
    """Return what to count, opened once in each process."""
    if orders.version != __version__:
        raise VersionError(f"degrade {__version__} is installed, and {orders.version} asks")
    found = _OPENED.get(orders.key)
    if found is None:
        luggage: Luggage = fetch(orders.where[0])
        # One run at a time is under way in a process.
        _OPENED.clear()
        found = _OPENED[orders.key] = luggage.opened()
    return found


_OPENED: dict[str, Count] = {}
