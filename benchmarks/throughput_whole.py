"""What profiling a file takes in all, beside reading it and counting its words with wc."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from statistics import median

from throughput_text import corpus_of

TURNS = 5
_PROFILED = """
import json, resource, sys, time
import degrade
path, workers, capacity = sys.argv[1], int(sys.argv[2]), json.loads(sys.argv[3])
degrade.profile(["compile the kernels first"] * 3, workers=1)
started = time.perf_counter()
made = degrade.profile(path, workers=workers, capacity=capacity)
taken = time.perf_counter() - started
whose = resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN
peak = max(resource.getrusage(who).ru_maxrss for who in whose)
print(json.dumps([taken, peak / 1024, made.tokens, made.documents]))
"""
"""Runs in a process of its own, so that its peak of memory is its own."""


def profiled(path: Path, workers: int, capacity: int | None) -> tuple[float, float, int]:
    """Return seconds, the peak of memory in MB of the largest process, and tokens."""
    command = [sys.executable, "-c", _PROFILED, str(path), str(workers), json.dumps(capacity)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    taken, peak, tokens, _ = json.loads(done.stdout.splitlines()[-1])
    return taken, peak, tokens


def floors(path: Path) -> dict[str, float]:
    """Return the seconds of a plain read and of ``wc -w``, with the file in the page cache."""
    found = {}
    # Twice, the second time from the page cache; never whole, since a process inherits the peak of
    # memory of the one that starts it.
    for _ in range(2):
        started = time.perf_counter()
        with path.open("rb") as data:
            while data.read(1 << 20):
                pass
        found["read the file"] = time.perf_counter() - started
    started = time.perf_counter()
    subprocess.run(["wc", "-w", path], check=True, capture_output=True)
    found["wc -w"] = time.perf_counter() - started
    return found


def _said(capacity: int | None) -> str:
    return "the default capacity" if capacity is None else f"at most {capacity:,} entries"


def whole_table(path: Path, capacity: int | None) -> tuple[float, float]:
    """Print the table; return MB/s: of one worker that keeps all n-grams, and of two by default."""
    size = path.stat().st_size / 1e6
    rows = {name: (taken, 0.0) for name, taken in floors(path).items()}
    tokens = 0
    for entries, how in ((0, "exact"), (capacity, _said(capacity))):
        for workers in (1, 2):
            taken, peak, tokens = profiled(path, workers, entries)
            rows[f"profile, {how}, {workers} worker{'s'[: workers - 1]}"] = taken, peak
    print(f"{size:.0f} MB of JSONL, {tokens:,} tokens, {os.cpu_count()} cores")
    print(f"{'':<52}{'s':>8}{'MB/s':>8}{'x wc -w':>9}{'peak MB':>9}")
    wc = rows["wc -w"][0]
    for name, (taken, peak) in rows.items():
        memory = f"{peak:>9,.0f}" if peak else ""
        print(f"{name:<52}{taken:>8.2f}{size / taken:>8.1f}{taken / wc:>9.2f}{memory}")
    slowest, fastest = "profile, exact, 1 worker", f"profile, {_said(capacity)}, 2 workers"
    return size / rows[slowest][0], size / rows[fastest][0]


def growth_table(folder: Path, most: float, capacity: int | None) -> None:
    """Print speed and memory from 10 MB up to ``most``, two workers."""
    print(f"two workers, {_said(capacity)}")
    print(f"{'MB':>8}{'tokens':>14}{'s':>8}{'MB/s':>8}{'x wc -w':>9}{'peak MB':>9}")
    size = 10.0
    while size <= most * 1.001:
        path = corpus_of(folder / f"{size:.0f}.jsonl", size)
        wc = floors(path)["wc -w"]
        taken, peak, tokens = profiled(path, 2, capacity)
        print(f"{size:>8,.0f}{tokens:>14,}{taken:>8.1f}{size / taken:>8.1f}{taken / wc:>9.2f}"
              f"{peak:>9,.0f}", flush=True)  # fmt: skip
        path.unlink()
        size = most if size < most < size * 10 else size * 10


def files_table(path: Path, folder: Path, documents: int, capacity: int | None) -> None:
    """Print what one worker and two take for a file and for files of so many of its documents.

    In turns, ``TURNS`` times; seconds are medians, and times those of each turn.
    """
    folder.mkdir()
    number = 0
    with path.open("rb") as lines:
        while some := list(islice(lines, documents)):
            (folder / f"{number:07}.jsonl").write_bytes(b"".join(some))
            number += 1
    # What was written is on disk before anything is measured.
    if hasattr(os, "sync"):
        os.sync()
    print(f"{path.stat().st_size / 1e6:,.0f} MB, {_said(capacity)}")
    print(f"{'':<16}{'one worker':>12}{'two':>8}{'one, twice at once':>20}   times")
    for what, corpus in (("one file", path), (f"{number:,} files", folder)):
        turns = [
            [profiled(corpus, workers, capacity)[0] for workers in (1, 2)] for _ in range(TURNS)
        ]
        one, two = (median(taken) for taken in zip(*turns, strict=True))
        times = ", ".join(f"{first / second:.2f}" for first, second in turns)
        # What two that have nothing in common take beside each other: all that two can be faster.
        with ThreadPoolExecutor(2) as both:
            twice = max(
                taken for taken, *_ in both.map(profiled, [corpus] * 2, [1] * 2, [capacity] * 2)
            )
        print(f"{what:<16}{one:>12.2f}{two:>8.2f}{twice:>20.2f}   {times}", flush=True)
