"""Profiles of one plan to one profile, summary by summary and several at a time."""

from __future__ import annotations

import queue
import threading
from collections.abc import Sequence

from degrade.profiles import Profile
from degrade.summaries import Need


def merged(profiles: Sequence[Profile], threads: int) -> Profile:
    """Return the first of ``profiles``, which has absorbed all others; they are used up.

    All are of one plan. The time is that of the largest summary: merging holds no interpreter lock.
    """
    whole, *others = profiles
    jobs: queue.SimpleQueue[tuple[int, Need]] = queue.SimpleQueue()
    for k, level in enumerate(whole.levels):
        for need in level:
            jobs.put((k, need))
    failures: list[BaseException] = []

    def work() -> None:
        try:
            while not failures:
                k, need = jobs.get_nowait()
                for other in others:
                    # Taken out, so that what is merged is freed at once.
                    whole.levels[k][need].merge(other.levels[k].pop(need))
        except queue.Empty:
            return
        except BaseException as error:  # noqa: BLE001 - raised again by the caller
            failures.append(error)

    if others:
        # Daemons: an interrupt waits for none of them.
        running = [threading.Thread(target=work, daemon=True) for _ in range(threads)]
        for thread in running:
            thread.start()
        for thread in running:
            thread.join()
    if failures:
        raise failures[0]
    return whole
