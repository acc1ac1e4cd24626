"""Known figures of recursive training and of decoding, by the tool's own learners.

    python benchmarks/recursion.py TOKENS                   of 420 documents of 500 words
    python benchmarks/recursion.py TOKENS CORPUS...         and the order of regimes on these too

TOKENS holds the words of Moby Dick, one a line, as counted by Gerlach and Altmann (2019). Corpora
are whatever ``degrade`` reads; ``--limit`` takes the beginning of each. A line a figure: what is
known, what came out, how far apart they may be, and whether they are.
"""

from __future__ import annotations

import argparse
import math
import tempfile
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from recursion_counts import (
    Documents,
    lineage,
    once_seen_kept,
    once_seen_words_left,
    repetition,
    simpson,
    types,
)

import degrade
from degrade.learners.ngram import ngram, unigram
from degrade.recursion import Lineage
from degrade.text.document import Document

Counted = Callable[[Callable[[Documents], float]], NDArray[np.float64]]
"""What is counted in each draw."""
WORDS = 500
DRAWS = 20
UNIGRAM_TYPES = (13279, 11444, 10178, 9231, 8485, 7877, 7370, 6937, 6563, 6235)
HAPAXES_LEFT = (0.632, 0.469, 0.374, 0.312, 0.268)
TRIGRAM_TYPES = {
    Lineage("replace", 0.0): 6905,
    Lineage("replace", 0.1): 8732,
    Lineage("accumulate-subsample", 0.0): 10679,
    Lineage("accumulate", 0.0): 12388,
}
ONCE_SEEN_LOST = {1: (0.13, 0.23, 0.32, 0.38, 0.42, 0.46), 3: (0.25, 0.40, 0.50, 0.57, 0.62, 0.67)}
BY_TEMPERATURE = {1.0: (10_420, 0.0100, 0.00017), 0.5: (8_100, 0.0202, 0.0147)}
BY_NUCLEUS = {
    1.0: (55_323, 0.0100),
    0.95: (51_662, 0.0106),
    0.9: (48_276, 0.0115),
    0.8: (44_673, 0.0134),
}
WORST_FIRST = (
    ("replace", "replace-keep-0.1", "replace-keep-0.25"),
    ("replace", "accumulate-subsample", "accumulate"),
)


def line(what: str, known: float, found: float, off: float, *, relative: bool = False) -> None:
    """Print a figure beside the known one; ``off`` is how far from it it may be."""
    within = off * abs(known) if relative else off
    said = f"{100 * off:g}%" if relative else f"{off:g}"
    verdict = "ok" if abs(found - known) <= within else "no"
    print(f"{what:<58}{known:>10,.5g}{found:>11,.5g}{said:>9}  {verdict}", flush=True)


def claim(what: str, *, holds: bool, found: str = "") -> None:
    """Print whether something that should hold does."""
    print(f"{what:<58}{found:>30}  {'ok' if holds else 'no'}", flush=True)


def unigrams(documents: Documents) -> None:
    """1: types and once-seen words left, generation after generation; the mean of three runs."""
    runs = [lineage(documents, unigram(), Lineage("replace", 0.0), 10, seed) for seed in range(3)]
    for i, known in enumerate(UNIGRAM_TYPES):
        found = float(np.mean([types(past[i + 1]) for past in runs]))
        line(f"1 unigrams, replace: types of generation {i + 1}", known, found, 0.01, relative=True)
    for i, known in enumerate(HAPAXES_LEFT):
        found = float(np.mean([once_seen_words_left(past[0], past[i + 1]) for past in runs]))
        line(f"1 unigrams, replace: once-seen words left, gen. {i + 1}", known, found, 0.01)


def distances(documents: Documents, runs: int) -> None:
    """2: the mean squared distance of what is trained on grows, or is bounded."""
    part = documents[:60]
    origin = Counter(word for text in part for word in text.split())
    total = origin.total()
    spread = 1 - sum((count / total) ** 2 for count in origin.values())
    for regime in ("replace", "accumulate"):
        found = np.zeros(5)
        for seed in range(runs):
            past = lineage(part, unigram(), Lineage(regime, 0.0), 5, seed)
            for n in range(1, 6):
                texts = (
                    past[n] if regime == "replace" else [t for each in past[: n + 1] for t in each]
                )
                counts = Counter(word for text in texts for word in text.split())
                size = counts.total()
                square = sum((counts[word] / size - c / total) ** 2 for word, c in origin.items())
                found[n - 1] += square * total / spread / runs
        for n in range(1, 6):
            known = n if regime == "replace" else sum(1 / (k + 1) ** 2 for k in range(1, n + 1))
            what = f"2 {regime}: squared distance of generation {n}, {runs} runs"
            line(what, known, found[n - 1], 0.1, relative=True)


def regimes(documents: Documents) -> None:
    """3: types of generation 8, by what is kept of the past."""
    for regime, known in TRIGRAM_TYPES.items():
        found = types(lineage(documents, ngram(), regime, 8, 0)[-1])
        line(f"3 trigrams, {regime.name}: types of generation 8", known, found, 0.03, relative=True)


def rare_words(documents: Documents) -> None:
    """4: once-seen n-grams lost, against text held out; the mean of four splits."""
    with tempfile.TemporaryDirectory() as folder:
        found = degrade.simulate(documents, folder, generations=6, seeds=4)
        losses: dict[int, list[list[float]]] = {1: [], 3: []}
        for each in found:
            where = each.folder.parent
            held, *generations = (
                texts_of(path)
                for path in (
                    where / "heldout.jsonl",
                    where / "gen0.jsonl",
                    *(each.folder / f"gen{i}.jsonl" for i in range(1, 7)),
                )
            )
            for n, rows in losses.items():
                kept = [once_seen_kept(held, texts, n, len(texts) // 2) for texts in generations]
                rows.append([1 - candidate / fresh for fresh, candidate in kept])
    needs = {need.metric: need for need in found.plan.needs}
    for n, known in ONCE_SEEN_LOST.items():
        mean = np.mean(losses[n], axis=0)
        line(f"4 fresh half: once-seen {n}-grams lost", 0.0, mean[0], 0.025)
        for i, share in enumerate(known):
            line(f"4 generation {i + 1}: once-seen {n}-grams lost", share, mean[i + 1], 0.03)
        steps = [step.change for step in needs[f"rare_loss_{n}"].courses[0].steps]
        told = [change.value for change in steps if change is not None]
        grows = all(later > earlier for earlier, later in pairwise(told))
        said = " ".join(f"{value:.2f}" for value in told)
        claim(f"4 rare_loss_{n} of degrade grows", holds=grows and len(told) == 7, found=said)


def texts_of(path: Path) -> Documents:
    """Return the texts of a generation."""
    import orjson

    return [orjson.loads(record)["text"] for record in path.read_bytes().splitlines()]


def training_data(documents: Documents) -> None:
    """5: a reference that the model has seen is found out."""
    generation = lineage(documents, ngram(), Lineage("replace", 0.0), 1, 0)[1]
    fresh, kept = once_seen_kept(documents, generation, 1, 210)
    line("5 once-seen words that fresh text keeps", 0.387, fresh, 0.0005)
    line("5 once-seen words that generation 1 keeps", 0.522, kept, 0.01)
    run = degrade.compare(documents, generation)
    role = run.record.corpora[0].reference_role
    claim("5 the reference is found to be training data", holds=role == "training", found=str(role))
    direction = run.verdict.direction
    claim("5 nothing is said to improve", holds=direction == "worse", found=str(direction))


def decoding(documents: Documents) -> None:
    """6 and 7: text by temperature and by nucleus, half as much as is learned from; means of draws.

    Repetition is of whole documents. One draw holds some 50 repeated 4-grams at top-p .8, so that
    its share in four of them is known to a tenth at best.
    """
    originals = [Document(text) for text in documents]
    learner = ngram()
    model = learner.train(originals, 0)

    def drawn(temperature: float, top_p: float) -> Counted:
        texts = [
            learner.sample(model, originals[:210], seed, temperature, top_p)
            for seed in range(DRAWS)
        ]
        return lambda count: np.array([count(each) for each in texts])

    by_temperature = {t: drawn(t, 1.0) for t in (1.0, 0.9, 0.8, 0.7, 0.5)}
    for temperature, (known, same, again) in BY_TEMPERATURE.items():
        each = by_temperature[temperature]
        what = f"6 temperature {temperature:g}: "
        line(f"{what}types", known, each(types).mean(), 0.03, relative=True)
        line(f"{what}Simpson", same, each(simpson).mean(), 0.05, relative=True)
        off = 0.00013 if again < 0.001 else 0.1 * again
        line(f"{what}repetition", again, each(repetition).mean(), float(f"{off:.2g}"))
    falling = [each(types).mean() for each in by_temperature.values()]
    holds = all(later < earlier for earlier, later in pairwise(falling))
    said = " ".join(f"{value:.0f}" for value in falling)
    claim("6 types fall over 1, .9, .8, .7, .5", holds=holds, found=said)
    rising = [each(simpson).mean() for each in by_temperature.values()]
    holds = all(later > earlier for earlier, later in pairwise(rising))
    said = " ".join(f"{value:.4f}" for value in rising)
    claim("6 Simpson rises", holds=holds, found=said)
    for top_p, (known, same) in BY_NUCLEUS.items():
        each = drawn(1.0, top_p)
        what = f"7 top-p {top_p:g}: "
        line(f"{what}types of word pairs", known, each(word_pairs).mean(), 0.03, relative=True)
        line(f"{what}Simpson", same, each(simpson).mean(), 0.05, relative=True)
        again = 100 * each(repetition)
        error = again.std(ddof=1) / math.sqrt(DRAWS)
        said = f"{again.mean():.4f}% +- {error:.4f}"
        claim(f"{what}repetition is at most .05%", holds=again.mean() <= 0.05, found=said)


def word_pairs(documents: Documents) -> int:
    """Return how many different word pairs there are."""
    return types(documents, 2)


def order(corpus: object, name: str, limit: int | None) -> None:
    """Print whether regimes lose in their known order on ``corpus``, by what ``degrade`` says."""
    with tempfile.TemporaryDirectory() as folder:
        found = degrade.simulate(
            corpus,
            folder,
            generations=5,
            regimes=("replace", "accumulate-subsample", "accumulate"),
            keep=(0.0, 0.1, 0.25),
            **({} if limit is None else {"limit": limit}),
        )
    for need in found.plan.needs:
        if need.metric not in ("rare_loss_1", "rare_loss_2", "types_1", "types_2"):
            continue
        last = {each.lineage: each.steps[-1].change for each in need.courses}
        for names in WORST_FIRST:
            sizes = [abs(change.value) if (change := last[one]) else math.nan for one in names]
            holds = all(later < earlier for earlier, later in pairwise(sizes))
            said = " > ".join(f"{100 * size:.1f}" for size in sizes)
            what = "share kept" if "keep" in names[-1] else "regime"
            claim(f"{name}: {need.metric} by {what}, in %", holds=holds, found=said)


def main() -> None:
    """Print all of it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("tokens", type=Path, help="the words of Moby Dick, one a line")
    parser.add_argument("corpora", nargs="*", help="corpora to order regimes on")
    parser.add_argument("--limit", type=int, help="take so many documents of each corpus")
    parser.add_argument("--runs", type=int, default=50, help="runs of 2; 50 unless told")
    given = parser.parse_args()
    words = given.tokens.read_text("utf-8").split()
    documents = [" ".join(words[at : at + WORDS]) for at in range(0, len(words) - WORDS + 1, WORDS)]
    print(f"{'':<58}{'known':>10}{'found':>11}{'within':>9}")
    unigrams(documents)
    distances(documents, given.runs)
    regimes(documents)
    rare_words(documents)
    training_data(documents)
    decoding(documents)
    print(
        "\nLost in generation 5: replace > keep .1 > keep .25 > accumulate-subsample > accumulate"
    )
    order(documents, "Moby Dick", None)
    for corpus in given.corpora:
        order(corpus, Path(corpus).name.partition(".")[0], given.limit)


if __name__ == "__main__":
    main()
