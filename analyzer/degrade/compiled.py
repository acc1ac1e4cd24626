"""The one place that says how hot loops are compiled."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., Any])


def kernel(function: Function) -> Function:
    """Compile ``function`` with numba: cached on disk, and holding no interpreter lock."""
    return cast(Function, numba.njit(cache=True, nogil=True)(function))
