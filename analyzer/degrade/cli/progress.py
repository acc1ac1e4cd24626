"""Progress on stderr, for anything over a second."""

from __future__ import annotations

import sys
import threading
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

_PATIENCE = 1.0
"""Seconds before anything is shown."""


class Reading:
    """Shows how many documents of each corpus were counted. Calls may come from any thread."""

    def __init__(self, *, shown: bool) -> None:
        self._shown = shown and sys.stderr.isatty()
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=20),
            TextColumn(
                "{task.fields[documents]:,} documents, {task.fields[characters]:,} characters"
            ),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._tasks: dict[str, int] = {}
        self._lock = threading.Lock()
        self._timer = threading.Timer(_PATIENCE, self._begin)
        self._timer.daemon = True

    def __enter__(self) -> Reading:
        if self._shown:
            self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._timer.cancel()
        self._progress.stop()

    def _begin(self) -> None:
        with self._lock:
            if not self._tasks:
                self._tasks[""] = self._progress.add_task(
                    "reading, and compiling kernels if this is the first run",
                    total=None,
                    documents=0,
                    characters=0,
                )
            self._progress.start()

    def __call__(self, corpus: str, documents: int, characters: int) -> None:
        """Take note that so much of ``corpus`` was counted."""
        from degrade.report.escape import plain

        with self._lock:
            if "" in self._tasks:
                self._progress.remove_task(self._tasks.pop(""))  # type: ignore[arg-type]
            if corpus not in self._tasks:
                self._tasks[corpus] = self._progress.add_task(
                    plain(corpus), total=None, documents=0, characters=0
                )
            task = self._progress.tasks[list(self._tasks).index(corpus)]
            self._progress.update(
                task.id,
                documents=task.fields["documents"] + documents,
                characters=task.fields["characters"] + characters,
            )
