"""A corpus as the rest of degrade reads it: files, shards, documents, and what was left out."""

from __future__ import annotations

import os
import weakref
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from typing import Any, TypeVar

from degrade.errors import InputError
from degrade.readers.corpus_file import CorpusFile, clean, cut, grouped, listed
from degrade.readers.files import changed, input_file, readable
from degrade.readers.intake import NOTED, Intake, OnError, Tally
from degrade.readers.reader import Fields, Problem, Shard
from degrade.readers.together import rows_of
from degrade.record import InputFile
from degrade.text.document import Columns, Document, Rows

SHARD_BYTES = 32 << 20
PART_BYTES = 8 << 20
MOST_PARTS = 4096
LARGEST_PART = 256 << 20
Row = TypeVar("Row", bound=Rows)
Item = TypeVar("Item")


class Corpus:
    """Documents that can be read again and again, by shards at once or one after the other.

    Readings in several threads are safe. Another process reads with a pickled copy, and hands back
    the copy's ``tally(shard)`` for ``enter(shard, tally)`` here. Nothing is counted twice, however
    often it is read. Temporary files go when the corpus is closed, collected, or at exit.
    ``part_bytes`` are the bytes of a part, if not ``PART_BYTES`` at least.
    """

    def __init__(
        self,
        name: str,
        files: Sequence[CorpusFile],
        fields: Fields,
        *,
        on_error: OnError = "fail",
        limit: int | None = None,
        temporary: Sequence[str] = (),
    ) -> None:
        self.name = name
        self.fields = fields
        self.on_error: OnError = on_error
        self.limit = limit
        self.lasting = not temporary
        self.part_bytes: int | None = None
        self._files = {file.path: file for file in files}
        self._intake = Intake()
        self._plans: dict[int, tuple[Shard, ...]] = {}
        self._cuts: Counter[str] = Counter()
        self._inputs: tuple[InputFile, ...] | None = None
        self._remove = weakref.finalize(self, clean, tuple(temporary), os.getpid())

    def __enter__(self) -> Corpus:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __getstate__(self) -> dict[str, Any]:
        # What was planned and read here is of no use elsewhere.
        state = {**self.__dict__, "_plans": {}, "_intake": Intake()}
        # A copy owns no temporary file: the original removes it.
        del state["_remove"]
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._remove = weakref.finalize(self, clean, (), os.getpid())

    def close(self) -> None:
        """Remove temporary files; the corpus cannot be read any more if it had some."""
        self._remove()

    @property
    def paths(self) -> tuple[str, ...]:
        """Where the files are, absolute or as URLs, in order."""
        return tuple(self._files)

    @property
    def total_bytes(self) -> int | None:
        """Bytes of all files as they lie on disk, or None if a server does not say."""
        sizes = [file.bytes for file in self._files.values()]
        known = [size for size in sizes if size is not None]
        return sum(known) if len(known) == len(sizes) else None

    @property
    def unlocked(self) -> bool:
        """Whether all files are read to columns, in code that holds no interpreter lock."""
        return all(hasattr(kind, "rows") for kind in {type(f.reader) for f in self._files.values()})

    def files(self) -> tuple[InputFile, ...]:
        """Return the files, as they were named, with size and SHA-256; reads them once."""
        if self._inputs is None:
            inputs = []
            for file in self._files.values():
                with readable(file.shown):
                    inputs.append(input_file(file.path, file.shown))
            self._inputs = tuple(inputs)
        return self._inputs

    def shards(self, shard_bytes: int = SHARD_BYTES) -> tuple[Shard, ...]:
        """Return shards of about ``shard_bytes`` that hold every document once, in order.

        With a limit, the parts up to it are read here to find where it falls.
        """
        if shard_bytes not in self._plans:
            files = [*self._files.values()]
            shards = [shard for found in cut(files, shard_bytes) for shard in found]
            self._plans[shard_bytes] = tuple(self._limited(shards))
        return self._plans[shard_bytes]

    def parts(self) -> tuple[tuple[Shard, ...], ...]:
        """Return shards in runs of like size that hold every document once, in order.

        Small files stand together. The parts depend on the files alone, so that what was counted of
        one is known again.
        """
        share = min((self.total_bytes or 0) // MOST_PARTS, LARGEST_PART)
        part_bytes = self.part_bytes or max(PART_BYTES, share)
        shards = self.shards(part_bytes)
        self._cuts = Counter(shard.path for shard in shards)
        return grouped(shards, [*map(self._weight, shards)], part_bytes)

    def weight(self, part: Sequence[Shard]) -> float:
        """Return about how many bytes one of ``parts`` takes on disk."""
        return sum(map(self._weight, part))

    def _weight(self, shard: Shard) -> float:
        size = self._files[shard.path].bytes
        # An empty file takes nothing, but is no reason to divide by that.
        return (PART_BYTES if size is None else size or 1) / self._cuts[shard.path]

    def identity(self, part: Sequence[Shard]) -> dict[str, Any]:
        """Return as JSON what ``part`` is: its files as they are now, and how they are read."""
        shards = []
        for shard in part:
            file = self._files[shard.path]
            with readable(file.shown):
                stamp = changed(shard.path)
            shards.append({**shard._asdict(), "stamp": stamp, "reader": repr(file.reader)})
        return {"shards": shards, "fields": asdict(self.fields)}

    def note_of(self, tally: Tally) -> dict[str, Any]:
        """Return ``tally`` as JSON."""
        return tally.as_note()

    def tally_of(self, note: dict[str, Any]) -> Tally | None:
        """Return the tally that ``note`` is of; None if the policy is to fail at what it counts."""
        if self.on_error == "fail" and not NOTED.issuperset(note["skipped"]):
            return None
        return Tally.of_note(note)

    def shown(self, path: str) -> str:
        """Return what the file at ``path`` was called."""
        return self._files[path].shown

    def format_of(self, path: str) -> str:
        """Return the name of the reader of the file at ``path``."""
        return self._files[path].reader.name

    def place(self, shard: Shard) -> str:
        """Say where ``shard`` lies, as a person reads it."""
        return self._files[shard.path].place(shard)

    def read(self, shard: Shard) -> Generator[Document]:
        """Yield the documents of ``shard``. Raises InputError as the policy says."""
        yield from self._read(shard, self._files[shard.path].reader.read)

    def rows(self, shard: Shard, tally: Tally | None = None) -> Generator[Rows]:
        """Yield documents as ``read``, side by side where their reader can; ``tally`` counts on."""
        reader = self._files[shard.path].reader
        # Not isinstance, which asks of every file what the protocol is.
        yield from self._read(shard, getattr(reader, "rows", reader.read), tally)

    def rows_of(self, part: Sequence[Shard]) -> Generator[Rows]:
        """Yield the documents of all shards of ``part``, in order; small files are read at once."""
        return rows_of(part, self._files, self.fields, self.rows, self._intake.enter_files)

    def _read(
        self,
        shard: Shard,
        read: Callable[[Shard, Fields], Iterator[Row | Problem]],
        tally: Tally | None = None,
    ) -> Generator[Row]:
        shown = self._files[shard.path].shown
        tally = Tally() if tally is None else tally
        if shard.documents == 0:
            self.enter(shard, tally)
            return
        whole = False
        try:
            with readable(shown):
                for item in read(shard, self.fields):
                    if isinstance(item, Problem):
                        tally.refuse(replace(item, path=shown), self.on_error)
                        continue
                    found = item
                    if isinstance(found, Columns) and shard.documents is not None:
                        found = found.part(0, min(len(found), shard.documents - tally.documents))
                    tally.documents += len(found) if isinstance(found, Columns) else 1
                    yield found
                    if tally.documents == shard.documents:
                        break
            whole = True
        finally:
            self.enter(shard, tally, whole=whole)

    def documents(self) -> Generator[Document]:
        """Yield all documents, in order. Raises InputError after a corpus that held none."""
        for _, document in self.documents_by_file():
            yield document

    def documents_by_file(self) -> Generator[tuple[str, Document]]:
        """Yield all documents, in order, each after its file as it was named.

        Raises InputError after a corpus that held none.
        """
        yield from self._some(
            (self.shown(shard.path), found) for shard in self.shards() for found in self.read(shard)
        )

    def all_rows(self) -> Generator[Rows]:
        """Yield what ``documents`` does, side by side where a reader gives them so."""
        yield from self._some(self.rows_of(self.shards()))

    def _some(self, items: Iterable[Item]) -> Generator[Item]:
        nothing = True
        for item in items:
            nothing = False
            yield item
        if nothing:
            raise InputError(self.without_documents())

    def tally(self, shard: Shard) -> Tally:
        """Return what came of the last reading of ``shard`` in this process."""
        return self._intake.tally(shard)

    def enter(self, shard: Shard, tally: Tally, *, whole: bool = True) -> None:
        """Enter what a reading of ``shard`` counted; one that was broken off is not ``whole``."""
        self._intake.enter(shard, tally, whole)

    def leave_out(self, part: Sequence[Shard], why: str) -> None:
        """Enter that ``part`` is not counted, and why: one problem, whatever it held."""
        for number, shard in enumerate(part):
            tally = Tally()
            if number == 0:
                tally.refuse(Problem("uncounted-part", self.place(shard), "", why), self.on_error)
            self.enter(shard, tally)

    @property
    def counted(self) -> Tally:
        """What came of all parts read so far, whatever the order in which they were."""
        return self._intake.total(self._files)

    @property
    def skipped(self) -> Counter[str]:
        """Problems by kind, so far."""
        return self.counted.skipped

    @property
    def examples(self) -> tuple[str, ...]:
        """The first problems of each kind, as a person reads them."""
        return tuple(shown for kind in self.counted.examples.values() for shown in kind)

    def without_documents(self) -> str:
        """Say that the corpus holds no document, and why: for who finds none in all shards."""
        files = listed([file.shown for file in self._files.values()])
        skipped = ", ".join(f"{count:,} {kind}" for kind, count in self.skipped.items())
        examples = "".join(f"\n  {example}" for example in self.examples)
        return f"{self.name}: no document in {files} ({skipped or 'no record'}){examples}"

    def _limited(self, shards: list[Shard]) -> Iterator[Shard]:
        if self.limit is None:
            yield from shards
            return
        left = self.limit
        for shard in shards:
            cut = shard._replace(documents=left)
            count = sum(len(r) if isinstance(r, Columns) else 1 for r in self.rows(cut))
            left -= count
            yield shard if left else shard._replace(documents=count)
            if not left:
                return
