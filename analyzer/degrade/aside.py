"""What another core computes while this one goes on, in a process that is all a command's own."""

from __future__ import annotations

import os
import pickle
import sys
import threading
import warnings
from collections.abc import Callable
from functools import cache
from typing import TypeVar, cast

Found = TypeVar("Found")
_allowed = False


def allow() -> None:
    """Let ``begun`` start processes: the commands say so, a program that imports degrade may not.

    What it holds, its locks and connections among it, would be in the other process too.
    """
    global _allowed
    _allowed = True


def begun(compute: Callable[[], Found]) -> Callable[[], Found]:
    """Begin ``compute()``, and return what waits for its result.

    In a copy of this process, where that is safe and there is a core for it; otherwise here, when
    the result is asked for. What it returns pickles. An error, or the end of the copy, is met here:
    it is computed again.
    """
    # A copy has one thread only, and would wait for locks that others hold. Elsewhere than on
    # Linux, libraries of the system may not be used in a copy.
    if not (
        _allowed
        and sys.platform == "linux"
        and len(os.sched_getaffinity(0)) > 1
        and threading.active_count() == 1
    ):
        return cache(compute)
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        # Threads that Python knows nothing of are those of linear algebra, which sees to copies.
        warnings.simplefilter("ignore", DeprecationWarning)
        process = os.fork()
    if not process:
        _tell(compute, writing)
    os.close(writing)

    @cache
    def found() -> Found:
        with os.fdopen(reading, "rb") as told:
            result = told.read()
        try:
            status = os.waitpid(process, 0)[1]
        except ChildProcessError:
            # Whoever started this process has the system see to those that it starts.
            status = -1
        if status:
            return compute()
        return cast(Found, pickle.loads(result))  # noqa: S301 - of this program

    return found


def _tell(compute: Callable[[], object], writing: int) -> None:
    """Write the result and end, without anything that the end of a command does."""
    status = 1
    try:
        result = pickle.dumps(compute())
        with os.fdopen(writing, "wb") as out:
            out.write(result)
        status = 0
    finally:
        os._exit(status)
