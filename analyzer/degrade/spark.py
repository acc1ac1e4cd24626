"""A Spark data frame to a profile, by functions of the shape that ``mapInArrow`` takes.

    rows = frame.select("id", "text").mapInArrow(Counting(), SCHEMA)
    few = rows.coalesce(8).mapInArrow(Merging(), SCHEMA)
    merge(row.profile for row in few.toLocalIterator()).save("corpus.profile")

Executors need degrade and pyarrow, nothing else. Each partition becomes one profile, of 20 to 60
MB where it holds much text; ``Merging`` makes one of all that a partition holds, so that few come
to the driver.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from degrade.profiles import Profile
from degrade.readers.columns import documents
from degrade.readers.reader import Fields
from degrade.streamed import Saved, Stream, merged

COLUMN = "profile"
SCHEMA = f"{COLUMN} binary"
"""The schema of what both functions return."""


@dataclass(frozen=True, slots=True)
class Counting:
    """Reduces a partition to one row, which holds its profile.

    The fields name columns, as in ``degrade.profile``; ``options`` are those that say what is
    counted: ``metrics``, ``layer``, ``capacity`` and so on. What is no document is counted by its
    kind, as ``--on-error skip`` does.
    """

    text_field: str = "text"
    id_field: str | None = None
    cluster_field: str | None = None
    options: dict[str, Any] = field(default_factory=dict)

    def __call__(self, batches: Iterable[Any]) -> Iterator[Any]:
        """Yield one batch of one row for all Arrow ``batches`` of a partition."""
        fields = Fields(self.text_field, self.id_field, self.cluster_field)
        stream = Stream(self.options)
        for batch in batches:
            for found in documents(batch, batch.schema.names, fields):
                stream.add(found)
        yield _row(stream.content())


@dataclass(frozen=True, slots=True)
class Merging:
    """Reduces the rows of a partition, of profiles by ``Counting``, to one."""

    def __call__(self, batches: Iterable[Any]) -> Iterator[Any]:
        """Yield one batch of one row, or none for a partition without rows."""
        rows = (content for batch in batches for content in batch.column(COLUMN).to_pylist())
        first = next(rows, None)
        if first is not None:
            yield _row(merge(chain([first], rows)).to_bytes())


def merge(profiles: Iterable[bytes]) -> Profile:
    """Return the profile of all rows. Raises ProfileError where there is none."""
    rows = enumerate(profiles)
    return merged(Saved(f"row {number}", bytes(content)) for number, content in rows)


def _row(content: bytes) -> Any:
    import pyarrow

    return pyarrow.RecordBatch.from_pydict({COLUMN: pyarrow.array([content], pyarrow.binary())})
