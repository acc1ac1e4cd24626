"""Files of every format and compression, for tests to read."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import json
import lzma
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pyarrow
import pyarrow.feather
import pyarrow.parquet
import zstandard

Record = Mapping[str, object]


def json_lines(records: Sequence[Record]) -> bytes:
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


def rows(records: Sequence[Record], delimiter: str) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(records[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(records)
    return out.getvalue().encode()


def parquet(records: Sequence[Record], group: int = 2) -> bytes:
    out = io.BytesIO()
    table = pyarrow.Table.from_pylist([dict(record) for record in records])
    pyarrow.parquet.write_table(table, out, row_group_size=group)
    return out.getvalue()


def arrow_stream(records: Sequence[Record], batch: int = 2) -> bytes:
    out = io.BytesIO()
    table = pyarrow.Table.from_pylist([dict(record) for record in records])
    with pyarrow.ipc.new_stream(out, table.schema) as writer:
        writer.write_table(table, max_chunksize=batch)
    return out.getvalue()


def arrow_file(records: Sequence[Record]) -> bytes:
    out = io.BytesIO()
    table = pyarrow.Table.from_pylist([dict(record) for record in records])
    with pyarrow.ipc.new_file(out, table.schema) as writer:
        writer.write_table(table, max_chunksize=2)
    return out.getvalue()


def feather(records: Sequence[Record]) -> bytes:
    out = io.BytesIO()
    table = pyarrow.Table.from_pylist([dict(record) for record in records])
    pyarrow.feather.write_feather(table, out)
    return out.getvalue()


FORMATS: Mapping[str, Callable[[Sequence[Record]], bytes]] = {
    ".jsonl": json_lines,
    ".ndjson": json_lines,
    ".json": json_lines,
    ".csv": lambda records: rows(records, ","),
    ".tsv": lambda records: rows(records, "\t"),
    ".parquet": parquet,
    ".arrow": arrow_stream,
    ".ipc": arrow_file,
    ".feather": feather,
}
COMPRESSIONS: Mapping[str, Callable[[bytes], bytes]] = {
    "": bytes,
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
    ".zst": lambda data: zstandard.ZstdCompressor(write_checksum=True).compress(data),
}
ARCHIVES = [suffix for suffix in COMPRESSIONS if suffix]


def put(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path
