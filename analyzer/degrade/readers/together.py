"""Small files that are read in one go: of very many, each alone costs more than what it holds."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import closing
from typing import cast

from degrade.readers.compression import DamagedArchiveError, method_of
from degrade.readers.corpus_file import CorpusFile
from degrade.readers.files import BLOCK, blocks, is_url
from degrade.readers.intake import Tally
from degrade.readers.reader import Fields, SeveralReader, Shard, Together
from degrade.text.document import Rows

SMALL = 1 << 18
"""Bytes of a file, as it lies on disk, up to which it is read with others."""
MOST = 1024
"""Files that are read together, at most: where one stands in the way, all are read one by one."""


def rows_of(
    shards: Sequence[Shard],
    files: Mapping[str, CorpusFile],
    fields: Fields,
    rows: Callable[[Shard], Iterable[Rows]],
    enter: Callable[[Shard, Tally], None],
) -> Generator[Rows]:
    """Yield the documents of ``shards`` in order: small files together, all others by ``rows``.

    What was read of each of the former is told to ``enter``.
    """
    at = 0
    while at < len(shards):
        number, found = _together(files, shards, at, fields)
        some = shards[at : at + number]
        at += number
        if found is None:
            for shard in some:
                yield from rows(shard)
            continue
        for shard, documents in zip(some, found.documents, strict=True):
            enter(shard, Tally(documents))
        yield from found.rows


def _together(
    files: Mapping[str, CorpusFile], shards: Sequence[Shard], first: int, fields: Fields
) -> tuple[int, Together | None]:
    """Read ``shards`` from number ``first`` on, about ``BLOCK`` bytes of them, in one go.

    Return how many these are, and what they hold; None where they are to be read one by one.
    """
    reader = files[shards[first].path].reader
    if not isinstance(reader, SeveralReader):
        return 1, None
    contents: list[bytes] = []
    held = 0
    while held < BLOCK and len(contents) < min(MOST, len(shards) - first):
        shard = shards[first + len(contents)]
        file = files[shard.path]
        if file.reader is not reader or not _is_small(file, shard):
            break
        content = _content(file)
        # An empty one is read alone, where it is told.
        if not content:
            break
        contents.append(content)
        held += len(content)
    if len(contents) < 2:
        return 1, None
    return len(contents), reader.together(contents, fields)


def _is_small(file: CorpusFile, shard: Shard) -> bool:
    """Return whether ``shard`` is the whole of ``file``, and that is here and small."""
    whole = shard.start == 0 and shard.stop is None and shard.documents is None
    return whole and file.bytes is not None and file.bytes <= SMALL and not is_url(file.path)


def _content(file: CorpusFile) -> bytes | None:
    """Return what a file holds, or None where that is more than a block or cannot be read."""
    path, size = file.path, cast(int, file.bytes)
    try:
        # As it lies there, in one call: to look for what it may be compressed by takes as long.
        with open(path, "rb", 0) as raw:  # noqa: PTH123 - as in files.open_binary
            content = raw.read(size + 1)
        if len(content) == size and method_of(path, content[:16]) is None:
            return content
        with closing(blocks(path)) as decompressed:
            block = next(decompressed, b"")
            return block if next(decompressed, None) is None else None
    except (OSError, DamagedArchiveError):
        return None
