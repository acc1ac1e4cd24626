"""When memory that is freed goes back to the system, where the GNU C library sees to it."""

from __future__ import annotations

import ctypes
import gc
from collections.abc import Iterator
from contextlib import contextmanager, suppress

# Of malloc.h.
_M_TRIM_THRESHOLD = -1
_M_MMAP_THRESHOLD = -3


def give_back_memory() -> None:
    """Have arrays of some size go back when they are freed.

    Otherwise what is below 32 MB is kept, scattered over heaps: half as much memory again where
    profiles are merged.
    """
    _set(_M_MMAP_THRESHOLD, 4 << 20)


def keep_memory(megabytes: int = 64) -> None:
    """Keep what a batch takes for the next one: arrays of up to so many megabytes.

    Otherwise each is handed out and cleared anew, page by page: an eighth of the time of counting.
    """
    # Some versions take no more than 32. Where nothing is taken, the other option would only keep
    # the library from finding a threshold of its own.
    if _set(_M_MMAP_THRESHOLD, megabytes << 20) or _set(_M_MMAP_THRESHOLD, 32 << 20):
        _set(_M_TRIM_THRESHOLD, megabytes << 22)


@contextmanager
def kept_memory() -> Iterator[None]:
    """``keep_memory`` until the end of this, and then give back what was kept.

    Nothing of tables of censuses, which are larger: each of several threads would keep some. And
    what there is before is not looked through for garbage meanwhile, while all threads wait.
    """
    keep_memory(16)
    freeze = not gc.get_freeze_count()
    if freeze:
        gc.freeze()
    try:
        yield
    finally:
        if freeze:
            gc.unfreeze()
        # What the library comes to by itself where arrays of tens of megabytes are freed.
        _set(_M_MMAP_THRESHOLD, 32 << 20)
        _set(_M_TRIM_THRESHOLD, 64 << 20)
        with suppress(AttributeError, OSError, TypeError):
            ctypes.CDLL(None).malloc_trim(0)


def _set(option: int, value: int) -> bool:
    """Return whether the option was taken."""
    with suppress(AttributeError, OSError, TypeError):
        return bool(ctypes.CDLL(None).mallopt(option, value))
    return False
