"""Parquet: a record a row, by row groups."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from degrade.readers.arrow_rows import rows
from degrade.readers.columns import (
    corrupt,
    damage_errors,
    source,
    wanted,
)
from degrade.readers.files import is_compressed
from degrade.readers.problems import EMPTY_FILE, Refusal
from degrade.readers.reader import Fields, Problem, Shard, Together
from degrade.text.document import Columns, Document, Rows

_ROWS = 1 << 14
_ROW_BYTES = 4 << 20
_MOST_TOGETHER = 32 << 20
"""Bytes that small files may come to and be read together."""


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
        for row in self.rows(shard, fields):
            yield from row if isinstance(row, Columns) else (row,)

    def rows(self, shard: Shard, fields: Fields) -> Iterator[Rows | Problem]:
        """Yield what ``read`` does, rows of plain strings side by side."""
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
    ) -> Iterator[Rows | Problem]:
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
                batch_size=_batch_rows(facts.num_rows, facts.total_byte_size),
                row_groups=[group],
                columns=columns,
                use_threads=False,
            )
            try:
                for batch in batches:
                    for made in rows(batch, names, fields):
                        row += len(made) if isinstance(made, Columns) else 1
                        if isinstance(made, Refusal):
                            yield made.at(shard.path, f"row {row:,}")
                        else:
                            yield made
            except errors as error:
                lost = f"rows {row + 1:,} to {before:,}"
                yield corrupt(shard.path, lost, "a damaged row group", error)

    def together(self, contents: Sequence[bytes], fields: Fields) -> Together | None:
        """Return what files hold, unless they differ in columns, or one holds what is no document.

        What they hold unpacked is bounded: they are of a size only as they lie on disk.
        """
        try:
            import pyarrow
        except ImportError:
            return None
        held: list[Any] = []
        documents, size = [], 0
        try:
            for content in contents:
                documents.append(0)
                for batch in _batches(pyarrow.BufferReader(content), fields):
                    held.append(batch)
                    documents[-1] += batch.num_rows
                    size += batch.nbytes
                    if size > _MOST_TOGETHER:
                        return None
                if not documents[-1]:
                    return None
            whole = pyarrow.Table.from_batches(held).combine_chunks().to_batches()
            made = [row for batch in whole for row in rows(batch, batch.schema.names, fields)]
        except (pyarrow.ArrowException, OSError):
            return None
        good = [row for row in made if not isinstance(row, Refusal)]
        return Together(good, documents) if len(good) == len(made) else None


READER = Parquet()


def _batch_rows(rows: int, size: int) -> int:
    """Return how many of ``rows`` that take ``size`` bytes are held at once."""
    return min(_ROWS, max(1, _ROW_BYTES * rows // max(1, size)))


def _batches(file: Any, fields: Fields) -> Iterator[Any]:
    """Yield the columns of a file that ``fields`` lie in, nothing if there is no such column."""
    opened = _opened(file)
    facts = opened.metadata
    size = sum(facts.row_group(i).total_byte_size for i in range(facts.num_row_groups))
    columns = wanted(opened.schema_arrow.names, fields)
    if columns:
        step = _batch_rows(facts.num_rows, size)
        yield from opened.iter_batches(batch_size=step, columns=columns, use_threads=False)


def _opened(file: Any) -> Any:
    from pyarrow.parquet import ParquetFile

    return ParquetFile(file)
