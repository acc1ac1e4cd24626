"""Reading what lies far away, where now and then a read fails and the next one does not."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from contextlib import suppress
from typing import BinaryIO, TypeVar

ATTEMPTS = 6
WAIT = 0.1
"""Seconds before a second attempt; before each further one, twice as long."""
LASTING = (FileNotFoundError, PermissionError, IsADirectoryError, NotADirectoryError)
"""What no further attempt changes."""
Found = TypeVar("Found")


def insistently(action: Callable[[], Found]) -> Found:
    """Return what ``action`` returns, which is tried again where it fails. Raises OSError."""
    for attempt in range(ATTEMPTS - 1):
        try:
            return action()
        except LASTING:
            raise
        except Exception:  # noqa: BLE001 - stores raise what their own clients do
            time.sleep(WAIT * 2**attempt)
    try:
        return action()
    except OSError:
        raise
    except Exception as error:
        raise OSError(f"{type(error).__name__}: {error} ({ATTEMPTS} attempts)") from error


class Persistent(io.RawIOBase):
    """The file ``opened``; where a read fails, ``opening`` opens it again, at the same place."""

    def __init__(self, opened: BinaryIO, opening: Callable[[], BinaryIO]) -> None:
        self._opening = opening
        self._file: BinaryIO | None = opened
        self._file_at = 0
        self._at = 0

    def readable(self) -> bool:
        """Return that it can be read."""
        return True

    def seekable(self) -> bool:
        """Return that it can be read from anywhere."""
        return True

    def tell(self) -> int:
        """Return where the next read begins."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Have the next read begin at ``offset``."""
        if whence == io.SEEK_END:
            offset += insistently(self._size)
        elif whence == io.SEEK_CUR:
            offset += self._at
        self._at = max(0, offset)
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Read into ``buffer``; return how many bytes, 0 at the end."""
        block = insistently(lambda: self._read(len(buffer)))
        buffer[: len(block)] = block
        self._at += len(block)
        return len(block)

    def close(self) -> None:
        """Close the file."""
        self._drop()
        super().close()

    def _read(self, size: int) -> bytes:
        try:
            file = self._opened()
            # What cannot be read but from its start is never asked to go anywhere else.
            if self._file_at != self._at:
                file.seek(self._at)
            block = file.read(size)
        except BaseException:
            self._drop()
            raise
        self._file_at = self._at + len(block)
        return block

    def _size(self) -> int:
        try:
            self._file_at = self._opened().seek(0, io.SEEK_END)
        except BaseException:
            self._drop()
            raise
        return self._file_at

    def _opened(self) -> BinaryIO:
        if self._file is None:
            self._file = self._opening()
            self._file_at = 0
        return self._file

    def _drop(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            with suppress(Exception):
                file.close()
