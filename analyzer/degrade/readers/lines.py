"""Lines of files and of byte ranges of files, with places worked out only when one is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import BinaryIO

import numpy as np

from degrade.readers.compression import DamagedArchiveError
from degrade.readers.files import (
    BLOCK,
    HEAD,
    blocks,
    changed,
    head_of,
    is_compressed,
    open_binary,
    size_of,
)
from degrade.readers.problems import EMPTY_FILE, Refusal
from degrade.readers.reader import Problem, Shard
from degrade.readers.sniff import BOM, not_text

STRIPE = 64 << 20


@dataclass(frozen=True)
class Lines:
    """Some lines of a shard, with the newlines between them.

    ``first`` counts the lines of the shard before these, ``newlines`` those that end here, and
    ``offset`` is the byte of the file's content at which they begin. ``ended`` is false for a last
    line without a newline.
    """

    content: bytes
    first: int
    newlines: int
    offset: int
    ended: bool = True

    @cached_property
    def lines(self) -> list[bytes]:
        """The lines, without their newlines."""
        lines = self.content.split(b"\n")
        return lines[:-1] if self.ended else lines

    def offset_of(self, index: int) -> int:
        """Return the byte at which ``lines[index]`` begins."""
        return self.offset + sum(map(len, self.lines[:index])) + index


class LineStream:
    """The lines that begin in a shard, each whole, about 1 MiB of them at a time.

    Iterate once. Afterwards ``ending`` is the problem that the file as a whole has, if it has one:
    it is empty, not text, or an archive that is damaged after the last line given.
    """

    def __init__(self, shard: Shard, unit: str = "line") -> None:
        self.ending: Problem | None = None
        self._shard = shard
        self._unit = unit
        self._whole = 0
        self._before: int | None = None

    def __iter__(self) -> Iterator[Lines]:
        """Yield the lines, until the end or the first damage."""
        shard = self._shard
        try:
            if shard.start == 0 and shard.stop is None:
                yield from self._cut(blocks(shard.path), 0)
                return
            with open_binary(shard.path) as file:
                begin = _line_start(file, shard.start, shard.stop)
                if begin == shard.stop:
                    return
                end = None if shard.stop is None else _line_start(file, shard.stop)
                yield from self._cut(_range(file, begin, end), begin)
        except DamagedArchiveError as error:
            place = f"after {self.place(self._whole - 1)}" if self._whole else ""
            self.ending = Problem(error.kind, shard.path, place, error.message)

    def place(self, index: int) -> str:
        """Return the place of line ``index`` of the shard, counted from the file's start."""
        if self._before is None:
            self._before = _lines_before(self._shard)
        return f"{self._unit} {self._before + index + 1:,}"

    def problem(self, index: int, refusal: Refusal) -> Problem:
        """Return what a refusal is at line ``index`` of the shard."""
        return refusal.at(self._shard.path, self.place(index))

    def _cut(self, content: Iterable[bytes], offset: int) -> Iterator[Lines]:
        first = 0
        # A line may span many blocks: joined once, at its end.
        pending: list[bytes] = []
        fresh = offset == 0
        empty = True
        for block in content:
            if fresh:
                fresh = False
                # Of a file in ranges, byte_ranges has looked at more than a range may hold.
                refusal = None if self._shard.stop else not_text(block)
                if refusal is not None:
                    self.ending = refusal.at(self._shard.path, "")
                    return
                if block.startswith(BOM):
                    block, offset = block[len(BOM) :], len(BOM)
            empty = empty and not block
            end = block.rfind(b"\n") + 1
            if end:
                whole = b"".join((*pending, memoryview(block)[:end])) if pending else block[:end]
                pending.clear()
                newlines = newlines_in(whole)
                yield Lines(whole, first, newlines, offset)
                first += newlines
                offset += len(whole)
                self._whole = first
            if end < len(block):
                pending.append(block[end:])
        if pending:
            yield Lines(b"".join(pending), first, 0, offset, ended=False)
        if empty and self._shard.start == 0:
            self.ending = EMPTY_FILE.at(self._shard.path, "")


def byte_ranges(path: str, shard_bytes: int) -> list[Shard]:
    """Return shards of a file of lines; one for a compressed file or one that is not text."""
    size = size_of(path)
    if (
        size is None
        or size <= shard_bytes
        or is_compressed(path)
        or not_text(head_of(path)) is not None
    ):
        return [Shard(path)]
    starts = range(0, size, shard_bytes)
    return [Shard(path, start, start + shard_bytes) for start in starts[:-1]] + [
        Shard(path, starts[-1])
    ]


def newlines_in(content: bytes) -> int:
    """Return how many lines end in ``content``."""
    # In long lines, three times as fast as content.count.
    return int(np.count_nonzero(np.frombuffer(content, dtype=np.uint8) == 0x0A))


def _line_start(file: BinaryIO, at: int, before: int | None = None) -> int:
    """Return where the first line begins that begins at byte ``at`` or later.

    If none does ``before`` a byte, return that: a long line is not read once for every range.
    """
    if at == 0:
        return 0
    for block in _range(file, at - 1, None if before is None else before - 1, HEAD):
        newline = block.find(b"\n")
        if newline >= 0:
            return at + newline
        at += len(block)
    return at


def _range(file: BinaryIO, begin: int, end: int | None, size: int = BLOCK) -> Iterator[bytes]:
    file.seek(begin)
    while block := file.read(size if end is None else min(size, end - begin)):
        begin += len(block)
        yield block


def _lines_before(shard: Shard) -> int:
    """Return how many lines of the file begin before the first that begins in ``shard``."""
    if shard.start == 0:
        return 0
    with open_binary(shard.path) as file:
        begin = _line_start(file, shard.start)
        whole, rest = divmod(begin, STRIPE)
        newlines = sum(block.count(b"\n") for block in _range(file, begin - rest, begin))
    stamp = tuple(changed(shard.path))
    return newlines + sum(_newlines(shard.path, stamp, stripe) for stripe in range(whole))


@lru_cache(maxsize=1 << 16)
def _newlines(path: str, stamp: object, stripe: int) -> int:  # noqa: ARG001 - part of the key
    # Kept, for a large file may have a problem in every shard.
    with open_binary(path) as file:
        begin = stripe * STRIPE
        return sum(block.count(b"\n") for block in _range(file, begin, begin + STRIPE))
