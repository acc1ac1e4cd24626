"""Rows of Arrow read side by side are the documents that reading them one by one gives."""

from __future__ import annotations

import random

import numpy as np
import pyarrow
import pytest

from degrade.readers import Fields
from degrade.readers.arrow_rows import _unseen, rows
from degrade.readers.columns import documents
from degrade.text.document import Columns
from degrade.text.strings import Strings

TEXTS = [
    "plain",
    "é ß",
    "漢字",
    "かな",
    "\u2003\u3000",
    " \t\n",
    "",
    "\x85\xa0",
    "\u1680",
    "ሀ",
    "x" * 70_000,
]
SPACE = [chr(i) for i in range(0x110000) if chr(i).isspace()]


def spoiled(values, rng, share):
    return [None if rng.random() < share else value for value in values]


def columns_of(kind, rng, n, share):
    words = [rng.choice(TEXTS[:4]) for _ in range(n)]
    if kind == "text":
        return pyarrow.array(spoiled([rng.choice(TEXTS) for _ in range(n)], rng, share), "string")
    if kind == "few odd":
        return pyarrow.array(["a text"] * (n - 1) + [rng.choice([None, " ", ""])], "large_string")
    if kind == "dictionary":
        return pyarrow.array(spoiled(words, rng, share)).dictionary_encode()
    if kind == "view":
        return pyarrow.array(spoiled(words, rng, share), pyarrow.string_view())
    if kind == "binary":
        return pyarrow.array([word.encode() for word in words], "binary")
    if kind == "numbers":
        return pyarrow.array(spoiled([rng.randrange(-5, 2**40) for _ in words], rng, share))
    if kind == "truth":
        return pyarrow.array([rng.random() < 0.5 for _ in words])
    if kind == "reals":
        return pyarrow.array([rng.random() for _ in words])
    if kind == "null":
        return pyarrow.nulls(n)
    return pyarrow.array([{"in": word} for word in words])


def flat(found):
    for each in found:
        yield from each if isinstance(each, Columns) else (each,)


KINDS = ["dictionary", "view", "binary", "numbers", "truth", "reals", "null", "struct"]


@pytest.mark.parametrize("key", KINDS)
@pytest.mark.parametrize("asked", [Fields(), Fields(id="id"), Fields(cluster="c", source="s")])
@pytest.mark.parametrize("text", ["text", "few odd", "dictionary", "view", "binary", "struct"])
def test_rows_are_what_documents_are(text, asked, key):
    rng = random.Random(f"{text} {key} {asked}")
    for share in (0.0, 0.05, 0.5):
        n = rng.randrange(1, 60)
        table = {
            "id": columns_of(key, rng, n, share),
            "text": columns_of(text, rng, n, share),
            "c": columns_of(rng.choice(KINDS), rng, n, share),
            "s": columns_of(rng.choice(KINDS), rng, n, share),
        }
        batch = pyarrow.record_batch(table)
        start = rng.randrange(0, n)
        for part in (batch, batch.slice(start), batch.slice(start, 1), batch.slice(0, 0)):
            expected = list(documents(part, part.schema.names, asked))
            assert list(flat(rows(part, part.schema.names, asked))) == expected


def test_plain_strings_are_read_side_by_side():
    batch = pyarrow.record_batch({"text": ["one", "two", None, "three"] * 100, "id": range(400)})
    found = list(rows(batch, ["text", "id"], Fields()))
    assert sum(isinstance(each, Columns) for each in found) == 0
    found = list(rows(batch.slice(3, 4), ["text", "id"], Fields()))
    batch = pyarrow.record_batch({"text": ["one", "two", "three"] * 10 + [" ", "four"]})
    found = list(rows(batch, ["text"], Fields()))
    assert [type(each).__name__ for each in found] == ["Columns", "Refusal", "Columns"]
    assert [len(each) for each in found[::2]] == [30, 1]


def test_pieces_are_of_a_bounded_size():
    batch = pyarrow.record_batch({"text": ["x" * 300_000] * 9 + ["y" * 3_000_000, "z"]})
    found = list(rows(batch, ["text"], Fields()))
    assert [len(each) for each in found] == [3, 3, 3, 1, 1]


def test_strings_that_are_not_utf8_are_refused_one_by_one():
    raw = pyarrow.array([b"good", b"b\xffd", b"\xed\xa0\x80", b"fine"] * 9)
    text = pyarrow.Array.from_buffers(pyarrow.string(), len(raw), raw.buffers())
    batch = pyarrow.record_batch({"text": text})
    found = list(flat(rows(batch, ["text"], Fields())))
    assert found == list(documents(batch, ["text"], Fields()))
    assert [getattr(each, "kind", "") for each in found[:4]] == ["", "not-utf8", "not-utf8", ""]


def test_of_two_columns_of_one_name_the_last_is_read_as_before():
    batch = pyarrow.RecordBatch.from_arrays([["a"], ["b"]], ["text", "text"])
    found = list(flat(rows(batch, ["text"], Fields())))
    assert found == list(documents(batch, ["text"], Fields()))


@pytest.mark.kernel
def test_what_is_seen_is_never_white_space():
    rng = random.Random(5)
    strings = [
        "",
        *SPACE,
        *("".join(rng.choices(SPACE, k=7)) for _ in range(50)),
        *("".join(rng.choices([*SPACE, "a", "é", "漢", "ሀ", "😀"], k=4)) for _ in range(200)),
    ]
    column = Strings.of([each.encode() for each in strings])
    unseen = _unseen(column.data, column.bounds)
    assert all(unseen[i] for i, each in enumerate(strings) if not each or each.isspace())
    # What is taken for unseen and is none is only looked at again.
    letters = Strings.of([each.encode() for each in ("a", " é", "漢", "ሀ ", "😀", "か")])
    assert not np.any(_unseen(letters.data, letters.bounds))
