"""Progress on stderr, for anything over a second."""

from __future__ import annotations

import sys
import threading
from contextlib import ExitStack
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress

_PATIENCE = 1.0
"""Seconds before anything is shown."""
_COMPILING = "Compiling kernels: once for each kind of work, and then they are kept."


class Reading:
    """Shows how many documents of each corpus were counted. Calls may come from any thread.

    And, with ``told``, says that kernels are compiled, if they have to be.
    """

    def __init__(self, *, shown: bool, told: bool) -> None:
        self._shown = shown and sys.stderr.isatty()
        self._told = told
        self._listening = ExitStack()
        self._begun = False
        self._tasks: dict[str, int] = {}
        self._lock = threading.Lock()
        self._timer = threading.Timer(_PATIENCE, self._begin)
        self._timer.daemon = True

    @cached_property
    def _progress(self) -> Progress:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        return Progress(
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

    def __enter__(self) -> Reading:
        from degrade.compiled import compiling

        if self._told:
            self._listening.enter_context(compiling(self._say_so))
        if self._shown:
            self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._listening.close()
        self._timer.cancel()
        with self._lock:
            # One that never began would end with an empty line.
            if self._begun:
                self._progress.stop()

    def _say_so(self) -> None:
        with self._lock:
            told, self._told = self._told, False
        if told:
            self._progress.console.print(_COMPILING, soft_wrap=True, highlight=False)

    def _begin(self) -> None:
        with self._lock:
            if not self._tasks:
                self._tasks[""] = self._progress.add_task(
                    "reading",
                    total=None,
                    documents=0,
                    characters=0,
                )
            self._progress.start()
            self._begun = True

    def __call__(self, corpus: str, documents: int, characters: int) -> None:
        """Take note that so much of ``corpus`` was counted."""
        if not self._shown:
            return
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
