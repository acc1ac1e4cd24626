"""A run that is broken off leaves neither a file nor a process behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from counted import lines, records

HERE = str(Path(__file__).parent)
SCRIPT = """
import signal, sys
# Whoever runs the tests in the background may ignore interrupts, and that is inherited.
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.path[:] = {path!r}
from degrade.cli import main
from degrade.engines import local
from degrade.readers import corpus
from degrade import registry
from troublesome import Slow
local.PROCESS_BYTES, corpus.PART_BYTES = 0, 1_000
registry.layer = lambda name, pipeline=None: Slow({folder!r}, 60)
main.main(["profile", {corpus!r}, "-o", {output!r}, "--metrics", "types_1", "--workers", "2"])
"""


@pytest.fixture
def run(tmp_path):
    """Yield a run whose two workers are counting, their numbers, and the file it would write."""
    corpus, output, pids = tmp_path / "a.jsonl", tmp_path / "out" / "a.profile", tmp_path / "pids"
    corpus.write_bytes(lines(records()))
    pids.mkdir()
    script = SCRIPT.format(
        path=[HERE, *sys.path], folder=str(pids), corpus=str(corpus), output=str(output)
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], stderr=subprocess.PIPE, start_new_session=True
    ) as process:
        try:
            while len(found := [int(each.name) for each in pids.iterdir()]) < 2:
                assert process.poll() is None, process.stderr.read().decode()
                time.sleep(0.05)
            yield process, found, output
        finally:
            process.kill()


def wait_until_gone(pids):
    """Return when none of the processes runs; the test's own time limit is the only bound."""
    deadline = time.monotonic() + 30
    while any(alive(pid) for pid in pids):
        assert time.monotonic() < deadline, "a worker outlives its engine"
        time.sleep(0.05)


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    try:
        # One that has ended, and that nobody has waited for, is no process any more.
        return b") Z" not in Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return False


@pytest.mark.slow
def test_an_interrupt_stops_workers_at_once_and_writes_nothing(run):
    process, pids, output = run
    # As a terminal does: to the whole foreground group.
    os.killpg(process.pid, signal.SIGINT)
    _, told = process.communicate(timeout=30)
    assert process.returncode == 130
    assert told.decode().strip() == "degrade: interrupted; nothing is half-written"
    wait_until_gone(pids)
    assert not output.exists()


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_workers_end_with_an_engine_that_is_killed(how, run):
    process, pids, output = run
    process.send_signal(how)
    process.wait(timeout=30)
    wait_until_gone(pids)
    assert not output.exists()
