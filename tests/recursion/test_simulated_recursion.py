"""``degrade simulate`` on Moby Dick: known figures of what regimes lose."""

from pathlib import Path

import numpy as np
import pytest

from degrade.generations import Generation
from degrade.learners.ngram import ngram, unigram
from degrade.recursion import Lineage
from degrade.text.document import Document


def generations(documents, learner, lineage, count, seed):
    """Return the types of generations 1 to ``count``."""
    original = [Document(text, f"{i:03d}") for i, text in enumerate(documents)]
    past, types = [Generation(Path("gen0.jsonl"), original, "")], []
    for number in range(1, count + 1):
        draw = 100 * seed + number
        model = learner.train(lineage.training(past, draw), draw)
        texts = learner.sample(model, original, draw, 1.0, 1.0)
        made = [Document(text, f"{i:03d}") for i, text in enumerate(texts)]
        past.append(Generation(Path(f"gen{number}.jsonl"), made, ""))
        types.append(len({word for text in texts for word in text.split()}))
    return types


@pytest.mark.slow
def test_unigrams_of_moby_dick_lose_types_as_branching_predicts(moby_dick, text):
    documents = text(moby_dick[0])
    runs = [generations(documents, unigram(), Lineage("replace", 0), 6, s) for s in range(3)]
    known = (13279, 11444, 10178, 9231, 8485, 7877)
    assert np.mean(runs, axis=0) == pytest.approx(known, rel=0.01)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("regime", "keep", "known"),
    [
        ("replace", 0.0, 6905),
        ("replace", 0.1, 8732),
        ("accumulate-subsample", 0.0, 10679),
        ("accumulate", 0.0, 12388),
    ],
)
def test_what_is_kept_of_moby_dick_decides_what_is_lost(moby_dick, text, regime, keep, known):
    found = generations(text(moby_dick[0]), ngram(), Lineage(regime, keep), 8, 0)
    assert found[-1] == pytest.approx(known, rel=0.03)
