"""What can be read only once, kept on disk so that it can be read again."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO, cast

import orjson

from degrade.errors import UsageError
from degrade.readers.lines import LineStream, byte_ranges
from degrade.readers.problems import EMPTY_DOCUMENT, Refusal, unpaired_surrogate
from degrade.readers.reader import Fields, Problem, Shard
from degrade.readers.records import Record, described, maker
from degrade.text.document import Document


def spool_stream(stream: BinaryIO) -> str:
    """Copy ``stream`` to a temporary file and return its path; the caller removes it."""
    with _temporary() as file:
        shutil.copyfileobj(stream, file, 1 << 20)
    return str(file.name)


def spool_items(items: object, fields: Fields, limit: int | None = None) -> str:
    """Write what ``items`` holds, up to ``limit`` documents, to a temporary file for Spool.

    Items are strings, Documents or mappings; ``items`` may also be a table (pandas, polars,
    pyarrow) or a dataset of Hugging Face. Returns the path; the caller removes it. Raises
    UsageError for what is no corpus.
    """
    make = maker(fields)
    documents = 0
    with _temporary() as file:
        for item in _each(items) if limit != 0 else ():
            made = _made(item, make)
            documents += isinstance(made, Document)
            file.write(_packed(made))
            if documents == limit:
                # Before another is asked for: of a stream, it may be long in coming.
                break
    return str(file.name)


@dataclass(frozen=True, slots=True)
class Spool:
    """Reads back what spool_items wrote: documents, and what was wrong with other items."""

    name: str = "spool"
    suffixes: tuple[str, ...] = ()

    def shards(self, path: str, shard_bytes: int) -> list[Shard]:
        """Return byte ranges."""
        return byte_ranges(path, shard_bytes)

    def read(self, shard: Shard, fields: Fields) -> Iterator[Document | Problem]:  # noqa: ARG002
        """Yield a document or a problem for each item; ``fields`` were heeded at writing."""
        stream = LineStream(shard, unit="item")
        for block in stream:
            for index, line in enumerate(block.lines, block.first):
                held = orjson.loads(line)
                if "kind" in held:
                    yield stream.problem(index, Refusal(held["kind"], held["message"]))
                else:
                    yield Document(**held)
        if stream.ending is not None:
            yield stream.ending


@contextmanager
def _temporary() -> Iterator[Any]:
    """Open a new file that stays, unless what is written to it fails."""
    file = tempfile.NamedTemporaryFile(prefix="degrade-", delete=False)  # noqa: SIM115
    try:
        with file:
            yield file
    except BaseException:
        Path(file.name).unlink()
        raise


def _each(items: Any) -> Iterable[object]:
    """Return the rows of a table, or the items of anything else, one by one."""
    if isinstance(items, Mapping) and len(items) == 1 and _is_dataset(*items.values()):
        (items,) = items.values()
    if isinstance(items, Mapping):
        raise UsageError(
            f"a mapping with the keys {', '.join(map(str, items))} is not a corpus; "
            "pass one of its values"
        )
    if _is_dataset(items):
        # Whatever it is set to give, such as tables of pandas: rows.
        return cast("Iterable[object]", items.with_format(None))
    if hasattr(items, "itertuples"):  # pandas, where NaN in a column of objects is null
        rows = items.astype(object).where(items.notna(), None)
        names = [str(name) for name in items.columns]
        return (
            dict(zip(names, row, strict=True)) for row in rows.itertuples(index=False, name=None)
        )
    if hasattr(items, "iter_rows"):  # polars
        return cast("Iterable[object]", items.iter_rows(named=True))
    if hasattr(items, "to_batches"):  # pyarrow
        return (row for batch in items.to_batches() for row in batch.to_pylist())
    if not isinstance(items, Iterable) or isinstance(items, bytes | bytearray):
        raise UsageError(
            f"{type(items).__name__!r} is not a corpus; pass a path, or an iterable of strings, "
            "of Documents or of mappings"
        )
    return items


def _is_dataset(items: object) -> bool:
    """Return whether ``items`` is a dataset of Hugging Face, in memory or streaming."""
    return not isinstance(items, Mapping) and all(
        hasattr(items, name) for name in ("with_format", "features")
    )


def _made(item: object, make: Callable[[Record], Document | Refusal]) -> Document | Refusal:
    if isinstance(item, Document):
        made: Document | Refusal = _of_strings(item)
    elif isinstance(item, str):
        made = Document(item)
    elif isinstance(item, Mapping):
        made = make(item)
    else:
        shown = repr(item)
        shown = shown if len(shown) <= 40 else shown[:40] + "..."
        return Refusal(
            "not-a-string",
            f"a {type(item).__name__} ({shown}), where a string, a Document or a mapping "
            "was expected",
        )
    if isinstance(made, Refusal):
        return made
    if not made.text or made.text.isspace():
        return EMPTY_DOCUMENT
    return unpaired_surrogate(made) or made


def _of_strings(document: Document) -> Document | Refusal:
    """Return ``document`` with its metadata as strings, or why it is none."""
    for name in ("text", "id", "cluster"):
        value = getattr(document, name)
        if not isinstance(value, str):
            said = f"the {name} of a Document is {described(value)}, where a string was expected"
            return Refusal("not-a-string", said)
    if not document.metadata:
        return document
    return replace(document, metadata={str(k): str(v) for k, v in document.metadata.items()})


def _packed(made: Document | Refusal) -> bytes:
    held: dict[str, object]
    if isinstance(made, Refusal):
        held = {"kind": made.kind, "message": made.message}
    else:
        held = {"text": made.text, "id": made.id, "cluster": made.cluster}
        if made.metadata:
            held["metadata"] = dict(made.metadata)
    return orjson.dumps(held, option=orjson.OPT_APPEND_NEWLINE)
