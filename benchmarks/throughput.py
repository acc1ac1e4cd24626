"""How fast a corpus is reduced to a profile, where the time goes, and what others take.

    python benchmarks/throughput.py                  stages, workers, exact and sampled, peers
    python benchmarks/throughput.py --growth 4000    memory and speed from 10 MB to 4 GB
    python benchmarks/throughput.py --files 40       one worker and two, one file and many

The text is that of the sample corpora, its sentences drawn anew, so that vocabulary and phrases
grow as they do in a larger corpus. Machines are noisy: read the ratios.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from throughput_peers import peers_table
from throughput_stages import stages_table
from throughput_text import corpus_of
from throughput_whole import files_table, growth_table, whole_table


def main() -> None:
    """Read the command line and print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", nargs="?", type=Path, help="JSONL with a field text")
    parser.add_argument("--megabytes", type=float, default=100)
    parser.add_argument("--capacity", type=int, help="entries of a census, if not the default")
    parser.add_argument("--growth", type=float, metavar="MB", help="up to this size, by tens")
    parser.add_argument("--files", type=int, metavar="N", help="files of so many documents")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if given.growth:
            growth_table(Path(folder), given.growth, given.capacity)
            return
        path = given.file or corpus_of(Path(folder) / "corpus.jsonl", given.megabytes)
        if given.files:
            files_table(path, Path(folder) / "files", given.files, given.capacity)
            return
        speed = whole_table(path, given.capacity)
        stages_table(path)
        peers_table(path, speed)


if __name__ == "__main__":
    main()
