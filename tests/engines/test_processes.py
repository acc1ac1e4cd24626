"""Counting in processes gives the bytes that counting here gives, whatever happens to workers."""

from __future__ import annotations

import bz2
import gzip
import importlib.util
import json
import os
import sys
from pathlib import Path

import pytest
import troublesome
import zstandard
from counted import count, in_processes, lines, records, saved
from troublesome import Deadly, Homeless, Slow

from degrade.engines.processes import _turns
from degrade.errors import DegradeWarning, EngineError, InputError
from degrade.readers import open_corpus

LONG = {"id": "long", "text": "a word and another " * 3_000}
CORPORA = {
    "one file": {"a.jsonl": lines(records())},
    "CRLF, BOM and no last newline": {
        "a.jsonl": b"\xef\xbb\xbf" + lines(records()).replace(b"\n", b"\r\n").rstrip()
    },
    "a line longer than many parts": {
        "a.jsonl": lines([*records()[:20], LONG, *records()[20:]]),
    },
    "compressed files beside others": {
        "a.jsonl.gz": gzip.compress(lines(records()[:20])),
        "b.jsonl.bz2": bz2.compress(lines(records()[20:30])),
        "c.jsonl": lines(records()[30:50]),
        "d.jsonl.zst": zstandard.compress(lines(records()[50:])),
    },
    "many small files": {
        f"{i:03}.txt": record["text"].encode() for i, record in enumerate(records())
    },
}


@pytest.fixture(params=CORPORA)
def corpus(request, tmp_path):
    folder = tmp_path / "corpus"
    folder.mkdir()
    for name, data in CORPORA[request.param].items():
        (folder / name).write_bytes(data)
    return folder


@pytest.mark.parametrize("part_bytes", [500, 2_000])
def test_neither_workers_nor_parts_change_the_profile(corpus, part_bytes, tmp_path, monkeypatch):
    here = saved(count(corpus, workers=1), tmp_path)
    in_processes(monkeypatch, part_bytes)
    told = []
    for workers in (2, 3):
        profile = count(corpus, workers, advance=lambda *seen: told.append(seen))
        assert saved(profile, tmp_path) == here
    assert sum(documents for documents, _ in told) == 2 * profile.documents


def test_parts_hold_every_document_once_and_small_files_together(corpus, monkeypatch):
    monkeypatch.setattr("degrade.readers.corpus.PART_BYTES", 2_000)
    with open_corpus(corpus) as opened:
        parts = opened.parts()
        read = [each.id for part in parts for shard in part for each in opened.read(shard)]
        assert read == [each.id for each in opened.documents()]
        assert 1 < len(parts) < max(40, len(read))


def bad(tmp_path):
    path = tmp_path / "bad.jsonl"
    made = lines(records()).splitlines(keepends=True)
    made[20] = made[21] = b"oops\n"
    made[50] = b'{"text": 1}\n'
    path.write_bytes(b"".join(made))
    return path


def test_the_first_problem_is_the_one_that_is_told(tmp_path, monkeypatch):
    path = bad(tmp_path)
    with pytest.raises(InputError) as here:
        count(path, workers=1)
    in_processes(monkeypatch, 500)
    for workers in (2, 3):
        with pytest.raises(InputError) as there:
            count(path, workers)
        assert str(there.value) == str(here.value)
    assert "line 21:" in str(here.value)


def test_what_is_skipped_is_told_as_if_read_here(tmp_path, monkeypatch):
    path, examples = bad(tmp_path), []
    for workers in (1, 3):
        with open_corpus(path, on_error="skip") as corpus:
            from counted import plan

            from degrade.engines.local import LocalEngine

            LocalEngine(workers).profile_corpus(plan(), corpus)
            examples.append((corpus.examples, corpus.counted))
        in_processes(monkeypatch, 500)
    assert examples[0] == examples[1]
    assert examples[0][1].skipped == {"malformed-json": 2, "not-a-string": 1}


def test_a_corpus_without_documents_is_an_error(tmp_path, monkeypatch):
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": " "}\n' * 400)
    in_processes(monkeypatch, 500)
    with pytest.raises(InputError, match=r"no document in .*400 empty-document"):
        count(path, on_error="skip")


def test_a_limit_holds_in_processes_too(tmp_path, monkeypatch):
    path = tmp_path / "a.jsonl"
    path.write_bytes(lines(records()))
    here = saved(count(path, workers=1, limit=41), tmp_path)
    in_processes(monkeypatch, 500)
    assert saved(count(path, limit=41), tmp_path) == here


def deadly(tmp_path, where):
    """Return a corpus with one text in it that kills."""
    made = records()
    made[where]["text"] += " DEADLY"
    path = tmp_path / "deadly.jsonl"
    path.write_bytes(lines(made))
    return path


@pytest.mark.parametrize("where", [0, 33, 59])
def test_parts_of_a_worker_that_dies_are_counted_again(where, tmp_path, monkeypatch):
    path = deadly(tmp_path, where)
    here = saved(count(path, 1, Deadly(str(tmp_path), deaths=0)), tmp_path)
    in_processes(monkeypatch)
    told = []
    with pytest.warns(DegradeWarning, match=r"ended by SIGKILL while counting .*deadly.jsonl"):
        profile = count(path, 2, Deadly(str(tmp_path), deaths=1), lambda *seen: told.append(seen))
    assert saved(profile, tmp_path) == here
    assert sum(documents for documents, _ in told) == profile.documents


@pytest.mark.filterwarnings("ignore::degrade.errors.DegradeWarning")
def test_a_part_that_kills_again_and_again_is_named(tmp_path, monkeypatch):
    path = deadly(tmp_path, 33)
    in_processes(monkeypatch)
    with open_corpus(path) as corpus:
        guilty = [
            corpus.place(part[0])
            for part in corpus.parts()
            if any(each.id == "33" for shard in part for each in corpus.read(shard))
        ]
    with pytest.raises(EngineError, match="3 workers have ended") as error:
        count(path, 2, Deadly(str(tmp_path), deaths=99))
    assert guilty[0] in str(error.value)
    assert len([name for name in tmp_path.iterdir() if name.name.isdigit()]) == 3


def test_what_cannot_travel_is_counted_here(tmp_path, monkeypatch):
    path = tmp_path / "a.jsonl"
    path.write_bytes(lines(records()))
    here = saved(count(path, 1, Homeless()), tmp_path)
    in_processes(monkeypatch)
    assert saved(count(path, 2, Homeless()), tmp_path) == here


def test_a_document_counts_in_the_part_in_which_it_begins(tmp_path, monkeypatch):
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps({"text": f"number {i}"}) + "\n" for i in range(999)))
    in_processes(monkeypatch, 777)
    assert count(path, 3).documents == 999


def test_a_plugin_that_is_only_a_file_is_counted_in_processes(tmp_path, monkeypatch):
    path, plugin = tmp_path / "a.jsonl", tmp_path / "only_a_file.py"
    path.write_bytes(lines(records()))
    pids = tmp_path / "pids"
    pids.mkdir()
    plugin.write_text((Path(troublesome.__file__)).read_text())
    spec = importlib.util.spec_from_file_location("degrade_plugin_only_a_file", plugin)
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)
    spec.loader.exec_module(module)
    in_processes(monkeypatch)
    assert count(path, 2, module.Slow(str(pids), 0)).documents == 60
    assert str(os.getpid()) not in {each.name for each in pids.iterdir()}


def test_what_only_this_process_knows_is_counted_here(tmp_path, monkeypatch):
    path, pids = tmp_path / "a.jsonl", tmp_path / "pids"
    path.write_bytes(lines(records()))
    pids.mkdir()
    monkeypatch.setattr(sys.modules["__main__"], "Slow", Slow, raising=False)
    monkeypatch.setattr(Slow, "__module__", "__main__")
    in_processes(monkeypatch)
    assert count(path, 2, Slow(str(pids), 0)).documents == 60
    assert {each.name for each in pids.iterdir()} == {str(os.getpid())}


def test_a_part_far_above_the_average_is_begun_first():
    turns = _turns([8.0, 8.0, 3.0, 90.0, 8.0, 70.0])
    assert sorted(range(6), key=turns.__getitem__) == [3, 5, 0, 1, 2, 4]


def test_the_first_problem_is_told_though_a_later_part_was_begun_first(tmp_path, monkeypatch):
    (tmp_path / "a.jsonl").write_bytes(b"oops\n" + lines(records(8)))
    (tmp_path / "b.jsonl").write_bytes(lines(records(8)))
    (tmp_path / "c.jsonl").write_bytes(lines(records(8)))
    # A whole archive is one part, and this one outweighs all others.
    (tmp_path / "d.jsonl.gz").write_bytes(gzip.compress(lines(records(900)) + b"oops\n", 0))
    in_processes(monkeypatch, 500)
    with pytest.raises(InputError, match=r"a\.jsonl, line 1"):
        count(tmp_path, 2)
