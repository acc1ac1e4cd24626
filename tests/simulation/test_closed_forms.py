"""Recursive training of unigrams against what can be computed without any."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from degrade.generations import Generation
from degrade.learners.ngram import unigram
from degrade.recursion import Lineage
from degrade.text.document import Document

RUNS = 40


@pytest.fixture(scope="module")
def original():
    rng = np.random.default_rng(0)
    share = 1 / np.arange(1, 1001)
    words = rng.choice(1000, size=(60, 50), p=share / share.sum())
    return [
        Document(" ".join(f"w{word}" for word in row), f"{i:02d}") for i, row in enumerate(words)
    ]


def counted(documents):
    return Counter(word for document in documents for word in document.text.split())


def lineage(original, regime, seed, generations):
    """Return the original and so many generations of unigrams."""
    learner, past = unigram(), [Generation(Path("gen0.jsonl"), original, "")]
    for number in range(1, generations + 1):
        draw = 100 * seed + number
        model = learner.train(Lineage(regime, 0.0).training(past, draw), draw)
        texts = learner.sample(model, original, draw, 1.0, 1.0)
        made = [Document(text, f"{i:02d}") for i, text in enumerate(texts)]
        past.append(Generation(Path(f"gen{number}.jsonl"), made, ""))
    return past


def test_types_of_a_generation_are_those_of_drawing_from_the_one_before(original):
    # E[types] = sum of 1 - (1 - p)^n over words; that of each frequency likewise.
    counts = np.array(list(counted(original).values()))
    size = counts.sum()
    kept = 1 - (1 - counts / size) ** size
    found = [counted(lineage(original, "replace", s, 1)[1].documents) for s in range(RUNS)]
    types = np.array([len(each) for each in found])
    assert types.mean() == pytest.approx(kept.sum(), abs=4 * types.std() / RUNS**0.5)
    once = {word for word, count in counted(original).items() if count == 1}
    back = np.array([len(once & each.keys()) for each in found])
    expected = len(once) * (1 - (1 - 1 / size) ** size)
    assert back.mean() == pytest.approx(expected, abs=4 * back.std() / RUNS**0.5)


@pytest.mark.parametrize("regime", ["replace", "accumulate"])
def test_replacing_wanders_off_without_bound_and_accumulating_does_not(original, regime):
    # E||p_n - p_0||^2 N / (1 - sum p_0^2) is n, or the sum of 1 / (k + 1)^2 over k to n, which
    # pi^2 / 6 - 1 bounds (Gerstgrasser et al. 2024); p_n is what generation n + 1 is trained on.
    first = counted(original)
    size = first.total()
    spread = 1 - sum((count / size) ** 2 for count in first.values())
    squares = np.zeros((RUNS, 3))
    for seed in range(RUNS):
        past = lineage(original, regime, seed, 3)
        for n in range(1, 4):
            texts = past[n : n + 1] if regime == "replace" else past[: n + 1]
            now = counted(document for each in texts for document in each.documents)
            total = now.total()
            squares[seed, n - 1] = (
                sum((now[word] / total - count / size) ** 2 for word, count in first.items())
                * size
                / spread
            )
    n = np.arange(1, 4)
    expected = n if regime == "replace" else np.cumsum(1 / (n + 1) ** 2)
    assert squares.mean(axis=0) == pytest.approx(expected, rel=0.1)
