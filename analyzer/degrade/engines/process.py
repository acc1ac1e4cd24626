"""A worker process, as the engine that started it sees it."""

from __future__ import annotations

import json
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from typing import Any, BinaryIO, TypeAlias, cast

from degrade.engines import frames
from degrade.errors import EngineError

# Not multiprocessing: it would run the caller's script again, and copy what the caller holds.
_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from degrade.engines.worker import main; main()"
)


class Ended:
    """Event: the process has ended, or nothing of use comes from it any more."""


Events: TypeAlias = "queue.SimpleQueue[tuple[Process, Any]]"


class Process:
    """A running worker; what it replies is put into ``events``, and its end too."""

    def __init__(self, events: Events) -> None:
        path = [os.path.abspath(entry) for entry in sys.path]  # noqa: PTH100 - "" is the folder here
        try:
            self._process, self._commands, self._replies = _started(
                [sys.executable, "-c", _START, json.dumps(path)]
            )
        except OSError as error:
            raise EngineError(f"no worker can be started: {error}") from error
        threading.Thread(target=self._listen, args=(events,), daemon=True).start()

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    def tell(self, command: object) -> None:
        """Send a command. One that has ended does not hear it; its end is an event."""
        with suppress(OSError):
            frames.send(self._commands, command)

    def kill(self) -> None:
        """End the process, whatever it is at."""
        self._process.kill()
        self._process.wait()
        with suppress(OSError):
            self._commands.close()

    def ending(self) -> str:
        """Say how the process ended, after the event of its end."""
        with suppress(subprocess.TimeoutExpired):
            # Its replies have ended, and so has it, or does soon.
            self._process.wait(timeout=5)
        self.kill()
        status = self._process.returncode
        if status >= 0:
            return f"with status {status}"
        with suppress(ValueError):
            return f"by {signal.Signals(-status).name}"
        return f"by signal {-status}"

    def _listen(self, events: Events) -> None:
        try:
            with self._replies:
                while (reply := frames.receive(self._replies)) is not None:
                    events.put((self, frames.opened(reply)))
        finally:
            events.put((self, Ended()))


def _started(command: list[str]) -> tuple[subprocess.Popen[bytes], BinaryIO, BinaryIO]:
    """Return a process, and the streams to its standard input and from its standard output.

    It is detached, so that an interrupt from the keyboard reaches the engine alone.
    """
    # There is a worker for every core: threads beside it, waiting busily for work in linear
    # algebra as they do from the start, would take from the others.
    surroundings = {"OPENBLAS_NUM_THREADS": "1", **os.environ}
    if sys.platform == "win32":
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=surroundings,
            creationflags=subprocess.CREATE_NEW_PROCESS_GROUP,
        )
        return process, cast(BinaryIO, process.stdin), cast(BinaryIO, process.stdout)
    # Not pipes, through which a profile takes four times as long.
    ours, theirs = socket.socketpair()
    with ours, theirs:
        process = subprocess.Popen(
            command,
            stdin=theirs.fileno(),
            stdout=theirs.fileno(),
            env=surroundings,
            start_new_session=True,
        )
        return process, ours.makefile("wb"), ours.makefile("rb")
