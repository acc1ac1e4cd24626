"""Compiled kernels on disk, such that neither a second process nor an upgrade can spoil them.

The cache of numba keeps an index by function beside numbered files. Two processes that compile
different signatures at once give both the same number, and one then loads what is the other's;
a reader can meet a new index beside an old file; and a kernel is not compiled anew where one that
it calls, or a constant of another module, has changed. Here every signature has a file of its own,
named by all that it depends on, written whole or not at all.
"""

from __future__ import annotations

import hashlib
import io
import os
import pickle
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache, partial
from pathlib import Path
from types import CodeType
from typing import Any
from zlib import crc32

import numba
import numpy as np
from llvmlite import binding
from numba.core import caching, serialize
from numba.core import environment as environments
from numba.core.runtime.nrt import rtsys

_FunctionCache: Any = caching.FunctionCache
_CompileResultCacheImpl: Any = caching.CompileResultCacheImpl
_environments: Any = environments
_dumps: Any = serialize.dumps
_runtime: Any = rtsys


class _Compiled(_CompileResultCacheImpl):  # type: ignore[misc]
    """A compiled kernel as it is kept: with a list of its symbols.

    Its bitcode is for kernels that call it and are compiled yet. To parse it and look for symbols
    there would be most of the time that it takes to load a kernel.
    """

    def reduce(self, cres: Any) -> Any:
        """Return what is kept of a kernel."""
        module = cres.library._get_module_for_linking()
        named = (*module.functions, *module.global_variables)
        symbols = sorted(each.name for each in named if not each.is_declaration)
        kept = super().reduce(cres)
        (_, _, (_, bitcode)), *_ = kept
        return symbols, crc32(bitcode), kept

    def rebuild(self, target_context: Any, payload: Any) -> Any:
        """Return the kernel of which ``payload`` was kept."""
        symbols, checksum, ((name, kind, (machine_code, bitcode)), *about) = payload
        # Looked at now, when it can still be compiled anew instead.
        if crc32(bitcode) != checksum:
            raise ValueError("damaged bitcode")
        target_context.codegen()._engine._defined_symbols.update(symbols)
        alone = name, kind, (machine_code, _no_bitcode())
        loaded = super().rebuild(target_context, (alone, *about))
        loaded.library._get_module_for_linking = partial(_linkable, loaded.library, bitcode)
        return loaded


class KernelCache(_FunctionCache):  # type: ignore[misc]
    """The cache of one function. Folders are those of numba, the first that can be written to.

    What cannot be read is compiled anew; what cannot be written is not kept.
    """

    _impl_class = _Compiled

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


def _linkable(library: Any, bitcode: bytes) -> Any:
    """Return the module that is linked into kernels that call this one."""
    del library._get_module_for_linking
    library._shared_module = binding.parse_bitcode(bitcode)
    return library._shared_module


@cache
def _no_bitcode() -> bytes:
    empty: bytes = binding.parse_assembly("").as_bitcode()
    return empty


class _Unpickler(pickle.Unpickler):
    """Makes the environments of kernels without the modules of numba that those came from."""

    def find_class(self, module: str, name: str) -> Any:
        """Return what is called ``name`` in ``module``."""
        if (module, name) == (_environments.__name__, "_rebuild_env"):
            return _environment
        return super().find_class(module, name)


def _environment(module: str, constants: object, name: str) -> Any:
    if not module.startswith("numba.") or module in sys.modules:
        return _environments._rebuild_env(module, constants, name)
    known = _environments.lookup_environment(name)
    if known is None:
        # Compiled code looks at the constants alone; to import the module takes as long as to load
        # ten kernels.
        known = _environments.Environment({})
        known.consts[:] = constants
        known.env_name = name
        _environments.Environment._memo[name] = known
    return known


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
        # As numba does, from its own folders.
        return _Unpickler(io.BytesIO(saved)).load()

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
        elif isinstance(value, numba.types.ExternalFunction):
            yield f"{name} {value.symbol} {value.sig}"
        elif isinstance(value, bool | int | float | str | bytes | tuple | np.generic):
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
