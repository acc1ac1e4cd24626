"""What many small files hold, read in one go: to open each takes as long as to read it.

Where it can be, they are read by calls of the system from compiled code, which leaves the
interpreter to others meanwhile; otherwise one by one, to the same.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, NamedTuple, Self, overload

import numpy as np
from numba import types
from numba.core import config
from numpy.typing import NDArray

from degrade.compiled import kernel
from degrade.text.hashing import U64
from degrade.text.lanes import count, room

_settings: Any = config
_IN_ONE_CALL = os.name == "posix" and not _settings.DISABLE_JIT
_FLAGS = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0)
_BOM = (0xEF, 0xBB, 0xBF)
_LF, _CR = 0x0A, 0x0D
_EVERY_BIT, _LINE_FEEDS = U64(0xFFFFFFFFFFFFFFFF), U64(0x0A0A0A0A0A0A0A0A)

# By name, so that a kernel that was kept finds them wherever they are by then.
_open: Any = types.ExternalFunction("open", types.int32(types.intp, types.int32))
_read: Any = types.ExternalFunction("read", types.intp(types.int32, types.intp, types.uintp))
_close: Any = types.ExternalFunction("close", types.int32(types.int32))


@dataclass(frozen=True, slots=True, eq=False)
class Contents(Sequence[bytes]):
    """Contents of files, one after the other: file i holds ``octets[bounds[i]:bounds[i + 1]]``.

    ``lanes`` are the same bytes, with as many more as ``instructions.load`` may read.
    """

    octets: NDArray[np.uint8]
    lanes: NDArray[np.uint64]
    bounds: NDArray[np.int64]

    @classmethod
    def of(cls, contents: Iterable[bytes]) -> Self:
        """Return ``contents`` side by side."""
        if isinstance(contents, cls):
            return contents
        held = [*contents]
        bounds = _bounds([*map(len, held)])
        octets, lanes = room(int(bounds[-1]))
        for start, content in zip(bounds.tolist(), held, strict=False):
            octets[start : start + len(content)] = np.frombuffer(content, dtype=np.uint8)
        return cls(octets, lanes, bounds)

    @classmethod
    def read(cls, paths: Sequence[str], sizes: Sequence[int]) -> Self:
        """Return what files hold, from the first on, up to one that is not as it was looked up.

        That is one that cannot be read, or holds more or less than its size in bytes.
        """
        bounds = _bounds(sizes)
        # One byte more, by which a file that has grown is known.
        octets, lanes = room(int(bounds[-1]) + 1)
        if _IN_ONE_CALL:
            names = b"\0".join(map(os.fsencode, paths)) + b"\0"
            number = _read_files(
                np.frombuffer(names, dtype=np.uint8), np.diff(bounds), _FLAGS, octets
            )
        else:
            number = _read_one_by_one(paths, bounds, octets)
        return cls(octets, lanes, bounds[: number + 1])

    def __len__(self) -> int:
        return len(self.bounds) - 1

    @overload
    def __getitem__(self, index: int) -> bytes: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[bytes]: ...

    def __getitem__(self, index: int | slice) -> bytes | Sequence[bytes]:
        """Return what a file holds."""
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        i = range(len(self))[index]
        return self.octets[self.bounds[i] : self.bounds[i + 1]].tobytes()

    def part(self, start: int, stop: int) -> Self:
        """Return the contents of files ``start`` to ``stop``; the bytes are shared."""
        return type(self)(self.octets, self.lanes, self.bounds[start : stop + 1])

    def beginning(self, i: int, size: int) -> bytes:
        """Return the first bytes of what file ``i`` holds, all if they are fewer than ``size``."""
        start, stop = self.bounds[i : i + 2]
        return self.octets[start : min(start + size, stop)].tobytes()

    def joined(self) -> Joined:
        """Return the lines of all files, each with one end at its end."""
        counts = np.empty(len(self), dtype=np.int64)
        octets, lanes = room(int(self.bounds[-1] - self.bounds[0]) + len(self))
        size = _as_lines(self.octets, self.bounds, octets, lanes, counts)
        octets[size:] = 0
        return Joined(octets, lanes, int(size), counts)


class Joined(NamedTuple):
    """Lines of several files: ``size`` bytes, zeros after them, and how many are of each file."""

    octets: NDArray[np.uint8]
    lanes: NDArray[np.uint64]
    size: int
    lines: NDArray[np.int64]


def _bounds(sizes: Sequence[int]) -> NDArray[np.int64]:
    return np.array([0, *accumulate(sizes)], dtype=np.int64)


def _read_one_by_one(
    paths: Sequence[str], bounds: NDArray[np.int64], into: NDArray[np.uint8]
) -> int:
    for number, path in enumerate(paths):
        start, stop = bounds[number : number + 2].tolist()
        try:
            with open(path, "rb", 0) as file:  # noqa: PTH123 - as in files.open_binary
                if file.readinto(into[start : stop + 1].data) != stop - start:
                    return number
        except OSError:
            return number
    return len(paths)


@kernel
def _read_files(
    names: NDArray[np.uint8], sizes: NDArray[np.int64], flags: int, into: NDArray[np.uint8]
) -> int:
    """Read files one after the other; return how many held what they should.

    ``names`` are paths, each with a zero at its end.
    """
    name, at = np.int64(0), np.int64(0)
    for number in range(len(sizes)):
        file = _open(names.ctypes.data + name, flags)
        if file < 0:
            return number
        found = _read(file, into.ctypes.data + at, sizes[number] + 1)
        _close(file)
        if found != sizes[number]:
            return number
        at += found
        while names[name]:
            name += 1
        name += 1
    return len(sizes)


@kernel
def _as_lines(
    octets: NDArray[np.uint8],
    bounds: NDArray[np.int64],
    into: NDArray[np.uint8],
    lanes: NDArray[np.uint64],
    lines: NDArray[np.int64],
) -> int:
    """Write contents without a mark at their beginning, and with one end of a line at their end."""
    at = 0
    for number in range(len(bounds) - 1):
        start, stop = bounds[number], bounds[number + 1]
        if (
            stop - start >= 3
            and octets[start] == _BOM[0]
            and octets[start + 1] == _BOM[1]
            and octets[start + 2] == _BOM[2]
        ):
            start += 3
        while stop > start and octets[stop - 1] in (_LF, _CR):
            stop -= 1
        given, taken = octets[start:stop], into[at : at + stop - start]
        for i in range(len(given)):
            taken[i] = given[i]
        begin = at
        at += stop - start
        into[at] = _LF
        at += 1
        lines[number] = count(lanes, begin, at, _EVERY_BIT, _LINE_FEEDS)
    return at


NOTHING = Contents.of(())
"""The contents of no file."""
