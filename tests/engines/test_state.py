"""What was counted is kept, and a run that is killed goes on from there to the same bytes."""

from __future__ import annotations

import gzip
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from counted import count, in_processes, lines, records, saved
from troublesome import Logged

from degrade.errors import DegradeWarning, InputError

HERE = str(Path(__file__).parent)
WORKERS = 2
SCRIPT = """
import sys
sys.path[:] = {path!r}
from degrade.cli import main
from degrade.engines import local
from degrade.readers import corpus
from degrade import registry
from troublesome import Logged
local.PROCESS_BYTES, corpus.PART_BYTES = {process_bytes}, 2_000
registry.layer = lambda name, pipeline=None: Logged({log!r}, {seconds})
main.main(["profile", {corpus!r}, "-o", {output!r}, "--metrics", "types_1", "--workers",
           "{workers}", "--state", {state!r}])
"""


@pytest.fixture
def corpus(tmp_path):
    folder = tmp_path / "corpus"
    folder.mkdir()
    made = records(120)
    (folder / "a.jsonl").write_bytes(lines(made[:90]))
    (folder / "b.jsonl.gz").write_bytes(gzip.compress(lines(made[90:100])))
    for i, record in enumerate(made[100:]):
        (folder / f"c{i}.txt").write_text(record["text"])
    return folder


@pytest.fixture
def log(tmp_path):
    folder = tmp_path / "log"
    folder.mkdir()
    return folder


def start(tmp_path, log, *, seconds=0.1, process_bytes=0, state="state"):
    """Start a run, and return it and the file that it is to write."""
    output = tmp_path / f"{state}.profile"
    script = SCRIPT.format(
        path=[HERE, *sys.path],
        process_bytes=process_bytes,
        log=str(log),
        seconds=seconds,
        corpus=str(tmp_path / "corpus"),
        output=str(output),
        workers=WORKERS,
        state=str(tmp_path / state),
    )
    return subprocess.Popen([sys.executable, "-c", script], start_new_session=True), output


def logged(log):
    """Return which parts were counted, each as often as it was."""
    return [each.name.partition("-")[0] for each in log.iterdir()]


@pytest.mark.slow
@pytest.mark.parametrize("process_bytes", [0, 1 << 40])
def test_a_run_that_is_killed_ends_with_the_same_bytes(process_bytes, corpus, log, tmp_path):
    whole, output = start(tmp_path, log, seconds=0, process_bytes=process_bytes, state="whole")
    assert whole.wait() == 0
    expected, parts = output.read_bytes(), len(logged(log))
    assert len(set(logged(log))) == parts > 10
    for each in log.iterdir():
        each.unlink()
    rng = random.Random(7 + process_bytes)
    kills = 0
    for _ in range(4):
        run, output = start(tmp_path, log, process_bytes=process_bytes)
        before = len(logged(log))
        while len(logged(log)) < before + rng.randint(2, 4) and run.poll() is None:
            time.sleep(0.01)
        time.sleep(rng.random() * 0.15)
        if run.poll() is None:
            assert not output.exists()
            kills += 1
            os.killpg(run.pid, signal.SIGKILL)
        run.wait()
    assert kills >= 3
    run, output = start(tmp_path, log, seconds=0, process_bytes=process_bytes)
    assert run.wait() == 0
    assert output.read_bytes() == expected
    assert len(set(logged(log))) == parts
    assert len(logged(log)) <= parts + WORKERS * kills


def test_nothing_is_counted_twice(corpus, log, tmp_path, monkeypatch):
    layer, state = Logged(str(log), 0), tmp_path / "state"
    in_processes(monkeypatch)
    first = saved(count(corpus, 2, layer, state=state), tmp_path)
    parts = len(logged(log))
    told = []
    for workers in (1, 3):
        profile = count(corpus, workers, layer, lambda *seen: told.append(seen), state)
        assert saved(profile, tmp_path) == first
    assert len(logged(log)) == parts > 10
    assert sum(documents for documents, _ in told) == 2 * profile.documents


def test_what_was_skipped_is_kept_too(corpus, log, tmp_path, monkeypatch):
    with (corpus / "a.jsonl").open("ab") as file:
        file.write(b'oops\n{"text": " "}\n')
    in_processes(monkeypatch)
    kept = [count(corpus, 2, state=tmp_path / "state", on_error="skip") for _ in range(2)]
    assert kept[0].skipped == kept[1].skipped == {"malformed-json": 1, "empty-document": 1}
    # Where problems are to stop a run they do so, whatever is kept; parts without any are of use.
    layer = Logged(str(log), 0)
    count(corpus, 2, layer, state=tmp_path / "other", on_error="skip")
    before = len(logged(log))
    with pytest.raises(InputError, match="line 91"):
        count(corpus, 2, layer, state=tmp_path / "other")
    assert len(logged(log)) <= before + 1


def test_a_file_that_has_changed_is_counted_anew(corpus, log, tmp_path, monkeypatch):
    layer, state = Logged(str(log), 0), tmp_path / "state"
    in_processes(monkeypatch)
    count(corpus, 2, layer, state=state)
    before = len(logged(log))
    (corpus / "b.jsonl.gz").write_bytes(gzip.compress(lines(records(50)[20:])))
    with pytest.warns(
        DegradeWarning, match=r"a part of corpus is not used: [^,]*b.jsonl.gz changed"
    ):
        again = count(corpus, 2, layer, state=state)
    assert before < len(logged(log)) < before + 6
    assert saved(again, tmp_path) == saved(count(corpus, 1, layer), tmp_path)


def test_what_another_plan_has_counted_is_not_used(corpus, log, tmp_path, monkeypatch):
    state = tmp_path / "state"
    in_processes(monkeypatch)
    count(corpus, 2, state=state)
    layer = Logged(str(log), 0)
    with pytest.warns(DegradeWarning, match=r"parts of corpus are not used: counted for"):
        again = count(corpus, 2, layer, state=state)
    assert saved(again, tmp_path) == saved(count(corpus, 1, layer), tmp_path)


def test_state_that_is_damaged_is_counted_anew(corpus, tmp_path, monkeypatch):
    state = tmp_path / "state"
    in_processes(monkeypatch)
    first = saved(count(corpus, 2, state=state), tmp_path)
    for number, file in enumerate(sorted(state.iterdir())):
        if number % 5 == 0:
            file.write_bytes(file.read_bytes()[:-9])
    assert saved(count(corpus, 2, state=state), tmp_path) == first


def test_what_comes_from_no_file_is_not_kept(tmp_path):
    texts = [record["text"] for record in records(10)]
    with pytest.warns(DegradeWarning, match=r"documents: nothing is kept of it"):
        profile = count(texts, 1, state=tmp_path / "state")
    assert profile.documents == 10
    assert not (tmp_path / "state").exists()
