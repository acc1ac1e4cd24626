"""Small files that are read in one go: of very many, each alone costs more than what it holds."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from typing import cast

from degrade.readers.compression import DamagedArchiveError, method_named, method_of
from degrade.readers.contents import NOTHING, Contents
from degrade.readers.corpus_file import CorpusFile
from degrade.readers.files import blocks, is_url
from degrade.readers.reader import Fields, SeveralReader, Shard
from degrade.text.document import Rows

SMALL = 1 << 18
"""Bytes of a file, as it lies on disk, up to which it is read with others."""
AT_ONCE = 9 << 19
"""Bytes that are read together: a little more than what is counted at once."""
MOST = 1024
"""Files that are read together, at most."""
FEWEST = 4
"""Files that it takes: fewer are read sooner one by one than kernels are loaded."""
_HALVINGS = 2
"""Where one file stands in the way, halves are tried, so often, before all are read one by one."""


def rows_of(
    shards: Sequence[Shard],
    files: Mapping[str, CorpusFile],
    fields: Fields,
    rows: Callable[[Shard], Iterable[Rows]],
    enter: Callable[[Sequence[Shard], Sequence[int]], None],
) -> Generator[Rows]:
    """Yield the documents of ``shards`` in order: small files together, all others by ``rows``.

    How many there were in each of the former is told to ``enter``.
    """

    def read(some: Sequence[Shard], contents: Contents, halvings: int) -> Generator[Rows]:
        found = None
        if len(contents) >= 2:
            reader = cast(SeveralReader, files[some[0].path].reader)
            found = reader.together(contents, fields)
        if found is not None:
            enter(some, found.documents)
            yield from found.rows
        elif halvings and len(contents) >= 2 * FEWEST:
            half = len(some) // 2
            yield from read(some[:half], contents.part(0, half), halvings - 1)
            yield from read(some[half:], contents.part(half, len(some)), halvings - 1)
        else:
            for shard in some:
                yield from rows(shard)

    at = 0
    while at < len(shards):
        number, contents = _contents(files, shards, at)
        yield from read(shards[at : at + number], contents, _HALVINGS)
        at += number


def _contents(
    files: Mapping[str, CorpusFile], shards: Sequence[Shard], first: int
) -> tuple[int, Contents]:
    """Return how many ``shards`` from number ``first`` on come next, and what they hold.

    About ``AT_ONCE`` bytes of small files; nothing of what is to be read one by one.
    """
    reader = files[shards[first].path].reader
    if not isinstance(reader, SeveralReader):
        return 1, NOTHING
    run: list[CorpusFile] = []
    held, packed = 0, method_named(shards[first].path) is not None
    for shard in shards[first : first + MOST]:
        file = files[shard.path]
        if held >= AT_ONCE or file.reader is not reader or not _is_small(file, shard):
            break
        if (method_named(file.path) is not None) != packed:
            break
        run.append(file)
        held += cast(int, file.bytes)
    if len(run) < FEWEST:
        return max(1, len(run)), NOTHING
    contents = Contents.of(_decompressed(run)) if packed else _read(run)
    # What is in the way of all others is not met again and again.
    return (len(contents) or len(run)), contents


def _is_small(file: CorpusFile, shard: Shard) -> bool:
    """Return whether ``shard`` is the whole of ``file``, and that is here and small.

    An empty one is not: it is read alone, where it is told.
    """
    whole = shard.start == 0 and shard.stop is None and shard.documents is None
    return whole and file.bytes is not None and 0 < file.bytes <= SMALL and not is_url(file.path)


def _read(run: Sequence[CorpusFile]) -> Contents:
    """Return what the first files of ``run`` hold, up to one that cannot be read.

    Or that is compressed, though its name does not say so.
    """
    found = Contents.read([file.path for file in run], [cast(int, file.bytes) for file in run])
    for number, file in enumerate(run[: len(found)]):
        if method_of(file.path, found.beginning(number, 16)) is not None:
            return found.part(0, number)
    return found


def _decompressed(run: Sequence[CorpusFile]) -> Iterator[bytes]:
    """Yield what the first files of ``run`` hold unpacked, until it is about ``AT_ONCE`` bytes.

    Or up to one that cannot be read, or holds more than a block by itself.
    """
    held = 0
    for file in run:
        try:
            with closing(blocks(file.path)) as decompressed:
                content = next(decompressed, b"")
                if not content or next(decompressed, None) is not None:
                    return
        except (OSError, DamagedArchiveError):
            return
        yield content
        held += len(content)
        if held >= AT_ONCE:
            return
