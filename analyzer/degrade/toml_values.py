"""Values of a TOML file, checked: what is wrong is named with file and key."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from degrade.errors import UsageError

_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([KMGT]?)(I?)B?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Place:
    """A key of a file, as messages name it: ``tool.degrade.check.paths``."""

    path: Path
    key: str

    def below(self, key: str) -> Place:
        """Return the place of ``key`` in the table that is here."""
        return Place(self.path, f"{self.key}.{key}" if self.key else key)

    def wrong(self, wanted: str, value: object) -> UsageError:
        """Return the error that this is not what it should be."""
        return UsageError(f"{self.path}: {self.key} is {wanted}, not {value!r}")


Kind = Callable[[Place, object], Any]
"""Returns a value that is as it should be. Raises UsageError."""


def table(place: Place, value: object) -> Mapping[str, Any]:
    """Return a table."""
    if not isinstance(value, dict):
        raise place.wrong("a table", value)
    return value


def members(place: Place, value: object, kinds: Mapping[str, Kind]) -> dict[str, Any]:
    """Return the members of a table that has no others than ``kinds``."""
    given = table(place, value)
    for key in given:
        if key not in kinds:
            from degrade.registry import nearest

            if not place.key and key == "tool":
                raise UsageError(
                    f"{place.path}: no setting tool: the prefix tool.degrade is for pyproject.toml "
                    "alone; leave it out here, as in [thresholds] or [check], and put what stands "
                    "under [tool.degrade] first, under no heading"
                )
            raise UsageError(f"{place.path}: no setting {place.below(key).key}; "
                             f"{nearest(key, kinds)}")  # fmt: skip
    return {key: kinds[key](place.below(key), found) for key, found in given.items()}


def each(kind: Kind) -> Kind:
    """Return the kind of a table whose values all are of ``kind``."""

    def read(place: Place, value: object) -> dict[str, Any]:
        return {k: kind(place.below(k), found) for k, found in table(place, value).items()}

    return read


def text(place: Place, value: object) -> str:
    """Return a string."""
    if not isinstance(value, str):
        raise place.wrong("a string", value)
    return value


def one_of(known: Collection[str]) -> Kind:
    """Return the kind of a string that is one of ``known``."""

    def read(place: Place, value: object) -> str:
        if value not in known:
            raise place.wrong(f"one of {', '.join(known)}", value)
        return str(value)

    return read


def texts(place: Place, value: object) -> tuple[str, ...]:
    """Return strings; a single one may stand for a list of it."""
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
        raise place.wrong("a list of strings", value)
    return tuple(values)


def number(place: Place, value: object) -> float:
    """Return a number."""
    if not _is_number(value):
        raise place.wrong("a number", value)
    return float(value)  # type: ignore[arg-type]


def limits(place: Place, value: object) -> tuple[float, ...]:
    """Return the thresholds of a metric."""
    if not isinstance(value, list) or len(value) != 3 or not all(map(_is_number, value)):
        raise place.wrong("three numbers, [minor, moderate, severe]", value)
    return tuple(float(limit) for limit in value)


def whole(place: Place, value: object) -> int:
    """Return a whole number, 0 or more."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise place.wrong("a whole number", value)
    return value


def flag(place: Place, value: object) -> bool:
    """Return true or false."""
    if not isinstance(value, bool):
        raise place.wrong("true or false", value)
    return value


def size(place: Place, value: object) -> str:
    """Return a number of bytes, or what says one, as the command line takes it."""
    fits = isinstance(value, str | int) and not isinstance(value, bool)
    if not fits or bytes_said(str(value)) is None:
        raise place.wrong('a size, as "500MB"', value)
    return str(value)


def bytes_said(text: str) -> int | None:
    """Return the bytes that 500MB, 4G or 2GiB say, or None for what is no size."""
    found = _SIZE.fullmatch(text.strip())
    if not found:
        return None
    number, unit, binary = found.groups()
    power = " KMGT".index(unit.upper() or " ")
    return int(float(number) * (1024 if binary else 1000) ** power)


def path(place: Place, value: object) -> str:
    """Return a path, which is relative to the folder of the file; a URL as it is."""
    said = text(place, value)
    return said if "://" in said else str(place.path.resolve().parent / said)


def paths(place: Place, value: object) -> tuple[str, ...]:
    """Return paths as ``path`` does."""
    return tuple(path(place, one) for one in texts(place, value))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
