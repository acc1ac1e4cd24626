"""A worker process, as the engine that started it sees it."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from typing import IO, Any, cast

from degrade.engines import frames
from degrade.errors import EngineError

# Not multiprocessing: it would run the caller's script again, and copy what the caller holds.
_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from degrade.engines.worker import main; main()"
)


class Ended:
    """Event: the process has ended, or nothing of use comes from it any more."""


Events = queue.SimpleQueue["tuple[Process, Any]"]


class Process:
    """A running worker; what it replies is put into ``events``, and its end too."""

    def __init__(self, events: Events) -> None:
        path = [os.path.abspath(entry) for entry in sys.path]  # noqa: PTH100 - "" is the folder here
        detached: dict[str, Any] = {"start_new_session": True}
        if sys.platform == "win32":
            detached = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
        # Detached, so that an interrupt from the keyboard reaches the engine alone.
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _START, json.dumps(path)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                **detached,
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
            frames.send(cast(Any, self._process.stdin), command)

    def end(self) -> str:
        """Kill the process if it still runs, and say how it ended."""
        self._process.kill()
        status = self._process.wait()
        with suppress(OSError):
            cast(IO[bytes], self._process.stdin).close()
        if status >= 0:
            return f"with status {status}"
        with suppress(ValueError):
            return f"by {signal.Signals(-status).name}"
        return f"by signal {-status}"

    def _listen(self, events: Events) -> None:
        with cast(IO[bytes], self._process.stdout) as replies, suppress(OSError):
            while (reply := frames.receive(cast(Any, replies))) is not frames.END:
                events.put((self, reply))
        events.put((self, Ended()))
