"""Profiling on a cluster, by Ray."""

from __future__ import annotations

import os
import socket
import sys
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from degrade.engines.counting import Count
from degrade.engines.keeping import keeping_for
from degrade.engines.local import LocalEngine
from degrade.engines.luggage import packed
from degrade.engines.ray_run import count_on_cluster
from degrade.engines.source import Advance, Source, untold
from degrade.errors import EngineError, InputError, MissingExtraError, UsageError
from degrade.plan import Plan
from degrade.profiles import Profile

LOCAL = "local"
"""The address of a cluster of this machine alone, which is started for the run."""
PATIENCE = 10
"""Seconds in which the head of a cluster answers."""


@dataclass(frozen=True, slots=True)
class RayEngine:
    """Counts parts of a corpus as tasks of a Ray cluster, and merges their profiles there.

    ``address`` is that of a cluster's head, or ``auto``; without one it is the environment's
    ``RAY_ADDRESS``, or else a cluster is started on this machine. A program that has connected to
    a cluster keeps its connection. Workers read the same paths as this machine.

    Results do not depend on the number of workers, nor on which of them counts what.
    """

    workers: int = 0
    address: str | None = None
    name: str = "ray"

    @contextmanager
    def expecting(self, corpora: Iterable[Source]) -> Iterator[None]:
        """Stay connected until the end of this."""
        del corpora
        with self._connected():
            yield

    def profile_corpus(
        self,
        plan: Plan,
        corpus: Source,
        advance: Advance | None = None,
        state: str | Path | None = None,
    ) -> Profile:
        """Return the profile of ``corpus``. Raises InputError if it holds no document.

        In the folder ``state``, which all nodes share, parts are kept when they are counted, and
        are not counted again. What lies in no lasting file is counted on this machine.
        """
        if self.workers < 0:
            raise UsageError(f"workers cannot be {self.workers}; 0 takes all of the cluster")
        keeping = keeping_for(state, plan, corpus)
        if not corpus.lasting:
            return LocalEngine(self.workers).profile_corpus(plan, corpus, advance)
        # First, for a copy that travels is to know what parts weigh.
        parts = corpus.parts()
        count = Count(plan, corpus, keeping)
        luggage = packed(count)
        if luggage is None:
            raise EngineError(
                f"{corpus.name}: a layer, a metric or a reader of this run cannot travel to other "
                "machines: it cannot be pickled; count with --engine local"
            )
        if keeping is not None:
            keeping.warn_of_unfit(corpus, parts)
        with self._connected() as ray:
            whole = count_on_cluster(ray, count, luggage, parts, self.workers, advance or untold)
        if not whole.documents:
            raise InputError(corpus.without_documents())
        return whole

    @contextmanager
    def _connected(self) -> Iterator[Any]:
        ray = _loaded()
        if ray.is_initialized():
            yield ray
            return
        address = self.address or os.environ.get("RAY_ADDRESS") or LOCAL
        # Ray says on standard output what befalls nodes, and that is for results.
        with redirect_stdout(sys.stderr):
            _connect(ray, address)
            try:
                yield ray
            finally:
                ray.shutdown()


def _loaded() -> Any:
    # Before it is loaded, or it would report how it is used.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        import ray
    except ImportError as error:
        said = "--engine ray needs Ray: pip install 'degrade[ray]'"
        raise MissingExtraError(said) from error
    return ray


def _check_reachable(address: str) -> None:
    """Raise EngineError where nobody answers: Ray itself would go on asking for minutes."""
    host, colon, port = address.rpartition(":")
    if not colon or not port.isdigit() or "/" in host:
        return
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=PATIENCE).close()
    except OSError as error:
        reason = error.strerror or error
        raise EngineError(f"no Ray cluster at {address}: {reason}") from error


def _connect(ray: Any, address: str) -> None:
    _check_reachable(address)
    # Of tasks that are lost and handed out again.
    os.environ.setdefault("RAY_IGNORE_UNHANDLED_ERRORS", "1")
    started = {"include_dashboard": False} if address == LOCAL else {}
    # It tells of its own coming changes, which are nobody's concern here.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ray.init(address=address, log_to_driver=False, logging_level="ERROR", **started)
        except (ConnectionError, OSError, RuntimeError, ValueError) as error:
            reason = str(error).strip().partition("\n")[0]
            raise EngineError(f"no Ray cluster at {address}: {reason}") from error
