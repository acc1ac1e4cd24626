"""What makes a command start and end sooner, in a process that is all its own."""

from __future__ import annotations

import atexit
import gc
import os
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader
from types import ModuleType

from degrade.aside import allow

_NEW_OBJECTS = 200_000
"""Objects made and not freed after which garbage is looked for: modules and declarations make some
hundred thousand that stay, and looking for it among them at every 700, as ever, takes .1 s."""
_SPIN = "OPENBLAS_THREAD_TIMEOUT", "4"
"""Threads of the linear algebra of numpy and of scipy wait for work from when they are imported on,
and unless told they wait for 2^26 ticks awake: .1 s of other cores for each command."""
_UNCALLED = frozenset({"numpy.f2py", "numpy.testing", "yaml"})
"""What ``scipy.special``, which imports all of numpy, and numba import and seldom call."""


def start_quickly() -> None:
    """Look for garbage less often, read what is seldom called only where it is, and do not spin.

    Before numpy is imported. And use another core where there is something to compute beside.
    """
    allow()
    os.environ.setdefault(*_SPIN)
    gc.set_threshold(_NEW_OBJECTS, *gc.get_threshold()[1:])
    if not any(isinstance(finder, _Uncalled) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Uncalled())
        # Before it ends, Python looks for garbage among all that there is: another .2 s.
        atexit.register(gc.freeze)


class _Uncalled(MetaPathFinder):
    """Finds modules that are read when something of them is first looked at."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return where a module is; None for all others, which are found as ever."""
        if fullname not in _UNCALLED:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = LazyLoader(spec.loader)
        return spec
