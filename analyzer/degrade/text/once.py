"""What several metrics read off the same batch, computed once."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

from numpy.typing import NDArray

Found = TypeVar("Found")
_BATCHES = 8
"""Arrays that results are kept of: the layers of a batch, and its text."""

_kept = threading.local()


def once(
    array: NDArray[Any], name: Hashable, compute: Callable[..., Found], *arguments: Any
) -> Found:
    """Return ``compute(*arguments)``, from memory if ``name`` was computed for this very array.

    ``array`` is what the result is a function of, apart from what ``name`` says. It is not kept
    alive; results go with it, or when several others have been asked about. Each thread remembers
    by itself.
    """
    known: list[tuple[weakref.ref[Any], dict[Hashable, object]]] = getattr(_kept, "batches", [])
    known = [entry for entry in known if entry[0]() is not None]
    results = next((results for reference, results in known if reference() is array), None)
    if results is None:
        results = {}
        known = [*known[1 - _BATCHES :], (weakref.ref(array), results)]
    _kept.batches = known
    if name not in results:
        results[name] = compute(*arguments)
    return cast(Found, results[name])
