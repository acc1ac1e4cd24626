"""Bad input is named with its file and place, and counted; what is good is still read."""

from __future__ import annotations

import io
import json
import random
import re

import pyarrow
import pytest
from pyarrow import parquet as pq
from written import FORMATS, arrow_file, arrow_stream, parquet, put

from degrade.errors import InputError
from degrade.readers import Fields, open_corpus
from degrade.readers.problems import KINDS

FIELDS = Fields()
LATIN = b"caf\xe9 cr\xe8me"


def lines(*middle: bytes) -> bytes:
    """Return a file of JSON Lines with ``middle`` between two good lines."""
    return b"\n".join([b'{"id": "a", "text": "first"}', *middle, b'{"id": "z", "text": "last"}'])


# name of the file, its bytes, options; then kind, place, part of the message, documents there
CASES = {
    "json: not UTF-8": (
        "part.jsonl", lines(b'{"text": "' + LATIN + b'"}'), {},
        "not-utf8", "line 2", "byte 0xE9 at offset 42 is not UTF-8", 3,
    ),
    "json: malformed": (
        "part.jsonl", lines(b'{"text": "x",,}'), {},
        "malformed-json", "line 2", "at column 14", 3,
    ),
    "json: nested too deeply": (
        "part.jsonl", lines(b"[" * 100_000), {},
        "malformed-json", "line 2", "JSON that cannot be read", 3,
    ),
    "json: a number of too many digits": (
        "part.jsonl", lines(b'{"n": NaN, "m": ' + b"1" * 5000 + b"}"), {},
        "malformed-json", "line 2", "JSON that cannot be read", 3,
    ),
    "json: cut off in a string": (
        "part.jsonl", lines()[:-4], {},
        "truncated-json", "line 2", "ends in the middle of a record", 2,
    ),
    "json: cut off in a character": (
        "part.jsonl", lines(b'{"text": "x"}') + "\n{\"text\": \"é".encode()[:-1], {},
        "truncated-json", "line 4", "ends in the middle of a record", 4,
    ),
    "json: an array": (
        "part.jsonl", lines(b'[{"text": "x"}]'), {},
        "not-an-object", "line 2", "a list, where an object", 3,
    ),
    "json: no such field": (
        "part.jsonl", lines(b'{"id": 1, "content": "x"}'), {},
        "missing-field", "line 2",
        'no field "text" (fields: content, id); name it with --text-field', 3,
    ),
    "json: no such field inside": (
        "part.jsonl", b'{"m": {"c": "first"}}\n{"m": {}}\n{"m": {"c": "last"}}',
        {"fields": Fields("m.c")},
        "missing-field", "line 2", 'no field "m.c" (fields: m)', 3,
    ),
    "json: no cluster where one was asked for": (
        "part.jsonl", b'{"text": "first", "c": 1}\n{"text": "x"}\n{"text": "last", "c": null}',
        {"fields": Fields(cluster="c")},
        "missing-field", "line 2", "name it with --cluster-field", 3,
    ),
    "json: null": (
        "part.jsonl", lines(b'{"text": null}'), {},
        "not-a-string", "line 2", 'field "text" is null', 3,
    ),
    "json: a number": (
        "part.jsonl", lines(b'{"text": 12.5}'), {},
        "not-a-string", "line 2", "a number (12.5)", 3,
    ),
    "json: a list": (
        "part.jsonl", lines(b'{"text": ["a", "b"]}'), {},
        "not-a-string", "line 2", "a list (['a', 'b'])", 3,
    ),
    "json: an object": (
        "part.jsonl", lines(b'{"text": {"a": 1}}'), {},
        "not-a-string", "line 2", "an object", 3,
    ),
    "json: an id that is no word": (
        "part.jsonl", lines(b'{"text": "x", "id": true}'), {"fields": Fields(id="id")},
        "not-a-string", "line 2", "a truth value (True)", 3,
    ),
    "json: empty": (
        "part.jsonl", lines(b'{"text": ""}'), {},
        "empty-document", "line 2", "empty", 3,
    ),
    "json: white space": (
        "part.jsonl", lines('{"text": " \\n\u2003"}'.encode()), {},
        "empty-document", "line 2", "only white space", 3,
    ),
    "json: half a pair": (
        "part.jsonl", lines(b'{"text": "ab\\ud83d"}'), {},
        "unpaired-surrogate", "line 2", "\\ud83d at character 2", 3,
    ),
    "lines: not UTF-8": (
        "part.txt", b"first\n" + LATIN + b"\nlast", {"split": "line"},
        "not-utf8", "line 2", "byte 0xE9 at offset 9", 3,
    ),
    "paragraphs: not UTF-8": (
        "part.txt", b"first\n\none\n" + LATIN + b"\n\nlast", {"split": "paragraph"},
        "not-utf8", "line 4", "byte 0xE9 at offset 14", 3,
    ),
    "csv: too many cells": (
        "part.csv", b"id,text\n1,first\n2,x,y\n3,last\n", {},
        "malformed-csv", "line 3", "3 cells under a header of 2 (id, text)", 3,
    ),
    "csv: too few cells": (
        "part.csv", b'id,text\n1,"fi\nrst"\n2\n3,last\n', {},
        "malformed-csv", "line 4", "1 cells under a header of 2", 3,
    ),
    "csv: a quote that never closes": (
        "part.csv", b'id,text\n1,first\n2,last\n3,"and then\nno end,\n', {},
        "malformed-csv", "line 4", "never closed", 3,
    ),
    "csv: a stray quote": (
        "part.csv", b'id,text\n1,first\n2,"x" y\n3,last\n', {},
        "malformed-csv", "line 3", "written twice", 3,
    ),
    "csv: not UTF-8": (
        "part.csv", b"id,text\n1,first\n2," + LATIN + b"\n3,last\n", {},
        "not-utf8", "line 3", "byte 0xE9 at offset 3 of its cell", 3,
    ),
    "csv: an empty cell": (
        "part.csv", b"id,text\n1,first\n2,\n3,last\n", {},
        "empty-document", "line 3", "empty", 3,
    ),
    "tsv: no such field": (
        "part.tsv", b"id\tbody\n1\tx\n", {},
        "missing-field", "line 2", '(fields: body, id)', 1,
    ),
    "parquet: null": (
        "part.parquet", parquet([{"text": "first"}, {"text": None}, {"text": "last"}]), {},
        "not-a-string", "row 2", "null", 3,
    ),
    "arrow: empty": (
        "part.arrow", arrow_stream([{"text": "first"}, {"text": ""}, {"text": "last"}]), {},
        "empty-document", "row 2", "empty", 3,
    ),
    "parquet: bytes that are not UTF-8": (
        "part.parquet", parquet([{"text": b"first"}, {"text": LATIN}, {"text": b"last"}]), {},
        "not-utf8", "row 2", 'offset 3 of field "text"', 3,
    ),
    "parquet: no such field": (
        "part.parquet", parquet([{"id": 1, "body": "x", "n": 2}]), {},
        "missing-field", "row 1", 'no field "text" (fields: body, id, n)', 1,
    ),
    "arrow: no such field": (
        "part.arrow", arrow_file([{"body": "x", "n": 2}]), {},
        "missing-field", "row 1", 'no field "text" (fields: body, n)', 1,
    ),
}  # fmt: skip
FILES = {
    "a picture": ("a.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not-text", "a PNG image"),
    "random bytes": ("a.jsonl", bytes(range(1, 256)) * 99, "not-text", "control codes"),
    "a NUL": ("a.csv", b"text\nabc\0def\n", "not-text", "a NUL byte at offset 8"),
    "no suffix, no text": ("a", b"\x7fELF\0\0", "not-text", "a program"),
    "UTF-16": ("a.txt", "text".encode("utf-16"), "not-utf8", "iconv -f UTF-16"),
    "a ZIP archive": ("a.jsonl", b"PK\x03\x04rest", "not-text", "unpack it"),
    "Parquet that is JSON by name": ("a.jsonl", parquet([{"text": "x"}]), "not-text", "Parquet"),
    "Latin-1": ("a.txt", b"one\ntwo " + LATIN, "not-utf8", "byte 0xE9 at offset 11"),
    "Windows-1252": ("a.txt", b"he said \x93no\x94", "not-utf8", "iconv -f WINDOWS-1252"),
    "white space": ("a.txt", b" \n\n", "empty-document", "white space"),
    "Parquet without an end": ("a.parquet", parquet([{"text": "x"}])[:-9], "corrupt-file", "Parqu"),
    "Parquet that is text": ("a.parquet", b"text", "corrupt-file", "not a Parquet file"),
    "an Arrow file cut off": ("a.ipc", arrow_file([{"text": "x"}])[:-30], "corrupt-file", "Arrow"),
    "Arrow that is text": ("a.arrow", b"some text or other", "corrupt-file", "not an Arrow file"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_bad_record_stops_a_run_that_fails_on_errors(tmp_path, case):
    name, data, options, _, place, message, _ = CASES[case]
    path = put(tmp_path / name, data)
    expected = re.escape(f"{path}, {place}: ") + ".*" + re.escape(message)
    with open_corpus(path, **options) as corpus, pytest.raises(InputError, match=expected) as got:
        list(corpus.documents())
    assert "--on-error skip" in str(got.value)


@pytest.mark.parametrize("shard_bytes", [10, 1 << 20])
@pytest.mark.parametrize("case", CASES)
def test_a_bad_record_is_skipped_counted_and_shown(tmp_path, case, shard_bytes):
    name, data, options, kind, place, message, there = CASES[case]
    path = put(tmp_path / name, data)
    with open_corpus(path, on_error="skip", **options) as corpus:
        texts = [d.text for shard in corpus.shards(shard_bytes) for d in corpus.read(shard)]
        assert dict(corpus.skipped) == {kind: 1}
        assert len(texts) + corpus.skipped.total() == there
        assert corpus.counted.documents == len(texts)
        assert len(corpus.examples) == 1
        assert corpus.examples[0].startswith(f"{path}, {place}: ")
        assert message in corpus.examples[0]
    assert kind in KINDS


@pytest.mark.parametrize("case", FILES)
def test_a_bad_file_stops_a_run_that_fails_on_errors(tmp_path, case):
    name, data, _, message = FILES[case]
    path = put(tmp_path / name, data)
    expected = re.escape(str(path)) + ".*" + re.escape(message)
    with open_corpus(path) as corpus, pytest.raises(InputError, match=expected):
        list(corpus.documents())


@pytest.mark.parametrize("shard_bytes", [10, 1 << 20])
@pytest.mark.parametrize("case", FILES)
def test_a_bad_file_counts_once_and_the_others_are_read(tmp_path, case, shard_bytes):
    name, data, kind, message = FILES[case]
    put(tmp_path / "in" / name, data)
    put(tmp_path / "in" / "z.jsonl", b'{"text": "good"}')
    with open_corpus(tmp_path / "in", on_error="skip") as corpus:
        texts = [d.text for shard in corpus.shards(shard_bytes) for d in corpus.read(shard)]
        assert texts == ["good"]
        assert dict(corpus.skipped) == {kind: 1}
        assert message in corpus.examples[0]


@pytest.mark.parametrize("suffix", [".txt", ".jsonl", ".csv", ".parquet", ".arrow", ".jsonl.gz"])
@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf"])
def test_an_empty_file_is_noted_and_stops_nothing(tmp_path, suffix, data):
    if data and suffix in {".parquet", ".arrow", ".jsonl.gz"}:
        data = b""
    empty = put(tmp_path / "in" / f"a{suffix}", data)
    put(tmp_path / "in" / "z.jsonl", b'{"text": "good"}')
    with open_corpus(tmp_path / "in", on_error="fail") as corpus:
        assert [document.text for document in corpus.documents()] == ["good"]
        assert dict(corpus.skipped) == {"empty-file": 1}
        assert corpus.examples == (f"{empty}: the file is empty",)


@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".arrow", ".ipc"])
def test_a_table_without_rows_is_an_empty_file(tmp_path, suffix):
    schema = pyarrow.schema([("text", pyarrow.string())])
    out = io.BytesIO()
    if suffix == ".csv":
        out.write(b"id,text\n")
    elif suffix == ".parquet":
        pq.write_table(schema.empty_table(), out)
    else:
        make = pyarrow.ipc.new_stream if suffix == ".arrow" else pyarrow.ipc.new_file
        make(out, schema).close()
    put(tmp_path / "in" / f"a{suffix}", out.getvalue())
    put(tmp_path / "in" / "z.jsonl", b'{"text": "good"}')
    with open_corpus(tmp_path / "in") as corpus:
        assert [document.text for document in corpus.documents()] == ["good"]
        assert dict(corpus.skipped) == {"empty-file": 1}


@pytest.mark.parametrize("on_error", ["fail", "skip"])
def test_a_corpus_without_any_document_is_an_error_that_says_why(tmp_path, on_error):
    put(tmp_path / "in" / "a.jsonl", b"")
    put(tmp_path / "in" / "b.jsonl", b"\n\n")
    message = r"^in: no document in .*a\.jsonl.*1 empty-file"
    with (
        open_corpus(tmp_path / "in", on_error=on_error) as corpus,
        pytest.raises(InputError, match=message),
    ):
        list(corpus.documents())


def test_strings_of_arrow_that_are_not_utf8_are_found_row_by_row(tmp_path):
    honest = pyarrow.array([b"first", LATIN, b"last"])
    lying = pyarrow.StringArray.from_buffers(3, *honest.buffers()[1:])
    for column in (lying, lying.dictionary_encode()):
        table = pyarrow.table({"text": column})
        path = tmp_path / "part.arrow"
        with pyarrow.ipc.new_stream(path, table.schema) as writer:
            writer.write_table(table)
        with open_corpus(path, on_error="skip") as corpus:
            assert [document.text for document in corpus.documents()] == ["first", "last"]
            assert dict(corpus.skipped) == {"not-utf8": 1}


def test_offsets_of_arrow_that_lead_outside_are_damage_and_not_a_crash(tmp_path):
    good = arrow_stream([{"text": "a" * 100}, {"text": "b" * 100}])
    offsets = b"".join(n.to_bytes(4, "little") for n in (0, 100, 200))
    bad = b"".join(n.to_bytes(4, "little") for n in (0, 100, 2_000_000_000))
    assert good.count(offsets) == 1
    path = put(tmp_path / "part.arrow", good.replace(offsets, bad))
    with open_corpus(path, on_error="skip") as corpus, pytest.raises(InputError, match="no doc"):
        list(corpus.documents())
    assert dict(corpus.skipped) == {"corrupt-file": 1}


@pytest.mark.parametrize("shard_bytes", [1, 1 << 20])
def test_a_damaged_row_group_counts_once_and_the_next_is_read(tmp_path, shard_bytes):
    chance = random.Random(1)
    records = [{"text": f"{i:03}" + chance.randbytes(200).hex()} for i in range(9)]
    data = bytearray(parquet(records, group=3))
    with pq.ParquetFile(io.BytesIO(bytes(data))) as file:
        column = file.metadata.row_group(1).column(0)
        start = column.dictionary_page_offset or column.data_page_offset
    data[start : start + 40] = b"\xff" * 40
    path = put(tmp_path / "part.parquet", bytes(data))
    with open_corpus(path, on_error="skip") as corpus:
        texts = [d.text[:3] for shard in corpus.shards(shard_bytes) for d in corpus.read(shard)]
        assert texts == ["000", "001", "002", "006", "007", "008"]
        assert dict(corpus.skipped) == {"corrupt-file": 1}
        assert corpus.examples[0].startswith(f"{path}, rows 4 to 6: ")


def test_an_arrow_stream_cut_off_gives_the_batches_before(tmp_path):
    data = arrow_stream([{"text": f"{i:03}"} for i in range(9)], batch=2)
    path = put(tmp_path / "part.arrow", data[: len(data) * 3 // 4])
    with open_corpus(path, on_error="skip") as corpus:
        texts = [document.text for document in corpus.documents()]
        assert texts == [f"{i:03}" for i in range(len(texts))]
        assert 0 < len(texts) < 9
        assert dict(corpus.skipped) == {"corrupt-file": 1}
        assert f"after row {len(texts)}: " in corpus.examples[0]


def test_the_first_five_examples_of_each_kind_are_kept(tmp_path):
    records = [{"text": None} if i % 2 else {"text": " "} for i in range(20)]
    path = put(tmp_path / "part.jsonl", FORMATS[".jsonl"]([*records, {"text": "good"}]))
    with open_corpus(path, on_error="skip") as corpus:
        assert len(list(corpus.documents())) == 1
        assert dict(corpus.skipped) == {"empty-document": 10, "not-a-string": 10}
        places = [re.search(r"line \d+", example)[0] for example in corpus.examples]
    assert places == [f"line {n}" for n in (1, 3, 5, 7, 9, 2, 4, 6, 8, 10)]


def test_places_have_separators_of_thousands(tmp_path):
    data = json.dumps({"text": "x"}).encode() + b"\n"
    path = put(tmp_path / "part-003.jsonl", data * 18_203 + b'{"id": "a", "content": "x"}\n')
    with open_corpus(path) as corpus, pytest.raises(InputError) as got:
        list(corpus.documents())
    assert str(got.value).startswith(
        f'{path}, line 18,204: no field "text" (fields: content, id); name it with --text-field'
    )
