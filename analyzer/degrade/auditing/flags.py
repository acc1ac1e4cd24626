"""What was measured of every document, in files that line up with those of the corpus."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from types import TracebackType

import numpy as np

from degrade.auditing.chunks import Chunk
from degrade.auditing.flag_files import Row, Rows, rows_to
from degrade.auditing.flag_paths import targets
from degrade.auditing.measures import ALIKE, COPIES, FRACTIONS, REPETITION, Measured
from degrade.auditing.reasons import REASONS, Told
from degrade.auditing.worst import place_at
from degrade.readers import Corpus
from degrade.text.blocks import characters_of

MEASURES = (REPETITION, *FRACTIONS)
_DIGITS = 6


@dataclass(slots=True)
class Flags:
    """Files of flags as they are written: each appears when it is whole.

    A row a record, in order, those that were skipped too. Close it to write what is left.
    """

    paths: Mapping[str, str]
    _numbers: Mapping[str, int] = field(init=False)
    _done: int = 0
    _stack: ExitStack = field(default_factory=ExitStack)
    _open: Rows | None = None
    _file: str = ""

    def __post_init__(self) -> None:
        self._numbers = {name: i for i, name in enumerate(self.paths)}

    @classmethod
    def of(cls, folder: str, corpus: Corpus, spec: object) -> Flags:
        """Return the flags of ``corpus`` in ``folder``; nothing is written yet.

        Raises UsageError where they cannot be there.
        """
        return cls(targets(folder, corpus, spec))

    def __enter__(self) -> Flags:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self._turn_to("")
            return
        self._stack.__exit__(kind, error, trace)

    def add(self, chunk: Chunk, measured: Measured, told: Told, files: Sequence[str]) -> None:
        """Write the documents of ``chunk``, and what was refused among them."""
        for file, row in _in_order(chunk, _rows(chunk, measured, told, files)):
            if files[file] != self._file:
                self._turn_to(files[file])
            assert self._open is not None
            self._open.add(row)

    def _turn_to(self, file: str) -> None:
        """Finish the file that is open, and write those that have no rows up to the next."""
        stop = self._numbers[file] if file else len(self._numbers)
        if self._open is not None:
            self._open.close()
            self._stack.close()
            self._open = None
        for name in list(self._numbers)[self._done : stop] if stop > self._done else ():
            with ExitStack() as stack:
                rows_to(self.paths[name], stack).close()
        self._done, self._file = stop + 1, file
        if file:
            self._open = rows_to(self.paths[file], self._stack)


def _in_order(chunk: Chunk, rows: Iterator[Row]) -> Iterator[tuple[int, Row]]:
    """Yield the rows of documents and of refused records, each with the number of its file."""
    refused = list(chunk.refused)
    at = 0
    for file, record, row in zip(chunk.files.tolist(), chunk.records.tolist(), rows, strict=True):
        while at < len(refused) and (refused[at].file, refused[at].record) < (file, record):
            yield refused[at].file, Row(refused[at].id, refused[at].record, refused[at].kind)
            at += 1
        yield file, row
    for each in refused[at:]:
        yield each.file, Row(each.id, each.record, each.kind)


def _rows(chunk: Chunk, measured: Measured, told: Told, files: Sequence[str]) -> Iterator[Row]:
    batch = chunk.batch
    lengths = characters_of(batch.data, batch.bounds).tolist()
    shares = []
    for name in MEASURES:
        over, under = measured.sums[name]
        shares.append(np.round(over / np.maximum(1, under), _DIGITS).tolist())
    values = list(zip(*shares, strict=True))
    firsts, resemblances = told.firsts.tolist(), np.round(told.resemblances, _DIGITS).tolist()
    for i in range(len(batch)):
        reasons = tuple(name for name, so in zip(REASONS, told.given[i], strict=True) if so)
        row = Row(
            batch.document(i).id,
            int(chunk.records[i]),
            reasons=reasons,
            listed=bool(told.listed[i]),
            characters=lengths[i],
            words=int(measured.words[i]),
            measures=dict(zip(MEASURES, values[i], strict=True)),
        )
        row.measures.update((name, 1.0) for name in reasons)
        if firsts[i] >= 0:
            file, record = place_at(firsts[i])
            row.first = files[file], record
            row.measures[COPIES if COPIES in reasons else ALIKE] = resemblances[i]
        yield row
