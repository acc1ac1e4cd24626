"""The plain lines of a block of JSON Lines as columns, and where the others lie."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from degrade.readers.json_kernel import FIELDS, ID, TEXT, plain_rows
from degrade.readers.reader import Fields
from degrade.text.document import Columns
from degrade.text.lanes import padded
from degrade.text.strings import Strings

Other = tuple[int, int, int, int]
"""A line to be looked at by itself: the rows before it, its number, its start and its end."""
LONGEST = 1 << 24
"""Bytes of a block from which on its lines are looked at one by one: there is one line in it."""
SHORTEST = 1 << 13
"""Bytes of a block below which a parser is through with its lines before columns are made."""
_MOST_OTHERS = 8
"""Up to one line in so many may be other than plain; where there are more, columns do not pay."""
_NOTHING = Strings.of(())


@dataclass(frozen=True, slots=True)
class Scan:
    """The fields to find: their names, one after the other, and the bits of those asked for."""

    names: NDArray[np.uint8]
    bounds: NDArray[np.int64]
    required: int

    @staticmethod
    @cache
    def of(fields: Fields) -> Scan | None:
        """Return the scan for ``fields``; None where one name stands for two of them."""
        asked = fields.text, fields.id, fields.cluster, fields.source
        wanted = {f: name for f, name in enumerate(asked) if name}
        wanted[TEXT] = fields.text
        required = sum(1 << f for f in wanted)
        if fields.id is None:
            wanted[ID] = "id"
        if len({*wanted.values()}) < len(wanted):
            return None
        names = Strings.of(
            [wanted.get(f, "").encode("utf-8", "surrogatepass") for f in range(FIELDS)]
        )
        return Scan(names.data, names.bounds, required)

    def rows(self, content: bytes, newlines: int) -> tuple[Columns, list[Other]]:
        """Return the plain lines of ``content``, and all others that are not blank."""
        return self.rows_in(*padded(np.frombuffer(content, dtype=np.uint8)), len(content), newlines)

    def rows_in(
        self, octets: NDArray[np.uint8], lanes: NDArray[np.uint64], size: int, newlines: int
    ) -> tuple[Columns, list[Other]]:
        """Return what ``rows`` does, of ``size`` bytes in ``lanes.room``."""
        most = newlines + 1
        out = np.empty((FIELDS, size), dtype=np.uint8)
        bounds = np.zeros((FIELDS, most + 1), dtype=np.int64)
        others = np.empty((most, 4), dtype=np.int64)
        rows, odd = plain_rows(
            octets, lanes, size, self.names, self.bounds, self.required, out, bounds, others
        )
        if odd * _MOST_OTHERS > rows:
            return NO_ROWS, [*lines_of(octets[:size].tobytes())]
        columns = (
            Strings(data[: ends[rows]].copy(), ends[: rows + 1])
            for data, ends in zip(out, bounds, strict=True)
        )
        return Columns(*columns), [(a, b, c, d) for a, b, c, d in others[:odd].tolist()]


NO_ROWS = Columns(_NOTHING, _NOTHING, _NOTHING, _NOTHING)


def lines_of(content: bytes) -> Iterator[Other]:
    """Yield every line of ``content``, none of them plain."""
    start = index = 0
    while start < len(content):
        stop = content.find(b"\n", start)
        if stop < 0:
            stop = len(content)
        yield 0, index, start, stop
        start, index = stop + 1, index + 1
