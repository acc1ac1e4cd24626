"""What a cluster loses on the way, and when a part is given up."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Sequence

from degrade.engines.source import Part, Source, place_of
from degrade.errors import DegradeWarning

ATTEMPTS = 3
"""How often a part may be in the hands of a worker that dies before it is given up."""
NODES_A_WORKER = 5
"""Nodes that go while they count a part, of whatever, say as much against it as one worker."""
NAMED = 5
"""Parts that a warning names."""
_OF_NODES = "NodeDiedError"
_REASONS = {
    _OF_NODES: ("task lost with its node", "tasks lost with their nodes"),
    "OutOfMemoryError": ("worker ended as memory ran out", "workers ended as memory ran out"),
    "profile": ("profile lost with its node", "profiles lost with their nodes"),
}
_OTHER = "worker ended", "workers ended"


class Losses:
    """What was lost of ``parts`` of ``corpus``; ``left_out`` are those that were given up."""

    def __init__(self, corpus: Source, parts: Sequence[Part]) -> None:
        self._corpus = corpus
        self._parts = parts
        self._again: set[int] = set()
        self._left_out: list[int] = []
        self._against: Counter[tuple[bool, int]] = Counter()
        self._reasons: Counter[tuple[str, str]] = Counter()

    def of_task(self, indices: Sequence[int], error: Exception, *, counting: bool) -> bool:
        """Enter that a task for these parts ended by ``error``; return whether that is too often.

        It was ``counting``, or merging.
        """
        kind = type(error).__name__
        self._reasons[_REASONS.get(kind, _OTHER)] += 1
        if counting:
            self._again.update(indices)
        key = counting, indices[0]
        self._against[key] += 1 if kind == _OF_NODES else NODES_A_WORKER
        return self._against[key] >= ATTEMPTS * NODES_A_WORKER

    def of_profile(self, indices: Sequence[int]) -> None:
        """Enter that a profile of these parts is lost."""
        self._reasons[_REASONS["profile"]] += 1
        self._again.update(indices)

    def leave_out(self, index: int, why: str) -> None:
        """Enter, in the corpus too, that a part is given up."""
        self._corpus.leave_out(self._parts[index], why)
        self._left_out.append(index)

    def tell(self) -> None:
        """Warn of parts that were counted again, and of those that are left out."""
        again = sorted(self._again - {*self._left_out})
        if again:
            reasons = (f"{n:,} {what[n > 1]}" for what, n in sorted(self._reasons.items()))
            self._warn(again, f"counted again ({', '.join(reasons)})")
        if self._left_out:
            self._warn(sorted(self._left_out), "left out")

    def _warn(self, indices: Sequence[int], what: str) -> None:
        named = [place_of(self._corpus, self._parts[index]) for index in indices[:NAMED]]
        more = f" and {len(indices) - NAMED:,} more" if len(indices) > NAMED else ""
        are = "parts are" if len(indices) > 1 else "part is"
        said = f"{len(indices):,} {are} {what}: {', '.join(named)}{more}"
        warnings.warn(f"{self._corpus.name}: {said}", DegradeWarning, stacklevel=4)
