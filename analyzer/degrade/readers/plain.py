"""Plain text: a document a file, a line or a paragraph."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from degrade.readers.compression import DamagedArchiveError
from degrade.readers.contents import Contents
from degrade.readers.files import blocks
from degrade.readers.lines import LineStream, byte_ranges
from degrade.readers.problems import EMPTY_DOCUMENT, EMPTY_FILE, first_undecodable, undecodable
from degrade.readers.reader import Fields, Problem, Shard, Together
from degrade.readers.sniff import BOM, all_text, not_text
from degrade.text.document import Document

Split = Literal["line", "paragraph"]
SPLITS: tuple[Split, ...] = ("line", "paragraph")


@dataclass(frozen=True, slots=True)
class PlainText:
    """Reads plain text. CRLF becomes LF: how lines end is the file's affair, not the text's.

    With ``split`` "line", every line that is not blank is a document; with "paragraph", every run
    of such lines. Blank lines only divide: they are no documents and no problems.
    """

    split: Split | None = None
    name: str = "text"
    suffixes: tuple[str, ...] = (".txt", ".md", ".text", ".markdown")

    def shards(self, path: str, shard_bytes: int) -> list[Shard]:
        """Return byte ranges if documents are lines, otherwise the file."""
        return byte_ranges(path, shard_bytes) if self.split == "line" else [Shard(path)]

    def read(self, shard: Shard, fields: Fields) -> Iterator[Document | Problem]:  # noqa: ARG002
        """Yield the documents of ``shard``; their ids are hashes of their texts."""
        if self.split is None:
            yield _whole(shard.path)
        elif self.split == "line":
            yield from _lines(shard)
        else:
            yield from _paragraphs(shard)

    def together(self, contents: Sequence[bytes], fields: Fields) -> Together | None:  # noqa: ARG002
        """Return a document of each file, unless documents are less, or one is none."""
        if self.split is not None or not all_text(Contents.of(contents)):
            return None
        try:
            made = [_document(content.removeprefix(BOM)) for content in contents]
        except UnicodeDecodeError:
            return None
        documents = [document for document in made if document is not None]
        return Together(documents, [1] * len(made)) if len(documents) == len(made) else None


READER = PlainText()


def _whole(path: str) -> Document | Problem:
    pieces: list[bytes] = []
    try:
        for block in blocks(path):
            if not pieces and (refusal := not_text(block)) is not None:
                return refusal.at(path, "")
            pieces.append(block)
    except DamagedArchiveError as error:
        return Problem(error.kind, path, "", error.message)
    data = b"".join(pieces)
    if not data.removeprefix(BOM):
        return EMPTY_FILE.at(path, "")
    try:
        document = _document(data.removeprefix(BOM))
    except UnicodeDecodeError:
        line = data.count(b"\n", 0, first_undecodable(data)) + 1
        return undecodable(data).at(path, f"line {line:,}")
    return document or EMPTY_DOCUMENT.at(path, "")


def _lines(shard: Shard) -> Iterator[Document | Problem]:
    stream = LineStream(shard)
    for block in stream:
        for index, line in enumerate(block.lines):
            try:
                document = _document(line)
            except UnicodeDecodeError:
                refusal = undecodable(line, block.offset_of(index))
                yield stream.problem(block.first + index, refusal)
            else:
                if document is not None:
                    yield document
    if stream.ending is not None:
        yield stream.ending


def _paragraphs(shard: Shard) -> Iterator[Document | Problem]:
    stream = LineStream(shard)
    paragraph: list[bytes] = []
    first = start = 0
    for block in stream:
        offset = block.offset
        for number, line in enumerate(block.lines, block.first):
            if line and not line.isspace():
                if not paragraph:
                    first, start = number, offset
                paragraph.append(line)
            elif paragraph:
                yield _paragraph(stream, paragraph, first, start)
                paragraph = []
            offset += len(line) + 1
    if stream.ending is not None:
        # The paragraph that a damaged archive ends in is not whole.
        yield stream.ending
    elif paragraph:
        yield _paragraph(stream, paragraph, first, start)


def _paragraph(
    stream: LineStream, paragraph: list[bytes], first: int, start: int
) -> Document | Problem:
    data = b"\n".join(paragraph)
    try:
        document = _document(data)
    except UnicodeDecodeError:
        line = first + data.count(b"\n", 0, first_undecodable(data))
        return stream.problem(line, undecodable(data, start))
    return document or stream.problem(first, EMPTY_DOCUMENT)


def _document(data: bytes) -> Document | None:
    """Return the text as a document, or None if it is blank. Raises UnicodeDecodeError."""
    text = data.decode("utf-8").replace("\r\n", "\n").removesuffix("\r")
    return None if not text or text.isspace() else Document(text)
