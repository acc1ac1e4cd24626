"""Whether an audit names the sources that were planted and no other, and lists what was planted.

    python benchmarks/audit_planted.py                        200 MB of 50 sources
    python benchmarks/audit_planted.py --megabytes 1000
    python benchmarks/audit_planted.py --clean                no source planted: none is to be named
    python benchmarks/audit_planted.py --flags                flags of all documents, too

Documents are four sentences each, drawn from the human text of the sample corpora. Of one source, a
quarter of the documents repeat another one of it in capitals, and a quarter with another last word;
another source is drawn from generated text. Planted are these copies and near-duplicates, and all
documents of the other source: precision and recall are of everything that is listed. Of the time,
look at the CPU's where others work too; memory is the peak of the process.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

SAMPLES = Path(__file__).resolve().parents[1] / "sample_corpora"
SOURCES = 50
COPIED, MACHINE = "source-17", "source-31"
FIRST = 1_000
"""Documents that an audit lists if no other number is asked for."""

_AUDITED = """
import json, resource, sys, time
import degrade
folder, flags, workers = sys.argv[1], sys.argv[2] or None, int(sys.argv[3])
wall, cpu = time.perf_counter(), time.process_time()
found = degrade.audit(
    folder, source_field="site", worst=1_000_000, write_flags=flags, workers=workers
)
print(json.dumps({
    "named": [[s.name, [j.measure for j in s.stands_out]] for s in found.standing_out],
    "listed": {each.id: each.reasons for each in found.worst},
    "bad": found.bad, "flagged": dict(found.flagged), "unlisted": found.unlisted, "cut": found.cut,
    "documents": found.documents, "words": found.words,
    "among": [found.copies_among, found.alike_among, found.words_among],
    "wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu,
    "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
}))
"""
"""Runs in a process of its own, so that its peak of memory is its own."""


def sentences(name: str) -> list[str]:
    """Return the sentences of a sample corpus."""
    found: list[str] = []
    for line in (SAMPLES / name / "part-000.jsonl").read_text("utf-8").splitlines():
        text = json.loads(line)["text"]
        # Of two documents that share a very long one, the rest is hardly anything.
        found += [s for s in re.split(r"(?<=[.!?”])\s+", text) if 3 < len(s.split()) < 40]
    return found


def drawn(rng: np.random.Generator, pool: list[str], size: float) -> list[str]:
    """Return documents of ``size`` bytes in all."""
    texts: list[str] = []
    while size > 0:
        for four in rng.integers(0, len(pool), (1_000, 4)).tolist():
            texts.append(" ".join(pool[j] for j in four))
            size -= len(texts[-1].encode("utf-8"))
            if size <= 0:
                break
    return texts


def plant(rng: np.random.Generator, texts: list[str]) -> Iterator[int]:
    """Make copies and near-duplicates in the second half of ``texts``; yield which."""
    half = len(texts) // 2
    for i in range(half, len(texts)):
        words = texts[int(rng.integers(0, half))].split()
        if i % 2:
            texts[i] = " ".join([*words[:-1], f"changed{i}"])
        else:
            texts[i] = " ".join(words).upper()
        yield i


def make(folder: Path, megabytes: float, seed: int, *, clean: bool) -> tuple[set[str], set[str]]:
    """Write a corpus, a file a source; return the ids of planted copies and of machine text."""
    rng = np.random.default_rng(seed)
    human, machine = sentences("gen0"), sentences("gen5")
    copies: set[str] = set()
    made: set[str] = set()
    for i in range(SOURCES):
        name = f"source-{i:02}"
        pool = machine if name == MACHINE and not clean else human
        texts = drawn(rng, pool, megabytes * 1e6 / SOURCES)
        if name == COPIED and not clean:
            copies |= {f"{name}-{k}" for k in plant(rng, texts)}
        if pool is machine:
            made |= {f"{name}-{k}" for k in range(len(texts))}
        rows = ({"id": f"{name}-{k}", "site": name, "text": t} for k, t in enumerate(texts))
        with (folder / f"{name}.jsonl").open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(row) + "\n" for row in rows)
    return copies, made


def told(listed: set[str], planted: set[str]) -> str:
    """Say how much of what was planted is listed, and of what is listed was planted."""
    both = len(listed & planted)
    return f"recall {both / len(planted):.4f}, precision {both / max(1, len(listed)):.4f}"


def main() -> None:
    """Make a corpus, audit it, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--megabytes", type=float, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--clean", action="store_true", help="plant nothing")
    parser.add_argument("--flags", action="store_true", help="write flags")
    parser.add_argument("--workers", type=int, default=0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "documents"
        folder.mkdir()
        copies, made = make(folder, given.megabytes, given.seed, clean=given.clean)
        flags = str(Path(name) / "flags") if given.flags else ""
        done = subprocess.run(
            [sys.executable, "-c", _AUDITED, str(folder), flags, str(given.workers)],
            check=True,
            capture_output=True,
            text=True,
        )
    found = json.loads(done.stdout)
    listed = found.pop("listed")
    print(f"{found['documents']:,} documents, {found['words']:,} words")
    print(
        f"{found['wall']:.0f} s, {found['cpu']:.0f} s of CPU, {found['megabytes']:.0f} MB; "
        f"shares looked at: copies, near-duplicates and words {found['among']}"
    )
    print("named:", "; ".join(f"{n} ({', '.join(why)})" for n, why in found["named"]) or "none")
    print(
        f"{len(listed):,} documents listed, {found['bad']:,} for themselves"
        f"{', more are not' if found['cut'] else ''}; flagged and not listed: "
        f"{found['unlisted']:,}; flagged: {found['flagged']}"
    )
    if not copies:
        return
    alike = {i for i, why in listed.items() if {"copies", "near_duplicates"} & {*why}}
    of_source = {i for i, why in listed.items() if "source" in why}
    planted = copies | made
    print(f"all listed: {told(set(listed), planted)}")
    first = [each in planted for each in listed][:FIRST]
    print(f"of the first {len(first):,} listed, planted: {sum(first) / len(first):.4f}")
    print(f"listed as copies or near-duplicates: {told(alike, copies)}")
    print(f"listed for their source: {told(of_source, made)}")


if __name__ == "__main__":
    main()
