"""Profiling on this machine, with as many counters as there are cores."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from degrade.engines.counting import Count
from degrade.engines.crew import Crew
from degrade.engines.foresight import Foresight, foreseen
from degrade.engines.keeping import keeping_for
from degrade.engines.luggage import packed
from degrade.engines.memory import kept_memory
from degrade.engines.processes import RefusedError, count_in_processes
from degrade.engines.source import Advance, Gone, Part, Source, untold
from degrade.engines.threads import count_in_threads, count_parts_in_threads
from degrade.engines.unlocked import MOST_THREADS, runs_unlocked
from degrade.errors import InputError, UsageError
from degrade.plan import Plan
from degrade.profiles import Profile
from degrade.text.document import Rows

PROCESS_BYTES = 256 << 20
"""A corpus below this is counted sooner by threads, for which one reads, than processes start. Each
thread by its own has parts enough from here on."""


def available_cores() -> int:
    """Return the cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class LocalEngine:
    """Counts in threads where there are two workers or a small corpus, otherwise in processes.

    Threads share the censuses, so that nothing is counted twice, sent and merged, and they start at
    once. But all that is not a kernel holds the interpreter's lock, and so do layers, measures and
    readers of plugins, mostly: then, and for more workers than two, processes serve better.

    Results do not depend on the number of workers, nor on which of them counts what.
    """

    workers: int = 0
    name: str = "local"
    _crew: Crew = field(default_factory=Crew, init=False, repr=False, compare=False)

    @contextmanager
    def expecting(self, corpora: Iterable[Source]) -> Iterator[None]:
        """Keep worker processes for all of ``corpora``; they start now if one of these is large."""
        with self._crew.standing():
            workers = self._number()
            if workers > 1 and any(_is_large(c) and not _suits(workers, c) for c in corpora):
                self._crew.expect(workers)
            yield

    def profile(
        self, plan: Plan, documents: Iterable[Rows], advance: Advance | None = None
    ) -> Profile:
        """Return the profile of ``documents``, read in the calling thread."""
        return count_in_threads(plan, documents, self._number(), advance or untold)

    def profile_corpus(
        self,
        plan: Plan,
        corpus: Source,
        advance: Advance | None = None,
        state: str | Path | None = None,
    ) -> Profile:
        """Return the profile of ``corpus``. Raises InputError if it holds no document.

        In the folder ``state``, parts are kept when they are counted, and are not counted again.
        """
        told = advance or untold
        keeping = keeping_for(state, plan, corpus)
        if keeping is None and not _is_large(corpus):
            return self.profile(plan, corpus.all_rows(), told)
        together = _suits(self._number(), corpus) and runs_unlocked(plan, corpus)
        parts = corpus.parts()
        count = Count(plan, corpus, keeping)
        if keeping is not None:
            keeping.warn_of_unfit(corpus, parts)
        gone = Gone(told)
        counted = partial(self._counted, count, parts, together=together)
        whole, foresight = counted(gone)
        if foresight is not None and not foresight.borne_out(whole):
            gone.back()
            whole, _ = counted(told, look=False)
        if not whole.documents:
            raise InputError(corpus.without_documents())
        return whole

    def _counted(
        self,
        count: Count,
        parts: Sequence[Part],
        advance: Advance,
        *,
        together: bool,
        look: bool = True,
    ) -> tuple[Profile, Foresight | None]:
        """Return the profile of ``parts``, and what was foreseen of it and not counted."""
        workers = self._number()
        if workers > 1 and not together and _is_large(count.corpus) and len(parts) > 1:
            hands = min(workers, len(parts))
            found = _in_processes(count, parts, hands, self._crew, advance, look=look)
            if found is not None:
                return found
        with kept_memory():
            foresight = None
            if look and count.keeping is None:
                foresight = foreseen(count.plan, count.corpus, parts, workers if together else 1)
            if count.keeping is None and not (together and len(parts) > workers):
                rows = count.corpus.all_rows()
                return count_in_threads(count.plan, rows, workers, advance, foresight), foresight
            return count_parts_in_threads(count, parts, workers, advance, foresight), foresight

    def _number(self) -> int:
        if self.workers < 0:
            raise UsageError(f"workers cannot be {self.workers}; 0 takes all cores")
        return self.workers or available_cores()


def _suits(workers: int, corpus: Source) -> bool:
    """Return whether so many threads may read ``corpus`` at once."""
    return 1 < workers <= MOST_THREADS and corpus.unlocked


def _is_large(corpus: Source) -> bool:
    return (corpus.total_bytes or 0) >= PROCESS_BYTES


def _in_processes(
    count: Count,
    parts: Sequence[Part],
    workers: int,
    crew: Crew,
    advance: Advance,
    *,
    look: bool,
) -> tuple[Profile, Foresight | None] | None:
    """Count ``parts``, or return None where they cannot be counted in other processes."""
    luggage = packed(count) if sys.executable else None
    if luggage is None:
        return None
    try:
        return count_in_processes(count, luggage, parts, workers, crew, advance, look=look)
    except RefusedError:
        return None
