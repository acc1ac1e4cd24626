"""Worker processes are kept from corpus to corpus, and none outlives the last."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest
from counted import in_processes, lines, plan, records, saved
from troublesome import Deadly, Slow

from degrade.engines.local import LocalEngine
from degrade.errors import DegradeWarning, InputError
from degrade.readers import open_corpus


def running(pid: int) -> bool:
    """Whether a process is there, and not only its exit status."""
    try:
        return b") Z" not in Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return False


@pytest.fixture
def corpora(tmp_path, monkeypatch):
    """Yield three corpora of several parts each."""
    in_processes(monkeypatch)
    paths = [tmp_path / f"{name}.jsonl" for name in "abc"]
    for first, path in enumerate(paths):
        path.write_bytes(lines(records(60 + first)[first:]))
    opened = [open_corpus(path) for path in paths]
    yield opened
    for each in opened:
        each.close()


def seen(folder: Path) -> set[int]:
    return {int(file.name) for file in folder.iterdir()}


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs /proc")
def test_the_same_processes_count_all_corpora_and_end_with_the_last(corpora, tmp_path):
    folder = tmp_path / "pids"
    folder.mkdir()
    slow, engine = plan(Slow(str(folder), 0.05)), LocalEngine(2)
    alone = [LocalEngine(1).profile_corpus(slow, corpus) for corpus in corpora]
    for file in folder.iterdir():
        file.unlink()
    with engine.expecting(corpora):
        made = [engine.profile_corpus(slow, corpus) for corpus in corpora]
        pids = seen(folder)
        assert len(pids) == 2
        assert all(map(running, pids))
    assert not any(map(running, pids))
    assert [saved(p, tmp_path) for p in made] == [saved(p, tmp_path) for p in alone]


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs /proc")
def test_none_is_kept_where_nothing_more_is_expected(corpora, tmp_path):
    folder = tmp_path / "pids"
    folder.mkdir()
    LocalEngine(2).profile_corpus(plan(Slow(str(folder), 0.05)), corpora[0])
    assert seen(folder)
    assert not any(map(running, seen(folder)))


def test_one_that_dies_while_it_waits_is_replaced(corpora, tmp_path):
    folder = tmp_path / "pids"
    folder.mkdir()
    slow, engine = plan(Slow(str(folder), 0.05)), LocalEngine(2)
    here = saved(LocalEngine(1).profile_corpus(slow, corpora[1]), tmp_path)
    for file in folder.iterdir():
        file.unlink()
    with engine.expecting(corpora):
        engine.profile_corpus(slow, corpora[0])
        for pid in seen(folder):
            os.kill(pid, signal.SIGKILL)
        time.sleep(0.2)
        with pytest.warns(
            DegradeWarning, match="a worker ended by SIGKILL while (counting|looking at)"
        ):
            assert saved(engine.profile_corpus(slow, corpora[1]), tmp_path) == here


def test_deaths_are_counted_anew_in_every_corpus(corpora, tmp_path, monkeypatch):
    path = tmp_path / "deadly.jsonl"
    path.write_bytes(lines([*records(), {"id": "d", "text": "this is DEADLY"}]))
    engine = LocalEngine(2)
    with open_corpus(path) as deadly, engine.expecting([deadly, *corpora]):
        killing = plan(Deadly(str(tmp_path), deaths=2))
        with pytest.warns(DegradeWarning, match="is counted again"):
            first = engine.profile_corpus(killing, deadly)
        assert saved(first, tmp_path) == saved(engine.profile_corpus(killing, deadly), tmp_path)
        assert engine.profile_corpus(plan(), corpora[0]).documents == 60


def test_a_corpus_that_fails_leaves_nothing_to_the_next(corpora, tmp_path):
    path = tmp_path / "bad.jsonl"
    made = lines(records()).splitlines(keepends=True)
    made[30] = b"oops\n"
    path.write_bytes(b"".join(made))
    engine = LocalEngine(2)
    with open_corpus(path) as bad, engine.expecting([bad, *corpora]):
        with pytest.raises(InputError, match="line 31"):
            engine.profile_corpus(plan(), bad)
        here = saved(LocalEngine(1).profile_corpus(plan(), corpora[0]), tmp_path)
        assert saved(engine.profile_corpus(plan(), corpora[0]), tmp_path) == here
