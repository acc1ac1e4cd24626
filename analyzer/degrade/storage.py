"""Named arrays and a JSON header in one checked file.

The file is a magic word, a format version, the length and SHA-256 of what follows, and then parts,
each with its length: Zstandard frames, the first around the JSON header and every other around a
safetensors container of the arrays of one section. Nothing in it is ever executed.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from degrade import lfs
from degrade.atomic import replace_file
from degrade.errors import ProfileError

_MAGIC = b"degrade\n"
_VERSION = 1
_PREFIX = struct.Struct("<8sIQ32s")
_LENGTH = struct.Struct("<Q")
_NAME = "name"
Arrays = dict[str, NDArray[Any]]


def write_sections(
    path: Path, header: Mapping[str, Any], sections: Iterable[tuple[str, Arrays]]
) -> None:
    """Write ``header`` and ``sections``, named arrays each, to ``path``, whole or not at all.

    Equal content gives equal bytes. Sections are asked for one by one, so that only one of them is
    in memory as arrays.
    """
    import zstandard
    from safetensors.numpy import save

    compressor = zstandard.ZstdCompressor(level=1)
    text = json.dumps(header, sort_keys=True, ensure_ascii=True, allow_nan=False)
    parts = [compressor.compress(text.encode("ascii"))]
    for name, arrays in sections:
        tensors = {key: np.ascontiguousarray(arrays[key]) for key in sorted(arrays)}
        # One metadata key: safetensors does not promise an order among several.
        parts.append(compressor.compress(save(tensors, metadata={_NAME: name})))
    body = b"".join(piece for part in parts for piece in (_LENGTH.pack(len(part)), part))
    prefix = _PREFIX.pack(_MAGIC, _VERSION, len(body), hashlib.sha256(body).digest())
    replace_file(path, prefix + body)


def read_sections(path: Path) -> tuple[dict[str, Any], dict[str, Arrays]]:
    """Return header and sections of the file at ``path``. Raises ProfileError if it is damaged."""
    import zstandard
    from safetensors import SafetensorError

    body = _checked_body(path)
    try:
        decompressor = zstandard.ZstdDecompressor()
        parts = _parts(body)
        header = json.loads(decompressor.decompress(next(parts)))
        sections = dict(_section(decompressor.decompress(part)) for part in parts)
    except (zstandard.ZstdError, SafetensorError, KeyError, StopIteration, ValueError) as error:
        raise ProfileError(f"{path}: damaged: {error}") from error
    return header, sections


def _checked_body(path: Path) -> memoryview:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise ProfileError(f"{path}: cannot be read: {error.strerror}") from error
    if len(raw) < _PREFIX.size or not raw.startswith(_MAGIC):
        if lfs.is_pointer(raw):
            raise ProfileError(lfs.said(str(path)))
        raise ProfileError(f"{path}: not a profile (it does not begin as one)")
    _, version, length, digest = _PREFIX.unpack_from(raw)
    if version != _VERSION:
        raise ProfileError(
            f"{path}: a profile of format {version}; this version of degrade reads {_VERSION}"
        )
    body = memoryview(raw)[_PREFIX.size :]
    if len(body) != length:
        raise ProfileError(f"{path}: damaged: {len(body):,} bytes where {length:,} were written")
    if hashlib.sha256(body).digest() != digest:
        raise ProfileError(f"{path}: damaged or changed: its checksum does not fit its content")
    return body


def _parts(body: memoryview) -> Iterator[memoryview]:
    at = 0
    while at < len(body):
        if at + _LENGTH.size > len(body):
            raise ValueError("a part without its length")
        (length,) = _LENGTH.unpack_from(body, at)
        at += _LENGTH.size
        if at + length > len(body):
            raise ValueError("a part that ends after the file")
        yield body[at : at + length]
        at += length


def _section(container: bytes) -> tuple[str, Arrays]:
    from safetensors.numpy import load

    header_length = int.from_bytes(container[:8], "little")
    header = json.loads(container[8 : 8 + header_length])
    return str(header["__metadata__"][_NAME]), load(container)
