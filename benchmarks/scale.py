"""What a cluster costs over one machine, and what a hundred thousand shards would take.

    python benchmarks/scale.py overhead --megabytes 4000     Ray against processes, on these cores
    python benchmarks/scale.py driver                        the driver's memory, by shards
    python benchmarks/scale.py merging --ranks 3             merges measured, and runs simulated

The text is that of ``throughput.py``. Seconds of CPU are those of all processes involved, so that
what else runs on the machine matters little; read the ratios.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from scale_merging import merging_table
from throughput_text import corpus_of

import degrade

_DRIVER = """
import json, resource, sys, time
from degrade.engines import sizes
from degrade.engines.ray_engine import RayEngine
from degrade.options import Options
from degrade.planning import plan_for
from degrade.readers import open_corpus
# Every file, of some 200 bytes, is a part, and every part a task.
sizes.MOST_BYTES = 1
plan = plan_for(Options(metrics=("types_1",), sampled_documents=20))
with open_corpus(sys.argv[1]) as corpus:
    corpus.part_bytes = 300
    engine = RayEngine(2)
    with engine.expecting([corpus]):
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        started = time.perf_counter(), time.process_time()
        made = engine.profile_corpus(plan, corpus)
        taken = time.perf_counter() - started[0], time.process_time() - started[1]
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps([made.documents, before, after, *taken]))
"""
"""Runs in a process of its own, so that its peak of memory is its own."""


def cpu_seconds() -> float:
    """Return the seconds of CPU of this process and of all below it, those that ended included."""
    tick = os.sysconf("SC_CLK_TCK")
    parents: dict[int, int] = {}
    seconds: dict[int, float] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(entry.name)] = int(fields[1])
            seconds[int(entry.name)] = sum(map(int, fields[11:15])) / tick
    below = {os.getpid()}
    while more := {pid for pid, parent in parents.items() if parent in below} - below:
        below |= more
    return sum(seconds[pid] for pid in below)


def overhead_table(folder: Path, megabytes: float, repeats: int) -> None:
    """Print what both engines take, in turns, on a cluster that is there already."""
    from degrade.engines.ray_engine import RayEngine

    path = corpus_of(folder / "corpus.jsonl", megabytes)
    with RayEngine().expecting([]):
        # Workers of the cluster have begun, and kernels are compiled or loaded.
        small = corpus_of(folder / "small.jsonl", 20)
        for engine in ("local", "ray"):
            degrade.profile(small, engine=engine)
        sums = {"local": [0.0, 0.0], "ray": [0.0, 0.0]}
        saved = set()
        print("| engine | seconds | of CPU | MB/s |\n|---|---|---|---|", flush=True)
        for _ in range(repeats):
            for engine, spent in sums.items():
                wall, cpu = time.perf_counter(), cpu_seconds()
                made = degrade.profile(path, engine=engine)
                taken = time.perf_counter() - wall, cpu_seconds() - cpu
                spent[0] += taken[0]
                spent[1] += taken[1]
                saved.add(made.to_bytes())
                speed = megabytes / taken[0]
                print(f"| {engine} | {taken[0]:.1f} | {taken[1]:.1f} | {speed:.1f} |", flush=True)
    ratios = [sums["ray"][k] / sums["local"][k] - 1 for k in (0, 1)]
    print(f"Ray over local: {ratios[0]:+.1%} of time, {ratios[1]:+.1%} of CPU; "
          f"{'the same bytes' if len(saved) == 1 else 'OTHER BYTES'}")  # fmt: skip


def driver_table(folder: Path, numbers: list[int]) -> None:
    """Print the peak memory of the driver for so many shards, each a file of three documents."""
    print("| shards | driver, MB | before, MB | seconds | of CPU, driver |\n|---|---|---|---|---|")
    for number in numbers:
        shards = folder / str(number)
        shards.mkdir()
        for shard in range(number):
            texts = [f"shard {shard} says {shard * k} words, and {k} more" for k in range(3)]
            lines = [json.dumps({"id": f"{shard}/{k}", "text": t}) for k, t in enumerate(texts)]
            (shards / f"{shard:06}.jsonl").write_text("\n".join(lines) + "\n")
        command = [sys.executable, "-c", _DRIVER, str(shards)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        documents, before, after, wall, cpu = json.loads(done.stdout.splitlines()[-1])
        if documents != 3 * number:
            raise SystemExit(f"{documents} documents of {3 * number}")
        print(f"| {number:,} | {after:,.0f} | {before:,.0f} | {wall:.0f} | {cpu:.1f} |", flush=True)


def main() -> None:
    """Read the command line and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("table", choices=["overhead", "driver", "merging"])
    parser.add_argument("--megabytes", type=float, default=512, help="of text; of a task, merging")
    parser.add_argument("--repeats", type=int, default=2, help="of both engines, for overhead")
    parser.add_argument("--shards", type=int, nargs="*", default=[100, 1_000, 10_000])
    parser.add_argument("--leaf", type=float, default=8, help="MB of a leaf, for merging")
    parser.add_argument("--ranks", type=int, default=2, help="of merges, for merging")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if given.table == "overhead":
            overhead_table(Path(folder), given.megabytes, given.repeats)
        elif given.table == "driver":
            driver_table(Path(folder), given.shards)
        else:
            merging_table(Path(folder), given.leaf, given.megabytes, given.ranks)


if __name__ == "__main__":
    main()
