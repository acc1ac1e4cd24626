"""Where the time of one core goes."""

from __future__ import annotations

import time
from collections import defaultdict
from pathlib import Path

from throughput_text import texts_of

from degrade.engines.batching import batches
from degrade.options import options_of
from degrade.plan import Plan
from degrade.planning import chosen_metrics, plan_of
from degrade.profiles import Profile
from degrade.readers import Corpus, open_corpus
from degrade.text.document import Batch

MEGABYTES = 100


def stages_table(path: Path) -> None:
    """Print what each stage takes, for the default metrics, exact and sampled."""
    sizes = [len(text.encode("utf-8")) for text in texts_of(path, MEGABYTES)]
    columns = []
    tokens = 0
    for entries in (0, 1 << 14):
        options = options_of({"capacity": entries})
        plan = plan_of(chosen_metrics(options, None), options, None)
        # Kernels are loaded the first time.
        for documents in (1_000, len(sizes)):
            with open_corpus(path, limit=documents) as corpus:
                stages, tokens = _taken(plan, corpus)
        columns.append(stages)
    size = sum(sizes) / 1e6
    print(f"\n{size:.0f} MB of text, {tokens:,} tokens, one core: nanoseconds a token")
    print(f"{'stage':<44}{'exact':>9}{'sampled':>9}")
    exact, sampled = columns
    for name in sorted(exact, key=exact.__getitem__, reverse=True):
        print(f"{name:<44}{exact[name] / tokens * 1e9:>9.1f}{sampled[name] / tokens * 1e9:>9.1f}")
    sums = [sum(column.values()) for column in columns]
    print(f"{'in all':<44}" + "".join(f"{each / tokens * 1e9:>9.1f}" for each in sums))
    print(f"{'MB/s':<44}" + "".join(f"{size / each:>9.1f}" for each in sums))


def _taken(plan: Plan, corpus: Corpus) -> tuple[dict[str, float], int]:
    """Return the seconds of each stage, and how many tokens there are."""
    profile = Profile(plan)
    taken: dict[str, float] = defaultdict(float)
    # Where a limit falls is found now.
    corpus.shards()
    last = time.process_time()

    def lap(stage: str) -> None:
        nonlocal last
        now = time.process_time()
        taken[stage] += now - last
        last = now

    for held in batches(corpus.all_rows()):
        lap("read lines and JSON")
        batch = Batch(held)
        lap("join texts, hash ids")
        for k, level in enumerate(profile.levels):
            part = batch.level(k)
            lap("ladder: choose documents")
            if not len(part):
                break
            for need, summary in level.items():
                for layer in need.layers:
                    part.segments(plan.layers[layer])
                    lap(f"segment: {layer}")
                summary.update(part, plan.layers)
                lap(_named(need.key))
    return dict(taken), profile.tokens


def _named(key: str) -> str:
    """Return a short name of a need."""
    kind, _, rest = key.partition("(")
    said = dict(part.split("=", 1) for part in rest.rstrip(")").split(",") if "=" in part)
    parts = [said.get("metric", ""), said.get("layer", "") if kind == "census" else ""]
    parts += [said[name] for name in ("n", "window") if name in said]
    return f"{kind}: {' '.join(part for part in parts if part)}".rstrip(": ")
