"""Plain lines of JSON, read by the kernel, hold what a parser of JSON finds in them."""

from __future__ import annotations

import json

import numpy as np
import orjson
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from degrade.readers.json_kernel import DEEPEST
from degrade.readers.plain_lines import NO_ROWS, Scan, lines_of
from degrade.readers.problems import Refusal
from degrade.readers.reader import Fields
from degrade.readers.records import maker
from degrade.text.document import Document

# Without compiling, numpy's scalars warn where hashes are meant to wrap.
pytestmark = [
    pytest.mark.kernel,
    pytest.mark.filterwarnings("ignore:overflow encountered in scalar:RuntimeWarning"),
]

ALL = Fields("text", "id", "cluster", "source")
NAMES = st.sampled_from(["text", "id", "cluster", "source", "tex", "texts", "n", "", "é"])
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20) | st.sampled_from(
    [
        " \t\n\r",
        "\u00a0\u3000",
        "\u1680\u2003\u2029\u0085\x1c",
        "\u3000漢",
        "é",
        "\u180e",
        "😀\0\x7f",
    ]
)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=6,
)
RECORDS = st.dictionaries(NAMES, VALUES, max_size=5) | st.fixed_dictionaries(
    {"text": TEXT, "id": TEXT | st.integers(), "cluster": TEXT}, optional={"source": TEXT}
)
SPACES = st.sampled_from(["", " ", "\t \r"])


@st.composite
def lines(draw):
    """Return an object as JSON, written in one of many ways."""
    comma, colon = (draw(SPACES) + mark + draw(SPACES) for mark in ",:")
    written = json.dumps(draw(RECORDS), ensure_ascii=draw(st.booleans()), separators=(comma, colon))
    return (draw(SPACES) + written + draw(SPACES)).encode()


@st.composite
def damaged(draw):
    """Return a line with some bytes put into it, taken out or changed."""
    line = bytearray(draw(lines()))
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(line)))
        put = draw(
            st.sampled_from([b"", *map(bytes, zip(b'"\\{}[],:u0-e.tn \x1f\x7f\0\x80\xe2\xed'))])
        )
        line[at : at + draw(st.integers(0, 2))] = put
    return bytes(line)


def parsed(line, fields):
    """Return what today's parser makes of a line: a document, a refusal, or None."""
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    return maker(fields)(record) if isinstance(record, dict) else None


def read(content, fields=ALL):
    """Return the documents of the plain lines, by the number of the line, and the other numbers."""
    columns, others = Scan.of(fields).rows(content, content.count(b"\n"))
    if columns is NO_ROWS:
        return {}, [number for _, number, _, _ in others]
    odd = [number for _, number, _, _ in others]
    split = content.split(b"\n")
    for _, number, start, stop in others:
        assert content[start:stop] == split[number]
    plain = [i for i, line in enumerate(split) if i not in odd and line.strip(b" \t\r")]
    assert len(plain) == len(columns)
    assert [before for before, *_ in others] == [sum(p < n for p in plain) for n in odd]
    return dict(zip(plain, columns, strict=True)), odd


@settings(deadline=None)
@given(st.lists(lines() | damaged(), min_size=1, max_size=4), st.sampled_from([ALL, Fields()]))
@example([b'{"text": "a", "text": "b"}'], Fields())
@example([b'{"text": "a", "id": -0}'], Fields())
@example([b'{"text": "a", "n": 1e999}'], Fields())
@example([b'{"text": "a", "n": 01}'], Fields())
@example([b'{"text": "\\ud800\\u0041"}'], Fields())
@example([b'{"text": "\xed\xa0\x80"}'], Fields())
@example([b'{"text": "\xf4\x90\x80\x80"}'], Fields())
@example([b'{"text": "\xc0\xaf \xe0\x80\xaf \xf0\x80\x80\xaf"}'], Fields())
@example([b'{"text": "cut short'], Fields())
@example([b'{"text": "a"} {"text": "b"}'], Fields())
@example([b'{"text": "a", "n": [1, 2}}'], Fields())
@example([b'{"text": "a",}'], Fields())
@example([b'{"text": "a", "n": truely}'], Fields())
@example([b'{"\\u0074ext": "a"}'], Fields())
def test_a_plain_line_holds_what_a_parser_finds_in_it(written, fields):
    written = [line.replace(b"\n", b" ") for line in written]
    plain, _ = read(b"\n".join(written), fields)
    for number, document in plain.items():
        assert parsed(written[number], fields) == document


@settings(deadline=None)
@given(st.lists(lines(), min_size=1, max_size=4))
def test_hardly_any_line_that_a_document_is_made_of_is_not_plain(written):
    plain, odd = read(b"\n".join(written), Fields())
    for number in odd:
        made = parsed(written[number], Fields())
        record = orjson.loads(written[number])
        numbers = b"e" in written[number] or any(len(run) > 18 for run in digits(written[number]))
        assert (
            not isinstance(made, Document)
            or not plain
            or not isinstance(record.get("id"), str | int | None)
            or isinstance(record.get("id"), bool)
            or b"\\" in written[number].split(b":")[0]
            or numbers
            or not any(c.isascii() and not c.isspace() for c in made.text)
        )


def digits(line):
    """Yield the runs of digits in a line."""
    return "".join(c if c.isdigit() else " " for c in line.decode()).split()


def test_escapes_of_all_kinds_are_read():
    text = '"\\/\b\f\n\r\t\u0001é漢😀\U0010ffff'
    escaped = r'{"text": "\"\\\/\b\f\n\r\t\u0001\u00e9\u6F22\ud83d\uDE00\uDBFF\uDFFF"}'
    plain, odd = read(escaped.encode(), Fields())
    assert (plain[0].text, odd) == (text, [])


@pytest.mark.parametrize("depth", [1, DEEPEST - 1, DEEPEST, DEEPEST + 1, 900])
def test_nothing_is_lost_in_deep_nests(depth):
    for opened, closed in (("[", "]"), ('{"text":', "}")):
        line = '{"text": "a", "n": ' + opened * depth + "0" + closed * depth + "}"
        plain, odd = read(b"\n".join([line.encode(), *[b'{"text": "b"}'] * 20]), Fields())
        assert len(plain) == 21 - len(odd)
        assert odd == ([0] if depth >= DEEPEST else [])
        assert plain.get(0, Document("a")) == Document("a")


@pytest.mark.parametrize("fields", [Fields("a", "a"), Fields("id"), Fields("text", None, "id")])
def test_one_name_for_two_fields_is_left_to_the_parser(fields):
    assert Scan.of(fields) is None


def test_other_lines_stand_where_they_stood():
    content = b'{"text": "a"}\n' * 9 + b"oops\n \n" + b'{"text": "b"}\n' * 9 + b"{"
    plain, odd = read(content, Fields())
    assert odd == [9, 20]
    assert sorted(plain) == [*range(9), *range(11, 20)]


def test_where_many_lines_are_not_plain_all_are_left_to_the_parser():
    content = b'{"text": "a"}\noops\n' * 5
    columns, others = Scan.of(Fields()).rows(content, 10)
    assert (len(columns), others) == (0, [*lines_of(content)])
    assert [content[start:stop] for *_, start, stop in others] == [b'{"text": "a"}', b"oops"] * 5


def test_what_is_refused_is_never_plain():
    refused = [
        b"{}",
        b'{"text": 5}',
        b'{"text": ""}',
        b'{"text": " \\n"}',
        b'{"text": null}',
        b"[]",
    ]
    for line in refused:
        assert not isinstance(parsed(line, Fields()), Document)
        plain, odd = read(b'{"text": "a"}\n' * 20 + line, Fields())
        assert (len(plain), odd) == (20, [20])
    asked = Fields("text", "key")
    assert isinstance(parsed(b'{"text": "a"}', asked), Refusal)
    assert read(b'{"text": "a", "key": 1}\n' * 20 + b'{"text": "a"}', asked)[1] == [20]
    assert np.array_equal(NO_ROWS.texts.bounds, [0])
