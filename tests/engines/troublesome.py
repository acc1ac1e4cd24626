"""Layers that end or hold up the process that segments with them, for tests of engines."""

from __future__ import annotations

import hashlib
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from degrade.text.layer import Segments
from degrade.text.layers import built_in


@dataclass(frozen=True, slots=True)
class Deadly:
    """Words; kills its process at a text that holds ``DEADLY``, ``deaths`` times in all.

    Each death leaves a file in ``folder``.
    """

    folder: str
    deaths: int
    name: str = "deadly"
    version: str = "1"

    def segment(self, data, bounds) -> Segments:
        if b"DEADLY" in data.tobytes():
            for death in range(self.deaths):
                try:
                    (Path(self.folder) / str(death)).touch(exist_ok=False)
                except FileExistsError:
                    continue
                os.kill(os.getpid(), signal.SIGKILL)
        return built_in("word").segment(data, bounds)


@dataclass(frozen=True, slots=True)
class Slow:
    """Words; leaves the number of its process in ``folder``, and takes long over each batch."""

    folder: str
    seconds: float
    name: str = "slow"
    version: str = "1"

    def segment(self, data, bounds) -> Segments:
        (Path(self.folder) / str(os.getpid())).touch()
        time.sleep(self.seconds)
        return built_in("word").segment(data, bounds)


@dataclass(frozen=True, slots=True)
class Logged:
    """Words; leaves a file in ``folder`` for every batch of some size, and takes its time."""

    folder: str
    seconds: float
    name: str = "logged"
    version: str = "1"

    def segment(self, data, bounds) -> Segments:
        # Neither what ladder levels hold of a batch, nor lists of words.
        if len(data) >= 1_500 and len(bounds) < 100:
            content = hashlib.sha256(data.tobytes()).hexdigest()
            (Path(self.folder) / f"{content}-{time.time_ns()}").touch()
            time.sleep(self.seconds)
        return built_in("word").segment(data, bounds)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Words; on every node but ``node``, waits until that one has left so many files in ``folder``.

    It leaves one for every text of some length.
    """

    folder: str
    node: str
    files: int
    name: str = "waiting"
    version: str = "1"

    def segment(self, data, bounds) -> Segments:
        import ray

        if ray.is_initialized() and len(data) > 100:
            folder = Path(self.folder)
            if ray.get_runtime_context().get_node_id() == self.node:
                (folder / str(time.time_ns())).touch()
                time.sleep(0.2)
            else:
                while len([*folder.iterdir()]) < self.files:
                    time.sleep(0.02)
        return built_in("word").segment(data, bounds)


@dataclass(frozen=True, slots=True)
class Homeless:
    """Words, by an object that cannot be pickled."""

    name: str = "homeless"
    version: str = "1"

    def __reduce__(self):
        raise TypeError("not to be sent")

    def segment(self, data, bounds) -> Segments:
        return built_in("word").segment(data, bounds)
