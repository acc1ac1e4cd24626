"""Merges of real profiles, timed by their rank in the tree, and a large run simulated with them."""

from __future__ import annotations

import heapq
import math
import time
from collections import defaultdict
from pathlib import Path

from throughput_text import corpus_of

import degrade
from degrade.engines.counting import Count
from degrade.engines.known import Known
from degrade.engines.luggage import packed
from degrade.engines.remote import Orders, counted, merged
from degrade.engines.sizes import Sizes
from degrade.engines.tree import FAN_IN, Branch, Tree
from degrade.options import Options
from degrade.planning import plan_for
from degrade.readers import Corpus, open_corpus
from degrade.readers.corpus import LARGEST_PART, MOST_PARTS, PART_BYTES

LEVEL_MEGABYTES = 10
"""Of a profile, for sixteen times the text: a level of the ladder more is held to its capacity, at
which it takes 6 to 12."""


def merging_table(folder: Path, leaf: float, task: float, ranks: int) -> None:
    """Print what a task takes, sizes and times of merges by rank, and what follows of them.

    Leaves have so many megabytes of text, and the first task of a run has ``task``. The engine's
    own functions count, merge and tell what is known, one after the other in this process, so that
    memory is that of the few profiles that wait.
    """
    degrade.profile(["compile the kernels first"] * 3, workers=1)
    with open_corpus(corpus_of(folder / "task.jsonl", task)) as corpus:
        orders = _orders(corpus)
        started = time.process_time()
        _, content = counted(_here, orders, corpus.parts(), Known().drops())
        counting = time.process_time() - started
    print(f"a task of {task:g} MB: {counting:.1f} s of CPU, {task / counting:.1f} MB/s, profile of "
          f"{len(content) / 1e6:.1f} MB", flush=True)  # fmt: skip
    text = corpus_of(folder / "corpus.jsonl", 1.05 * FAN_IN**ranks * leaf)
    print(f"\n{FAN_IN**ranks} leaves of {leaf:g} MB\n")
    print("| rank | profile, MB, mean | largest | seconds of CPU to merge one |\n|---|---|---|---|")
    sizes, seconds = _measured(text, leaf, ranks)
    for rank, each in sizes.items():
        taken = f"{_mean(seconds[rank]):.2f}" if rank else ""
        print(f"| {rank} | {_mean(each):.1f} | {max(each):.1f} | {taken} |", flush=True)
    print("\n| text, TB | cores | tasks | hours | merging | profiles that wait | GB |")
    print("|---|---|---|---|---|---|---|")
    leaf_of, largest = len(content) / 1e6, max(max(some) for some in sizes.values())
    a_megabyte = _mean(seconds[ranks]) / _mean(sizes[ranks - 1])
    for terabytes, cores in ((0.3, 64), (2.5, 256), (10, 256), (25, 1_024)):
        more = math.log(terabytes * 1e6 / (FAN_IN**ranks * leaf), 16)
        each = leaf_of, largest + LEVEL_MEGABYTES * max(0, more)
        row = simulated(terabytes, cores, task / counting, a_megabyte, each)
        print(f"| {terabytes:g} | {cores:,} | {row} |", flush=True)


def _measured(
    text: Path, leaf: float, ranks: int
) -> tuple[defaultdict[int, list[float]], defaultdict[int, list[float]]]:
    """Return the sizes of profiles by their rank, in MB, and what each took to be merged."""
    sizes: defaultdict[int, list[float]] = defaultdict(list)
    seconds: defaultdict[int, list[float]] = defaultdict(list)
    tree, known = Tree(), Known()
    with open_corpus(text) as corpus:
        corpus.part_bytes = round(leaf * 1e6)
        orders = _orders(corpus)
        for part in corpus.parts()[: FAN_IN**ranks]:
            found, content = counted(_here, orders, [part], known.drops())
            known = known.plus(found.known)
            sizes[0].append(len(content) / 1e6)
            tree.add(Branch(content, (), found.documents, found.characters))
            while taken := tree.ready():
                started = time.process_time()
                of, content = merged(_here, orders, [each.where for each in taken], ())
                known = known.plus(of.known)
                branch = Branch.over(content, taken, of.lost)
                seconds[branch.rank].append((time.process_time() - started) / len(taken))
                sizes[branch.rank].append(len(content) / 1e6)
                tree.add(branch)
    return sizes, seconds


def _orders(corpus: Corpus) -> Orders:
    luggage = packed(Count(plan_for(Options()), corpus))
    return Orders((luggage,), corpus.name)


def _here(place: object) -> object:
    return place


def _mean(numbers: list[float]) -> float:
    return sum(numbers) / len(numbers)


def simulated(
    terabytes: float, cores: int, speed: float, a_megabyte: float, each: tuple[float, float]
) -> str:
    """Return tasks, hours, the share of merging, and what waits at most.

    Tasks and tree are the engine's, on a clock: ``speed`` megabytes of text are counted in a second
    and a megabyte of a profile is merged in ``a_megabyte`` seconds. Profiles of tasks have
    ``each[0]`` megabytes and those of merges ``each[1]``.
    """
    part = max(PART_BYTES, min(terabytes * 1e12 / MOST_PARTS, LARGEST_PART))
    tasks = [len(task) for task in Sizes([part] * round(terabytes * 1e12 / part), cores).first()]
    tree, clock, free, left = Tree(), 0.0, cores, tasks[::-1]
    running: list[tuple[float, int, Branch]] = []
    most, number, merging, counting = 0, 0, 0.0, 0.0
    while left or running or len(tree) > 1:
        while free:
            found = tree.ready() or (() if left or running else tree.lowest())
            if found:
                branch = Branch.over(None, found, frozenset())
                takes = sum(each[taken.rank > 0] for taken in found) * a_megabyte
                merging += takes
            elif left:
                branch, takes = Branch(None, (), 0, 0), left.pop() * part / speed / 1e6
                counting += takes
            else:
                break
            free, number = free - 1, number + 1
            heapq.heappush(running, (clock + takes, number, branch))
        if running:
            clock, _, branch = heapq.heappop(running)
            free += 1
            tree.add(branch)
        most = max(most, len(tree))
    share = merging / (merging + counting)
    waits = f"{most:,} | {most * max(each) / 1e3:.1f}"
    return f"{len(tasks):,} | {clock / 3600:.2f} | {share:.1%} | {waits}"
