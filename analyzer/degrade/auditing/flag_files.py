"""Flags of documents as files: JSON Lines as Dolma has attributes, or Parquet."""

from __future__ import annotations

import bz2
import gzip
import lzma
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any, BinaryIO, Protocol

import orjson
import zstandard

from degrade.atomic import replacing
from degrade.auditing.measures import FRACTIONS, REPETITION
from degrade.auditing.reasons import REASONS
from degrade.readers.columns import load_pyarrow

PREFIX = "degrade__"
VALUES = (REPETITION, *FRACTIONS, *REASONS)
"""Everything that has a value between 0 and 1."""
_HELD = 8_192
PARQUET = (".parquet", ".pq")


@dataclass(slots=True)
class Row:
    """A record: its id and number, and why it was skipped or what was measured of it.

    ``listed`` is whether the reasons are enough to list it; ``measures`` are by name; ``first`` is
    where the document is that it repeats or is like.
    """

    id: str
    record: int
    skipped: str | None = None
    reasons: tuple[str, ...] = ()
    listed: bool = False
    characters: int = 0
    words: int = 0
    measures: dict[str, float] = field(default_factory=dict)
    first: tuple[str, int] | None = None


class Rows(Protocol):
    """A file that rows are written to."""

    def add(self, row: Row) -> None:
        """Write a row."""
        ...

    def close(self) -> None:
        """Write what is left, and the end of the format."""
        ...


def rows_to(path: str, stack: ExitStack) -> Rows:
    """Return the file at ``path``, in the format of its suffix; it appears as ``stack`` closes."""
    stream = stack.enter_context(replacing(path))
    if path.endswith(PARQUET):
        return _Parquet(stream)
    compression = _COMPRESSIONS.get(Path(path).suffix.lower())
    if compression is None:
        return _JsonLines(stream, stream.flush)
    compressed = compression(stream)
    return _JsonLines(compressed, compressed.close)


_COMPRESSIONS: Mapping[str, Callable[[BinaryIO], Any]] = MappingProxyType(
    {
        # Without name and time, so that the same flags are the same bytes.
        ".gz": lambda raw: gzip.GzipFile("", "wb", 6, raw, mtime=0),
        ".bz2": lambda raw: bz2.BZ2File(raw, "wb"),
        ".xz": lambda raw: lzma.LZMAFile(raw, "wb"),  # noqa: SIM115 - closed with the rows
        ".zst": lambda raw: zstandard.ZstdCompressor().stream_writer(raw, closefd=False),
        ".zstd": lambda raw: zstandard.ZstdCompressor().stream_writer(raw, closefd=False),
    }
)


class _JsonLines:
    """A line a record; spans of attributes are of the whole document, and zeros are left out."""

    def __init__(self, stream: IO[bytes], finish: Callable[[], object]) -> None:
        self._stream, self._finish = stream, finish

    def add(self, row: Row) -> None:
        self._stream.write(orjson.dumps(_plain(row)) + b"\n")

    def close(self) -> None:
        self._finish()


def _plain(row: Row) -> dict[str, Any]:
    values: dict[str, float] = {}
    if row.skipped is not None:
        values["skipped"] = 1.0
    else:
        values["words"] = row.words
        values.update((name, row.measures[name]) for name in VALUES if row.measures.get(name))
        if row.reasons:
            values["reasons"] = len(row.reasons)
        if row.listed:
            values["listed"] = 1.0
    whole = {f"{PREFIX}{name}": [[0, row.characters, value]] for name, value in values.items()}
    plain: dict[str, Any] = {"id": row.id or None, "attributes": whole}
    if row.skipped is not None:
        plain["skipped"] = row.skipped
    if row.reasons:
        plain["reasons"] = row.reasons
    if row.first is not None:
        plain["first_file"], plain["first_record"] = row.first
    return plain


class _Parquet:
    """A row a record, a column a value; of records that were skipped, values are null."""

    def __init__(self, stream: BinaryIO) -> None:
        pyarrow = load_pyarrow("flags")
        import pyarrow.parquet as parquet

        kinds = [
            ("id", pyarrow.string()),
            ("record", pyarrow.int64()),
            ("skipped", pyarrow.string()),
            ("reasons", pyarrow.list_(pyarrow.string())),
            ("listed", pyarrow.bool_()),
            ("first_file", pyarrow.string()),
            ("first_record", pyarrow.int64()),
            ("words", pyarrow.int64()),
            *((name, pyarrow.float64()) for name in VALUES),
        ]
        self._schema = pyarrow.schema(kinds)
        self._table = pyarrow.Table
        self._writer = parquet.ParquetWriter(stream, self._schema, compression="zstd")
        self._rows: list[dict[str, Any]] = []

    def add(self, row: Row) -> None:
        file, record = row.first or (None, None)
        plain: dict[str, Any] = {
            "id": row.id or None,
            "record": row.record,
            "skipped": row.skipped,
            "reasons": list(row.reasons),
            "listed": None if row.skipped is not None else row.listed,
            "first_file": file,
            "first_record": record,
        }
        if row.skipped is None:
            plain["words"] = row.words
            plain.update((name, row.measures.get(name, 0.0)) for name in VALUES)
        self._rows.append(plain)
        if len(self._rows) == _HELD:
            self._write()

    def close(self) -> None:
        self._write()
        self._writer.close()

    def _write(self) -> None:
        self._writer.write_table(self._table.from_pylist(self._rows, schema=self._schema))
        self._rows = []
