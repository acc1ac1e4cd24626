"""Documents in batches, with the source, the file and the record of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from degrade.auditing.variety import SOURCE_BITS
from degrade.errors import InputError, UsageError
from degrade.readers import Corpus
from degrade.readers.intake import NOTED, OnError, Tally
from degrade.readers.reader import Problem
from degrade.text.document import GROUPS, Batch, Columns, Rows

SIZE = 512
MOST_SOURCES = 1 << SOURCE_BITS


class Refused(NamedTuple):
    """A record that is no document: the number of its file, its own, why, and its id if any."""

    file: int
    record: int
    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """A batch, and int64 arrays, (documents,): numbers of source and file, and the record.

    ``refused`` are records that stand before or among the documents, and after all others those
    that follow the last.
    """

    batch: Batch
    sources: NDArray[np.int64]
    files: NDArray[np.int64]
    records: NDArray[np.int64]
    refused: tuple[Refused, ...] = ()

    @property
    def cells(self) -> NDArray[np.int64]:
        """Source and group of clusters of each document, as one number."""
        return self.sources * GROUPS + self.batch.groups

    def taken(self, which: NDArray[np.bool_]) -> Chunk:
        """Return some of the documents, without what was refused."""
        of = self.sources[which], self.files[which], self.records[which]
        return Chunk(self.batch.taken(which), *of)


@dataclass(slots=True)
class Numbered:
    """The names of the sources and files met so far, by number."""

    sources: dict[str, int] = field(default_factory=dict)
    files: dict[str, int] = field(default_factory=dict)


def chunks(
    corpus: Corpus, numbered: Numbered, label: Callable[[str], str] = str
) -> Iterator[Chunk]:
    """Yield the documents of ``corpus`` in order; their names are entered in ``numbered``.

    The source is what ``label`` makes of what the corpus's source field holds; without one, the
    file. A chunk may have no
    documents. Raises UsageError for too many sources to be any.
    """
    by_file = corpus.fields.source is None
    rows: list[Rows] = []
    places: list[tuple[int, int, int]] = []
    refused: list[Refused] = []
    for file, first, found in _numbered(corpus):
        number = numbered.files.setdefault(file, len(numbered.files))
        if isinstance(found, Problem):
            refused.append(Refused(number, first, found.kind, found.id))
            if len(refused) >= SIZE:
                yield _chunk(rows, places, refused)
                rows, places, refused = [], [], []
            continue
        for start, piece in _pieces(found):
            for i, name in enumerate(_sources(piece)):
                of = file if by_file else label(name)
                source = numbered.sources.setdefault(of, len(numbered.sources))
                places.append((source, number, first + start + i))
            rows.append(piece)
            if len(numbered.sources) > MOST_SOURCES:
                raise UsageError(_too_many(next(iter(numbered.sources)), by_file=by_file))
            if len(places) >= SIZE:
                yield _chunk(rows, places, refused)
                rows, places, refused = [], [], []
    if places or refused:
        yield _chunk(rows, places, refused)


@dataclass(slots=True)
class _Noting(Tally):
    """A tally that keeps problems, with the number of the record, until they are taken."""

    noted: list[tuple[int, Problem]] = field(default_factory=list)

    @property
    def records(self) -> int:
        return self.documents + self.skipped.total()

    def refuse(self, problem: Problem, on_error: OnError) -> None:
        Tally.refuse(self, problem, on_error)
        if problem.kind not in NOTED:
            self.noted.append((self.records, problem))

    def taken(self) -> list[tuple[int, Problem]]:
        taken, self.noted = self.noted, []
        return taken


def labels(corpus: Corpus) -> Iterator[str]:
    """Yield what the source field of each document holds."""
    for shard in corpus.shards():
        for found in corpus.rows(shard):
            yield from _sources(found)


def _numbered(corpus: Corpus) -> Iterator[tuple[str, int, Rows | Problem]]:
    """Yield documents and problems, each after its file and the number of its first record.

    Records count from 1 in each file, those that are no documents among them.
    """
    path, before, some = "", 0, False
    for shard in corpus.shards():
        if shard.path != path:
            path, before = shard.path, 0
        tally = _Noting()
        for found in corpus.rows(shard, tally):
            some = True
            for record, problem in tally.taken():
                yield corpus.shown(path), before + record, problem
            held = len(found) if isinstance(found, Columns) else 1
            yield corpus.shown(path), before + tally.records - held + 1, found
        for record, problem in tally.taken():
            yield corpus.shown(path), before + record, problem
        before += tally.records
    if not some:
        raise InputError(corpus.without_documents())


def _chunk(rows: list[Rows], places: list[tuple[int, int, int]], refused: list[Refused]) -> Chunk:
    sources, files, records = np.array(places, dtype=np.int64).reshape(-1, 3).T
    return Chunk(Batch(rows), sources, files, records, tuple(refused))


def _pieces(found: Rows) -> Iterator[tuple[int, Rows]]:
    if not isinstance(found, Columns):
        yield 0, found
        return
    for start in range(0, len(found), SIZE):
        yield start, found.part(start, min(len(found), start + SIZE))


def _sources(piece: Rows) -> list[str]:
    if isinstance(piece, Columns):
        return [piece.sources.text(i) for i in range(len(piece))]
    return [piece.metadata.get("source", "")]


def _too_many(example: str, *, by_file: bool) -> str:
    said = f"more than {MOST_SOURCES:,} sources, such as {example!r}: "
    if by_file:
        return said + "every file is one; name the field that holds the source by --source-field"
    return said + "that field names documents, not sources"
