"""Files that are there whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from degrade.errors import UsageError


def replace_file(path: str | os.PathLike[str], content: str | bytes) -> None:
    """Write ``content`` (text as UTF-8, newlines as given) to ``path`` in one step.

    Its folder is made if it is not there. A reader sees the old file or the new one. A link keeps
    pointing where it did; a pipe or a device is written to as it is. Raises UsageError where
    ``path`` cannot be written.
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    target = Path(os.path.realpath(path))
    try:
        if target.exists() and not target.is_file():
            # Also says, for a folder, that it is one.
            target.write_bytes(data)
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        with _beside(target) as stream:
            stream.write(data)
    except OSError as error:
        raise UsageError(f"{os.fspath(path)}: cannot be written: {error.strerror}") from error


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """Write a file piece by piece that is there whole at the end, or as it was before.

    As ``replace_file`` otherwise.
    """
    target = Path(os.path.realpath(path))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with _beside(target) as stream:
            yield stream
    except OSError as error:
        raise UsageError(f"{os.fspath(path)}: cannot be written: {error.strerror}") from error


@contextmanager
def _beside(target: Path) -> Iterator[BinaryIO]:
    temporary = target.with_name(f".{target.name[:100]}.{secrets.token_hex(6)}.part")
    # Not the tempfile module: its files are closed to other users, and would stay so.
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
