"""Throughput of `degrade profile` on a corpus, beside `wc -w` and a plain read of the same file.

    python benchmarks/bench_profile.py [FILE.jsonl[.gz]] [--megabytes 20]

Without a file, the sample corpora are repeated under new ids up to the size asked for. Machines are
noisy: read the ratios, not the seconds.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import degrade
from degrade.options import Options
from degrade.planning import chosen_metrics
from degrade.profiles import Plan, Profile
from degrade.readers import open_corpus
from degrade.registry import layer
from degrade.text.document import Batch

SAMPLES = Path(__file__).resolve().parents[1] / "sample_corpora"


def seconds(run: Callable[[], object]) -> float:
    """Return the wall time of ``run``."""
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def repeated_samples(path: Path, megabytes: float) -> None:
    """Write the sample corpora to ``path`` again and again, each time under other ids."""
    lines = [
        json.loads(line)
        for part in sorted(SAMPLES.glob("*/part-*.jsonl"))
        for line in part.read_text(encoding="utf-8").splitlines()
    ]
    turn = 0
    with path.open("w", encoding="utf-8") as out:
        while out.tell() < megabytes * 1e6:
            for record in lines:
                out.write(json.dumps({**record, "id": f"{turn}-{record['id']}"}) + "\n")
            turn += 1


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--megabytes", type=float, default=20)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = asked.file
        if path is None:
            path = Path(folder) / "corpus.jsonl"
            repeated_samples(path, asked.megabytes)
        degrade.profile(["compile the kernels first"] * 3)
        texts = list(open_corpus(path).documents())
        size = sum(len(document.text.encode("utf-8")) for document in texts) / 1e6
        word = layer("word")
        batches = [Batch(texts[i : i + 1000]) for i in range(0, len(texts), 1000)]
        rows = {
            "read the file": lambda: path.read_bytes(),
            "wc -w": lambda: subprocess.run(["wc", "-w", path], capture_output=True, check=True),
            "read documents": lambda: sum(1 for _ in open_corpus(path).documents()),
            "segment, fold, hash": lambda: [b.segments(word) for b in batches],
            "profile, 1 worker": lambda: degrade.profile(path, workers=1),
            "profile, 2 workers": lambda: degrade.profile(path, workers=2),
        }
        for metric in chosen_metrics(Options(), None):
            plan = Plan.of(metric.needs, "word", {"word": word})
            # Batches keep their words, so this is counting alone.
            rows[f"count for {metric.name}"] = lambda plan=plan: [
                Profile(plan).update(batch) for batch in batches
            ]
        print(f"{size:.1f} MB of text in {len(texts):,} documents\n")
        print(f"{'stage':<32}{'seconds':>9}{'MB/s':>9}{'x wc -w':>9}")
        times = {name: seconds(run) for name, run in rows.items()}
        for name, taken in times.items():
            print(f"{name:<32}{taken:9.2f}{size / taken:9.1f}{taken / times['wc -w']:9.1f}")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"\npeak memory {peak:,.0f} MB, the documents of this benchmark included")


if __name__ == "__main__":
    main()
