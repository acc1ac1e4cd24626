"""Counting in processes: parts are handed out as workers come free, and again where one dies."""

from __future__ import annotations

import queue
import warnings
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from degrade.engines.counting import Count
from degrade.engines.crew import Crew
from degrade.engines.foresight import Foresight
from degrade.engines.luggage import Luggage
from degrade.engines.merging import merged
from degrade.engines.process import Ended, Process
from degrade.engines.source import Advance, Part, place_of
from degrade.engines.worker import (
    Advanced,
    Begin,
    Counted,
    Deliver,
    Delivered,
    Failed,
    Foreseen,
    Look,
    Refused,
    Spare,
    Take,
)
from degrade.errors import DegradeWarning, EngineError
from degrade.profiles import Profile


class RefusedError(Exception):
    """What is to be counted cannot be opened in another process; nothing was counted."""


ATTEMPTS = 3
"""How often a part may be in the hands of a worker that dies before that is an error."""
LOOKING = -1
"""In place of a part: a worker looks at several, before it begins with its first."""


@dataclass(slots=True, eq=False)
class _Worker:
    """What a process has in hand: the part it counts, and those it has counted and still holds."""

    process: Process
    counting: int | None = None
    looking: bool = False
    held: list[int] = field(default_factory=list)
    delivering: bool = False
    documents: int = 0
    characters: int = 0


class _HandOut:
    """The parts of one corpus, their workers, and what came of them so far."""

    def __init__(
        self,
        count: Count,
        luggage: Luggage,
        parts: Sequence[Part],
        workers: int,
        crew: Crew,
        advance: Advance,
        *,
        look: bool,
    ) -> None:
        self._count = count
        self._crew = crew
        self._begin = Begin(luggage)
        self._parts = parts
        self._advance = advance
        self._turn = _turns([count.corpus.weight(part) for part in parts])
        self._waiting = deque(sorted(range(len(parts)), key=self._turn.__getitem__))
        self._deaths: Counter[int | None] = Counter()
        self._failure: Failed | None = None
        self._workers: dict[Process, _Worker] = {}
        self._number = workers
        # What is kept of a part has to serve where the others have changed.
        self._look = look and count.keeping is None
        self.profiles: list[Profile] = []
        self.foresight: Foresight | None = None

    def run(self) -> None:
        """Count everything; raise what the first part that fails raises."""
        try:
            for number in range(self._number):
                self._start(look=self._look and number == 0)
            while any(w.counting is not None or w.delivering for w in self._workers.values()):
                process, event = self._next_event()
                # Of one that was ended before, the end may be told only now.
                if process in self._workers:
                    self._heed(self._workers[process], event)
            if self._failure is not None:
                raise self._failure.error
        except BaseException:
            for process in self._workers:
                process.kill()
            raise
        for process in self._workers:
            self._crew.release(process)

    def _next_event(self) -> tuple[Process, Any]:
        while True:
            try:
                # Where waiting cannot be interrupted, an interrupt is heeded after this long.
                return self._crew.events.get(timeout=0.5)
            except queue.Empty:
                continue

    def _start(self, *, look: bool = False) -> None:
        worker = _Worker(self._crew.hire())
        self._workers[worker.process] = worker
        worker.process.tell(self._begin)
        if look:
            # In a process, as what is read or measured may be its end; the others count meanwhile.
            worker.process.tell(Look(self._parts))
            worker.looking = True
        if self.foresight is not None:
            worker.process.tell(Spare(self.foresight))
        self._occupy(worker)

    def _occupy(self, worker: _Worker) -> None:
        """Give ``worker`` the next part, or let it deliver where there is none."""
        if self._waiting:
            worker.counting = self._waiting.popleft()
            worker.process.tell(Take(worker.counting, self._parts[worker.counting]))
        elif worker.held and self._failure is None:
            worker.delivering = True
            worker.process.tell(Deliver())

    def _heed(self, worker: _Worker, event: Any) -> None:
        if isinstance(event, Advanced):
            worker.documents += event.documents
            worker.characters += event.characters
            self._advance(event.documents, event.characters)
        elif isinstance(event, Counted):
            worker.counting = None
            worker.held.append(event.index)
            for shard, tally in zip(self._parts[event.index], event.tallies, strict=True):
                self._count.corpus.enter(shard, tally)
            self._occupy(worker)
        elif isinstance(event, Failed):
            self._fail(event)
            worker.counting = None
            self._occupy(worker)
        elif isinstance(event, Delivered):
            profile = Profile(self._count.plan)
            for level, summaries in zip(profile.levels, event.summaries, strict=True):
                level.update(zip(level, summaries, strict=True))
            self.profiles.append(profile)
            worker.held.clear()
            worker.documents = worker.characters = 0
            worker.delivering = False
            self._occupy(worker)
        elif isinstance(event, Foreseen):
            worker.looking = False
            if event.foresight is not None:
                self.foresight = event.foresight
                for each in self._workers:
                    each.tell(Spare(event.foresight))
        elif isinstance(event, Refused):
            raise RefusedError
        elif isinstance(event, Ended):
            self._bury(worker)

    def _fail(self, failed: Failed) -> None:
        """Keep the failure of the earliest part, whichever fails first, and count on up to it."""
        if self._failure is None or failed.index < self._failure.index:
            self._failure = failed
        self._waiting = deque(index for index in self._waiting if index < self._failure.index)

    def _bury(self, worker: _Worker) -> None:
        """Hand out again what died with ``worker``."""
        how = worker.process.ending()
        del self._workers[worker.process]
        lost = sorted([*worker.held, *([] if worker.counting is None else [worker.counting])])
        self._advance(-worker.documents, -worker.characters)
        if not lost:
            return
        # What it looked at says nothing against the part that it was to count then.
        at = LOOKING if worker.looking else worker.counting
        where = self._where(at)
        self._deaths[at] += 1
        deaths = self._deaths[at]
        if deaths >= ATTEMPTS:
            raise EngineError(
                f"{deaths} workers have ended while {where}, the last {how}; if memory ran out, "
                "take fewer workers"
            )
        warnings.warn(
            f"a worker ended {how} while {where}; what it had counted is counted again",
            DegradeWarning,
            stacklevel=2,
        )
        self._waiting = deque(sorted({*lost, *self._waiting}, key=self._turn.__getitem__))
        if self._failure is not None:
            self._fail(self._failure)
        for other in self._workers.values():
            if other.counting is None and not other.delivering:
                self._occupy(other)
        if self._waiting:
            self._start()

    def _where(self, index: int | None) -> str:
        if index is None:
            return "handing over what it had counted"
        if index == LOOKING:
            return f"looking at some of {self._count.corpus.name}"
        return f"counting {place_of(self._count.corpus, self._parts[index])}"


def _turns(weights: Sequence[float]) -> list[tuple[bool, int]]:
    """Return when each part is handed out: those far above the average first, then as they stand.

    A large archive is one part; begun last, all others would wait for it.
    """
    heavy = 2 * sum(weights) / len(weights)
    return [(weight < heavy, index) for index, weight in enumerate(weights)]


def count_in_processes(
    count: Count,
    luggage: Luggage,
    parts: Sequence[Part],
    workers: int,
    crew: Crew,
    advance: Advance,
    *,
    look: bool = True,
) -> tuple[Profile, Foresight | None]:
    """Return the profile of ``parts``, counted by so many ``workers`` of ``crew``.

    And what was foreseen of it meanwhile and not counted, unless nobody is to ``look``.
    ``luggage`` is ``count``, packed. Raises EngineError, naming the part, where worker after worker
    dies of it, and RefusedError.
    """
    hand_out = _HandOut(count, luggage, parts, workers, crew, advance, look=look)
    hand_out.run()
    return merged(hand_out.profiles, workers), hand_out.foresight
