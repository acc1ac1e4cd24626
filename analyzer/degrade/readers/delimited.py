"""CSV and TSV: a header, then a record a row."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain

from degrade.readers.lines import LineStream
from degrade.readers.problems import EMPTY_FILE, Refusal, first_undecodable, undecodable
from degrade.readers.reader import Fields, Problem, Shard
from degrade.readers.records import Record, maker
from degrade.text.document import Document

_INSTEAD_OF_COMMAS = ";|"


@dataclass(frozen=True, slots=True)
class Delimited:
    """Reads rows of cells, which may be quoted and then span lines. Blank rows hold no record.

    The first row names the fields. A file is one shard, since only a reading from its start tells
    whether a newline lies within quotes.
    """

    name: str
    suffixes: tuple[str, ...]
    delimiter: str

    def shards(self, path: str, shard_bytes: int) -> list[Shard]:  # noqa: ARG002
        """Return the file."""
        return [Shard(path)]

    def read(self, shard: Shard, fields: Fields) -> Iterator[Document | Problem]:
        """Yield a document or a problem for each row."""
        # The limit is one of the process, 128 KiB unless raised, and a document may well be longer.
        csv.field_size_limit((1 << 31) - 1)
        stream = LineStream(shard)
        delimiter, lines = self._delimited(_text(stream))
        rows = csv.reader(lines, delimiter=delimiter, strict=True)
        make = maker(fields)
        header: list[str] | None = None
        count = 0
        while True:
            line = rows.line_num
            try:
                row = next(rows)
            except StopIteration:
                break
            except csv.Error as error:
                if stream.ending is None:
                    count += 1
                    yield stream.problem(line, Refusal("malformed-csv", _malformed(error)))
                if header is None:
                    # No row has names of fields then, and the next one is no header.
                    return
                continue
            if not row:
                continue
            if header is None:
                header = row
                continue
            count += 1
            made = _made(header, row, make)
            yield made if isinstance(made, Document) else stream.problem(line, made)
        if stream.ending is not None:
            yield stream.ending
        elif not count:
            yield EMPTY_FILE.at(shard.path, "")

    def _delimited(self, lines: Iterator[str]) -> tuple[str, Iterator[str]]:
        """Return what parts the cells, and all the lines.

        Of commas, that is what the header says: where it has none but semicolons or bars, those.
        """
        if self.delimiter != ",":
            return self.delimiter, lines
        blank: list[str] = []
        for line in lines:
            blank.append(line)
            if line.strip():
                break
        header = blank[-1] if blank else ""
        others = [other for other in _INSTEAD_OF_COMMAS if "," not in header and other in header]
        chosen = max(others, key=header.count, default=self.delimiter)
        return chosen, chain(blank, lines)


CSV = Delimited("csv", (".csv",), ",")
TSV = Delimited("tsv", (".tsv", ".tab"), "\t")


def _text(stream: LineStream) -> Iterator[str]:
    for block in stream:
        *lines, last = block.lines
        for line in lines:
            # Within a cell, too, whatever program wrote the file.
            yield line.removesuffix(b"\r").decode("utf-8", "surrogateescape") + "\n"
        last = last.removesuffix(b"\r") if block.ended else last
        yield last.decode("utf-8", "surrogateescape") + ("\n" if block.ended else "")


def _made(
    header: list[str], row: list[str], make: Callable[[Record], Document | Refusal]
) -> Document | Refusal:
    if len(row) != len(header):
        return Refusal(
            "malformed-csv",
            f"{len(row):,} cells under a header of {len(header):,} ({', '.join(header[:12])}); "
            "quote cells that hold the delimiter or a newline",
        )
    made = make(dict(zip(header, row, strict=True)))
    if isinstance(made, Refusal):
        return made
    for part in (made.text, made.id, made.cluster, *made.metadata.values()):
        data = part.encode("utf-8", "surrogateescape")
        if first_undecodable(data) < len(data):
            return undecodable(data, within="its cell")
    return made


def _malformed(error: csv.Error) -> str:
    if "unexpected end of data" in str(error):
        return "a quoted cell is never closed, and took in the rest of the file"
    return f"not a row: {error}; a quote within a quoted cell is written twice"
