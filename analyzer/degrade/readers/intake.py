"""The one policy on what cannot be read: stop at the first problem, or count it and go on."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

from degrade.errors import InputError
from degrade.readers.reader import Problem

OnError = Literal["fail", "skip"]
EXAMPLES = 5
# An empty file loses nothing, so it is noted and never stops a run.
NOTED = frozenset({"empty-file"})


@dataclass(slots=True)
class Tally:
    """What came of reading: documents, problems by kind, and the first examples of each kind.

    Every record counts once, as a document or as a problem. A file that cannot be read to its end
    counts one problem for its rest, whatever that held.
    """

    documents: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=dict)

    def refuse(self, problem: Problem, on_error: OnError) -> None:
        """Count a problem. Raises InputError if the policy is to fail."""
        if on_error == "fail" and problem.kind not in NOTED:
            raise InputError(f"{problem} (--on-error skip counts it and goes on)")
        self.skipped[problem.kind] += 1
        shown = self.examples.setdefault(problem.kind, [])
        if len(shown) < EXAMPLES:
            shown.append(str(problem))

    def add(self, other: Tally) -> None:
        """Count what ``other``, read from a later part, has counted."""
        self.documents += other.documents
        self.skipped.update(other.skipped)
        for kind, examples in other.examples.items():
            shown = self.examples.setdefault(kind, [])
            shown += examples[: EXAMPLES - len(shown)]


class Ledger:
    """The tallies of the shards of one file, each part of the file counted once.

    A part that is read again is not counted again, though it be cut into other shards. A reading
    that was broken off counts until a whole one takes its place.
    """

    def __init__(self) -> None:
        self._parts: dict[tuple[int, float], tuple[Tally, bool]] = {}

    def enter(self, start: int, stop: int | None, tally: Tally, whole: bool) -> None:
        """Enter what the part from ``start`` to ``stop`` held."""
        end = float("inf") if stop is None else stop
        held = [part for part in self._parts if part[0] < end and start < part[1]]
        if any(self._parts[part][1] or not whole for part in held):
            return
        for part in held:
            del self._parts[part]
        self._parts[start, end] = tally, whole

    def total(self) -> Tally:
        """Return the sum over the file, in its order, whatever the order of reading was."""
        total = Tally()
        for part in sorted(self._parts):
            total.add(self._parts[part][0])
        return total
