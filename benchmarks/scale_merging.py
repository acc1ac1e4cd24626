"""Merges of real profiles, timed by their rank in the tree, and a large run simulated with them."""

from __future__ import annotations

import heapq
import json
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from throughput_text import corpus_of

import degrade
from degrade.engines.remote import absorb
from degrade.engines.tree import FAN_IN, Branch, Tree
from degrade.options import Options
from degrade.planning import plan_for
from degrade.profiles import Profile


def merging_table(folder: Path, megabytes: float, task: float) -> None:
    """Print what a task takes, sizes and times of two ranks of merges, and what follows of them.

    Leaves have so many ``megabytes`` of text, and a task of a large run has ``task``.
    """
    degrade.profile(["compile the kernels first"] * 3, workers=1)
    text = corpus_of(folder / "task.jsonl", task)
    started = time.process_time()
    content = degrade.profile(text, workers=1).to_bytes()
    counting = time.process_time() - started
    print(f"a task of {task:g} MB: {counting:.1f} s of CPU, {task / counting:.1f} MB/s, profile of "
          f"{len(content) / 1e6:.1f} MB", flush=True)  # fmt: skip
    text = corpus_of(folder / "corpus.jsonl", 1.05 * FAN_IN**2 * megabytes)
    ranks = [
        [
            degrade.profile(texts, workers=1).to_bytes()
            for texts in islice(_pieces(text, megabytes), FAN_IN**2)
        ]
    ]
    seconds: list[float] = []
    print(f"\n{len(ranks[0])} leaves of {megabytes:g} MB\n")
    print("| rank | profile, MB | seconds of CPU to merge one |\n|---|---|---|")
    print(f"| 0 | {_size(ranks[0]):.1f} | |")
    while len(ranks[-1]) > 1:
        started = time.process_time()
        ranks.append([_merged(some) for some in batched(ranks[-1])])
        seconds.append((time.process_time() - started) / len(ranks[-2]))
        print(f"| {len(seconds)} | {_size(ranks[-1]):.1f} | {seconds[-1]:.2f} |", flush=True)
    print("\n| shards | text, TB | cores | hours | merging | profiles that wait | GB |")
    print("|---|---|---|---|---|---|---|")
    # Thresholds halve, so sizes lie between one and two; here all are as large as the largest.
    largest = max(len(each) / 1e6 for rank in ([content], *ranks) for each in rank)
    each = max(taken / _size(rank) for taken, rank in zip(seconds, ranks, strict=False)) * largest
    for shards, cores in ((1_000, 64), (10_000, 256), (40_000, 256), (100_000, 1_024)):
        print(f"| {shards:,} | {shards * task / 1e6:,.1f} | {cores:,} "
              f"| {simulated(shards, cores, counting, each, largest)} |", flush=True)  # fmt: skip


def batched(contents: list[bytes]) -> Iterator[list[bytes]]:
    """Yield as many at a time as are merged."""
    for start in range(0, len(contents), FAN_IN):
        yield contents[start : start + FAN_IN]


def _merged(contents: list[bytes]) -> bytes:
    whole = Profile(plan_for(Options()))
    for content in contents:
        absorb(whole, content)
    return whole.to_bytes()


def _pieces(path: Path, megabytes: float) -> Iterator[list[dict[str, str]]]:
    held: list[dict[str, str]] = []
    size = 0
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            held.append(json.loads(line))
            size += len(line.encode("utf-8"))
            if size >= megabytes * 1e6:
                yield held
                held, size = [], 0


def _size(contents: list[bytes]) -> float:
    return sum(map(len, contents)) / len(contents) / 1e6


def simulated(shards: int, cores: int, counting: float, merging: float, megabytes: float) -> str:
    """Return hours, the share of merging, and what waits at most: the engine's tree, on a clock.

    A task counts for so many seconds, and ``merging`` takes that many for each profile.
    """
    tree, clock, free, left = Tree(), 0.0, cores, shards
    running: list[tuple[float, int, Branch]] = []
    most, merged, number = 0, 0, 0
    while left or running or len(tree) > 1:
        while free:
            found = tree.ready() or (() if left or running else tree.lowest())
            if found:
                branch = Branch.over(None, found, frozenset())
                takes, merged = len(found) * merging, merged + len(found)
            elif left:
                branch, takes, left = Branch(None, (), 0, 0), counting, left - 1
            else:
                break
            free, number = free - 1, number + 1
            heapq.heappush(running, (clock + takes, number, branch))
        if running:
            clock, _, branch = heapq.heappop(running)
            free += 1
            tree.add(branch)
        most = max(most, len(tree))
    share = merged * merging / (merged * merging + shards * counting)
    return f"{clock / 3600:.2f} | {share:.1%} | {most:,} | {most * megabytes / 1e3:.1f}"
