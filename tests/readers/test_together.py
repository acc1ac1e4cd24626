"""Small files are read in one go, and hold what each holds alone."""

from __future__ import annotations

import gzip
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from written import COMPRESSIONS, json_lines, parquet, put

from degrade.errors import InputError
from degrade.readers import lines, open_corpus, together
from degrade.readers import parquet as parquet_reader
from degrade.readers.contents import Contents
from degrade.readers.files import blocks
from degrade.readers.reader import Fields
from degrade.text.document import Columns

RECORDS = [{"id": str(i), "text": f"text {i} é" * (i % 5 + 1)} for i in range(240)]
LINE = st.sampled_from(
    [
        b'{"text": "plain"}',
        b'{"text": "with an id", "id": 7}\r',
        b'{"text": "twice", "text": "left to a parser"}',
        b'{"text": "with a number that is none", "n": NaN}',
        '{"text": "né"}'.encode(),
        b'{"text": " "}',
        b'{"text": "cut',
        b'{"n": 1}',
        b'{"text": "caf\xe9"}',
        b'{"text": "\x00"}',
        b'\x7f{"text": "x"}',
        b"plain text",
        b"",
        b"  ",
        b"\r",
    ]
)
GOOD = st.sampled_from([b'{"text": "plain"}', b'{"text": "good", "id": 7}\r'])
CONTENT = st.builds(
    lambda mark, lines, final: (b"\xef\xbb\xbf" if mark else b"") + b"\n".join(lines) + final,
    st.booleans(),
    st.lists(GOOD, min_size=1, max_size=5) | st.lists(LINE, max_size=6),
    st.sampled_from([b"", b"\n", b"\n\n"]),
)


def read_both_ways(contents, suffix):
    """Return what a folder holds, read together and file by file, with what was skipped."""
    with tempfile.TemporaryDirectory() as folder:
        for number, content in enumerate(contents):
            put(Path(folder) / f"{number:02}{suffix}", content)
        with (
            pytest.MonkeyPatch.context() as patched,
            open_corpus(folder, on_error="skip") as some,
            open_corpus(folder, on_error="skip") as one,
        ):
            patched.setattr(together, "FEWEST", 2)
            rows = some.rows_of(some.shards())
            read = [d for row in rows for d in (row if isinstance(row, Columns) else (row,))]
            alone = [d for shard in one.shards() for d in one.read(shard)]
            counts = [[corpus.tally(shard) for shard in corpus.shards()] for corpus in (some, one)]
            return (read, counts[0], some.examples), (alone, counts[1], one.examples)


@settings(deadline=None)
@given(st.lists(CONTENT, min_size=1, max_size=8), st.sampled_from([".jsonl", ".txt"]))
@example([b'{"text": "a"}\n', b"ustar" * 60, b'{"text": "b"}'], ".txt")
@example([b'{"text": "a"}\n', b'{"text": "' + b"u" * 247 + b'ustar"}\n'], ".jsonl")
@example([b'{"text": "a"}\n' * 3, b"", b'{"text": "b"}'], ".jsonl")
@example([b'{"text": "a"}\n' * 3, b'{"text": "b"}\n\r\n{"text": "c"}'], ".jsonl")
def test_what_files_hold_is_what_each_holds_alone(contents, suffix):
    some, alone = read_both_ways(contents, suffix)
    assert some == alone


TABLES = st.lists(
    st.sampled_from([{"text": "plain"}, {"text": "né", "id": "7"}, {"text": " "}, {"n": 1}]),
    min_size=1,
    max_size=4,
).map(parquet)


@settings(deadline=None)
@given(st.lists(TABLES | st.sampled_from([b"", b"PAR1 no more"]), min_size=1, max_size=6))
@example([parquet([{"text": "a", "id": "1"}]), parquet([{"text": "b", "id": 2}])])
@example([parquet([{"text": "a"}, {"text": "b"}, {"text": "c"}])] * 3)
def test_what_tables_hold_is_what_each_holds_alone(contents):
    some, alone = read_both_ways(contents, ".parquet")
    assert some == alone


def test_tables_of_plain_strings_come_side_by_side(tmp_path):
    for part in range(24):
        put(tmp_path / f"{part:02}.parquet", parquet(RECORDS[part * 10 : part * 10 + 10]))
    with open_corpus(tmp_path) as corpus:
        (rows,) = corpus.rows_of(corpus.shards())
        assert [document.text for document in rows] == [record["text"] for record in RECORDS]
        assert {corpus.tally(shard).documents for shard in corpus.shards()} == {10}


def test_tables_that_come_to_much_more_than_they_take_are_read_alone(tmp_path):
    for part in range(5):
        put(tmp_path / f"{part}.parquet", parquet([{"text": "long " * 10**5}] * 40, group=40))
    with open_corpus(tmp_path) as corpus:
        rows = [*corpus.rows_of(corpus.shards())]
    assert len(rows) > 5
    assert sum(map(len, rows)) == 200


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_files_of_plain_lines_come_side_by_side(tmp_path, compression):
    for part in range(24):
        content = json_lines(RECORDS[part * 10 : part * 10 + 10])
        put(tmp_path / f"{part:02}.jsonl{compression}", COMPRESSIONS[compression](content))
    with open_corpus(tmp_path) as corpus:
        (rows,) = corpus.rows_of(corpus.shards())
        assert [document.text for document in rows] == [record["text"] for record in RECORDS]
        assert corpus.counted.documents == len(RECORDS)
        assert {corpus.tally(shard).documents for shard in corpus.shards()} == {10}


def test_what_cannot_be_read_among_others_is_named_and_comes_in_its_turn(tmp_path):
    for part in range(9):
        put(tmp_path / f"{part}.jsonl", json_lines(RECORDS[part * 10 : part * 10 + 10]))
    put(tmp_path / "5.jsonl", json_lines(RECORDS[:3]) + b"oops\n")
    put(tmp_path / "7.jsonl.gz", gzip.compress(json_lines(RECORDS))[:-9])
    with open_corpus(tmp_path) as corpus:
        before = []
        with pytest.raises(InputError, match=r"5\.jsonl, line 4: not JSON"):
            before.extend(corpus.rows_of(corpus.shards()))
        assert sum(len(row) if isinstance(row, Columns) else 1 for row in before) == 53
    with open_corpus(tmp_path, on_error="skip") as corpus:
        assert sum(1 for row in corpus.rows_of(corpus.shards())) > 1
        assert dict(corpus.skipped) == {"malformed-json": 1, "truncated-archive": 1}


def test_an_archive_that_holds_far_more_than_it_takes_is_read_by_itself(tmp_path):
    for part in range(9):
        content = json_lines(RECORDS) if part != 4 else json_lines([{"text": "long " * 10**6}] * 3)
        put(tmp_path / f"{part}.jsonl.gz", gzip.compress(content))
    with open_corpus(tmp_path) as corpus:
        rows = [*corpus.rows_of(corpus.shards())]
    sizes = [len(row) if isinstance(row, Columns) else 1 for row in rows]
    assert sum(sizes) == 8 * len(RECORDS) + 3
    assert sizes[0] == 4 * len(RECORDS)
    assert sizes[-1] == len(RECORDS)


@pytest.mark.parametrize("limit", [1, 10, 43, 100])
def test_a_limit_holds_among_files_that_are_read_together(tmp_path, limit):
    for part in range(24):
        put(tmp_path / f"{part:02}.jsonl", json_lines(RECORDS[part * 10 : part * 10 + 10]))
    with open_corpus(tmp_path, limit=limit) as corpus:
        texts = [
            d.text
            for row in corpus.all_rows()
            for d in (row if isinstance(row, Columns) else (row,))
        ]
    assert texts == [record["text"] for record in RECORDS[:limit]]


@pytest.mark.parametrize(
    ("suffix", "odd"),
    [(".txt", b""), (".txt", b"\x00"), (".jsonl", b""), (".jsonl", b"oops\n"), (".jsonl", b" \n")],
)
def test_one_file_among_many_does_not_have_the_others_read_again_and_again(
    tmp_path, monkeypatch, suffix, odd
):
    content = {".txt": b"a text", ".jsonl": b'{"text": "a text"}\n\n'}[suffix]
    for number in range(300):
        put(tmp_path / f"{number:03}{suffix}", odd if number == 200 else content)
    opened = Counter()

    read_from = Contents.read

    def counting(paths, sizes):
        found = read_from(paths, sizes)
        opened.update(paths[: len(found) + 1])
        return found

    monkeypatch.setattr(Contents, "read", counting)
    with open_corpus(tmp_path, on_error="skip") as corpus:
        rows = [*corpus.rows_of(corpus.shards())]
    assert sum(len(row) if isinstance(row, Columns) else 1 for row in rows) == 299
    # An empty file is looked at where it ends a run, and read where it stands.
    assert opened.most_common(1)[0][1] <= 2
    assert opened.total() <= 301


def test_one_file_among_many_leaves_three_quarters_of_them_together(tmp_path, monkeypatch):
    for number in range(80):
        put(tmp_path / f"{number:02}.jsonl", b"oops\n" if number == 33 else b'{"text": "a"}\n' * 9)
    alone = []
    with open_corpus(tmp_path, on_error="skip") as corpus:
        one_by_one = corpus.rows
        monkeypatch.setattr(corpus, "rows", lambda s: alone.append(s.path) or one_by_one(s))
        rows = [*corpus.rows_of(corpus.shards())]
        assert corpus.counted.documents == 79 * 9
        assert dict(corpus.skipped) == {"malformed-json": 1}
    assert sum(len(row) if isinstance(row, Columns) else 1 for row in rows) == 79 * 9
    assert alone == [str(tmp_path / f"{number:02}.jsonl") for number in range(20, 40)]


@pytest.mark.parametrize("named", [True, False], ids=["named so", "not named so"])
def test_archives_are_not_opened_again_and_again(tmp_path, monkeypatch, named):
    # Each holds half of what is read at once.
    content = gzip.compress(json_lines([{"text": "often " * 90_000}]))
    for number in range(40):
        put(tmp_path / f"{number:02}.jsonl{'.gz' if named else ''}", content)
    opened = Counter()

    def counting(path):
        opened[path] += 1
        return blocks(path)

    read_from = Contents.read

    def read(paths, sizes):
        opened.update(paths)
        return read_from(paths, sizes)

    monkeypatch.setattr(together, "blocks", counting)
    monkeypatch.setattr(lines, "blocks", counting)
    monkeypatch.setattr(Contents, "read", read)
    with open_corpus(tmp_path) as corpus:
        rows = [*corpus.rows_of(corpus.shards())]
    assert sum(len(row) if isinstance(row, Columns) else 1 for row in rows) == 40
    assert len(opened) == 40
    assert opened.most_common(1)[0][1] <= 2


def test_a_few_files_are_read_without_kernels_for_many(tmp_path, monkeypatch):
    monkeypatch.setattr(Contents, "read", None)
    monkeypatch.setattr(Contents, "of", None)
    for number in range(together.FEWEST - 1):
        put(tmp_path / f"{number}.txt", b"a text")
        put(tmp_path / f"empty-{number}.jsonl", b"")
    put(tmp_path / "large.jsonl", json_lines([{"text": "long " * 10**5}] * 2))
    with open_corpus(tmp_path) as corpus:
        assert len([*corpus.documents()]) == together.FEWEST + 1
        rows = corpus.rows_of(corpus.shards())
        assert sum(len(r) if isinstance(r, Columns) else 1 for r in rows) == together.FEWEST + 1


def test_a_table_is_unpacked_no_further_than_to_be_too_much(monkeypatch):
    unpacked = []
    batches = parquet_reader._batches

    def counting(file, fields):
        for batch in batches(file, fields):
            unpacked.append(batch)
            yield batch

    monkeypatch.setattr(parquet_reader, "_batches", counting)
    monkeypatch.setattr(parquet_reader, "_MOST_TOGETHER", 1)
    tables = [parquet([{"text": "long " * 100}] * 40, group=10)] * 3
    assert parquet_reader.READER.together(tables, Fields()) is None
    assert len(unpacked) == 1
