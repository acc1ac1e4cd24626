"""Named arrays and a JSON header in one checked file.

The file is a magic word, a format version, the length and SHA-256 of what follows, and then one
Zstandard frame around a safetensors container. Nothing in it is ever executed.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from degrade.atomic import replace_file
from degrade.errors import ProfileError

_MAGIC = b"degrade\n"
_VERSION = 1
_PREFIX = struct.Struct("<8sIQ32s")
_HEADER = "degrade"


def write_arrays(path: Path, header: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write ``header`` and ``arrays`` to ``path``, whole or not at all.

    Equal content gives equal bytes.
    """
    import zstandard
    from safetensors.numpy import save

    text = json.dumps(header, sort_keys=True, ensure_ascii=True, allow_nan=False)
    tensors = {name: np.ascontiguousarray(arrays[name]) for name in sorted(arrays)}
    # One metadata key: safetensors does not promise an order among several.
    body = zstandard.ZstdCompressor(level=1).compress(save(tensors, metadata={_HEADER: text}))
    prefix = _PREFIX.pack(_MAGIC, _VERSION, len(body), hashlib.sha256(body).digest())
    replace_file(path, prefix + body)


def read_arrays(path: Path) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Return header and arrays of the file at ``path``. Raises ProfileError if it is damaged."""
    import zstandard
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        raw = path.read_bytes()
    except OSError as error:
        raise ProfileError(f"{path}: cannot be read: {error.strerror}") from error
    if len(raw) < _PREFIX.size or not raw.startswith(_MAGIC):
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
    try:
        container = zstandard.ZstdDecompressor().decompress(body)
        header_length = int.from_bytes(container[:8], "little")
        header = json.loads(container[8 : 8 + header_length])["__metadata__"][_HEADER]
        return json.loads(header), load(container)
    except (zstandard.ZstdError, SafetensorError, KeyError, ValueError) as error:
        raise ProfileError(f"{path}: damaged: {error}") from error
