"""See whether a vocabulary that is cut is told from one that narrows, on text of a known law.

    python benchmarks/zipf_told.py CORPUS

A finite Zipf-Mandelbrot law is fitted to the words of CORPUS. Texts of as many tokens (--tokens)
are drawn from it, and from what is left of it: its most frequent words alone (a cut), or all of
them at a lower temperature (narrowing). `degrade compare` reads the files, as it would any.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parents[1] / "tests/metrics"))

from zipf_populations import chances, cooled, cut

from degrade import registry
from degrade.findings import Change
from degrade.readers import Fields, open_corpus
from degrade.registry import layer
from degrade.run import Run
from degrade.text.document import Batch
from degrade_metrics.lnre import Fit, fitted
from degrade_metrics.spectrum import Spectrum

Populations = dict[str, NDArray[np.float64]]
DOCUMENT = 500
ASKED = ("types_1", "hapax_share", "fzm_a", "fzm_s")
ENDLESS = 10_000_000
"""Words of a vocabulary whose end no text of a million tokens can see."""


def law_of(spec: str, tokens: int) -> Fit:
    """Return the finite law of the first documents of a corpus that hold ``tokens`` words."""
    words, seen, sofar = layer("word"), [], 0
    with open_corpus(spec, Fields(), readers=registry.all_of(registry.READERS)) as corpus:
        for document in corpus.documents():
            seen.append(Batch([document]).segments(words).symbols)
            sofar += len(seen[-1])
            if sofar >= tokens:
                break
    counts = np.unique(np.concatenate(seen)[:tokens], return_counts=True)[1]
    print(f"{spec}: {int(counts.sum()):,} tokens, {len(counts):,} word types")
    return fitted(Spectrum.of(counts), finite=True)


def write(path: Path, found: NDArray[np.float64], tokens: int, seed: int) -> str:
    """Write documents of words drawn with these probabilities, and return the path."""
    rng = np.random.default_rng(seed)
    drawn = rng.choice(len(found), (tokens // DOCUMENT, DOCUMENT), p=found)
    with path.open("w", encoding="utf-8") as file:
        for row in drawn.tolist():
            file.write(json.dumps({"text": " ".join(f"w{word}" for word in row)}) + "\n")
    return str(path)


def populations(law: Fit) -> Populations:
    """Return what candidates are drawn from, by what was done to the law."""
    whole = chances(law.a, law.highest, round(law.support))
    kept = {share: round(share * len(whole)) for share in (0.95, 0.9, 0.75, 0.5, 0.25)}
    return {
        "nothing": whole,
        **{f"cut to {share:.0%}": cut(whole, most) for share, most in kept.items()},
        **{f"temperature {t}": cooled(whole, t) for t in (0.98, 0.95, 0.9, 0.8)},
    }


def compare(reference: NDArray[np.float64], candidates: Populations, tokens: int) -> None:
    """Print how far text drawn with each of ``candidates`` lies from that of ``reference``."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        paths = [write(place / "reference.jsonl", reference, tokens, 0)]
        for i, found in enumerate(candidates.values(), 1):
            paths.append(write(place / f"candidate-{i}.jsonl", found, tokens, i))
        command = [sys.executable, "-m", "degrade", "compare", *paths, "--quiet", "--metrics",
                   ",".join(ASKED), "--self-check", "0", "-o", str(place / "run.json")]  # fmt: skip
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        run = Run.load(place / "run.json")
    print(f"{'':<18}" + "".join(f"{name:>30}" for name in ASKED))
    notes = []
    for name, comparison in zip(candidates, run.comparisons, strict=True):
        found = {finding.metric: finding for finding in comparison.findings}
        print(f"{name:<18}" + "".join(f"{shown(found[metric].change):>30}" for metric in ASKED))
        notes += [f"{name}, {f.metric}: {f.note}" for f in found.values() if f.note]
    print("\n".join(notes))


def shown(change: Change | None) -> str:
    """Return a change in per cent with its interval."""
    if change is None:
        return "not computable"
    if change.low is None or change.high is None:
        return f"{change.value:+.1%}"
    return f"{change.value:+.1%} [{change.low:+.1%}, {change.high:+.1%}]"


def main() -> None:
    """Read the command line and print tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", metavar="CORPUS")
    parser.add_argument("--tokens", type=int, default=1_000_000)
    given = parser.parse_args()

    law = law_of(given.corpus, given.tokens)
    print(f"a {law.a:.4f}, B {law.highest:.3g}, S {law.support:,.0f}\n")
    drawn = populations(law)
    compare(drawn["nothing"], drawn, given.tokens)
    print(f"\nthe same law with {ENDLESS:,} words")
    endless = chances(law.a, law.highest, ENDLESS)
    compare(endless, {"nothing": endless}, given.tokens)


if __name__ == "__main__":
    main()
