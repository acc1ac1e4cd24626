"""What a worker needs to begin: a count, pickled, and the modules that it finds by no name."""

from __future__ import annotations

import importlib.util
import pickle
import sys
from dataclasses import dataclass
from typing import cast

from degrade.engines.counting import Count


@dataclass(frozen=True, slots=True)
class Luggage:
    """A pickled ``Count``; ``modules`` are loaded from their files first, by name and file."""

    count: bytes
    modules: tuple[tuple[str, str], ...]

    def opened(self) -> Count:
        """Return the count, in another process. Raises whatever its parts raise."""
        for name, file in self.modules:
            spec = importlib.util.spec_from_file_location(name, file)
            if spec is None or spec.loader is None:
                raise ImportError(f"{file}: not a Python file")
            sys.modules[name] = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(sys.modules[name])
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
    return Luggage(pickled, tuple((name, file) for name in names if (file := _only_file(name))))


def _only_file(name: str) -> str | None:
    """Return the file of a module that was loaded from it and that no import would find."""
    top = name.partition(".")[0]
    # Asked one by one: importlib.util.find_spec would answer from the modules that are loaded.
    if name == "__main__" or any(finder.find_spec(top, None) for finder in sys.meta_path):
        return None
    return getattr(sys.modules.get(name), "__file__", None)
