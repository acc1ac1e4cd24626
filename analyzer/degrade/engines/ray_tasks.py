"""What Ray runs in its workers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from degrade.engines import remote
from degrade.engines.foresight import Foresight
from degrade.engines.remote import Counted, Merged, Orders
from degrade.engines.source import Part


def foreseen(orders: Orders, some: Sequence[Part], size: float) -> Foresight | None:
    """Return what the corpus is expected to drop."""
    import ray

    return remote.foreseen(ray.get, orders, some, size)


def counted(
    orders: Orders, parts: Sequence[Part], drops: Foresight, looking: Sequence[Any]
) -> tuple[Counted, bytes]:
    """Return what came of counting ``parts``, and their profile.

    ``looking`` is where what is foreseen will be, if that is not known yet.
    """
    import ray

    places = [*looking]

    def hear() -> Foresight | None:
        if not places or not ray.wait(places, timeout=0)[0]:
            return None
        try:
            found: Foresight | None = ray.get(places.pop())
        except ray.exceptions.RayError:
            return None
        return found

    return remote.counted(ray.get, orders, parts, drops, hear)


def merged(orders: Orders, places: Sequence[Any]) -> tuple[Merged, bytes]:
    """Return what came of merging the profiles at ``places``, and the whole."""
    import ray

    return remote.merged(ray.get, orders, places, (ray.exceptions.RayError,))
