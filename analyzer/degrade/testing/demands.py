"""What the laws have in common: demanding, freezing and comparing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import TypeVar

import numpy as np

from degrade import registry
from degrade.summaries.need import Arrays
from degrade.text.layer import Layer

Frozen = dict[str, tuple[str, tuple[int, ...], bytes]]
Item = TypeVar("Item")


def require(holds: bool, otherwise: str) -> None:
    """Raise AssertionError, saying ``otherwise``, unless it ``holds``; -O does not remove it."""
    if not holds:
        raise AssertionError(otherwise)


def frozen(arrays: Arrays) -> Frozen:
    """Return the dtype, shape and bytes of each array, to be compared later."""
    return {name: (a.dtype.str, a.shape, a.tobytes()) for name, a in arrays.items()}


def differing(one: Frozen, two: Frozen) -> str:
    """Return in words in which arrays the two differ."""
    names = sorted(name for name in {*one, *two} if one.get(name) != two.get(name))
    return f"differing: {', '.join(names)}"


def shuffled(items: Sequence[Item], seed: int = 0) -> list[Item]:
    """Return ``items`` in another order."""
    return [items[i] for i in np.random.default_rng(seed).permutation(len(items))]


def numbers(value: object, place: str) -> Iterator[tuple[str, float]]:
    """Yield every number inside plain data, with its place."""
    if isinstance(value, float):
        yield place, value
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from numbers(inner, f"{place}[{name!r}]")
    elif isinstance(value, tuple | list):
        for i, inner in enumerate(value):
            yield from numbers(inner, f"{place}[{i}]")
    elif is_dataclass(value):
        for each in fields(value):
            yield from numbers(getattr(value, each.name), f"{place}.{each.name}")


def layers_for(names: set[str], given: Mapping[str, Layer] | None) -> dict[str, Layer]:
    """Return the layers called ``names``: those given, and the others as they are registered."""
    known = given or {}
    return {name: known[name] if name in known else registry.layer(name) for name in sorted(names)}
