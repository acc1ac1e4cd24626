"""Threads that are given up with whoever waits for them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import TypeVar

Given = TypeVar("Given")
_PATIENCE = 1.0
"""Seconds for which an interrupt waits for threads to end what they have in hand: a batch. One that
counts on while the interpreter ends may not be able to."""


class GivenUpError(Exception):
    """Nobody waits for the result any more."""


def run_threads(work: Callable[[Given, threading.Event], None], given: Iterable[Given]) -> None:
    """Call ``work`` for each of ``given`` in a thread, and wait for all.

    It is told by an event when nobody waits any more, as after an interrupt, and raises nothing.
    """
    given_up = threading.Event()
    threads = [threading.Thread(target=work, args=(each, given_up), daemon=True) for each in given]
    for thread in threads:
        thread.start()
    try:
        for thread in threads:
            thread.join()
    except BaseException:
        given_up.set()
        for thread in threads:
            thread.join(_PATIENCE / len(threads))
        raise
