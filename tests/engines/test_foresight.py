"""What is foreseen of a corpus spares work and changes no byte, also where it does not come."""

from __future__ import annotations

import gzip
import random
from dataclasses import replace

import pytest
from counted import in_processes, lines, plan, unlocked_plan
from troublesome import Deadly

from degrade.engines import foresight
from degrade.engines.foresight import Foresight, foreseen, fresh, looked_at
from degrade.engines.local import LocalEngine
from degrade.engines.processes import ATTEMPTS
from degrade.errors import DegradeWarning, InputError
from degrade.profiles import Profile
from degrade.readers import Corpus, open_corpus

WORD = "census(layer=word,n=1)"


def texts(number, words, seed=0):
    """Return documents of 30 words each, drawn from so many, the first ones the commonest."""
    rng = random.Random(seed)
    drawn = (int(words * rng.random() ** 2) for _ in range(30 * number))
    said = [f"w{i}" for i in drawn]
    return [" ".join(said[30 * i : 30 * i + 30]) for i in range(number)]


def written(path, documents):
    """Write a corpus of ``documents``."""
    path.write_bytes(lines([{"id": str(i), "text": text} for i, text in enumerate(documents)]))
    return path


def holding(capacity, leeway=None):
    """Return the plan of censuses of so many entries."""
    return replace(plan(), capacity=capacity, leeway=capacity if leeway is None else leeway)


PARTS = 40
CORPORA = {
    "as it goes on": texts(2_000, 4_000),
    # One part in ten is looked at, and all between are the same text.
    "richer where it is looked at": [
        text if i % 500 < 50 else "w1234567 " * 30 for i, text in enumerate(texts(2_000, 10**7))
    ],
}


@pytest.fixture
def watched(monkeypatch):
    """Have few entries be looked at; return what was foreseen."""
    found = []
    monkeypatch.setattr(foresight, "_ENTRIES", 256)
    once = LocalEngine._counted

    def counted(*given, **how):
        whole, seen = once(*given, **how)
        if seen is not None:
            found.append(seen)
        return whole, seen

    monkeypatch.setattr(LocalEngine, "_counted", counted)
    return found


def counted(path, made, workers, told=None):
    with open_corpus(path) as corpus:
        return LocalEngine(workers).profile_corpus(made, corpus, told)


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("capacity", [300, 3_000])
@pytest.mark.parametrize("name", CORPORA)
def test_what_is_foreseen_changes_no_byte(name, capacity, workers, tmp_path, monkeypatch, watched):
    path = written(tmp_path / "a.jsonl", CORPORA[name])
    made = holding(capacity)
    without = counted(path, made, 1)
    assert not watched
    in_processes(monkeypatch, path.stat().st_size // PARTS)
    told = []
    whole = counted(path, made, workers, lambda *seen: told.append(seen))
    assert whole.to_bytes() == without.to_bytes()
    assert sum(documents for documents, _ in told) == len(CORPORA[name])
    assert sum(characters for _, characters in told) == sum(map(len, CORPORA[name]))
    (seen,) = watched
    assert seen.thresholds
    taken_back = any(documents < 0 for documents, _ in told)
    assert taken_back == (not seen.borne_out(without)) == (name != "as it goes on")


@pytest.mark.parametrize("name", CORPORA)
def test_two_threads_foresee_what_one_does(name, tmp_path, monkeypatch, watched):
    path = written(tmp_path / "a.jsonl", CORPORA[name])
    made = unlocked_plan(300)
    without = counted(path, made, 1)
    monkeypatch.setattr("degrade.engines.local.PROCESS_BYTES", 0)
    monkeypatch.setattr("degrade.readers.corpus.PART_BYTES", path.stat().st_size // PARTS)
    whole = counted(path, made, 2)
    assert whole.to_bytes() == without.to_bytes()
    (seen,) = watched
    with open_corpus(path) as corpus:
        assert seen == foreseen(made, corpus, corpus.parts())


def test_levels_are_held_to_their_capacity_from_the_start(tmp_path, monkeypatch, watched):
    for module in ("degrade.profiles", "degrade.engines.foresight"):
        monkeypatch.setattr(f"{module}.MANY_CLUSTERS", 32)
    monkeypatch.setattr(foresight, "_FEWEST_CLUSTERS", 8)
    path = written(tmp_path / "a.jsonl", texts(3_600, 4_000))
    made = holding(300, 2_000)
    without = counted(path, made, 1)
    in_processes(monkeypatch, path.stat().st_size // 26)
    whole = counted(path, made, 1)
    (seen,) = watched
    assert seen.narrow == 1
    assert whole.to_bytes() == without.to_bytes()
    begun = fresh(made, seen)
    assert [c.leeway for _, c in begun.censuses(0)] == [300, 300]
    assert [c.leeway for _, c in begun.censuses(1)] == [2_000, 2_000]
    # Of too few documents the level is not held to it, and that is found out.
    few = Profile(made)
    assert not Foresight({}, 1).borne_out(few)


def test_nothing_is_foreseen_of_little_or_of_what_is_kept_whole(tmp_path):
    path = written(tmp_path / "a.jsonl", texts(200, 500))
    with open_corpus(path) as corpus:
        corpus.part_bytes = path.stat().st_size // PARTS
        parts = corpus.parts()
        assert foreseen(holding(0), corpus, parts) is None
        assert foreseen(holding(300), corpus, parts[:3]) is None
        assert foreseen(holding(10**6), corpus, parts) is None


def test_nobody_looks_at_half_of_a_few_archives(tmp_path):
    archives = tmp_path / "archives"
    archives.mkdir()
    for number in range(8):
        said = lines([{"id": f"{number}-{i}", "text": t} for i, t in enumerate(texts(50, 4_000))])
        (archives / f"{number}.jsonl.gz").write_bytes(gzip.compress(said))
    many = written(tmp_path / "a.jsonl", texts(400, 4_000))
    for path, part_bytes, looked in ((archives, 1, 0), (many, many.stat().st_size // PARTS, 4)):
        with open_corpus(path) as corpus:
            corpus.part_bytes = part_bytes
            parts = corpus.parts()
            assert len(parts) >= 8
            size = sum(map(corpus.weight, parts))
            assert len(looked_at(holding(300), corpus, parts, size)) == looked


def test_damage_is_told_where_it_is_met_and_not_before(tmp_path, monkeypatch, watched):
    documents = lines([{"id": str(i), "text": t} for i, t in enumerate(texts(800, 4_000))])
    place = documents.index(b"\n", len(documents) * 3 // 4)
    first = documents.index(b"\n", len(documents) // 3)
    damaged = b"".join(
        (documents[:first], b'\n{"text": 1}', documents[first:place], b"\n{", documents[place:])
    )
    path = tmp_path / "a.jsonl"
    path.write_bytes(damaged)
    in_processes(monkeypatch, len(damaged) // PARTS)
    with pytest.raises(InputError) as told:
        counted(path, holding(300), 1)
    line = documents[:first].count(b"\n") + 2
    assert f"{line}" in str(told.value)
    assert not watched


@pytest.mark.parametrize("workers", [1, 2])
def test_what_is_skipped_is_counted_once_and_all_of_it(workers, tmp_path, monkeypatch, watched):
    documents = [
        line
        for i, text in enumerate(texts(2_000, 4_000))
        for line in ([{"id": str(i), "text": text}] + [{"text": 1}] * (i % 20 == 10))
    ]
    path = tmp_path / "a.jsonl"
    path.write_bytes(lines(documents))
    # Where one thread reads, it reads several of the parts at once.
    in_processes(monkeypatch, path.stat().st_size // PARTS)
    monkeypatch.setattr(Corpus.shards, "__defaults__", (path.stat().st_size // 10,))
    with open_corpus(path, on_error="skip") as corpus:
        LocalEngine(workers).profile_corpus(holding(300), corpus)
        assert corpus.skipped == {"not-a-string": 100}
        assert corpus.counted.documents == 2_000
        assert len(corpus.examples) == 5
    assert watched


@pytest.mark.filterwarnings("ignore:a worker ended by SIGKILL while counting")
def test_a_part_is_not_blamed_for_a_worker_that_died_looking(tmp_path, monkeypatch):
    documents = texts(400, 4_000)
    # In the first part, which the worker that looks is to count as well, and no other meanwhile.
    documents[3] += " DEADLY"
    path = written(tmp_path / "a.jsonl", documents)
    without = counted(path, replace(plan(Deadly("", 0)), capacity=300, leeway=300), 1)
    in_processes(monkeypatch, path.stat().st_size // PARTS)
    deadly = plan(Deadly(str(tmp_path), deaths=ATTEMPTS))
    with pytest.warns(DegradeWarning, match="ended by SIGKILL while looking at some of "):
        whole = counted(path, replace(deadly, capacity=300, leeway=300), 2)
    assert whole.to_bytes() == without.to_bytes()


def test_empty_files_do_not_make_a_corpus_look_larger(tmp_path, monkeypatch, watched):
    documents, folder = texts(2_000, 4_000), tmp_path / "some"
    folder.mkdir()
    for part in range(PARTS):
        path = written(folder / f"{part:02}.jsonl", documents[part::PARTS])
        for number in range(3):
            (folder / f"{part:02}-{number}.jsonl").touch()
    in_processes(monkeypatch, path.stat().st_size * 5 // 4)
    with open_corpus(folder) as corpus:
        assert len(corpus.parts()) == PARTS
        whole = LocalEngine(1).profile_corpus(holding(300), corpus)
        assert corpus.skipped == {"empty-file": 3 * PARTS}
    (seen,) = watched
    assert seen.borne_out(whole)
