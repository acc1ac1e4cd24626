"""Locks of what travels to other processes."""

from __future__ import annotations

import threading


class Lock:
    """A lock that pickles, as one that nobody holds."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()

    def __reduce__(self) -> tuple[type[Lock], tuple[()]]:
        return Lock, ()
