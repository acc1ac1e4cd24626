"""Frozen dataclasses to plain data and back, by their type hints; errors name the place."""

from __future__ import annotations

import dataclasses
import math
import types
from collections.abc import Mapping
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from degrade.errors import RunFileError

T = TypeVar("T")
Plain = Any  # What json makes: None, bool, int, float, str, list, dict with str keys.


def encode(value: object, place: str = "$") -> Plain:
    """Return ``value`` as plain data, keys of maps sorted and fields in their declared order.

    Raises ValueError, naming the place, for a number that is not finite and for a type that JSON
    does not have.
    """
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(f"{place}: {value} is not a number; an undefined value is None")
        return float(value)
    if isinstance(value, Mapping):
        return {key: encode(value[key], _at(place, key)) for key in sorted(value)}
    if isinstance(value, tuple | list):
        return [encode(item, f"{place}[{index}]") for index, item in enumerate(value)]
    if dataclasses.is_dataclass(value):
        return {
            field.name: encode(getattr(value, field.name), f"{place}.{field.name}")
            for field in dataclasses.fields(value)
        }
    raise ValueError(f"{place}: {type(value).__name__} has no place in a run file")


def decode(kind: type[T], value: Plain, place: str = "$") -> T:
    """Return plain data as the dataclass ``kind``. Raises RunFileError, naming the place."""
    return cast(T, _decode(kind, value, place))


def wrong(place: str, expected: str, value: Plain) -> RunFileError:
    """Return the error for a value that is not what should stand at ``place``."""
    return RunFileError(f"{place}: expected {expected}, found {_shown(value)}")


def _decode(kind: Any, value: Plain, place: str) -> object:
    if dataclasses.is_dataclass(kind):
        return _decode_fields(cast(type, kind), value, place)
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Literal:
        if not isinstance(value, str) or value not in arguments:
            raise wrong(place, "one of " + ", ".join(arguments), value)
        return value
    if origin in (Union, types.UnionType):
        return _decode_union(arguments, value, place)
    if origin is tuple:
        return _decode_tuple(arguments, value, place)
    if origin is not None and issubclass(origin, Mapping):
        if not isinstance(value, dict):
            raise wrong(place, "an object", value)
        return {key: _decode(arguments[1], item, _at(place, key)) for key, item in value.items()}
    return _decode_scalar(kind, value, place)


def _decode_fields(kind: type, value: Plain, place: str) -> object:
    if not isinstance(value, dict):
        raise wrong(place, "an object", value)
    fields = {field.name: field for field in dataclasses.fields(kind)}
    for key in value:
        if key not in fields:
            known = ", ".join(fields)
            raise RunFileError(f"{place}: unknown key {_shown(key)} (known: {known})")
    hints = get_type_hints(kind)
    found = {}
    for name, field in fields.items():
        if name in value:
            found[name] = _decode(hints[name], value[name], f"{place}.{name}")
        elif field.default is field.default_factory is dataclasses.MISSING:
            raise RunFileError(f"{place}: the key {_shown(name)} is missing")
    return kind(**found)


def _decode_union(kinds: tuple[Any, ...], value: Plain, place: str) -> object:
    if value is None and type(None) in kinds:
        return None
    # A number is read as it stands where both int and float may.
    if type(value) in kinds and not isinstance(value, float):
        return value
    rest = [kind for kind in kinds if kind is not type(None)]
    if len(rest) == 1:
        return _decode(rest[0], value, place)
    if isinstance(value, float) and float in rest:
        return _decode_scalar(float, value, place)
    raise wrong(place, "one of " + ", ".join(_NAMES[kind] for kind in kinds), value)


def _decode_tuple(kinds: tuple[Any, ...], value: Plain, place: str) -> tuple[object, ...]:
    if not isinstance(value, list):
        raise wrong(place, "a list", value)
    if kinds[-1] is Ellipsis:
        kinds = (kinds[0],) * len(value)
    elif len(kinds) != len(value):
        raise RunFileError(f"{place}: expected {len(kinds)} items, found {len(value)}")
    return tuple(
        _decode(kind, item, f"{place}[{index}]")
        for index, (kind, item) in enumerate(zip(kinds, value, strict=True))
    )


def _decode_scalar(kind: Any, value: Plain, place: str) -> object:
    if kind is float and type(value) in (int, float):
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if not math.isfinite(number):
            raise wrong(place, "a number within range", value)
        return number
    if type(value) is not kind:
        raise wrong(place, _NAMES[kind], value)
    return value


def _at(place: str, key: str) -> str:
    """Return the place of ``key`` in the object at ``place``, safe to print."""
    plain = key.isascii() and key.isidentifier()
    return f"{place}.{key}" if plain else f"{place}[{_shown(key)}]"


_NAMES: Mapping[Any, str] = {
    str: "a string",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    type(None): "null",
}


def _shown(value: Plain) -> str:
    """Return ``value`` in a few ASCII characters."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**30:
        return "a very large number"
    words = {None: "null", True: "true", False: "false"}
    text = words[value] if value is None or isinstance(value, bool) else ascii(value)
    return text if len(text) <= 60 else text[:57] + "..."
