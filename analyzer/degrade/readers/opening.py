"""Opening a corpus by what a user names: paths, standard input, or objects in memory."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from degrade import lfs
from degrade.errors import InputError, UsageError
from degrade.readers import arrow, delimited, jsonl, parquet, plain
from degrade.readers.compression import SUFFIXES
from degrade.readers.corpus import Corpus
from degrade.readers.corpus_file import CorpusFile, unlink
from degrade.readers.files import head_of, is_url, readable, size_of
from degrade.readers.garbage import uncollected
from degrade.readers.intake import OnError
from degrade.readers.paths import Found, find, is_pattern
from degrade.readers.plain import SPLITS, PlainText, Split
from degrade.readers.reader import Fields, Reader
from degrade.readers.sniff import format_of
from degrade.readers.spool import Spool, spool_items, spool_stream

STDIN = "-"
_POINTER_BYTES = 1024
FIELDS = Fields()
BUILT_IN: tuple[Reader, ...] = (
    plain.READER,
    jsonl.READER,
    delimited.CSV,
    delimited.TSV,
    parquet.READER,
    arrow.READER,
)


@dataclass(frozen=True, slots=True)
class Several:
    """Files, folders, globs and URLs that together are one corpus, called ``name``."""

    specs: tuple[str, ...]
    name: str


def open_corpus(
    spec: object,
    fields: Fields = FIELDS,
    *,
    split: Split | None = None,
    format: str | None = None,  # noqa: A002 - the option's name
    limit: int | None = None,
    on_error: OnError = "fail",
    name: str | None = None,
    readers: Sequence[Reader] = BUILT_IN,
) -> Corpus:
    """Return the corpus that ``spec`` names or is.

    A string or a Path is a file, a folder, a glob, an fsspec URL or ``-`` for standard input;
    ``Several`` of them are one corpus, in which a file that is named twice counts once.
    Anything else is an iterable of strings, Documents or mappings, or a table. ``format`` is the
    name of a reader for all files; without it, a file's suffix decides, and then its content.
    ``split`` is how plain text is divided. ``limit`` is the number of documents to read, from the
    first on. Nothing but the first bytes of nameless formats is read yet; standard input, pipes
    and objects are copied to disk. Raises InputError for what is not there, UsageError for
    what cannot be meant.
    """
    if limit is not None and limit < 1:
        raise UsageError(f"a limit of {limit} documents leaves none; give 1 or more")
    if split is not None and split not in SPLITS:
        raise UsageError(f"split {split!r} is not known; it is one of {', '.join(SPLITS)}")
    readers = _splitting(readers, split)
    temporary: list[str] = []
    try:
        if isinstance(spec, str | Path):
            files = _files(str(spec), readers, format, temporary)
            name = name or name_of(str(spec), readers)
        elif isinstance(spec, Several):
            found = [_files(each, readers, format, temporary) for each in spec.specs]
            files = list({file.path: file for some in found for file in some}.values())
            name = name or spec.name
        else:
            name = name or "documents"
            path = spool_items(spec, fields, limit)
            temporary.append(path)
            files = [CorpusFile(path, name, Path(path).stat().st_size, Spool())]
        if split is not None and not any(isinstance(file.reader, PlainText) for file in files):
            raise UsageError(f"{spec}: no plain text to split by {split}; leave --split out")
    except BaseException:
        unlink(temporary)
        raise
    return Corpus(name, files, fields, on_error=on_error, limit=limit, temporary=temporary)


def open_files(
    name: str,
    paths: Mapping[str, str],
    fields: Fields = FIELDS,
    *,
    split: Split | None = None,
    format: str | None = None,  # noqa: A002 - the option's name
    limit: int | None = None,
    on_error: OnError = "fail",
    readers: Sequence[Reader] = BUILT_IN,
) -> Corpus:
    """Return the corpus of just these files: ``paths`` by what each is called, in order.

    The rest is as in ``open_corpus``.
    """
    readers = _splitting(readers, split)
    files = []
    for shown, path in paths.items():
        with readable(shown):
            reader = _reader(path, shown, readers, format)
            files.append(CorpusFile(path, shown, size_of(path), reader))
    return Corpus(name, files, fields, on_error=on_error, limit=limit)


def _splitting(readers: Sequence[Reader], split: Split | None) -> list[Reader]:
    """Return ``readers``, that of plain text dividing it by ``split``."""
    return [
        replace(reader, split=split) if isinstance(reader, PlainText) else reader
        for reader in readers
    ]


def name_of(spec: str, readers: Sequence[Reader] = BUILT_IN) -> str:
    """Return the last part of ``spec`` that has no wildcard, without the suffixes of formats."""
    if spec == STDIN:
        return "stdin"
    path = PurePosixPath(spec if is_url(spec) else Path(spec).as_posix())
    if path.name in ("", ".."):
        path = PurePosixPath(Path(spec).resolve().as_posix())
    plain_parts = [part for part in path.parts if not is_pattern(part)]
    if len(plain_parts) < len(path.parts):
        return plain_parts[-1] if plain_parts and plain_parts[-1] != "/" else spec
    known = {*_by_suffix(readers), *SUFFIXES}
    while path.suffix and path.suffix.lower() in known and path.stem:
        path = path.with_suffix("")
    return path.name or spec


def _files(
    spec: str, readers: Sequence[Reader], name: str | None, temporary: list[str]
) -> list[CorpusFile]:
    if spec == STDIN:
        path = spool_stream(sys.stdin.buffer)
        temporary.append(path)
        found = [Found(path, "standard input", Path(path).stat().st_size)]
    else:
        found = find(spec)
    by_suffix = {} if name else _by_suffix(readers)
    # There may be very many files, and of most all is known by now.
    with uncollected():
        files = [_known(file, by_suffix) for file in found]
    return [
        known or _looked_at(file, readers, name, temporary)
        for known, file in zip(files, found, strict=True)
    ]


def _known(file: Found, by_suffix: Mapping[str, Reader]) -> CorpusFile | None:
    """Return ``file`` with its reader; None where it has to be looked at to know that."""
    path, shown, size = file
    suffix = _suffix(shown)
    reader = None if suffix in SUFFIXES else by_suffix.get(suffix)
    if reader is None or size is None or size <= _POINTER_BYTES:
        return None
    return CorpusFile(path, shown, size, reader)


def _looked_at(
    file: Found, readers: Sequence[Reader], name: str | None, temporary: list[str]
) -> CorpusFile:
    """Return ``file`` with its reader, and a pipe as the temporary file it is copied to."""
    path, shown, size = file
    with readable(shown):
        if size is None and not is_url(path):
            with Path(path).open("rb") as pipe:
                path = spool_stream(pipe)
            temporary.append(path)
            size = Path(path).stat().st_size
        small = size is not None and size <= _POINTER_BYTES and not is_url(path)
        if small and lfs.is_pointer(head_of(path)):
            raise InputError(lfs.said(shown))
        return CorpusFile(path, shown, size, _reader(path, shown, readers, name))


def _suffix(path: str) -> str:
    """Return the suffix of a path or URL in small letters, as ``PurePath`` has it."""
    # Of many small files, Paths would take as long as reading.
    at = path.rfind(".")
    suffix = path[at:]
    if at < 1 or len(suffix) < 2 or path[at - 1] in "/\\" or "/" in suffix or "\\" in suffix:
        return ""
    return suffix.lower()


def _by_suffix(readers: Sequence[Reader]) -> dict[str, Reader]:
    """Return the first of ``readers`` for every suffix that one of them has."""
    return {suffix: reader for reader in reversed(readers) for suffix in reader.suffixes}


def _reader(path: str, shown: str, readers: Sequence[Reader], name: str | None) -> Reader:
    """Return the reader of that name, or for the suffix, or else for the content."""
    if name is None:
        suffix = _suffix(shown)
        if suffix in SUFFIXES:
            suffix = _suffix(shown[: -len(suffix)])
        reader = _by_suffix(readers).get(suffix)
        if reader is not None:
            return reader
        name = format_of(head_of(path))
    named = {reader.name: reader for reader in readers}
    if name not in named:
        near = difflib.get_close_matches(name, named, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise UsageError(f"format {name!r} is not known; it is one of {', '.join(named)}{hint}")
    return named[name]
