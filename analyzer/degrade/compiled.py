"""The one place that says how hot loops are compiled."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeVar, cast

import numba
from numba.core import event

from degrade.kernel_cache import KernelCache

Function = TypeVar("Function", bound=Callable[..., Any])


def kernel(function: Function) -> Function:
    """Compile ``function`` with numba: cached on disk, and holding no interpreter lock.

    Where no folder can be written to, kernels are compiled in every process anew.
    """
    dispatcher: Any = numba.njit(nogil=True)(function)
    # With NUMBA_DISABLE_JIT it is the function itself.
    if dispatcher is not function:
        # Raised where neither the package's folder nor the user's can be written to.
        with suppress(RuntimeError):
            dispatcher._cache = KernelCache(function)
    return cast(Function, dispatcher)


class _Listener(event.Listener):
    def __init__(self, tell: Callable[[], None]) -> None:
        self._tell = tell

    def on_start(self, event: object) -> None:
        del event
        self._tell()

    def on_end(self, event: object) -> None:
        pass


@contextmanager
def compiling(tell: Callable[[], None]) -> Iterator[None]:
    """Call ``tell`` whenever a kernel has to be compiled, and none is when it was kept."""
    with event.install_listener("numba:compile", _Listener(tell)):
        yield
