"""Worker processes, kept from one corpus to the next as long as they are at home."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from contextlib import contextmanager

from degrade.engines.process import Events, Process


class Crew:
    """Hands out processes, and takes back those that have nothing in hand.

    A process takes a second to start. While nobody has the crew ``standing``, those that are taken
    back are ended.
    """

    def __init__(self) -> None:
        self.events: Events = queue.SimpleQueue()
        self._idle: list[Process] = []
        self._standing = False

    @contextmanager
    def standing(self) -> Iterator[None]:
        """Keep processes until the end of this."""
        self._standing = True
        try:
            yield
        finally:
            self._standing = False
            while self._idle:
                self._idle.pop().kill()

    def expect(self, number: int) -> None:
        """Start processes up to ``number``, which begin while nobody has told them what to do."""
        while self._standing and len(self._idle) < number:
            self._idle.append(Process(self.events))

    def hire(self) -> Process:
        """Return a process, started now if none is idle. What it replies is in ``events``."""
        return self._idle.pop() if self._idle else Process(self.events)

    def release(self, process: Process) -> None:
        """Take back a process that has nothing in hand and holds nothing."""
        if self._standing:
            self._idle.append(process)
        else:
            process.kill()
