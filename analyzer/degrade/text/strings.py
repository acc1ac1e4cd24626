"""Strings as one column of bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from degrade.compiled import kernel


@kernel
def _gather(
    data: NDArray[np.uint8],
    bounds: NDArray[np.int64],
    rows: NDArray[np.int64],
    into: NDArray[np.uint8],
) -> None:
    at = 0
    for row in rows:
        given = data[bounds[row] : bounds[row + 1]]
        taken = into[at : at + len(given)]
        for i in range(len(given)):
            taken[i] = given[i]
        at += len(given)


@dataclass(frozen=True, slots=True, eq=False)
class Strings:
    """UTF-8, one string after the other; string i is ``data[bounds[i]:bounds[i + 1]]``."""

    data: NDArray[np.uint8]
    bounds: NDArray[np.int64]

    @classmethod
    def of(cls, encoded: Sequence[bytes]) -> Self:
        """Return ``encoded`` as one column."""
        bounds = np.zeros(len(encoded) + 1, dtype=np.int64)
        np.cumsum([len(each) for each in encoded], out=bounds[1:])
        return cls(np.frombuffer(b"".join(encoded), dtype=np.uint8), bounds)

    @classmethod
    def joined(cls, parts: Sequence[Strings]) -> Self:
        """Return the strings of all ``parts``, of which there is one at least, without gaps."""
        data = [part.data[part.bounds[0] : part.bounds[-1]] for part in parts]
        ends = np.cumsum([0, *map(len, data)], dtype=np.int64)
        bounds = [
            part.bounds[1:] + (end - part.bounds[0])
            for part, end in zip(parts, ends[:-1], strict=True)
        ]
        return cls(
            data[0] if len(data) == 1 else np.concatenate(data),
            np.concatenate((ends[:1], *bounds)),
        )

    def __len__(self) -> int:
        return len(self.bounds) - 1

    @property
    def size(self) -> int:
        """The number of bytes."""
        return int(self.bounds[-1] - self.bounds[0])

    def part(self, start: int, stop: int) -> Self:
        """Return the strings ``start`` to ``stop``; the bytes are shared."""
        return type(self)(self.data, self.bounds[start : stop + 1])

    def taken(self, rows: NDArray[np.int64]) -> Self:
        """Return the strings that have these numbers."""
        bounds = np.zeros(len(rows) + 1, dtype=np.int64)
        np.cumsum(np.diff(self.bounds)[rows], out=bounds[1:])
        data = np.empty(int(bounds[-1]), dtype=np.uint8)
        _gather(self.data, self.bounds, rows, data)
        return type(self)(data, bounds)

    def text(self, i: int) -> str:
        """Return string ``i``."""
        return self.data[self.bounds[i] : self.bounds[i + 1]].tobytes().decode("utf-8")
