"""What a reader is: shards of files, and a stream of documents and problems."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from degrade.text.document import Document


@dataclass(frozen=True, slots=True)
class Fields:
    """Where a record keeps what degrade reads. ``None`` means not asked for.

    With ``id`` unset, a field called ``id`` is used where there is one.
    """

    text: str = "text"
    id: str | None = None
    cluster: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Shard:
    """A part of a file that can be read alone: bytes ``start`` to ``stop``, or row groups.

    ``stop`` None is the end of the file. Every record belongs to exactly one shard of its file.
    """

    path: str
    start: int = 0
    stop: int | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """One record, or the rest of one file, that is not a document.

    ``kind`` is a stable word for counting (``not-utf8``, ``empty-document``); ``path`` and ``place``
    say where; ``message`` says what was wrong, the value seen and what to do.
    """

    kind: str
    path: str
    place: str
    message: str

    def __str__(self) -> str:
        where = f"{self.path}, {self.place}" if self.place else self.path
        return f"{where}: {self.message}"


class Reader(Protocol):
    """Reads one format. Registered under the entry-point group ``degrade.readers``."""

    @property
    def name(self) -> str: ...

    @property
    def suffixes(self) -> tuple[str, ...]: ...

    def shards(self, path: str, shard_bytes: int) -> list[Shard]:
        """Return parts of ``path`` that together hold each record once; one part if it can't be split."""
        ...

    def read(self, shard: Shard, fields: Fields) -> Iterator[Document | Problem]:
        """Yield what ``shard`` holds, in order: documents, and problems in the place of others."""
        ...
