"""One source against itself with one side's documents cut to half: what length alone does."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from calibration_splits import Case, Texts, chosen, compared, each_split, parted, profiled, theta

from degrade.text.document import Document


@dataclass(frozen=True)
class Trial:
    """By metric: the change at matched length, its error, and the change on whole documents."""

    found: dict[str, tuple[float, float, float]]
    level: str
    length: int | None


def halved(documents: Sequence[Document]) -> list[Document]:
    """Return the first half of the words of every document."""
    out = []
    for document in documents:
        words = document.text.split()
        text = " ".join(words[: (len(words) + 1) // 2])
        out.append(Document(text, document.id, document.cluster))
    return out


def trial(texts: Texts, split: int, case: Case) -> Trial:
    """Return what split number ``split`` gives."""
    reference, candidate = parted(texts, case, split)
    comparison = compared(profiled(reference), profiled(halved(candidate)))
    found = {}
    for f in comparison.findings:
        whole = theta(replace(f, change=f.whole_documents)) if f.whole_documents else math.nan
        found[f.metric] = (theta(f), math.nan if f.error is None else f.error, whole)
    return Trial(found, comparison.verdict.level, comparison.matched_length)


def length_table(texts: Texts, cases: Sequence[Case], workers: int) -> None:
    """Print the bias that is left, with matched length and without."""
    for case in cases:
        trials = each_split(texts, partial(trial, case=case), case.splits, workers)
        lengths = Counter(t.length for t in trials)
        levels = Counter(t.level for t in trials)
        print(f"\n{case.ratio}:1, one side cut to half, {len(trials)} splits; first tokens looked "
              f"at: {', '.join(f'{k} ({n})' for k, n in lengths.most_common())}; levels: "
              f"{', '.join(f'{k} {n}' for k, n in levels.most_common())}")  # fmt: skip
        print(f"{'metric':<14}{'bias matched':>13}{'error':>9}{'bias/error':>11}"
              f"{'bias on whole documents':>25}")  # fmt: skip
        for metric in chosen():
            rows = np.array([t.found[metric.name] for t in trials if metric.name in t.found])
            if not len(rows) or np.isnan(rows[:, 0]).all():
                print(f"{metric.name:<14}  not computed")
                continue
            bias, error, whole = np.nanmean(rows, axis=0)
            print(f"{metric.name:<14}{bias:>13.4f}{error:>9.4f}{abs(bias) / error:>11.2f}"
                  f"{whole:>25.4f}")  # fmt: skip
