"""Arrow and Feather: a record a row, as an IPC file or an IPC stream."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from degrade.readers.arrow_rows import rows
from degrade.readers.columns import corrupt, damage_errors, load_pyarrow, source, wanted
from degrade.readers.problems import EMPTY_FILE, Refusal
from degrade.readers.reader import Fields, Problem, Shard
from degrade.readers.sniff import ARROW_FILE
from degrade.text.document import Columns, Document, Rows


@dataclass(frozen=True, slots=True)
class Arrow:
    """Reads Arrow files and streams, and Feather files of version 2. A file is one shard."""

    name: str = "arrow"
    suffixes: tuple[str, ...] = (".arrow", ".feather", ".ipc", ".arrows")

    def shards(self, path: str, shard_bytes: int) -> list[Shard]:  # noqa: ARG002
        """Return the file."""
        return [Shard(path)]

    def read(self, shard: Shard, fields: Fields) -> Iterator[Document | Problem]:
        """Yield a document or a problem for each row."""
        for row in self.rows(shard, fields):
            yield from row if isinstance(row, Columns) else (row,)

    def rows(self, shard: Shard, fields: Fields) -> Iterator[Rows | Problem]:
        """Yield what ``read`` does, rows of plain strings side by side."""
        path = shard.path
        row = 0
        with source(path) as (file, damage):
            ending = damage
            try:
                for batch, names in _batches(path, file, fields):
                    for made in rows(batch, names, fields):
                        row += len(made) if isinstance(made, Columns) else 1
                        yield made.at(path, f"row {row:,}") if isinstance(made, Refusal) else made
            except damage_errors(path) as error:
                # Of a truncated archive, the rows before its end are whole.
                ending = damage or corrupt(path, "", "not an Arrow file, or a damaged one", error)
        if ending is not None:
            place = f"after row {row:,}" if row else ""
            yield Problem(ending.kind, path, place, ending.message)
        elif not row:
            yield EMPTY_FILE.at(path, "")


READER = Arrow()


def _batches(path: str, file: Any, fields: Fields) -> Iterator[tuple[Any, list[str]]]:
    """Yield record batches with the columns that are wanted, and the names of all columns."""
    ipc = load_pyarrow(path).ipc
    head = file.read(len(ARROW_FILE))
    file.seek(0)
    if not head:
        return
    of_file = head == ARROW_FILE
    opened = ipc.open_file(file) if of_file else ipc.open_stream(file)
    names = opened.schema.names
    # No columns at all would mean every column.
    indices = [names.index(name) for name in wanted(names, fields)] or [0]
    options = ipc.IpcReadOptions(included_fields=indices, use_threads=False)
    file.seek(0)
    if of_file:
        reader = ipc.open_file(file, options=options)
        batches = (reader.get_batch(i) for i in range(reader.num_record_batches))
    else:
        batches = iter(ipc.open_stream(file, options=options))
    for batch in batches:
        for column in batch.columns:
            _validate(column)
        yield batch, names


def _validate(column: Any) -> None:
    """Raise for offsets that lead outside of a column: what pyarrow itself takes on trust."""
    try:
        column.validate(full=True)
    except ValueError as error:
        # Undecodable strings are reported row by row; their offsets were checked before them.
        if "UTF8" not in str(error):
            raise
