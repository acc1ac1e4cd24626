"""However a file is cut, its records come once each, in order, and problems at their places."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from written import FORMATS, parquet, put

from degrade.readers import Fields, Shard
from degrade.readers.jsonl import JsonLines
from degrade.readers.parquet import Parquet
from degrade.readers.plain import PlainText

FIELDS = Fields()
RECORDS = [{"id": str(i), "text": f"text {i} é" * (i % 5 + 1)} for i in range(23)]
GOOD = st.builds(
    lambda text: json.dumps({"text": text}, ensure_ascii=False).encode(),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
)
BAD = st.sampled_from([b"", b"  ", b"{", b'{"text": "caf\xe9"}', b'{"n": 1}', b"[]", b'"\\ud800"'])
LINES = st.lists(GOOD | BAD, max_size=12)
CUTS = st.integers(1, 80)


def whole_and_cut(reader, data, shard_bytes):
    """Return what a file holds, read whole and read by shards."""
    with tempfile.TemporaryDirectory() as folder:
        path = str(put(Path(folder) / "part", data))
        shards = reader.shards(path, shard_bytes)
        cut = [item for shard in shards for item in reader.read(shard, FIELDS)]
        return list(reader.read(Shard(path), FIELDS)), cut


@settings(deadline=None)
@given(LINES, CUTS, st.booleans(), st.booleans(), st.booleans())
@example([b'{"text": "a"}'], 1, True, True, True)
@example([], 1, True, False, False)
def test_json_lines_are_the_same_however_they_are_cut(lines, shard_bytes, mark, crlf, final):
    newline = b"\r\n" if crlf else b"\n"
    data = newline.join(lines) + (newline if final else b"")
    whole, cut = whole_and_cut(JsonLines(), (b"\xef\xbb\xbf" if mark else b"") + data, shard_bytes)
    assert cut == whole


@settings(deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode), CUTS)
@example(b"a\nb\x01\x02\x03\x04\n" * 20, 4)
@example(b"\x01\x02\n" + b"long enough to be taken for text\n" * 20, 3)
def test_lines_of_any_bytes_are_the_same_however_they_are_cut(data, shard_bytes):
    whole, cut = whole_and_cut(PlainText(split="line"), data, shard_bytes)
    assert cut == whole


@pytest.mark.parametrize("shard_bytes", [1, 7, 100, 10_000])
def test_problems_have_the_line_numbers_of_the_file(tmp_path, shard_bytes):
    lines = [b'{"text": "ok"}'] * 50
    lines[20] = lines[41] = b"oops"
    path = str(put(tmp_path / "part.jsonl", b"\n".join(lines)))
    reader = JsonLines()
    items = [
        item for shard in reader.shards(path, shard_bytes) for item in reader.read(shard, FIELDS)
    ]
    places = [item.place for item in items if hasattr(item, "place")]
    assert places == ["line 21", "line 42"]
    assert len(items) == 50


def test_line_numbers_are_counted_again_after_a_file_has_changed(tmp_path, monkeypatch):
    monkeypatch.setattr("degrade.readers.lines.STRIPE", 16)
    reader = JsonLines()
    path = tmp_path / "part.jsonl"
    for blanks in (40, 60):
        put(path, b"\n" * blanks + b"x" * 8 + b"\n")
        shards = reader.shards(str(path), 8)
        problems = [item for shard in shards for item in reader.read(shard, FIELDS)]
        assert [problem.place for problem in problems] == [f"line {blanks + 1}"]


@pytest.mark.parametrize("shard_bytes", [1, 200, 1 << 20])
def test_parquet_is_the_same_however_it_is_cut(tmp_path, shard_bytes):
    records = [dict(record) for record in RECORDS]
    records[11]["text"] = " "
    path = str(put(tmp_path / "part.parquet", parquet(records, group=3)))
    reader = Parquet()
    shards = reader.shards(path, shard_bytes)
    cut = [item for shard in shards for item in reader.read(shard, FIELDS)]
    assert cut == list(reader.read(Shard(path), FIELDS))
    assert [getattr(item, "place", item.__class__.__name__) for item in cut][11] == "row 12"
    assert len(shards) == {1: 8, 1 << 20: 1}.get(shard_bytes, len(shards))


def test_a_plain_file_is_cut_and_a_compressed_one_is_not(tmp_path):
    data = FORMATS[".jsonl"](RECORDS)
    import gzip

    plain = str(put(tmp_path / "a.jsonl", data))
    packed = str(put(tmp_path / "a.jsonl.gz", gzip.compress(data)))
    assert len(JsonLines().shards(plain, 100)) == -(-len(data) // 100)
    assert JsonLines().shards(packed, 100) == [Shard(packed)]


def test_a_long_line_is_not_read_once_for_every_shard(tmp_path, monkeypatch):
    data = json.dumps({"text": "x" * 1_000_000}).encode()
    path = str(put(tmp_path / "part.jsonl", data))
    read = 0

    def counting(name):
        file = real(name)
        inner = file.read

        class Counting:
            def __enter__(self):
                return self

            def __exit__(self, *_):
                file.close()

            def read(self, size=-1):
                nonlocal read
                block = inner(size)
                read += len(block)
                return block

            def seek(self, *where):
                return file.seek(*where)

        return Counting()

    from degrade.readers import lines

    reader = JsonLines()
    shards = reader.shards(path, 10_000)
    real = lines.open_binary
    monkeypatch.setattr(lines, "open_binary", counting)
    assert sum(1 for shard in shards for _ in reader.read(shard, FIELDS)) == 1
    assert len(shards) == 101
    # Once to look for line starts in all shards, once to find the line's end, once to read it.
    assert read < 4 * len(data)
