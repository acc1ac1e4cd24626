"""Threads count what one would, and end when what they count cannot be read."""

from __future__ import annotations

import gc
import pickle
import sys
import threading
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from counted import lines, plan, records, unlocked_plan
from troublesome import Slow

from degrade.census.table import Table
from degrade.engines import batching, threads
from degrade.engines.local import LocalEngine
from degrade.engines.memory import kept_memory
from degrade.engines.merging import merged
from degrade.engines.unlocked import runs_unlocked
from degrade.errors import InputError, ProfileError
from degrade.profiles import Profile
from degrade.readers import open_corpus
from degrade.summaries import Need, Sample
from degrade.testing.corpora import ordinary_documents
from degrade.text.document import Batch, Document

RECORDS = [{"id": each.id, "text": each.text} for each in ordinary_documents(240)]
CORPORA = {
    "one file": {"a.jsonl": lines(RECORDS)},
    "many files": {f"{i:03}.jsonl": lines([each]) for i, each in enumerate(RECORDS)},
    "text and lines": {
        "a.jsonl": lines(RECORDS[:120]),
        **{f"b{i:03}.txt": each["text"].encode() for i, each in enumerate(RECORDS[120:])},
    },
}


@pytest.fixture(params=CORPORA)
def corpus(request, tmp_path, monkeypatch):
    """Yield a corpus of many parts, each of several batches."""
    monkeypatch.setattr("degrade.engines.local.PROCESS_BYTES", 0)
    monkeypatch.setattr("degrade.readers.corpus.PART_BYTES", 4_000)
    monkeypatch.setattr(batching, "BATCH_CHARACTERS", 1_000)
    folder = tmp_path / "corpus"
    folder.mkdir()
    for name, data in CORPORA[request.param].items():
        (folder / name).write_bytes(data)
    with open_corpus(folder) as found:
        yield found


@pytest.mark.parametrize("capacity", [0, 500])
def test_two_threads_count_what_one_does(corpus, capacity):
    made = unlocked_plan(capacity)
    one = LocalEngine(1).profile_corpus(made, corpus)
    told = []
    two = LocalEngine(2).profile_corpus(made, corpus, lambda *seen: told.append(seen))
    assert two.to_bytes() == one.to_bytes()
    assert sum(documents for documents, _ in told) == one.documents == len(RECORDS)
    assert sum(characters for _, characters in told) == one.characters


@pytest.mark.parametrize("capacity", [0, 300])
def test_threads_lose_nothing_of_what_they_count_into_one_census(capacity):
    # Every batch meets others that are being merged: with eight threads and batches of three
    # documents, a table that two took or none put back would be missed.
    made = unlocked_plan(capacity)
    documents = [Document(each["text"], each["id"]) for each in RECORDS] * 4
    batches = [Batch(documents[i : i + 3]) for i in range(0, len(documents), 3)]
    alone = Profile(made)
    for batch in batches:
        alone.update(batch)
    first = Profile(made)
    profiles = [first, *(first.beside() for _ in range(7))]

    def work(number):
        for batch in batches[number::8]:
            profiles[number].update(batch)

    running = [threading.Thread(target=work, args=(i,)) for i in range(8)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    assert merged(profiles, 2).to_bytes() == alone.to_bytes()


def test_what_is_counted_in_kernels_alone_is_counted_in_threads(tmp_path):
    (tmp_path / "a.jsonl").write_bytes(lines(records()))
    (tmp_path / "a.csv").write_text("id,text\n1,some words\n")
    made = unlocked_plan()
    with open_corpus(tmp_path / "a.jsonl") as corpus, open_corpus(tmp_path / "a.csv") as objects:
        assert runs_unlocked(made, corpus)
        # A reader that makes an object of every document, a layer that does not say that it holds
        # no lock, and a measure of a plugin.
        assert not runs_unlocked(made, objects)
        assert not runs_unlocked(replace(made, layers={"word": Slow(str(tmp_path), 0)}), corpus)
        assert not runs_unlocked(plan(), corpus)


def test_the_first_part_that_fails_is_told_and_nobody_counts_on(tmp_path, monkeypatch):
    monkeypatch.setattr("degrade.engines.local.PROCESS_BYTES", 0)
    monkeypatch.setattr("degrade.readers.corpus.PART_BYTES", 4_000)
    path = tmp_path / "a.jsonl"
    good = lines(RECORDS)
    cut = good.index(b"\n", len(good) // 2) + 1
    path.write_bytes(good[:cut] + b"{\n" + good[cut:] + b"[\n")
    told = []
    for _ in range(20):
        with open_corpus(path) as corpus, pytest.raises(InputError) as raised:
            LocalEngine(2).profile_corpus(unlocked_plan(), corpus)
        told.append(str(raised.value))
    assert len({*told}) == 1
    assert f"line {good[:cut].count(10) + 1:,}" in told[0]


def test_an_interrupt_ends_the_threads(tmp_path, monkeypatch):
    monkeypatch.setattr("degrade.engines.local.PROCESS_BYTES", 0)
    monkeypatch.setattr("degrade.readers.corpus.PART_BYTES", 1_000)
    (tmp_path / "a.jsonl").write_bytes(lines(RECORDS))
    before, entered, go_on = threading.active_count(), threading.Event(), threading.Event()

    def advance(documents, characters):
        entered.set()
        go_on.wait(30)

    joined = threading.Thread.join

    def interrupted(self, timeout=None):
        # Waited for without end before, and then for a while.
        if timeout is not None:
            go_on.set()
            return joined(self, timeout)
        assert entered.wait(30)
        raise KeyboardInterrupt

    with open_corpus(tmp_path / "a.jsonl") as corpus:
        with monkeypatch.context() as patch:
            patch.setattr(threading.Thread, "join", interrupted)
            with pytest.raises(KeyboardInterrupt):
                LocalEngine(2).profile_corpus(unlocked_plan(), corpus, advance)
        # One batch each was in hand; of the others, none was begun.
        assert threading.active_count() <= before
        assert corpus.counted.documents < len(RECORDS) // 4


def test_who_reads_in_another_thread_sees_all_that_was_counted():
    # Summaries are made one when they are first asked for, and what waits is counted then.
    documents = [Document(each["text"], each["id"]) for each in RECORDS]
    made = unlocked_plan(500)
    expected = Profile(made)
    expected.update(Batch(documents))
    sizes = [len(census.table) for _, census in expected.censuses()]
    told = expected.extent(1).documents.sum()
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for _ in range(20):
            profile = Profile(made)
            for start in range(0, len(documents), 60):
                profile.update(Batch(documents[start : start + 60]))
            seen = []

            def read(profile=profile, seen=seen):
                for _ in range(20):
                    tables = [len(census.table) for _, census in profile.censuses()]
                    seen.append((tables, profile.extent(1).documents.sum()))

            reading = [threading.Thread(target=read) for _ in range(4)]
            for thread in reading:
                thread.start()
            for thread in reading:
                thread.join()
            assert seen == [(sizes, told)] * 80
    finally:
        sys.setswitchinterval(before)


def test_a_profile_whose_counting_was_broken_off_says_so(tmp_path):
    profile = Profile(unlocked_plan())
    documents = [Document(each["text"], each["id"]) for each in RECORDS]
    profile.update(Batch(documents))
    profile.plan.layers["word"] = Raising()
    with pytest.raises(RuntimeError, match="once"):
        profile.extent(1)
    with pytest.raises(ProfileError, match="broken off"):
        profile.save(tmp_path / "a.profile")


class Raising:
    name, version = "word", "1"

    def segment(self, data, bounds):
        raise RuntimeError("once")


def test_each_of_two_samples_is_merged_with_its_like():
    none = Need(Sample, documents=0)
    made = replace(unlocked_plan(), needs=(none, *unlocked_plan().needs))
    documents = [Document(each["text"], each["id"]) for each in RECORDS]
    profile = LocalEngine(2).profile(made, documents)
    held = {need["documents"]: len([*kept]) for need, kept in profile.levels[0].items()
            if need.summary is Sample}  # fmt: skip
    assert held == {0: 0, 20: 20}


def test_one_worker_starts_no_process(tmp_path, monkeypatch):
    monkeypatch.setattr("degrade.engines.local.PROCESS_BYTES", 0)
    (tmp_path / "a.jsonl").write_bytes(lines(records()))
    engine = LocalEngine(1)
    with open_corpus(tmp_path / "a.jsonl") as corpus, engine.expecting([corpus]):
        assert not engine._crew._idle


def test_runs_that_are_much_longer_are_left_alone():
    census = Profile(unlocked_plan()).censuses().__next__()[1]
    sizes = [1_000, 10, 700, 10, 3, 40, 1_000]
    for seed, size in enumerate(sizes):
        keys = np.random.default_rng(seed).integers(0, 2**60, size).astype(np.uint64)
        counts = np.ones(size, dtype=np.uint32)
        census._push(Table(np.sort(keys), counts, counts))
    held = [len(run) for run in census._runs]
    assert held == sorted(held, reverse=True)
    assert sum(held) == sum(sizes)
    assert all(a >= 2 * b for a, b in pairwise(held))


def test_a_census_that_is_narrowed_lets_go_at_once():
    made = replace(unlocked_plan(300), leeway=0)
    profile = Profile(made)
    profile.update(Batch([Document(each["text"], each["id"]) for each in RECORDS]))
    _, census = [*profile.censuses()][1]
    assert sum(map(len, census._runs)) > 300
    census.narrow()
    assert 150 <= sum(map(len, census._runs)) <= 300


def test_a_census_travels_with_its_lock():
    made = Profile(unlocked_plan())
    made.update(Batch([Document("a b a b")]))
    (need, census), _ = made.censuses()
    again = pickle.loads(pickle.dumps(census))  # noqa: S301 - just made
    assert again.arrays()["occurrences"].tolist() == [2, 2]
    again.merge(census)
    assert again.arrays()["occurrences"].tolist() == [4, 4]
    assert need.summary is type(again)


def test_what_was_there_is_looked_through_for_garbage_again_when_all_is_counted():
    assert gc.get_freeze_count() == 0
    with kept_memory():
        assert gc.get_freeze_count()
    assert gc.get_freeze_count() == 0
    gc.freeze()
    try:
        frozen = gc.get_freeze_count()
        with kept_memory():
            pass
        # What a program has frozen itself stays so.
        assert gc.get_freeze_count() == frozen
    finally:
        gc.unfreeze()


def test_memory_is_kept_where_the_library_knows_no_such_thing(monkeypatch):
    def unknown(name):
        raise OSError(name)

    monkeypatch.setattr("degrade.engines.memory.ctypes.CDLL", unknown)
    with kept_memory():
        pass


def broken(after):
    yield from (Document(f"text {i}") for i in range(after))
    raise InputError("it cannot be read")


def test_an_error_of_reading_ends_all_threads_whatever_is_waiting(monkeypatch):
    # Readers and counters race for what waits; a race that one in a thousand runs loses is lost
    # here with a chance of some 60%, and what follows then never ends.
    monkeypatch.setattr(batching, "BATCH_CHARACTERS", 1)
    monkeypatch.setattr(threads, "absorb", lambda profile, held, advance: None)
    counting = plan()

    def often():
        for i in range(1_000):
            with pytest.raises(InputError):
                threads.count_in_threads(counting, broken(i % 12), 8, lambda *_: None)

    trying = threading.Thread(target=often, daemon=True)
    trying.start()
    trying.join(timeout=300)
    assert not trying.is_alive()
