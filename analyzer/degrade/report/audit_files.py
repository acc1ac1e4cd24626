"""An audit as a file: JSON, a page, and the worst documents as a list."""

from __future__ import annotations

import io
import json
from dataclasses import fields

from degrade.audited import Audit, BadDocument
from degrade.errors import MissingExtraError
from degrade.report.codec import encode
from degrade.version import __version__

SCHEMA_VERSION = 1


def content(found: Audit, suffix: str) -> str | bytes:
    """Return ``found`` as .json or .html, or its worst documents as .jsonl or .parquet."""
    if suffix == ".html":
        from degrade.report.html.audit_page import page

        return page(found)
    if suffix == ".parquet":
        return _parquet(found)
    if suffix == ".jsonl":
        lines = (json.dumps(encode(each), ensure_ascii=True) for each in found.worst)
        return "".join(f"{line}\n" for line in lines)
    document = {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "degrade", "version": __version__},
        **encode(found),
    }
    return json.dumps(document, ensure_ascii=True, allow_nan=False, indent=2) + "\n"


def _parquet(found: Audit) -> bytes:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise MissingExtraError(
            "Parquet needs pyarrow: pip install 'degrade[arrow]'; .jsonl needs nothing"
        ) from error
    kinds = {
        "record": pa.int64(),
        "first_record": pa.int64(),
        "words": pa.int64(),
        "repeated": pa.float64(),
        "said_before": pa.float64(),
        "resemblance": pa.float64(),
        "reasons": pa.list_(pa.string()),
        "stands_out": pa.list_(pa.string()),
    }
    names = [field.name for field in fields(BadDocument)]
    schema = pa.schema([(name, kinds.get(name, pa.string())) for name in names])
    table = pa.Table.from_pylist([encode(each) for each in found.worst], schema=schema)
    file = io.BytesIO()
    pq.write_table(table, file, compression="zstd")
    return file.getvalue()
