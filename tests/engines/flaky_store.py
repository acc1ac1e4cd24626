"""A store that is slow and fails one read in twenty, and a layer by which workers know of it."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass

import fsspec
from fsspec.implementations.local import LocalFileSystem

from degrade.text.layer import Segments
from degrade.text.layers import built_in

CHANCE = 20
_RANDOM = random.Random(3)


class FlakyFile:
    """A file of which one read in ``CHANCE`` fails, as clients of stores have it: not OSError."""

    def __init__(self, file) -> None:
        self._file = file

    def read(self, size=-1):
        time.sleep(0.001)
        if _RANDOM.randrange(CHANCE) == 0:
            raise RuntimeError("503 Slow Down")
        return self._file.read(min(size, 1_000))

    def __getattr__(self, name):
        return getattr(self._file, name)


class FlakyFileSystem(LocalFileSystem):
    """Files of this machine, under ``flaky://``."""

    protocol = "flaky"

    @classmethod
    def _strip_protocol(cls, path):
        return super()._strip_protocol(str(path).removeprefix("flaky://"))

    def unstrip_protocol(self, name):
        return f"flaky://{self._strip_protocol(name)}"

    def _open(self, path, mode="rb", **options):
        return FlakyFile(super()._open(path, mode, **options))


fsspec.register_implementation("flaky", FlakyFileSystem, clobber=True)


@dataclass(frozen=True, slots=True)
class Words:
    """Words. Workers import this module to find them, and the store with it."""

    name: str = "word"
    version: str = built_in("word").version

    def segment(self, data, bounds) -> Segments:
        return built_in("word").segment(data, bounds)
