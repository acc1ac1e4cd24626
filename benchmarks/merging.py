"""How long the profiles of many shards take to become one, and what memory that takes.

    python benchmarks/merging.py                      1,000 shards of 1 MB, all n-grams kept
    python benchmarks/merging.py --capacity 65536     the same, each shard with a sample

Each shard is of other documents of the same text as in ``throughput.py``. ``--folder`` keeps them
for the next time. Memory is the peak of the process, that of a saved profile besides.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from throughput_text import corpus_of

import degrade

_MERGED = """
import json, resource, sys, time
from pathlib import Path
from degrade.cli.main import main
*shards, out = sys.argv[1:]
sys.argv = ["degrade", "merge", *shards, "--quiet", "-o", out]
wall, cpu = time.perf_counter(), time.process_time()
try:
    main()
finally:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps([time.perf_counter() - wall, time.process_time() - cpu, peak]))
"""
"""Runs in a process of its own, so that its peak of memory is its own."""


def shards_of(folder: Path, number: int, megabytes: float, capacity: int) -> list[Path]:
    """Return so many profiles, of ``megabytes`` each, in ``folder``; made if they are not there."""
    shards = [folder / f"{capacity}-{i:05}.profile" for i in range(number)]
    if not all(shard.exists() for shard in shards):
        text = corpus_of(folder / "corpus.jsonl", 1.02 * number * megabytes)
        texts = _pieces(text, megabytes)
        for shard in shards:
            degrade.profile(next(texts), capacity=capacity, workers=1).save(shard)
        text.unlink()
    return shards


def _pieces(path: Path, megabytes: float) -> Iterator[list[str]]:
    """Yield the texts of a JSONL file, so many megabytes of it at a time."""
    held: list[str] = []
    size = 0
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            held.append(json.loads(line)["text"])
            size += len(line.encode("utf-8"))
            if size >= megabytes * 1e6:
                yield held
                held, size = [], 0


def merged(shards: list[Path], out: Path) -> tuple[float, float, float]:
    """Return seconds, seconds of CPU, and the peak of memory in MB."""
    command = [sys.executable, "-c", _MERGED, *map(str, shards), str(out)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    seconds, cpu, peak = json.loads(done.stdout.splitlines()[-1])
    return seconds, cpu, peak


def main() -> None:
    """Read the command line and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shards", type=int, default=1_000)
    parser.add_argument("--megabytes", type=float, default=1.0, help="of text in each shard")
    parser.add_argument("--capacity", type=int, default=1 << 23)
    parser.add_argument("--folder", type=Path, help="where shards are, or are to be kept")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        shards = shards_of(folder, given.shards, given.megabytes, given.capacity)
        out = Path(temporary) / "merged.profile"
        # The kernels are compiled, or known to be kept.
        merged(shards[:2], out)
        print("| shards | MB, in all | seconds | of CPU | peak memory, MB | MB, merged |")
        print("|---|---|---|---|---|---|")
        for number in sorted({max(1, given.shards // 10), given.shards}):
            some = shards[:number]
            size = sum(shard.stat().st_size for shard in some) / 1e6
            seconds, cpu, peak = merged(some, out)
            print(
                f"| {number:,} | {size:,.0f} | {seconds:.1f} | {cpu:.1f} | {peak:,.0f} "
                f"| {out.stat().st_size / 1e6:,.0f} |"
            )


if __name__ == "__main__":
    main()
