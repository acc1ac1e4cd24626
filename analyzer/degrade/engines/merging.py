"""Profiles of one plan to one profile, summary by summary and several at a time."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import TypeVar

from degrade.engines.memory import give_back_memory
from degrade.errors import ProfileError
from degrade.loading import named
from degrade.profiles import Profile
from degrade.summaries import Need

_AT_ONCE = 16
"""Saved profiles that are in memory together, compressed as they were saved."""
Path = TypeVar("Path")


def merged_files(paths: Iterable[Path], load: Callable[[Path], Profile], threads: int) -> Profile:
    """Return the profile of all ``paths``, one at least, which ``load`` returns one of.

    Loaded profiles hold their summaries compressed until these are asked for, and each is freed
    when it is merged: memory is that of the whole, up to twice, and of a summary for each thread.
    Raises ProfileError, saying in what, where plans differ.
    """
    give_back_memory()
    remaining = iter(paths)
    first = next(remaining)
    whole = load(first)
    while some := list(islice(remaining, _AT_ONCE)):
        parts = []
        for path in some:
            part = load(path)
            try:
                whole.check_alike(part)
            except ProfileError as error:
                raise ProfileError(f"{first} and {path}: {error}") from error
            whole.skipped.update(part.skipped)
            parts.append(part)
        merged([whole, *parts], threads)
    return whole


def merged(profiles: Sequence[Profile], threads: int) -> Profile:
    """Return the first of ``profiles``, which has absorbed all others; they are used up.

    All are of one plan. The time is that of the largest summary: merging holds no interpreter lock.
    """
    whole, *others = profiles
    for profile in profiles:
        profile.catch_up()
    jobs: queue.SimpleQueue[tuple[int, Need, list[Need]]] = queue.SimpleQueue()
    for k, level in enumerate(whole.levels):
        for need in level:
            jobs.put((k, need, [named(need, other.levels[k]) for other in others]))
    failures: list[BaseException] = []

    def work() -> None:
        try:
            while not failures:
                k, need, names = jobs.get_nowait()
                for other, name in zip(others, names, strict=True):
                    # Taken out, so that what is merged is freed at once.
                    whole.take(k, need, other, name)
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
    whole.narrow()
    return whole
