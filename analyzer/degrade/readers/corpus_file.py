"""The files of a corpus, and the temporary ones among them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from degrade.readers.files import is_url, readable
from degrade.readers.garbage import uncollected
from degrade.readers.reader import Reader, Shard

FAR_AT_ONCE = 32
"""Files of a store that are looked at together."""
WHOLE = 1 / 8
"""Up to this share of a shard, a file is one, whatever it comes to when it is unpacked."""


class CorpusFile(NamedTuple):
    """One file of a corpus: where it is, how to call it, its size if known, and its reader."""

    path: str
    shown: str
    bytes: int | None
    reader: Reader

    def place(self, shard: Shard) -> str:
        """Say where ``shard`` of this file lies, as a person reads it."""
        if shard.start == 0 and shard.stop is None:
            return self.shown
        unit = "row groups" if self.reader.name == "parquet" else "bytes"
        end = "the end" if shard.stop is None else f"{shard.stop:,}"
        return f"{self.shown}, {unit} {shard.start:,} to {end}"


def unlink(paths: Sequence[str]) -> None:
    """Remove temporary files, if they are still there."""
    for path in paths:
        Path(path).unlink(missing_ok=True)


def clean(paths: Sequence[str], owner: int) -> None:
    """Remove temporary files in the process that made them."""
    # A forked process holds the corpus too, and must leave its files.
    if os.getpid() == owner:
        unlink(paths)


@uncollected()
def cut(files: Sequence[CorpusFile], shard_bytes: int) -> list[list[Shard]]:
    """Return the shards of each of ``files``, about ``shard_bytes`` each."""

    def shards_of(file: CorpusFile) -> list[Shard]:
        # Not even asked for, as it would have to be looked at, and there may be very many.
        if file.bytes is not None and file.bytes <= shard_bytes * WHOLE:
            return [Shard(file.path)]
        with readable(file.shown):
            return file.reader.shards(file.path, shard_bytes)

    if not any(is_url(file.path) for file in files):
        return [shards_of(file) for file in files]
    # A store answers in a tenth of a second, and there may be a hundred thousand files.
    with ThreadPoolExecutor(FAR_AT_ONCE) as pool:
        return list(pool.map(shards_of, files))


@uncollected()
def grouped(
    shards: Sequence[Shard], weights: Sequence[float], most: float
) -> tuple[tuple[Shard, ...], ...]:
    """Return ``shards``, in order, in runs that weigh no more than ``most``; at least one each."""
    runs: list[tuple[Shard, ...]] = []
    held: list[Shard] = []
    weight = 0.0
    for shard, more in zip(shards, weights, strict=True):
        if held and weight + more > most:
            runs.append(tuple(held))
            held, weight = [], 0.0
        held.append(shard)
        weight += more
    return (*runs, tuple(held)) if held else tuple(runs)


def listed(names: Sequence[str]) -> str:
    """Return the first of ``names``, and how many more there are."""
    more = f" and {len(names) - 3:,} more" if len(names) > 3 else ""
    return f"{', '.join(names[:3])}{more}"
