"""Generations on disk: JSON Lines beside a manifest that says how they were made."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from degrade.atomic import replace_file
from degrade.errors import UsageError
from degrade.text.document import Document
from degrade.version import __version__

SCHEMA = 1
PART = 10_000
"""Documents in one file of a folder."""


@dataclass(frozen=True, slots=True)
class Generation:
    """Documents that were written to ``path``, and the hash of that file."""

    path: Path
    documents: Sequence[Document]
    sha256: str

    @property
    def name(self) -> str:
        """What it is called: ``gen3``."""
        return self.path.stem


def manifest_of(path: Path) -> Path:
    """Return where the manifest of a generation lies."""
    return path.with_name(f"{path.stem}.manifest.json")


def keep(path: Path, documents: Sequence[Document], made: Mapping[str, Any]) -> Generation:
    """Write ``documents`` and then, once they are there, how they were ``made``."""
    data = b"".join(map(_line, documents))
    sha256 = hashlib.sha256(data).hexdigest()
    replace_file(path, data)
    replace_file(manifest_of(path), _manifest(path, len(documents), sha256, made))
    return Generation(path, documents, sha256)


def kept(path: Path, made: Mapping[str, Any]) -> Generation | None:
    """Return the generation at ``path`` if it is whole and was ``made`` so, else None."""
    try:
        data = path.read_bytes()
        noted = manifest_of(path).read_bytes()
    except OSError:
        return None
    sha256 = hashlib.sha256(data).hexdigest()
    lines = data.splitlines()
    if noted != _manifest(path, len(lines), sha256, made):
        return None
    return Generation(path, [_document(line) for line in lines], sha256)


def write_folders(corpora: Mapping[str, Path], folder: Path) -> list[Path]:
    """Write each of ``corpora``, files of generations, as a folder of parts; return these.

    Raises UsageError where folders of generations have parts that would not be among them.
    """
    parts = {
        folder / name / f"part-{number:03d}.jsonl": lines
        for name, path in corpora.items()
        for number, lines in enumerate(_parted(path.read_bytes().splitlines()))
    }
    for other in sorted(folder.glob("gen[0-9]*/part-*")):
        if other not in parts:
            raise UsageError(f"{other} is of another run; give --corpora another folder")
    for path, lines in parts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, b"".join(map(_bare, lines)))
    return list(parts)


def _parted(lines: list[bytes]) -> Iterator[list[bytes]]:
    for start in range(0, len(lines), PART):
        yield lines[start : start + PART]


def _bare(line: bytes) -> bytes:
    """Return a line of a generation; a document without a cluster of its own has none."""
    record = orjson.loads(line)
    if record["cluster"] == record["id"]:
        del record["cluster"]
    return orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE)


def _manifest(path: Path, documents: int, sha256: str, made: Mapping[str, Any]) -> bytes:
    manifest = {
        "schema_version": SCHEMA,
        "tool": {"name": "degrade", "version": __version__},
        "file": path.name,
        "documents": documents,
        "sha256": sha256,
        **made,
    }
    return orjson.dumps(manifest, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _line(document: Document) -> bytes:
    # All corpora of a run are read with one field of clusters.
    cluster = document.cluster or document.id
    record = {"id": document.id, "cluster": cluster, "text": document.text}
    return orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE)


def _document(line: bytes) -> Document:
    record = orjson.loads(line)
    return Document(record["text"], record["id"], record["cluster"])
