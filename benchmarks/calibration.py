"""Check on your own text that degrade does not cry wolf, and see how much it takes to alarm it.

    python benchmarks/calibration.py CORPUS                      one source against itself
    python benchmarks/calibration.py CORPUS --power              the smallest loss that is found
    python benchmarks/calibration.py CORPUS --lengths            one side's documents cut to half

One source is split at random again and again: whatever is found then is a false alarm. The unit
that is split is the cluster (--cluster-field), else the document, or with --passages N a stretch of
about N words of one.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from calibration_lengths import length_table
from calibration_null import null_table
from calibration_power import power_table
from calibration_splits import Case, Texts


def main() -> None:
    """Read the command line and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpora", nargs="+", metavar="CORPUS")
    parser.add_argument("--text-field", default="text")
    parser.add_argument("--cluster-field")
    parser.add_argument("--passages", type=int, metavar="WORDS", help="cut documents to passages")
    parser.add_argument("--metrics", default="primary", help="names and families, by commas")
    parser.add_argument("--units", type=int, help="clusters of the smaller side; all that fit")
    parser.add_argument("--ratios", type=int, nargs="+", default=[1, 5], metavar="R")
    parser.add_argument("--paired", action="store_true", help="split clusters, not between them")
    parser.add_argument("--splits", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--test", choices=["jackknife", "permutation"], default="jackknife")
    parser.add_argument("--relabelings", type=int, default=99)
    parser.add_argument("--power", action="store_true")
    parser.add_argument("--lengths", action="store_true")
    parser.add_argument("--sizes", type=int, nargs="+", default=[200, 400, 800, 1600])
    given = parser.parse_args()

    texts = Texts.read(given.corpora, given.text_field, given.cluster_field, given.passages)
    print(f"{', '.join(given.corpora)}: {len(texts.documents):,} documents, "
          f"{len(texts.clusters):,} clusters")  # fmt: skip
    cases = [
        Case(
            ratio,
            given.units,
            given.splits,
            given.seed,
            given.test,
            given.relabelings,
            given.paired,
            tuple(given.metrics.split(",")),
        )
        for ratio in given.ratios
    ]
    if given.power:
        power_table(texts, given.sizes, given.splits, given.seed, given.workers)
    elif given.lengths:
        length_table(texts, cases, given.workers)
    else:
        null_table(texts, cases, given.workers)


if __name__ == "__main__":
    main()
