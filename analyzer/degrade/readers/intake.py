"""The one policy on what cannot be read: stop at the first problem, or count it and go on."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass, field
from math import inf
from typing import Any, Literal, NamedTuple, Self

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

    def __reduce__(self) -> tuple[object, ...]:
        # Many travel from workers, and most tell of documents alone.
        problems = (self.skipped, self.examples) if self.skipped else ()
        return Tally, (self.documents, *problems)

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
        if not other.skipped:
            return
        self.skipped.update(other.skipped)
        for kind, examples in other.examples.items():
            shown = self.examples.setdefault(kind, [])
            shown += examples[: EXAMPLES - len(shown)]

    def as_note(self) -> dict[str, Any]:
        """Return this as JSON."""
        return {
            "documents": self.documents,
            "skipped": dict(self.skipped),
            "examples": self.examples,
        }

    @classmethod
    def of_note(cls, note: dict[str, Any]) -> Self:
        """Return the tally that ``note`` is of."""
        return cls(note["documents"], Counter(note["skipped"]), note["examples"])


class Ledger:
    """The tallies of the shards of one file, each part of the file counted once.

    A part that is read again is not counted again, though it be cut into other shards. A reading
    that was broken off counts until a whole one takes its place.
    """

    def __init__(self) -> None:
        # Parts never overlap, so their order by start is their order by end.
        self._starts: list[int] = []
        self._parts: dict[int, _Part] = {}

    def enter(self, start: int, stop: int | None, tally: Tally, whole: bool) -> None:
        """Enter what the part from ``start`` to ``stop`` held."""
        end = inf if stop is None else stop
        if not self._starts:
            self._starts.append(start)
            self._parts[start] = _Part(end, tally, whole)
            return
        low = bisect_right(self._starts, start)
        if low and self._parts[self._starts[low - 1]].end > start:
            low -= 1
        high = bisect_left(self._starts, end)
        held = self._starts[low:high]
        if held and (not whole or any(self._parts[each].whole for each in held)):
            return
        for each in held:
            del self._parts[each]
        self._starts[low:high] = [start]
        self._parts[start] = _Part(end, tally, whole)

    def add_to(self, total: Tally) -> None:
        """Add what the file held to ``total``, in its order, whatever the order of reading was."""
        for start in self._starts:
            total.add(self._parts[start].tally)


class _Part(NamedTuple):
    end: float
    tally: Tally
    whole: bool
