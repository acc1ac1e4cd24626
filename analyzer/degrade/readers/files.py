"""Opening files, here or at an fsspec URL, and reading them in blocks."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

from degrade.errors import InputError, MissingExtraError
from degrade.readers.compression import DamagedArchiveError, decompressed, method_of
from degrade.readers.persistent import Persistent, insistently
from degrade.record import InputFile

BLOCK = 1 << 20
HEAD = 1 << 16


def is_url(path: str) -> bool:
    """Tell whether ``path`` is for fsspec."""
    return "://" in path


@contextmanager
def readable(shown: str) -> Iterator[None]:
    """Turn what the system says about a file into an InputError that names it."""
    try:
        yield
    except FileNotFoundError:
        raise InputError(f"{shown}: no such file") from None
    except PermissionError:
        raise InputError(f"{shown}: no permission to read it; see `ls -l`") from None
    except OSError as error:
        raise InputError(f"{shown}: cannot be read: {error.strerror or error}") from error


def filesystem(url: str) -> tuple[Any, str]:
    """Return fsspec's filesystem for ``url``, and the path in it."""
    import fsspec

    try:
        return cast("tuple[Any, str]", fsspec.core.url_to_fs(url))
    except ImportError as error:
        raise MissingExtraError(f"{url}: {error}") from None
    except ValueError as error:
        raise InputError(f"{url}: {error}") from None


def open_binary(path: str) -> BinaryIO:
    """Open ``path`` for reading, as it lies there; at a URL, reads that fail are tried again."""
    if is_url(path):
        files, inner = filesystem(path)
        opened = insistently(lambda: files.open(inner, "rb"))
        # Files in fsspec's memory share one position among all who open them.
        if isinstance(opened, io.BytesIO):
            return io.BytesIO(opened.getbuffer())
        return io.BufferedReader(Persistent(opened, lambda: files.open(inner, "rb")), HEAD)
    return open(path, "rb")  # noqa: PTH123 - of many small files, Paths would take as long as reading


def size_of(path: str) -> int | None:
    """Return the bytes of ``path`` as it lies there, or None where a server does not say."""
    if is_url(path):
        files, inner = filesystem(path)
        size = insistently(lambda: files.info(inner)).get("size")
        return None if size is None else int(size)
    return os.stat(path).st_size  # noqa: PTH116 - as in open_binary


def changed(path: str) -> list[int | str | None]:
    """Return what differs when ``path`` was written to: its size, and its time or its like."""
    if is_url(path):
        files, inner = filesystem(path)
        return [size_of(path), str(files.ukey(inner))]
    facts = Path(path).stat()
    return [facts.st_size, facts.st_mtime_ns]


def is_compressed(path: str) -> bool:
    """Tell whether ``path`` is compressed, by its suffix or else by its first bytes."""
    with open_binary(path) as raw:
        return method_of(path, raw.read(16)) is not None


def blocks(path: str) -> Generator[bytes]:
    """Yield the content of ``path``, decompressed, in blocks of about 1 MiB.

    Raises DamagedArchiveError, after all that could be read.
    """
    with open_binary(path) as raw:
        block = raw.read(HEAD)
        method = method_of(path, block[:16])
        if method is None:
            # For what does not fill a small block, no room is made for a large one.
            if len(block) == HEAD:
                block += raw.read(BLOCK - HEAD)
            while block:
                yield block
                # Fewer than asked for are the last.
                block = raw.read(BLOCK) if len(block) == BLOCK else b""
            return
        raw.seek(0)
        pieces: list[bytes] = []
        held = 0
        damage: DamagedArchiveError | None = None
        try:
            for piece in decompressed(raw, method):
                pieces.append(piece)
                held += len(piece)
                if held >= BLOCK:
                    yield b"".join(pieces)
                    pieces, held = [], 0
        except DamagedArchiveError as error:
            damage = error
        if pieces:
            yield b"".join(pieces)
        if damage is not None:
            raise damage


def head_of(path: str) -> bytes:
    """Return the first 64 KiB of the content of ``path``; less of a short or damaged file."""
    content = blocks(path)
    try:
        return next(content, b"")[:HEAD]
    except DamagedArchiveError:
        return b""
    finally:
        content.close()


def input_file(path: str, shown: str) -> InputFile:
    """Return the size and SHA-256 of ``path`` as it lies there."""
    digest = hashlib.sha256()
    size = 0
    with open_binary(path) as raw:
        while block := raw.read(BLOCK):
            digest.update(block)
            size += len(block)
    return InputFile(path=shown, bytes=size, sha256=digest.hexdigest())
