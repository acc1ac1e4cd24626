"""What Parquet and Arrow share: opening, choosing columns, and rows to documents."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import ModuleType
from typing import Any, BinaryIO, cast

from degrade.errors import MissingExtraError
from degrade.readers.compression import DamagedArchiveError
from degrade.readers.files import blocks, is_compressed, is_url, open_binary
from degrade.readers.problems import Refusal
from degrade.readers.reader import Fields, Problem
from degrade.readers.records import maker
from degrade.text.document import Document

# Rows become Python objects so many at a time, and fewer where they are long.
ROWS = 1024
ROW_BYTES = 16 << 20


def load_pyarrow(path: str) -> ModuleType:
    """Return pyarrow, for ``path``. Raises MissingExtraError if it is not installed."""
    try:
        import pyarrow
    except ImportError:
        raise MissingExtraError(
            f"{path}: Parquet and Arrow files need pyarrow: pip install 'degrade[arrow]'"
        ) from None
    return cast(ModuleType, pyarrow)


def damage_errors(path: str) -> tuple[type[Exception], ...]:
    """Return what pyarrow raises for damage, once a file is open."""
    return load_pyarrow(path).ArrowException, OSError


def corrupt(path: str, place: str, what: str, error: Exception) -> Problem:
    """Return the problem of a damaged part of a file."""
    reason = str(error).strip().partition("\n")[0].rstrip(".")
    return Problem("corrupt-file", path, place, f"{what} ({reason}); copy or write it again")


@contextmanager
def source(path: str) -> Iterator[tuple[Any, Problem | None]]:
    """Open ``path`` for pyarrow, with what is known to be wrong with it as an archive.

    A compressed file is unpacked to disk, since its formats are read from their end.
    """
    pyarrow = load_pyarrow(path)
    if is_compressed(path):
        with tempfile.TemporaryFile() as file:
            yield file, _unpack(path, cast(BinaryIO, file))
    elif is_url(path):
        with open_binary(path) as remote:
            yield remote, None
    else:
        with pyarrow.OSFile(path) as local:
            yield local, None


def _unpack(path: str, into: BinaryIO) -> Problem | None:
    damage = None
    try:
        for block in blocks(path):
            into.write(block)
    except DamagedArchiveError as error:
        damage = Problem(error.kind, path, "", error.message)
    into.seek(0)
    return damage


def wanted(names: Sequence[str], fields: Fields) -> list[str]:
    """Return those of a file's columns that ``fields`` lie in."""
    asked = [fields.text, "id" if fields.id is None else fields.id, fields.cluster, fields.source]
    named = [field for field in asked if field]
    tops = {field.partition(".")[0] for field in named}
    return [name for name in names if name in tops or name in named]


def batch_rows(rows: int, size: int) -> int:
    """Return how many of ``rows`` that take ``size`` bytes to hold as Python objects at once."""
    return min(ROWS, max(1, ROW_BYTES * rows // max(1, size)))


def documents(batch: Any, names: Sequence[str], fields: Fields) -> Iterator[Document | Refusal]:
    """Yield a document or a refusal for each row; ``names`` are all the columns of the file."""
    make = maker(fields, names)
    step = batch_rows(batch.num_rows, batch.nbytes)
    present = batch.schema.names
    for start in range(0, batch.num_rows, step):
        part = batch.slice(start, step)
        columns = [_values(column) for column in part.columns]
        for index in range(part.num_rows):
            yield make({name: values[index] for name, values in zip(present, columns, strict=True)})


def _values(column: Any) -> list[object]:
    try:
        return cast("list[object]", column.to_pylist())
    except UnicodeDecodeError:
        # Arrow does not check that its strings are UTF-8: each for itself, then.
        return [_raw(scalar) for scalar in column]


def _raw(scalar: Any) -> object:
    """Return a value with undecodable strings as bytes."""
    try:
        return cast(object, scalar.as_py())
    except UnicodeDecodeError:
        if hasattr(scalar, "as_buffer"):
            return cast(bytes, scalar.as_buffer().to_pybytes())
        if hasattr(scalar, "dictionary"):
            return _raw(scalar.value)
        if isinstance(scalar, Mapping):
            return {name: _raw(value) for name, value in scalar.items()}
        return [_raw(value) for value in scalar]
