"""The one place that says how hot loops are compiled."""

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeVar, cast

import numba
from numba.core import config, event
from numba.extending import intrinsic

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


def instruction(returned: str, build: Callable[..., Any]) -> Callable[[Function], Function]:
    """Have kernels run what ``build`` builds for a function, of the numba type ``returned``.

    ``build(context, builder, signature, arguments)`` returns a value of llvmlite.
    """

    def replaced(function: Function) -> Function:
        settings: Any = config
        if settings.DISABLE_JIT:
            return function

        def typed(context: object, *arguments: Any) -> tuple[Any, Callable[..., Any]]:
            del context
            return getattr(numba.types, returned)(*arguments), build

        typed.__name__ = function.__name__
        # The compiler tells arguments by their names.
        names = [inspect.Parameter("context", inspect.Parameter.POSITIONAL_ONLY)]
        names += inspect.signature(function).parameters.values()
        given: Any = typed
        given.__signature__ = inspect.Signature(names)
        # By which kept kernels are told to be of another version.
        given.built_by = build
        return cast(Function, intrinsic(given))

    return replaced


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
