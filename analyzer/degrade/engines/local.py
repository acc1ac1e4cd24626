"""Profiling on this machine: one reader, as many counters as there are cores."""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from degrade.errors import UsageError
from degrade.profiles import Plan, Profile
from degrade.text.document import Batch, Document

BATCH_CHARACTERS = 2_000_000
Advance = Callable[[int, int], None]
"""Told of every batch counted: its documents and characters."""


def available_cores() -> int:
    """Return the cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


def batches(documents: Iterable[Document]) -> Iterator[list[Document]]:
    """Yield documents in runs of about ``BATCH_CHARACTERS``, at least one each."""
    held: list[Document] = []
    size = 0
    for document in documents:
        held.append(document)
        size += len(document.text)
        if size >= BATCH_CHARACTERS:
            yield held
            held, size = [], 0
    if held:
        yield held


@dataclass(frozen=True, slots=True)
class LocalEngine:
    """Counts in threads: the kernels hold no interpreter lock, so nothing has to be copied.

    Results do not depend on the number of workers, nor on which of them counts what.
    """

    workers: int = 0
    name: str = "local"

    def profile(
        self, plan: Plan, documents: Iterable[Document], advance: Advance | None = None
    ) -> Profile:
        """Return the profile of ``documents``, read in the calling thread."""
        if self.workers < 0:
            raise UsageError(f"workers cannot be {self.workers}; 0 takes all cores")
        workers = self.workers or available_cores()
        told = advance or _untold
        if workers == 1:
            whole = Profile(plan)
            for held in batches(documents):
                _absorb(whole, held, told)
            return whole
        return _in_threads(plan, documents, workers, told)


def _untold(documents: int, characters: int) -> None:
    """Tell nobody."""


def _absorb(profile: Profile, held: list[Document], advance: Advance) -> None:
    profile.update(Batch(held))
    advance(len(held), sum(len(document.text) for document in held))


def _in_threads(
    plan: Plan, documents: Iterable[Document], workers: int, advance: Advance
) -> Profile:
    waiting: queue.Queue[list[Document] | None] = queue.Queue(maxsize=2 * workers)
    failures: list[BaseException] = []
    profiles = [Profile(plan) for _ in range(workers)]

    def count(profile: Profile) -> None:
        while (held := waiting.get()) is not None:
            if failures:
                continue
            try:
                _absorb(profile, held, advance)
            except BaseException as error:  # noqa: BLE001 - raised again by the caller
                failures.append(error)

    threads = [threading.Thread(target=count, args=(profile,), daemon=True) for profile in profiles]
    for thread in threads:
        thread.start()
    try:
        for held in batches(documents):
            if failures:
                break
            waiting.put(held)
    except BaseException as error:
        # Threads that are counting are left to themselves: nobody waits for what is given up.
        failures.append(error)
        raise
    finally:
        while failures and not waiting.empty():
            waiting.get()
        for _ in threads:
            waiting.put(None)
    if not failures:
        for thread in threads:
            thread.join()
    if failures:
        raise failures[0]
    whole, *others = profiles
    while others:
        whole.merge(others.pop())
    return whole
