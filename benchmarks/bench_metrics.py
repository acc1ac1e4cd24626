"""What each metric costs: beside the others, alone, and when corpora are compared.

    python benchmarks/bench_metrics.py [FILE.jsonl[.gz]] [--megabytes 20]

Costs are shares of the pass for the default metrics, in processor time and in one run: machines
are noisy, ratios less so. Without a file, the sample corpora are repeated under new ids; real text
of that size has more different n-grams, so give a file to size a run.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from throughput_text import corpus_of

from degrade import registry
from degrade.comparison import Settings, Subject, compare_profiles
from degrade.engines.batching import batches
from degrade.errors import DegradeError
from degrade.metric import DocumentMetric, Metric
from degrade.plan import Plan
from degrade.profiles import Profile
from degrade.readers import open_corpus
from degrade.report.counting import counting_of, few, in_words, plural
from degrade.summaries import Census, Need, SampledMoments, Summary
from degrade.text.document import LEVELS, Batch, Document
from degrade.text.layer import Layer

ROUNDS = 3
BASE = "word"


def seconds(run: Callable[[], object]) -> float:
    """Return the least processor time of a few rounds of ``run``."""
    taken = []
    for _ in range(ROUNDS):
        started = time.process_time()
        run()
        taken.append(time.process_time() - started)
    return min(taken)


def batches_of(texts: Sequence[Document]) -> list[Batch]:
    return [Batch(held) for held in batches(texts)]


def segmented(texts: Sequence[Document], layers: Iterable[Layer]) -> None:
    for batch in batches_of(texts):
        for layer in layers:
            batch.segments(layer)


def counted(parts: Sequence[Sequence[Batch]], need: Need, layers: dict[str, Layer]) -> None:
    """Count for one need where a profile holds it on the ladder, the texts being segmented."""
    profile = Profile(Plan.of((need,), BASE, layers))
    for k, level in enumerate(profile.levels):
        for levels in parts:
            if len(levels[k]) and need in level:
                level[need].update(levels[k], layers)
        if need in level:
            finish(level[need])


def finish(summary: Summary) -> None:
    """Have done what counting puts off."""
    if isinstance(summary, Census):
        len(summary.table)
    if isinstance(summary, SampledMoments):
        summary.sums()


def passed(texts: Sequence[Document], needs: Iterable[Need], layers: dict[str, Layer]) -> Profile:
    """Return the profile of ``texts`` after a whole pass: segmenting, counting, merging."""
    profile = Profile(Plan.of(needs, BASE, layers))
    for batch in batches_of(texts):
        profile.update(batch)
    for level in profile.levels:
        for summary in level.values():
            finish(summary)
    return profile


def compared(profiles: Sequence[Profile], metrics: Sequence[Metric]) -> None:
    one, other = (Subject(str(i), profile) for i, profile in enumerate(profiles))
    settings = Settings(self_check=0, reference_role="heldout")
    compare_profiles(one, [other], metrics, settings)


def needs_of(metrics: Iterable[Metric]) -> dict[Need, None]:
    return {need: None for metric in metrics for need in metric.needs}


def main() -> None:
    """Print what needs cost, what metrics cost, and what all cost beside one."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--megabytes", type=float, default=20)
    parser.add_argument("--metrics", default="all", help="names or families, by commas")
    asked = parser.parse_args()
    layers: dict[str, Layer] = {BASE: registry.layer(BASE)}
    chosen = registry.catalogue().select(asked.metrics.split(","))
    metrics = tuple(metric for metric in chosen if at_hand(metric, layers))
    default = tuple(metric for metric in metrics if metric.default)
    texts = read(asked.file, asked.megabytes)
    passed(texts[:200], needs_of(metrics), layers)

    whole = seconds(lambda: passed(texts, needs_of(default), layers))
    size = sum(len(document.text.encode("utf-8")) for document in texts) / 1e6
    print(
        f"{size:.1f} MB of text in {len(texts):,} documents; the pass for the {len(default)} "
        f"default metrics takes {whole:.1f} s of processor time, {size / whole:.1f} MB/s\n"
    )
    costs = print_needs(texts, metrics, default, layers, whole)
    print_metrics(texts, metrics, layers, costs, whole)
    print_all(texts, metrics, default, layers)


def at_hand(metric: Metric, layers: dict[str, Layer]) -> bool:
    """Enter the layers of ``metric`` among ``layers``; say so if one cannot be had."""
    try:
        layers |= {name: registry.layer(name) for need in metric.needs for name in need.layers
                   if name not in layers}  # fmt: skip
    except DegradeError as error:
        print(f"left out {metric.name}: {error}")
        return False
    return True


def read(file: Path | None, megabytes: float) -> list[Document]:
    """Return documents of about that much text."""
    with tempfile.TemporaryDirectory() as folder:
        path = file or Path(folder) / "corpus.jsonl"
        if file is None:
            corpus_of(path, megabytes)
        texts: list[Document] = []
        left = megabytes * 1e6
        for document in open_corpus(path).documents():
            texts.append(document)
            left -= len(document.text.encode("utf-8"))
            if left < 0:
                break
        return texts


def print_needs(
    texts: Sequence[Document],
    metrics: Sequence[Metric],
    default: Sequence[Metric],
    layers: dict[str, Layer],
    whole: float,
) -> dict[Need, float]:
    """Print what segmenting and each need cost, and return the latter in seconds."""
    print(f"{'what is done once for all':<72}{'of the default pass':>22}")
    for name, layer in layers.items():
        taken = seconds(lambda layer=layer: segmented(texts, [layer]))
        print(f"{f'find {plural(name)}':<72}{taken / whole:>22.1%}")
    bare = seconds(lambda: passed(texts, (), layers))
    print(f"{'all that every profile holds, finding words included':<72}{bare / whole:>22.1%}")
    parts = [[batch.level(k) for k in range(LEVELS)] for batch in batches_of(texts)]
    for levels in parts:
        for part in levels:
            for layer in layers.values():
                part.segments(layer)
    costs = {need: seconds(lambda need=need: counted(parts, need, layers))
             for need in needs_of(metrics)}  # fmt: skip
    by_words: dict[str, dict[Need, float]] = {}
    for metric in metrics:
        windows = f" ({metric.name})" if isinstance(metric, DocumentMetric) else ""
        for words, needs in said(metric):
            by_words.setdefault(f"count {words}{windows}", {}).update(
                (need, costs[need]) for need in needs
            )
    for words, each in by_words.items():
        mark = "" if each.keys() & needs_of(default).keys() else ", on request"
        print(f"{(words + mark)[:71]:<72}{sum(each.values()) / whole:>22.1%}")
    return costs


def said(metric: Metric) -> list[tuple[str, tuple[Need, ...]]]:
    """Return what is counted for ``metric`` in words, with the needs that say so."""
    if isinstance(metric, DocumentMetric):
        return [(few(in_words(metric.needs)), metric.needs)]
    return [(few(in_words((need,))), (need,)) for need in metric.needs]


def print_metrics(
    texts: Sequence[Document],
    metrics: Sequence[Metric],
    layers: dict[str, Layer],
    costs: dict[Need, float],
    whole: float,
) -> None:
    """Print by metric what it adds to a pass for the others, its own pass and its comparison."""
    halves = [passed(texts[i::2], needs_of(metrics), layers) for i in (0, 1)]
    bare = seconds(lambda: compared(halves, ()))
    together = seconds(lambda: compared(halves, [m for m in metrics if m.default])) - bare
    passes: dict[frozenset[Need], float] = {}
    print(f"\n{'metric':<28}{'counts':<34}{'adds':>7}{'alone':>8}{'compare':>9}")
    for metric in metrics:
        counting = counting_of(metric, metrics)
        others = needs_of(m for m in metrics if m.default and m is not metric)
        added = sum(taken for need, taken in costs.items()
                    if need in metric.needs and need not in others)  # fmt: skip
        same = frozenset(metric.needs)
        if same not in passes:
            passes[same] = seconds(lambda metric=metric: passed(texts, metric.needs, layers))
        alone = passes[same]
        comparing = seconds(lambda metric=metric: compared(halves, [metric])) - bare
        mark = "" if metric.default else " +"
        print(f"{metric.name + mark:<28}{few(counting.what)[:32]:<34}{added / whole:>7.1%}"
              f"{alone / whole:>8.0%}{max(0.0, comparing) / together:>9.0%}")  # fmt: skip
    print(f"\nadds: to the pass for the other default metrics; alone: a pass for it and no other;\n"
          f"compare: comparing two halves by it, of comparing them by all default metrics "
          f"({together:.1f} s)")  # fmt: skip


def print_all(
    texts: Sequence[Document],
    metrics: Sequence[Metric],
    default: Sequence[Metric],
    layers: dict[str, Layer],
) -> None:
    """Print what one, some and all metrics cost, taken in turns so that noise meets all alike."""
    words = [metric for metric in metrics if metric.needs == (Need(Census, layer=BASE, n=1),)]
    sets = {
        "the first metric of words": words[:1],
        f"all {len(words)} metrics of words": words,
        f"the {len(default)} default metrics": default,
        f"all {len(metrics)} metrics": metrics,
    }
    taken: dict[str, list[float]] = {name: [] for name in sets}
    for _ in range(2 * ROUNDS):
        for name, chosen in sets.items():
            started = time.process_time()
            passed(texts, needs_of(chosen), layers)
            taken[name].append(time.process_time() - started)
    print()
    for name, times in taken.items():
        print(f"{f'a pass for {name}':<72}{min(times) / min(taken[list(sets)[2]]):>22.0%}")


if __name__ == "__main__":
    main()
