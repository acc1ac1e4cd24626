"""What corpora say again: loops, and documents that are copies, each corpus looked at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import cast

from degrade.exhibits import Duplicates, Loops
from degrade.instances_copied import ORDER, CopySeeker, LikenessSeeker
from degrade.instances_read import LoopSeeker
from degrade.metric import Instances, Metric
from degrade.profiles import Profile
from degrade.seeking import Seeker
from degrade.summaries import Need, Sketches
from degrade.summaries.sketches import ALL_HASHES
from degrade.text.layer import Layer

MOST_READ = 50_000_000
"""Characters of a corpus; of a larger one the documents are looked at that its profile sampled."""
LISTED = 20
_LOOPS: frozenset[Instances] = frozenset({"repeats", "loops"})
_COPIES: frozenset[Instances] = frozenset({"duplicates", "near-duplicates"})


class Repetitions:
    """Loops and copies of documents in corpora, as far as ``metrics`` are of these.

    Without a ``layer`` only copies are told, by their text.
    """

    def __init__(self, metrics: Sequence[Metric], layer: Layer | None) -> None:
        self._metrics, self._layer = metrics, layer
        self._shown = {metric.instances for metric in metrics}
        self._loops: dict[str, LoopSeeker] = {}
        self._duplicates: dict[str, Callable[[], Duplicates]] = {}

    def seekers(self, name: str, profile: Profile, *, sampled: bool) -> list[Seeker]:
        """Return what is to look through the documents of corpus ``name``; nothing the second time.

        ``sampled`` says that these are a sample of its text.
        """
        found: list[Seeker] = []
        if self._shown & _LOOPS and self._layer is not None and name not in self._loops:
            self._loops[name] = LoopSeeker(name, self._layer, LISTED, sampled=sampled)
            found.append(self._loops[name])
        if self._shown & _COPIES and name not in self._duplicates:
            found += self._copies(name, profile, sampled=sampled)
        return found

    def _copies(self, name: str, profile: Profile, *, sampled: bool) -> list[Seeker]:
        if "near-duplicates" in self._shown and self._layer is not None:
            alike = LikenessSeeker(self._layer, self._bound(profile))
            self._duplicates[name] = lambda: alike.found(name, LISTED, sampled=sampled)
            return [alike]
        same = CopySeeker(name, profile.contents, LISTED)
        self._duplicates[name] = lambda: same.found
        return [same] if same.any else []

    def _bound(self, profile: Profile) -> int:
        """Return the bound below which sketches of the metrics' are kept."""
        kept = (
            need
            for metric in self._metrics
            for need in metric.needs
            if need == Need(Sketches, layer=profile.plan.base, n=ORDER)
        )
        need = next(kept, None)
        return ALL_HASHES if need is None else cast(Sketches, profile.levels[0][need]).bound

    def loops(self, names: Iterable[str]) -> tuple[Loops, ...]:
        """Return the loops of the corpora ``names``, where these were looked for."""
        return tuple(self._loops[name].found for name in names if name in self._loops)

    def duplicates(self, names: Iterable[str]) -> tuple[Duplicates, ...]:
        """Return the copies in the corpora ``names``, where these were looked for."""
        return tuple(self._duplicates[name]() for name in names if name in self._duplicates)
