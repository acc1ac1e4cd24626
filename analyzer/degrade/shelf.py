"""Files side by side in a folder, here or at an fsspec URL: read, written whole, listed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from degrade.atomic import replace_file
from degrade.errors import InputError, UsageError
from degrade.readers.files import filesystem, is_url, open_binary


@dataclass(frozen=True, slots=True)
class Shelf:
    """The files in the folder ``where``, by their names."""

    where: str

    def path(self, name: str) -> str:
        """Return where a file is."""
        return f"{self.where.rstrip('/')}/{name}"

    def read(self, name: str) -> bytes | None:
        """Return the content of a file, or None if it is not there."""
        with self._readable():
            try:
                with open_binary(self.path(name)) as file:
                    return file.read()
            except (FileNotFoundError, NotADirectoryError):
                return None

    def write(self, name: str, content: bytes) -> None:
        """Write a file in one step. Raises UsageError where that cannot be done."""
        path = self.path(name)
        if not is_url(path):
            replace_file(path, content)
            return
        files, inner = filesystem(path)
        try:
            files.makedirs(str(PurePosixPath(inner).parent), exist_ok=True)
            # What is written in a transaction appears at its end, or not at all.
            with files.transaction, files.open(inner, "wb") as file:
                file.write(content)
        except OSError as error:
            raise UsageError(f"{path}: cannot be written: {error.strerror or error}") from error

    def remove(self, name: str) -> None:
        """Remove a file, if it is there."""
        path = self.path(name)
        if not is_url(path):
            Path(path).unlink(missing_ok=True)
            return
        files, inner = filesystem(path)
        if files.exists(inner):
            files.rm_file(inner)

    def names(self) -> list[str]:
        """Return the names of all files, in order; none of a folder that is not there."""
        with self._readable():
            if not is_url(self.where):
                folder = Path(self.where)
                return sorted(each.name for each in folder.iterdir() if each.is_file())
            files, inner = filesystem(self.where)
            found = files.ls(inner, detail=True, refresh=True)
            return sorted(
                PurePosixPath(each["name"]).name for each in found if each["type"] == "file"
            )

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Wait until no other process is in here, and keep others out.

        Not at a URL, and not where the system or the file system has no locks on folders.
        """
        if is_url(self.where):
            yield
            return
        try:
            Path(self.where).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"{self.where}: cannot be written: {error.strerror}") from error
        with ExitStack() as stack:
            with suppress(ImportError, OSError):
                import fcntl

                # A lock of the folder leaves no file in it, and goes with the process.
                handle = os.open(self.where, os.O_RDONLY)
                stack.callback(os.close, handle)
                fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    @contextmanager
    def _readable(self) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError:
            raise InputError(f"{self.where}: no such folder") from None
        except OSError as error:
            raise InputError(f"{self.where}: cannot be read: {error.strerror or error}") from error
