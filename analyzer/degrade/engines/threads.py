"""Counting in the threads of this process."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable, Sequence
from contextlib import suppress

from degrade.engines.batching import absorb, batches
from degrade.engines.counting import Count
from degrade.engines.foresight import Foresight, fresh
from degrade.engines.merging import merged
from degrade.engines.several import GivenUpError, run_threads
from degrade.engines.source import Advance, Part
from degrade.plan import Plan
from degrade.profiles import Profile
from degrade.text.document import Rows


def count_in_threads(
    plan: Plan,
    rows: Iterable[Rows],
    workers: int,
    advance: Advance,
    foreseen: Foresight | None = None,
) -> Profile:
    """Return the profile of ``rows``, read in the calling thread and counted in ``workers``.

    The kernels hold no interpreter lock, so nothing has to be copied. What is ``foreseen`` is not
    counted.
    """
    if workers == 1:
        whole = fresh(plan, foreseen)
        for held in batches(rows):
            absorb(whole, held, advance)
        return whole
    waiting: queue.Queue[list[Rows] | None] = queue.Queue(maxsize=2 * workers)
    failures: list[BaseException] = []
    profiles = _side_by_side(plan, workers, foreseen)
    told = _one_by_one(advance)

    def count(profile: Profile) -> None:
        while (held := waiting.get()) is not None:
            if failures:
                continue
            try:
                absorb(profile, held, told)
            except BaseException as error:  # noqa: BLE001 - raised again by the caller
                failures.append(error)

    threads = [threading.Thread(target=count, args=(profile,), daemon=True) for profile in profiles]
    for thread in threads:
        thread.start()
    try:
        for held in batches(rows):
            if failures:
                break
            waiting.put(held)
    except BaseException as error:
        # Threads that are counting are left to themselves: nobody waits for what is given up.
        failures.append(error)
        raise
    finally:
        # Those that count take from it too, so it may be empty at any time.
        with suppress(queue.Empty):
            while failures:
                waiting.get_nowait()
        for _ in threads:
            waiting.put(None)
    if not failures:
        for thread in threads:
            thread.join()
    if failures:
        raise failures[0]
    return merged(profiles, workers)


def count_parts_in_threads(
    count: Count,
    parts: Sequence[Part],
    workers: int,
    advance: Advance,
    foreseen: Foresight | None = None,
) -> Profile:
    """Return the profile of ``parts``, each read and counted by one of ``workers`` threads.

    Raises what the first part that fails raises, whichever fails first. What is ``foreseen`` is not
    counted.
    """
    waiting = iter(enumerate(parts))
    failures: list[tuple[int, BaseException]] = []
    profiles = _side_by_side(count.plan, workers, foreseen)
    told = _one_by_one(advance)

    def work(profile: Profile, given_up: threading.Event) -> None:
        def heard(documents: int, characters: int) -> None:
            if given_up.is_set():
                raise GivenUpError
            told(documents, characters)

        # Parts are taken in order, so those before one that fails are in hand or done.
        while not failures:
            with lock:
                index, part = next(waiting, (len(parts), ()))
            try:
                if index == len(parts):
                    profile.catch_up()
                    return
                count.add(profile, part, heard)
            except BaseException as error:  # noqa: BLE001 - raised again by the caller
                failures.append((index, error))

    lock = threading.Lock()
    run_threads(work, profiles)
    if failures:
        raise min(failures, key=lambda failure: failure[0])[1]
    return merged(profiles, workers)


def _side_by_side(plan: Plan, workers: int, foreseen: Foresight | None) -> list[Profile]:
    """Return a profile for each of ``workers``, with the censuses of the first."""
    first = fresh(plan, foreseen)
    return [first, *(first.beside() for _ in range(workers - 1))]


def _one_by_one(advance: Advance) -> Advance:
    """Return ``advance`` for several threads."""
    lock = threading.Lock()

    def told(documents: int, characters: int) -> None:
        with lock:
            advance(documents, characters)

    return told
