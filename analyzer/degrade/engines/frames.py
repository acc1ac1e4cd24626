"""Messages between an engine and its workers: pickles whose arrays follow as they are."""

from __future__ import annotations

import pickle
import struct
from typing import Any, BinaryIO

import numpy as np

_COUNT = struct.Struct("<Q")
Raw = list[memoryview]
"""A message as it was received: a pickle, and its arrays."""


def send(stream: BinaryIO, message: object) -> None:
    """Write ``message`` to ``stream``. Raises OSError if nobody reads it any more."""
    arrays: list[pickle.PickleBuffer] = []
    head = pickle.dumps(message, protocol=5, buffer_callback=arrays.append)
    parts: list[bytes | memoryview] = [head, *(array.raw() for array in arrays)]
    sizes = [len(part) for part in parts]
    stream.write(_COUNT.pack(len(sizes)) + b"".join(map(_COUNT.pack, sizes)))
    for part in parts:
        stream.write(part)
    stream.flush()


def receive(stream: BinaryIO) -> Raw | None:
    """Return the next message of ``stream``, not yet opened; None where it breaks off."""
    try:
        (count,) = _COUNT.unpack(_exactly(stream, _COUNT.size))
        sizes = [size for (size,) in _COUNT.iter_unpack(_exactly(stream, count * _COUNT.size))]
        return [_exactly(stream, size) for size in sizes]
    except (EOFError, OSError):
        return None


def opened(raw: Raw) -> Any:
    """Return the message that was received as ``raw``."""
    head, *arrays = raw
    return pickle.loads(head, buffers=arrays)  # noqa: S301 - the other side is this program


def _exactly(stream: BinaryIO, size: int) -> memoryview:
    # Not a bytearray, which would be filled with zeros first.
    view = np.empty(size, dtype=np.uint8).data
    filled = 0
    while filled < size:
        got = stream.readinto(view[filled:])  # type: ignore[attr-defined]
        if not got:
            raise EOFError
        filled += got
    return view
