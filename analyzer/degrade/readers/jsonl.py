"""JSON Lines: one object a line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import orjson

from degrade.readers.contents import Contents
from degrade.readers.lines import LineStream, byte_ranges
from degrade.readers.plain_lines import LONGEST, NO_ROWS, SHORTEST, Other, Scan, lines_of
from degrade.readers.problems import Refusal, first_undecodable, undecodable, unpaired_surrogate
from degrade.readers.reader import Fields, Problem, Shard, Together
from degrade.readers.records import Record, maker
from degrade.readers.sniff import all_text
from degrade.text.document import Columns, Document, Rows


@dataclass(frozen=True, slots=True)
class JsonLines:
    """Reads JSON Lines. Blank lines hold no record."""

    name: str = "jsonl"
    suffixes: tuple[str, ...] = (".jsonl", ".ndjson", ".json")

    def shards(self, path: str, shard_bytes: int) -> list[Shard]:
        """Return byte ranges; the file in one if it is compressed."""
        return byte_ranges(path, shard_bytes)

    def read(self, shard: Shard, fields: Fields) -> Iterator[Document | Problem]:
        """Yield a document or a problem for each line that begins in ``shard``."""
        for row in self.rows(shard, fields):
            yield from row if isinstance(row, Columns) else (row,)

    def rows(self, shard: Shard, fields: Fields) -> Iterator[Rows | Problem]:
        """Yield what ``read`` does, plain lines side by side."""
        make, scan = maker(fields), Scan.of(fields)
        stream = LineStream(shard)
        for block in stream:
            content = block.content
            if scan is None or not SHORTEST <= len(content) < LONGEST:
                columns, others = NO_ROWS, [*lines_of(content)]
            else:
                columns, others = scan.rows(content, block.newlines)
            for item in _in_order(columns, others):
                if isinstance(item, Columns):
                    yield item
                    continue
                _, index, start, stop = item
                last = not block.ended and stop == len(content)
                made = _made(content[start:stop], block.offset + start, last, make)
                if isinstance(made, Document):
                    yield made
                elif made is not None:
                    yield stream.problem(block.first + index, made)
        if stream.ending is not None:
            yield stream.ending

    def together(self, contents: Sequence[bytes], fields: Fields) -> Together | None:
        """Return what whole files hold, unless one has a blank line or what is no document."""
        scan, held = Scan.of(fields), Contents.of(contents)
        if scan is None:
            return None
        joined = held.joined()
        lines = int(joined.lines.sum())
        columns, others = scan.rows_in(joined.octets, joined.lanes, joined.size, lines)
        # As many rows as lines: so it is known which file each is of.
        if not len(columns) or len(columns) + len(others) < lines or not all_text(held):
            return None
        rows: list[Rows] = []
        make = maker(fields)
        for item in _in_order(columns, others):
            if isinstance(item, Columns):
                rows.append(item)
                continue
            _, _, start, stop = item
            line = joined.octets[start:stop].tobytes()
            made = _made(line, 0, last=False, make=make)
            if not isinstance(made, Document):
                return None
            rows.append(made)
        return Together(rows, joined.lines.tolist())


READER = JsonLines()


def _in_order(columns: Columns, others: Iterable[Other]) -> Iterator[Columns | Other]:
    """Yield the rows, and between them the lines that are other than plain."""
    done = 0
    for other in others:
        if other[0] > done:
            yield columns.part(done, other[0])
            done = other[0]
        yield other
    if len(columns) > done:
        yield columns.part(done, len(columns))


def _made(
    line: bytes, offset: int, last: bool, make: Callable[[Record], Document | Refusal]
) -> Document | Refusal | None:
    """Return what a line holds; None if it is blank."""
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError:
        return _second_look(line, offset, last, make) if line.strip() else None
    return make(record) if type(record) is dict else _not_an_object(record)


def _second_look(
    line: bytes, offset: int, last: bool, make: Callable[[Record], Document | Refusal]
) -> Document | Refusal:
    """Read a line that is not strict JSON: NaN and Infinity are let pass, all else is refused."""
    bad = first_undecodable(line)
    if bad < len(line):
        # A file may be cut inside a character.
        if last and line[bad] >= 0xC2 and len(line) - bad < 4:
            return _cut(line)
        return undecodable(line, offset)
    text = line.decode("utf-8")
    try:
        record: object = json.loads(text)
    except json.JSONDecodeError as error:
        if last and (error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated")):
            return _cut(line)
        return _malformed(text, error)
    except (ValueError, RecursionError) as error:
        return Refusal("malformed-json", f"JSON that cannot be read: {error}")
    if not isinstance(record, dict):
        return _not_an_object(record)
    made = make(record)
    if isinstance(made, Document):
        return unpaired_surrogate(made) or made
    return made


def _cut(line: bytes) -> Refusal:
    end = line[-30:].decode("utf-8", "ignore")
    return Refusal(
        "truncated-json",
        f"the last line ends in the middle of a record (... {end!r}); "
        "write or copy the file again, or delete the line",
    )


def _malformed(text: str, error: json.JSONDecodeError) -> Refusal:
    near = text[max(0, error.pos - 20) : error.pos + 20]
    hint = ""
    if text.lstrip().startswith("["):
        hint = "; one object a line is read here: convert an array with `jq -c '.[]'`"
    elif text.strip() == "{":
        hint = "; one object a line is read here: put records on one line with `jq -c .`"
    return Refusal(
        "malformed-json", f"not JSON: {error.msg} at column {error.pos + 1:,} (near {near!r}){hint}"
    )


def _not_an_object(value: object) -> Refusal:
    kind = {str: "a string", list: "a list", type(None): "null", bool: "a truth value"}
    hint = "; convert an array with `jq -c '.[]'`" if isinstance(value, list) else ""
    return Refusal(
        "not-an-object",
        f"the line is {kind.get(type(value), 'a number')}, where an object was expected{hint}",
    )
