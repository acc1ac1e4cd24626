"""What a worker needs to begin: a count, pickled, and the modules that it finds by no name."""

from __future__ import annotations

import pickle
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import cast

from degrade.engines.counting import Count


@dataclass(frozen=True, slots=True)
class Luggage:
    """A pickled ``Count``; ``modules``, by name, file and source, are made first.

    Another machine may not have their files.
    """

    count: bytes
    modules: tuple[tuple[str, str, bytes], ...]

    def opened(self) -> Count:
        """Return the count, in another process. Raises whatever its parts raise."""
        for name, file, source in self.modules:
            module = sys.modules[name] = ModuleType(name)
            module.__file__ = file
            exec(compile(source, file, "exec"), module.__dict__)
        return cast(Count, pickle.loads(self.count))  # noqa: S301 - packed by this program


def packed(count: Count) -> Luggage | None:
    """Return ``count`` for another process, or None where a metric or a reader cannot travel."""
    try:
        pickled = pickle.dumps(count)
    except (pickle.PicklingError, AttributeError, TypeError):
        return None
    needs, layers = count.plan.needs, count.plan.layers.values()
    parts = (*(n.measure for n in needs), *(n.summary for n in needs), *map(type, layers))
    names = sorted({part.__module__ for part in parts if part is not None})
    found = ((name, file) for name in names if (file := _only_file(name)))
    return Luggage(pickled, tuple((name, file, Path(file).read_bytes()) for name, file in found))


def portable(error: BaseException) -> BaseException:
    """Return ``error`` with its traceback told in words, or its words alone if it cannot travel."""
    told = "".join(traceback.format_exception(error))
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - just made
    except Exception:  # noqa: BLE001 - anything may go wrong in a foreign exception
        return RuntimeError(told)
    error.add_note(f"In a worker:\n{told}")
    return error


def _only_file(name: str) -> str | None:
    """Return the file of a module that was loaded from it and that no import would find."""
    top = name.partition(".")[0]
    # Asked one by one: importlib.util.find_spec would answer from the modules that are loaded.
    if name == "__main__" or any(finder.find_spec(top, None) for finder in sys.meta_path):
        return None
    return getattr(sys.modules.get(name), "__file__", None)
