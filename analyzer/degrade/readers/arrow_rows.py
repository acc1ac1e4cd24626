"""Rows of Arrow as documents side by side, where their columns are plain strings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from degrade.compiled import kernel
from degrade.readers.columns import documents
from degrade.readers.json_characters import visible
from degrade.readers.problems import Refusal
from degrade.readers.reader import Fields
from degrade.text.document import Columns, Rows
from degrade.text.strings import Strings

_PIECE = 1 << 20
"""Bytes of documents side by side that are passed on at once."""
_MOST_OTHERS = 8
"""Up to one row in so many may be looked at by itself; where there are more, columns do not pay."""


def rows(batch: Any, names: Sequence[str], fields: Fields) -> Iterator[Rows | Refusal]:
    """Yield the documents of a record batch and a refusal for each row that is none, in order.

    ``names`` are all the columns of the file. What ``columns.documents`` makes of a row, this does;
    rows whose text is a string that is not blank take no Python object.
    """
    found = _columns(batch, fields)
    if found is None:
        yield from documents(batch, names, fields)
        return
    columns, others = found
    if len(others) * _MOST_OTHERS > batch.num_rows:
        yield from documents(batch, names, fields)
        return
    done = 0
    for other in others.tolist():
        yield from _pieces(columns, done, other)
        yield from documents(batch.slice(other, 1), names, fields)
        done = other + 1
    yield from _pieces(columns, done, batch.num_rows)


def _pieces(columns: Columns, start: int, stop: int) -> Iterator[Columns]:
    """Yield the rows ``start`` to ``stop``, some together."""
    ends = columns.texts.bounds
    while start < stop:
        after = int(np.searchsorted(ends, ends[start] + _PIECE, side="right")) - 1
        end = min(max(after, start + 1), stop)
        yield columns.part(start, end)
        start = end


def _columns(batch: Any, fields: Fields) -> tuple[Columns, NDArray[np.int64]] | None:
    """Return the rows of ``batch`` as columns, and which of them are to be looked at otherwise.

    None where what is asked for is not there as strings, or as whole numbers.
    """
    import pyarrow

    names = batch.schema.names
    asked = [name for name in (fields.text, fields.id, fields.cluster, fields.source) if name]
    if len({*names}) < len(names) or not {*asked} <= {*names}:
        return None
    key = fields.id
    if key is None and "id" in names and _may_be_id(batch.column("id").type):
        key = "id"
    try:
        texts = _strings(batch.column(fields.text), numbers=False)
        labels = [
            _strings(batch.column(name), numbers=True) if name else None
            for name in (key, fields.cluster, fields.source)
        ]
    except (pyarrow.ArrowException, TypeError):
        return None
    found = _of_arrow(texts)
    odd = _unseen(found.data, found.bounds)
    if texts.null_count:
        odd |= texts.is_null().to_numpy(zero_copy_only=False)
    none = Strings(np.empty(0, dtype=np.uint8), np.zeros(len(found) + 1, dtype=np.int64))
    columns = Columns(found, *(none if each is None else _of_arrow(each) for each in labels))
    return columns, np.flatnonzero(odd)


def _may_be_id(kind: Any) -> bool:
    """Whether values of this type are ids where none were asked for, other than by chance."""
    from pyarrow import types

    never = types.is_null, types.is_boolean, types.is_floating, types.is_temporal
    return not any(holds(kind) for holds in never)


def _strings(column: Any, *, numbers: bool) -> Any:
    """Return ``column`` as an array of long strings; null is empty, but of texts, which stay so.

    With ``numbers``, whole numbers are labels. Raises TypeError for another type, and
    ArrowException for strings that are not UTF-8.
    """
    import pyarrow
    from pyarrow import types

    if types.is_dictionary(column.type):
        column = column.dictionary_decode()
    views = getattr(types, "is_string_view", types.is_string)
    if any(holds(column.type) for holds in (types.is_string, types.is_large_string, views)):
        column = column.cast(pyarrow.large_string())
        # What Arrow takes on trust.
        column.validate(full=True)
    elif numbers and types.is_integer(column.type):
        column = column.cast(pyarrow.large_string())
    else:
        raise TypeError(f"{column.type} is no string")
    return column.fill_null("") if numbers and column.null_count else column


def _of_arrow(column: Any) -> Strings:
    """Return a copy of an array of long strings."""
    _, offsets, data = column.buffers()
    first, rows = column.offset, len(column)
    bounds = np.frombuffer(offsets, dtype=np.int64)[first : first + rows + 1]
    start, stop = (int(bounds[0]), int(bounds[-1])) if rows else (0, 0)
    octets = np.empty(stop - start, dtype=np.uint8)
    if stop > start:
        octets[:] = np.frombuffer(data, dtype=np.uint8)[start:stop]
    return Strings(octets, bounds - start if rows else np.zeros(1, dtype=np.int64))


@kernel
def _unseen(data: NDArray[np.uint8], bounds: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which strings have no character that is surely no white space."""
    out = np.ones(len(bounds) - 1, dtype=np.bool_)
    for row in range(len(out)):
        stop = bounds[row + 1]
        for i in range(bounds[row], stop):
            # Inside of a character nothing is taken for the beginning of one that matters.
            if data[i] & 0xC0 != 0x80 and visible(data[i], data[min(i + 1, stop - 1)]):
                out[row] = False
                break
    return out
