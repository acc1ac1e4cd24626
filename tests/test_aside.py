"""What is computed aside is what is computed here, whatever happens to the copy."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from functools import partial
from pathlib import Path

import pytest

from degrade import aside
from degrade.aside import begun

SAMPLES = Path(__file__).parents[1] / "sample_corpora"


@pytest.fixture
def allowed(monkeypatch):
    """Have this process be a command's own, on a machine of two cores."""
    if sys.platform != "linux":
        pytest.skip("copies are made on Linux only")
    monkeypatch.setattr(aside, "_allowed", True)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1})
    monkeypatch.setattr(threading, "active_count", lambda: 1)


def test_a_copy_computes_and_its_result_comes_back_once(allowed):
    found = begun(lambda: (os.getpid(), [1.5, "said"]))
    process, rest = found()
    assert process != os.getpid()
    assert rest == [1.5, "said"]
    assert found() is found()
    with pytest.raises(ChildProcessError):
        os.waitpid(process, 0)


@pytest.mark.parametrize("how", ["not a command", "one core", "several threads"])
def test_nothing_is_copied_that_may_not_be(how, allowed, monkeypatch):
    if how == "not a command":
        monkeypatch.setattr(aside, "_allowed", False)
    elif how == "one core":
        monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0})
    else:
        monkeypatch.setattr(threading, "active_count", lambda: 2)
    called = []
    found = begun(lambda: called.append(1) or os.getpid())
    assert not called
    assert found() == found() == os.getpid()
    assert called == [1]


def dying(here):
    if os.getpid() != here:
        os.kill(os.getpid(), signal.SIGKILL)
    return "computed here"


def unpicklable(here):
    return threading.Lock() if os.getpid() != here else "computed here"


@pytest.mark.parametrize("trouble", [dying, unpicklable])
def test_what_a_copy_does_not_bring_is_computed_here(trouble, allowed):
    assert begun(partial(trouble, os.getpid()))() == "computed here"


def test_where_the_system_sees_to_processes_it_is_computed_here(allowed):
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        assert begun(os.getpid)() == os.getpid()
    finally:
        signal.signal(signal.SIGCHLD, before)


def test_an_error_is_raised_where_the_result_is_asked_for(allowed):
    found = begun(partial(int, "no number"))
    with pytest.raises(ValueError, match="no number"):
        found()


def test_a_command_says_the_same_with_a_core_for_the_self_check_and_without(tmp_path):
    said = {}
    for workers in ("1", "2"):
        out = tmp_path / f"{workers}.json"
        subprocess.run(
            [sys.executable, "-m", "degrade", "compare", f"{SAMPLES}/gen0", f"{SAMPLES}/gen5",
             "--metrics", "types_1,rare_loss_2", "--reproducible", "-o", out, "-q",
             "--workers", workers],
            check=False, capture_output=True,
        )  # fmt: skip
        said[workers] = json.loads(out.read_bytes())
    assert said["1"]["comparisons"] == said["2"]["comparisons"]
    assert said["1"]["comparisons"][0]["self_check"]["splits"] == 100
