"""Parquet: a record a row, by row groups."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from degrade.readers.columns import (
    batch_rows,
    corrupt,
    damage_errors,
    documents,
    source,
    wanted,
)
from degrade.readers.files import is_compressed
from degrade.readers.problems import EMPTY_FILE
from degrade.readers.reader import Fields, Problem, Shard
from degrade.text.document import Document


@dataclass(frozen=True, slots=True)
class Parquet:
    """Reads Parquet. A shard is some adjacent row groups, ``start`` to ``stop``.

    A damaged row group counts one problem for its rest, and the next is read.
    """

    name: str = "parquet"
    suffixes: tuple[str, ...] = (".parquet", ".pq")

    def shards(self, path: str, shard_bytes: int) -> list[Shard]:
        """Return row groups, together until they hold ``shard_bytes``; a damaged file whole."""
        if is_compressed(path):
            return [Shard(path)]
        with source(path) as (file, _):
            try:
                metadata = _opened(file).metadata
            except damage_errors(path):
                return [Shard(path)]
            sizes = [metadata.row_group(i).total_byte_size for i in range(metadata.num_row_groups)]
        starts, held = [0], 0
        for group, size in enumerate(sizes):
            if held >= shard_bytes:
                starts.append(group)
                held = 0
            held += size
        stops = [*starts[1:], None]
        return [Shard(path, start, stop) for start, stop in zip(starts, stops, strict=True)]

    def read(self, shard: Shard, fields: Fields) -> Iterator[Document | Problem]:
        """Yield a document or a problem for each row of ``shard``."""
        errors = damage_errors(shard.path)
        with source(shard.path) as (file, damage):
            if damage is not None:
                yield damage
                return
            if not file.seek(0, 2):
                yield EMPTY_FILE.at(shard.path, "")
                return
            try:
                opened = _opened(file)
            except errors as error:
                yield corrupt(shard.path, "", "not a Parquet file, or a damaged one", error)
                return
            with opened:
                yield from self._rows(opened, shard, fields, errors)

    def _rows(
        self, file: Any, shard: Shard, fields: Fields, errors: tuple[type[Exception], ...]
    ) -> Iterator[Document | Problem]:
        metadata, names = file.metadata, file.schema_arrow.names
        if not metadata.num_rows and not shard.start:
            yield EMPTY_FILE.at(shard.path, "")
        columns = wanted(names, fields)
        stop = metadata.num_row_groups if shard.stop is None else shard.stop
        before = sum(metadata.row_group(i).num_rows for i in range(shard.start))
        for group in range(shard.start, stop):
            facts = metadata.row_group(group)
            row = before
            before += facts.num_rows
            batches = file.iter_batches(
                batch_size=batch_rows(facts.num_rows, facts.total_byte_size),
                row_groups=[group],
                columns=columns,
                use_threads=False,
            )
            try:
                for batch in batches:
                    for made in documents(batch, names, fields):
                        row += 1
                        if isinstance(made, Document):
                            yield made
                        else:
                            yield made.at(shard.path, f"row {row:,}")
            except errors as error:
                lost = f"rows {row + 1:,} to {before:,}"
                yield corrupt(shard.path, lost, "a damaged row group", error)


READER = Parquet()


def _opened(file: Any) -> Any:
    from pyarrow.parquet import ParquetFile

    return ParquetFile(file)
