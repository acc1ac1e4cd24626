"""Symbols of tags, from which their names can be read back.

The name, of eight bytes or fewer, is put through a bijection of 64 bits whose every step is its
own inverse or has one, so that equal tags are equal symbols and no two of them collide. Of a longer
name only its hash is kept.
"""

from __future__ import annotations

import hashlib
from functools import cache

_LANE = 8
_MASK = (1 << 64) - 1
_HALF = 32
_MULTIPLIERS = (0x9E3779B97F4A7C15, 0xFF51AFD7ED558CCD)
_INVERSES = tuple(pow(multiplier, -1, 1 << 64) for multiplier in _MULTIPLIERS)


@cache
def tag_symbol(name: str) -> int:
    """Return the symbol of the tag ``name``."""
    octets = name.encode("utf-8")
    if len(octets) > _LANE:
        return int.from_bytes(hashlib.blake2b(octets, digest_size=_LANE).digest(), "little")
    value = int.from_bytes(octets, "little")
    for multiplier in _MULTIPLIERS:
        value = (value ^ value >> _HALF) * multiplier & _MASK
    return value ^ value >> _HALF


@cache
def tag_octets(symbol: int) -> bytes:
    """Return the name of the tag with that ``symbol``, in UTF-8; of a long one, eight bytes."""
    value = symbol ^ symbol >> _HALF
    for inverse in reversed(_INVERSES):
        value = value * inverse & _MASK
        value ^= value >> _HALF
    return value.to_bytes(_LANE, "little").rstrip(b"\0")
