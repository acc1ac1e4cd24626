"""The one policy on what cannot be read: stop at the first problem, or count it and go on."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Any, Literal, NamedTuple, Self

from degrade.errors import InputError
from degrade.locks import Lock
from degrade.readers.reader import Problem, Shard

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


class Intake:
    """What came of all readings of the files of a corpus. Several threads may enter."""

    def __init__(self) -> None:
        self._last: dict[Shard, Tally] = {}
        # Of files that were first read whole, and of all others.
        self._whole: dict[str, Tally] = {}
        self._ledgers: defaultdict[str, Ledger] = defaultdict(Ledger)
        self._lock = Lock()

    def tally(self, shard: Shard) -> Tally:
        """Return what came of the last reading of ``shard``."""
        return self._last.get(shard, Tally())

    def enter(self, shard: Shard, tally: Tally, whole: bool) -> None:
        """Enter what a reading of ``shard`` counted; one that was broken off is not ``whole``."""
        with self._lock:
            self._enter(shard, tally, whole)

    def enter_files(self, shards: Sequence[Shard], documents: Sequence[int]) -> None:
        """Enter that each of ``shards``, a whole file without a problem, holds so many."""
        # One for all that hold as many, since there may be very many files.
        tallies = {number: Tally(number) for number in set(documents)}
        with self._lock:
            for shard, number in zip(shards, documents, strict=True):
                self._enter(shard, tallies[number], whole=True)

    def _enter(self, shard: Shard, tally: Tally, whole: bool) -> None:
        self._last[shard] = tally
        path, start, stop, _ = shard
        if path in self._whole:
            return
        if whole and start == 0 and stop is None and path not in self._ledgers:
            self._whole[path] = tally
        else:
            self._ledgers[path].enter(start, stop, tally, whole)

    def total(self, paths: Iterable[str]) -> Tally:
        """Return the sum over the files at ``paths``, in that order."""
        total = Tally()
        with self._lock:
            for path in paths:
                if path in self._whole:
                    total.add(self._whole[path])
                elif path in self._ledgers:
                    self._ledgers[path].add_to(total)
        return total


class _Part(NamedTuple):
    end: float
    tally: Tally
    whole: bool
