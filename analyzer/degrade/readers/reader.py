"""What a reader is: shards of files, and a stream of documents and problems."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol, runtime_checkable

from degrade.text.document import Document, Rows


@dataclass(frozen=True, slots=True)
class Fields:
    """Where a record keeps what degrade reads. ``None`` means not asked for.

    With ``id`` unset, a field called ``id`` is used where there is one; an empty one takes no ids,
    so that documents are told apart by what they hold. ``message.content`` is the
    field of that name, or else ``content`` inside ``message``; a number picks from a list
    (``messages.0.content``).
    """

    text: str = "text"
    id: str | None = None
    cluster: str | None = None
    source: str | None = None


class Shard(NamedTuple):
    """A part of a file that can be read alone: bytes, or row groups, ``start`` to ``stop``.

    ``stop`` None is the end of the file. Every record belongs to exactly one shard of its file: the
    one in which its first byte lies. ``documents``, where set, is the most that the corpus takes
    from this shard; readers need not look at it.
    """

    path: str
    start: int = 0
    stop: int | None = None
    documents: int | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """One record, or the rest of one file, that is not a document.

    ``kind`` is a stable word for counting, one of ``problems.KINDS`` (``not-utf8``,
    ``empty-document``) or a plugin's own; ``path`` and ``place`` say where; ``message`` says what
    was wrong, the value seen and what to do; ``id`` is that of the record, where it has one.
    """

    kind: str
    path: str
    place: str
    message: str
    id: str = ""

    def __str__(self) -> str:
        where = f"{self.path}, {self.place}" if self.place else self.path
        return f"{where}: {self.message}"


class Reader(Protocol):
    """Reads one format. Registered under the entry-point group ``degrade.readers``.

    Readers are small frozen objects that pickle. ``files.open_binary`` opens a path wherever it
    is, ``files.blocks`` decompresses it, ``lines.LineStream`` cuts it into lines, and
    ``records.maker`` turns a mapping into a document.
    """

    @property
    def name(self) -> str:
        """The word for ``--format``."""
        ...

    @property
    def suffixes(self) -> tuple[str, ...]:
        """Suffixes of its files, lower case, with the dot and without that of a compression."""
        ...

    def shards(self, path: str, shard_bytes: int) -> list[Shard]:
        """Return parts of ``path`` that hold each record once; one part if it can't be split."""
        ...

    def read(self, shard: Shard, fields: Fields) -> Iterator[Document | Problem]:
        """Yield what ``shard`` holds, in order: documents, and problems in the place of others.

        The shards of a file, however many, yield the same items in the same order. Damage is
        yielded, not raised; OSError is for a file that cannot be opened.
        """
        ...


@runtime_checkable
class RowReader(Protocol):
    """A reader that makes no object of every document, which takes as long as counting it."""

    def rows(self, shard: Shard, fields: Fields) -> Iterator[Rows | Problem]:
        """Yield what ``read`` does, in the same order: documents side by side in ``Columns``."""
        ...


class Together(NamedTuple):
    """The documents of several files, in order, and how many each file holds."""

    rows: Sequence[Rows]
    documents: Sequence[int]


@runtime_checkable
class SeveralReader(Protocol):
    """A reader that takes many small files at once, and is spared what each of them costs."""

    def together(self, contents: Sequence[bytes], fields: Fields) -> Together | None:
        """Return what ``read`` yields of whole files that hold ``contents``, decompressed.

        None where one of them holds a problem, or for any other reason: they are then read alone.
        """
        ...
