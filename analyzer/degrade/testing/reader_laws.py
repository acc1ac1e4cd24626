"""What every reader must do."""

from __future__ import annotations

import pickle
from collections.abc import Iterable
from pathlib import Path

from degrade.readers.files import blocks
from degrade.readers.reader import Fields, Problem, Reader, RowReader, SeveralReader
from degrade.testing.demands import require
from degrade.text.document import Columns, Document, Rows


def check_reader(
    reader: Reader, path: str | Path, fields: Fields | None = None, documents: int = 2
) -> None:
    """Check that ``reader`` reads the file at ``path`` alike, in however many shards.

    The file holds at least ``documents`` documents, and may hold damage.
    """
    name, place, asked = reader.name, str(path), fields or Fields()
    require(bool(name.strip()), "the reader has no name")
    require(bool(reader.suffixes), f"{name}: no suffixes")
    for suffix in reader.suffixes:
        require(
            suffix.startswith(".") and len(suffix) > 1 and suffix == suffix.lower(),
            f"{name}: suffix {suffix!r} is not a dot and small letters",
        )
    copy = pickle.loads(pickle.dumps(reader))  # noqa: S301 - of our own making
    size = Path(place).stat().st_size

    def read(by: Reader, shard_bytes: int) -> list[list[Document | Problem]]:
        shards = by.shards(place, shard_bytes)
        for shard in shards:
            require(shard.path == place, f"{name}: a shard of {place} is of {shard.path}")
        return [list(by.read(shard, asked)) for shard in shards]

    parts = read(reader, 2 * size + 1)
    require(len(parts) == 1, f"{name}: {len(parts)} shards of a file smaller than one")
    (whole,) = parts
    for item in whole:
        require(isinstance(item, Document | Problem), f"{name}: it yields {item!r}")
    found = sum(isinstance(item, Document) for item in whole)
    require(
        found >= documents, f"{name}: {found} documents in {place}, so its laws would say little"
    )
    for shard_bytes in sorted({1, 7, 64, 1_000, size // 3 + 1, size - 1, size, size + 1} - {0}):
        _check_same(f"{name}: shards of {shard_bytes} bytes", whole, read(reader, shard_bytes))
    if isinstance(reader, RowReader):
        for shard_bytes in (7, size // 3 + 1, 2 * size + 1):
            found_rows = [
                [item for row in reader.rows(shard, asked) for item in _items(row)]
                for shard in reader.shards(place, shard_bytes)
            ]
            _check_same(f"{name}: rows of {shard_bytes} bytes", whole, found_rows)
    if isinstance(reader, SeveralReader):
        together = reader.together([b"".join(blocks(place))] * 2, asked)
        if together is not None:
            items = [[item for row in together.rows for item in _items(row)]]
            _check_same(f"{name}: the file twice, read together", whole * 2, items)
            require(
                [*together.documents] == [len(whole)] * 2,
                f"{name}: of files of {len(whole)} documents, it says {together.documents}",
            )
    _check_same(f"{name}: reading again", whole, read(reader, 2 * size + 1))
    _check_same(f"{name}: reading by an unpickled one", whole, read(copy, 2 * size + 1))


def _items(row: Rows | Problem) -> Iterable[Document | Problem]:
    return row if isinstance(row, Columns) else (row,)


def _check_same(
    said: str, whole: list[Document | Problem], parts: list[list[Document | Problem]]
) -> None:
    items = [item for part in parts for item in part]
    for i, (expected, found) in enumerate(zip(whole, items, strict=False)):
        require(expected == found, f"{said}: item {i} is {found}, in one shard {expected}")
    require(len(items) == len(whole), f"{said}: {len(items)} items, in one shard {len(whole)}")
