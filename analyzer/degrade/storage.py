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
from contextlib import contextmanager
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
_METADATA = "__metadata__"
_SECTIONS = "sections"
_DTYPES: dict[str, np.dtype[Any]] = {
    "BOOL": np.dtype(np.bool_),
    **{f"U{bits}": np.dtype(f"<u{bits // 8}") for bits in (8, 16, 32, 64)},
    **{f"I{bits}": np.dtype(f"<i{bits // 8}") for bits in (8, 16, 32, 64)},
    **{f"F{bits}": np.dtype(f"<f{bits // 8}") for bits in (16, 32, 64)},
}
"""Those of safetensors that numpy has."""
_UNPACKED = 256 << 20
_MOST_PACKED = 64
"""What a part unpacks to, at most: so many bytes, and as many times its own size. Counts that are
mostly 1 pack to next to nothing, but not the n-grams beside them."""
Arrays = dict[str, NDArray[Any]]


def packed(header: Mapping[str, Any], sections: Iterable[tuple[str, Arrays]]) -> bytes:
    """Return the content of the file of ``header`` and ``sections``, named arrays each.

    Equal content gives equal bytes. Sections are asked for one by one, so that only one of them is
    in memory as arrays.
    """
    import zstandard
    from safetensors.numpy import save

    compressor = zstandard.ZstdCompressor(level=1)
    names, parts = [], []
    for name, arrays in sections:
        names.append(name)
        tensors = {key: np.ascontiguousarray(arrays[key]) for key in sorted(arrays)}
        # One metadata key: safetensors does not promise an order among several.
        parts.append(compressor.compress(save(tensors, metadata={_NAME: name})))
    said = {**header, _SECTIONS: names}
    text = json.dumps(said, sort_keys=True, ensure_ascii=True, allow_nan=False)
    parts.insert(0, compressor.compress(text.encode("ascii")))
    body = b"".join(piece for part in parts for piece in (_LENGTH.pack(len(part)), part))
    prefix = _PREFIX.pack(_MAGIC, _VERSION, len(body), hashlib.sha256(body).digest())
    return prefix + body


def write_sections(
    path: Path, header: Mapping[str, Any], sections: Iterable[tuple[str, Arrays]]
) -> None:
    """Write ``packed(header, sections)`` to ``path``, whole or not at all."""
    replace_file(path, packed(header, sections))


class Sections(Mapping[str, Arrays]):
    """The sections of the file at ``path``, each decompressed when it is asked for.

    Raises ProfileError, then, where one is damaged.
    """

    def __init__(self, path: Path, parts: Mapping[str, memoryview]) -> None:
        self._path = path
        self._parts = dict(parts)

    def __getitem__(self, name: str) -> Arrays:
        part = self._parts[name]
        with _damaged(self._path):
            return _arrays(name, _decompressed(part))

    def __iter__(self) -> Iterator[str]:
        return iter(self._parts)

    def __contains__(self, name: object) -> bool:
        return name in self._parts

    def __len__(self) -> int:
        return len(self._parts)


def read_sections(path: Path, content: bytes | None = None) -> tuple[dict[str, Any], Sections]:
    """Return header and sections of the file at ``path``. Raises ProfileError if it is damaged.

    The checksum is that of the whole file, looked at here. With its ``content``, nothing is read,
    and errors alone name the path.
    """
    body = _checked_body(path, _content_of(path) if content is None else content)
    with _damaged(path):
        parts = _parts(body)
        header = json.loads(_decompressed(next(parts)).tobytes())
        names = header.pop(_SECTIONS, None)
        if names is None:
            raise ProfileError(f"{path}: an earlier version made it; profile the corpus anew")
        return header, Sections(path, dict(zip(names, parts, strict=True)))


_DAMAGE = (
    AttributeError, KeyError, MemoryError, RecursionError, StopIteration, TypeError, ValueError
)  # fmt: skip
"""What content that was made to fit its checksum may lead to."""


@contextmanager
def _damaged(path: Path) -> Iterator[None]:
    import zstandard

    try:
        yield
    except (zstandard.ZstdError, *_DAMAGE) as error:
        raise ProfileError(f"{path}: damaged: {error}") from error


def _content_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ProfileError(f"{path}: cannot be read: {error.strerror}") from error


def _checked_body(path: Path, raw: bytes) -> memoryview:
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


def _decompressed(part: memoryview) -> NDArray[np.uint8]:
    import zstandard

    size = zstandard.frame_content_size(part)
    if size < 0:
        raise ValueError("a part of unknown size")
    if size > _UNPACKED + _MOST_PACKED * len(part):
        raise ValueError(f"a part of {len(part):,} bytes that says it holds {size:,}")
    # Into an array that can be written to, as what is made of it may go on counting in it.
    out = np.empty(size, dtype=np.uint8)
    with zstandard.ZstdDecompressor().stream_reader(part) as reader:
        if reader.readinto(out.data) != size:
            raise ValueError("a part that ends too soon")
    return out


def _arrays(name: str, container: NDArray[np.uint8]) -> Arrays:
    """Return the arrays of a safetensors container, that of section ``name``, as views of it.

    A number of header bytes, a JSON header that says of each array where in the rest it is, and
    the rest. Raises ValueError for arrays that lead outside, and for another section.
    """
    first = _LENGTH.size + int.from_bytes(container[: _LENGTH.size].tobytes(), "little")
    header = json.loads(container[_LENGTH.size : first].tobytes())
    if header.pop(_METADATA)[_NAME] != name:
        raise ValueError(f"another section where {name} should be")
    data = container[first:]
    arrays: Arrays = {}
    for key, said in header.items():
        start, stop = said["data_offsets"]
        if not 0 <= start <= stop <= len(data):
            raise ValueError(f"array {key!r} leads outside")
        arrays[key] = data[start:stop].view(_DTYPES[said["dtype"]]).reshape(said["shape"])
    return arrays
