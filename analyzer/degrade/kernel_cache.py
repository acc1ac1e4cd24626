"""Compiled kernels on disk, such that neither a second process nor an upgrade can spoil them.

The cache of numba keeps an index by function beside numbered files. Two processes that compile
different signatures at once give both the same number, and one then loads what is the other's;
a reader can meet a new index beside an old file; and a kernel is not compiled anew where one that
it calls, or a constant of another module, has changed. Here every signature has a file of its own,
named by all that it depends on, written whole or not at all.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from types import CodeType
from typing import Any

import numba
import numpy as np
from numba.core import caching, serialize
from numba.core.runtime.nrt import rtsys

_FunctionCache: Any = caching.FunctionCache
_dumps: Any = serialize.dumps
_runtime: Any = rtsys


class KernelCache(_FunctionCache):  # type: ignore[misc]
    """The cache of one function. Folders are those of numba, the first that can be written to.

    What cannot be read is compiled anew; what cannot be written is not kept.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__(function)
        self._cache_file = Files(Path(self.cache_path), self._impl.filename_base, function)

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Return what was compiled for a signature, or None.

        First without all that numba can compile, whose import takes longer than loading many
        kernels: one that was compiled needs the runtime, and names the modules that it calls.
        """
        for load in (self._load_alone, super().load_overload):
            # Whatever is wrong with a file, compiling mends it.
            with suppress(Exception):
                return load(sig, target_context)
        return None

    def _load_alone(self, sig: Any, target_context: Any) -> Any:
        _runtime.initialize(target_context)
        return self._load_overload(sig, target_context)

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep what was compiled for a signature."""
        try:
            super().save_overload(sig, data)
        except OSError:
            # A full disk, or a folder that is read-only by now: the kernel itself is there.
            return


class Files:
    """A file for every signature of ``function``, in ``folder``, by names that begin alike."""

    def __init__(self, folder: Path, beginning: str, function: Callable[..., Any]) -> None:
        self._folder = folder
        self._beginning = beginning
        self._function = function
        self._stamp = ""

    def load(self, key: object) -> Any:
        """Return what was saved under ``key``, or None."""
        try:
            saved = self._path(key).read_bytes()
        except OSError:
            return None
        return pickle.loads(saved)  # noqa: S301 - as numba does, from its own folders

    def save(self, key: object, data: object) -> None:
        """Write ``data`` for ``key``, whole or not at all. Raises OSError where that fails."""
        handle, name = tempfile.mkstemp(dir=self._folder, prefix=self._beginning, suffix=".tmp")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(_dumps(data))
            Path(name).replace(self._path(key))
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise

    def flush(self) -> None:
        """Remove all that is kept of the function."""
        for path in self._folder.glob(f"{self._beginning}.*.nbc"):
            path.unlink(missing_ok=True)

    def _path(self, key: object) -> Path:
        if not self._stamp:
            parts = "\n".join((numba.__version__, np.__version__, *_parts(self._function, set())))
            self._stamp = hashlib.sha256(parts.encode()).hexdigest()
        name = hashlib.sha256(f"{key!r}{self._stamp}".encode()).hexdigest()[:32]
        return self._folder / f"{self._beginning}.{name}.nbc"


def _parts(function: Callable[..., Any], seen: set[int]) -> Iterator[str]:
    """Yield all that the machine code of ``function`` follows from, in a fixed order."""
    if id(function) in seen:
        return
    seen.add(id(function))
    code = function.__code__
    yield f"{function.__module__}.{function.__qualname__} {function.__defaults__!r}"
    yield from _of_code(code)
    for name in sorted({*code.co_names, *code.co_freevars}):
        value = function.__globals__.get(name)
        called = getattr(value, "py_func", None) or getattr(value, "built_by", None)
        if called is not None:
            yield from _parts(called, seen)
        elif isinstance(value, np.ndarray):
            yield f"{name} {value.dtype} {value.shape}"
            yield hashlib.sha256(value.tobytes()).hexdigest()
        elif isinstance(value, bool | int | float | str | tuple | np.generic):
            yield f"{name} {value!r}"


def _of_code(code: CodeType) -> Iterator[str]:
    yield code.co_code.hex()
    # Of functions that are built in or another module's, the names are all there is.
    yield " ".join((*code.co_names, *code.co_freevars))
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _of_code(constant)
        else:
            yield repr(constant)
