"""A corpus can be read again, by shards and threads, and counts what it leaves out once."""

from __future__ import annotations

import gc
import multiprocessing
import os
import pickle
import random
import subprocess
import sys
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

import hypothesis.strategies as st
import pandas as pd
import pyarrow
import pytest
from hypothesis import given, settings
from written import json_lines, put

from degrade.errors import InputError, UsageError
from degrade.readers import Fields, Problem, Shard, Tally, open_corpus
from degrade.readers.intake import Ledger
from degrade.text.document import Document

RECORDS = [{"text": f"text {i}"} if i % 7 else {"text": ""} for i in range(200)]
GOOD = [record["text"] for record in RECORDS if record["text"]]
BAD = len(RECORDS) - len(GOOD)


@pytest.fixture
def folder(tmp_path):
    for part in range(4):
        put(tmp_path / "gen0" / f"{part}.jsonl", json_lines(RECORDS[part * 50 : part * 50 + 50]))
    return tmp_path / "gen0"


def texts(corpus):
    return [document.text for document in corpus.documents()]


def test_reading_again_counts_nothing_again(folder):
    with open_corpus(folder, on_error="skip") as corpus:
        for shard_bytes in (100, 1 << 20, 333):
            for shard in corpus.shards(shard_bytes):
                list(corpus.read(shard))
            assert texts(corpus) == GOOD
            assert dict(corpus.skipped) == {"empty-document": BAD}
            assert corpus.counted.documents == len(GOOD)
            assert len(corpus.examples) == 5


def test_a_glance_at_the_first_document_does_not_spoil_the_count(folder):
    with open_corpus(folder, on_error="skip") as corpus:
        assert next(corpus.documents()).text == GOOD[0]
        gc.collect()
        for shard in corpus.shards(100):
            list(corpus.read(shard))
        assert dict(corpus.skipped) == {"empty-document": BAD}


def test_threads_in_any_order_count_and_show_the_same(folder):
    def found(workers, seed):
        with open_corpus(folder, on_error="skip") as corpus:
            shards = list(corpus.shards(150))
            random.Random(seed).shuffle(shards)
            with ThreadPoolExecutor(workers) as pool:
                held = pool.map(lambda shard: list(corpus.read(shard)), shards)
                read = dict(zip(shards, held, strict=True))
            documents = [d for shard in corpus.shards(150) for d in read[shard]]
            return documents, corpus.skipped, corpus.examples

    alone = found(1, 0)
    assert [document.text for document in alone[0]] == GOOD
    assert found(4, 1) == alone
    assert found(4, 2) == alone


def test_a_copy_in_another_process_reads_and_hands_its_tally_back(folder):
    with open_corpus(folder, on_error="skip") as corpus:
        copy = pickle.loads(pickle.dumps(corpus))  # noqa: S301
        for shard in corpus.shards(150):
            list(copy.read(shard))
            corpus.enter(shard, copy.tally(shard))
        assert corpus.skipped == copy.skipped == {"empty-document": BAD}
        assert corpus.examples == copy.examples


def test_failing_stops_at_the_first_problem(folder):
    message = r"0\.jsonl, line 1: the text is empty"
    with open_corpus(folder) as corpus, pytest.raises(InputError, match=message):
        texts(corpus)


@pytest.mark.parametrize("shard_bytes", [50, 1000, 1 << 20])
@pytest.mark.parametrize("limit", [1, 10, 43, 100, 10_000])
def test_a_limit_is_the_first_documents_however_they_are_cut(folder, limit, shard_bytes):
    with open_corpus(folder, on_error="skip", limit=limit) as corpus:
        shards = corpus.shards(shard_bytes)
        read = {s: [d.text for d in corpus.read(s)] for s in reversed(shards)}
        assert [text for shard in shards for text in read[shard]] == GOOD[:limit]
        assert texts(corpus) == GOOD[:limit]
        last = RECORDS.index({"text": GOOD[:limit][-1]}) if limit < len(GOOD) else len(RECORDS)
        assert corpus.skipped["empty-document"] == -(-last // 7)


def test_no_file_of_an_eighth_of_a_shard_is_looked_at_to_be_cut(tmp_path):
    put(tmp_path / "large.jsonl", json_lines([{"text": "one two"}] * 1000))
    small = put(tmp_path / "small.parquet", b"not to be looked at " * 50)
    with open_corpus(tmp_path) as corpus:
        small.unlink()
        *cut, last = corpus.shards(8_000)
    assert len(cut) == 3
    assert last == Shard(str(small))


def test_a_limit_stops_before_problems_that_lie_beyond(tmp_path):
    path = put(tmp_path / "a.jsonl", json_lines([{"text": "1"}, {"text": "2"}]) + b"oops\n")
    with open_corpus(path, limit=2) as corpus:
        assert texts(corpus) == ["1", "2"]
    with pytest.raises(UsageError, match="a limit of 0 documents"):
        open_corpus(path, limit=0)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 5), st.booleans()), max_size=12))
def test_a_ledger_holds_each_part_once(entries):
    ledger = Ledger()
    kept = {}
    for start, length, whole in entries:
        # A part that was not whole counts one less than it holds.
        part, count = range(start, start + length), length - (not whole)
        ledger.enter(part.start, part.stop, Tally(documents=count), whole)
        held = [other for other in kept if set(other) & set(part)]
        if all(whole and not kept[other][0] for other in held):
            kept = {other: kept[other] for other in kept if other not in held}
            kept[part] = whole, count
        total = Tally()
        ledger.add_to(total)
        assert total.documents == sum(count for _, count in kept.values())


def test_an_iterable_of_strings_is_a_corpus_that_can_be_read_again():
    with open_corpus(f"text {i}" for i in range(5)) as corpus:
        assert corpus.name == "documents"
        assert texts(corpus) == texts(corpus) == [f"text {i}" for i in range(5)]
        assert next(corpus.documents()).id == Document("text 0").id
        assert len(corpus.files()) == 1


def test_documents_come_back_as_they_were():
    documents = [
        Document("a\u2028b\r\nc\0", "1", "cluster", {"source": "s", "other": "o"}),
        Document("d"),
    ]
    with open_corpus(documents, name="mine") as corpus:
        assert list(corpus.documents()) == documents
        assert [d for s in corpus.shards(1) for d in corpus.read(s)] == documents
        assert corpus.name == "mine"


def test_mappings_and_tables_are_read_by_their_fields():
    rows = [{"body": "x", "n": 1, "who": "a"}, {"body": "y", "n": 2, "who": None}]
    fields = Fields("body", id="n", cluster="who")
    expected = [Document("x", "1", "a"), Document("y", "2")]
    for table in (rows, iter(rows), pd.DataFrame(rows), pyarrow.Table.from_pylist(rows)):
        with open_corpus(table, fields) as corpus:
            assert list(corpus.documents()) == expected


def test_a_series_is_a_corpus_of_its_values():
    with open_corpus(pd.Series(["x", "y"])) as corpus:
        assert texts(corpus) == ["x", "y"]


def test_bad_items_are_counted_like_bad_records():
    items = ["good", "", None, 7, {"body": "x"}, {"text": float("nan")}, "\ud83d", Document(" ")]
    with open_corpus(items, on_error="skip") as corpus:
        assert texts(corpus) == ["good"]
        assert dict(corpus.skipped) == {
            "empty-document": 2,
            "not-a-string": 3,
            "missing-field": 1,
            "unpaired-surrogate": 1,
        }
        assert corpus.examples[0] == "documents, item 2: the text is empty or only white space"
    with open_corpus(items) as corpus, pytest.raises(InputError, match="documents, item 2: "):
        texts(corpus)


def test_null_in_a_column_of_a_data_frame_is_null():
    frame = pd.DataFrame({"text": ["x", None, float("nan")]})
    with open_corpus(frame, on_error="skip") as corpus:
        assert texts(corpus) == ["x"]
        assert dict(corpus.skipped) == {"not-a-string": 2}
        assert all('field "text" is null' in example for example in corpus.examples)


def test_an_endless_iterable_is_read_up_to_the_limit():
    with open_corpus((str(i) for i in count()), limit=3) as corpus:
        assert texts(corpus) == ["0", "1", "2"]


@pytest.mark.parametrize("thing", [7, b"bytes", None, {"train": [], "test": []}])
def test_what_is_no_corpus_is_refused(thing):
    with pytest.raises(UsageError, match="is not a corpus"):
        open_corpus(thing)


def test_no_items_are_no_corpus():
    with open_corpus([]) as corpus, pytest.raises(InputError, match="no document"):
        texts(corpus)


def test_the_temporary_file_goes_with_the_corpus(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    corpus = open_corpus(["x"])
    assert len(list(tmp_path.iterdir())) == 1
    copy = pickle.loads(pickle.dumps(corpus))  # noqa: S301
    del copy
    gc.collect()
    assert texts(corpus) == ["x"]
    del corpus
    gc.collect()
    assert list(tmp_path.iterdir()) == []


def test_no_temporary_file_stays_behind_a_failure(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def failing():
        yield "x"
        raise RuntimeError("the source broke")

    with pytest.raises(RuntimeError, match="the source broke"):
        open_corpus(failing())
    with pytest.raises(UsageError):
        open_corpus(["x"], split="line")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_forked_process_leaves_the_temporary_file():
    corpus = open_corpus(["x"])
    process = multiprocessing.get_context("fork").Process(target=corpus.close)
    process.start()
    process.join()
    assert process.exitcode == 0
    assert texts(corpus) == ["x"]
    corpus.close()


MEMORY = """
import re, sys
from pathlib import Path
from degrade.readers import open_corpus

def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])

before = peak()
with open_corpus(sys.argv[1]) as corpus:
    print(*[len(d.text) for s in corpus.shards(4 << 20) for d in corpus.read(s)])
print((peak() - before) >> 10)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux for the peak memory")
def test_a_document_of_fifty_megabytes_is_read_in_a_few_times_its_size(tmp_path):
    size = 50 << 20
    path = put(tmp_path / "a.jsonl", b'{"text": "' + b"x" * size + b'"}\n{"text": "y"}\n')
    command = [sys.executable, "-c", MEMORY, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    lengths, megabytes = done.stdout.splitlines()
    assert lengths == f"{size} 1"
    assert int(megabytes) < 300


def test_a_large_binary_file_without_newlines_is_refused_at_its_start(tmp_path):
    path = tmp_path / "a.jsonl"
    with path.open("wb") as file:
        file.write(bytes(range(1, 32)) * 4000)
        file.truncate(1 << 30)
    tracemalloc.start()
    with open_corpus(path, on_error="skip") as corpus, pytest.raises(InputError, match="no docum"):
        texts(corpus)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert dict(corpus.skipped) == {"not-text": 1}
    assert peak < 16 << 20


class Shouting:
    """A plugin's reader: a document a file, in capitals."""

    name = "shout"
    suffixes = (".shout",)

    def shards(self, path, shard_bytes):
        from degrade.readers import Shard

        return [Shard(path)]

    def read(self, shard, fields):
        text = Path(shard.path).read_text()
        yield Document(text.upper()) if text else Problem("too-quiet", shard.path, "", "no sound")


def test_a_plugins_reader_is_used_for_its_suffix_and_its_problems_counted(tmp_path):
    put(tmp_path / "in/a.shout", b"hello")
    put(tmp_path / "in/b.shout", b"")
    with open_corpus(tmp_path / "in", on_error="skip", readers=[Shouting()]) as corpus:
        assert texts(corpus) == ["HELLO"]
        assert dict(corpus.skipped) == {"too-quiet": 1}
