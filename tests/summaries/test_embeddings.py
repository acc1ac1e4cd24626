"""Samples of vectors: they merge, hold the smallest hashes, and embed no more than they must."""

import numpy as np
import pytest

from degrade.summaries import Embeddings, Need
from degrade.testing import check_summary
from degrade.text.document import Batch, Document


def vowels(text):
    """Stand in for a model: counts of letters; nothing for texts without any."""
    counts = np.array([text.count(letter) for letter in "aeiou"], dtype=np.float32)
    return counts if counts.any() else None


@pytest.mark.parametrize("documents", [5, 40, 10_000])
def test_vectors_merge_in_any_order_and_parts(documents):
    check_summary(Need(Embeddings, measure=vowels, documents=documents, tokens=8, model="m"))


def sample(documents, texts, embed=vowels):
    need = Need(Embeddings, measure=embed, documents=documents, tokens=8, model="m")
    found = Embeddings(need)
    for at in range(0, len(texts), 16):
        found.update(Batch([Document(text, f"d{i}") for i, text in texts[at : at + 16]]), {})
    return need, found


TEXTS = [(i, "a" * (i % 7) + "e" * (i % 5) + "x") for i in range(400)]


def test_kept_are_the_smallest_hashes_that_have_a_vector():
    ids = Batch([Document(text, f"d{i}") for i, text in TEXTS]).ids
    chosen = [i for i in np.argsort(ids) if vowels(TEXTS[i][1]) is not None][:30]
    _, found = sample(30, TEXTS)
    assert found.vectors()[1].tolist() == [vowels(TEXTS[i][1]).tolist() for i in chosen]


def test_few_more_are_embedded_than_are_kept():
    asked = []

    def counted(text):
        asked.append(text)
        return vowels(text)

    sample(30, TEXTS, counted)
    # One of k documents is among the 30 smallest so far with chance 30 / k: 108 in all, and texts
    # without a vector.
    assert 30 < len(asked) < 150


def test_a_loaded_one_counts_on_after_merging_with_a_fresh_one():
    need, whole = sample(50, TEXTS)
    bare = Need(Embeddings, **dict(need.options))
    loaded = Embeddings.from_arrays(bare, sample(50, TEXTS[:200])[1].arrays())
    rest = Batch([Document(text, f"d{i}") for i, text in TEXTS[200:]])
    with pytest.raises(ValueError, match="merge it"):
        loaded.update(rest, {})
    loaded.merge(Embeddings(need))
    loaded.update(rest, {})
    assert loaded.vectors()[1].tolist() == whole.vectors()[1].tolist()


def test_damaged_vectors_are_refused():
    need, found = sample(10, TEXTS)
    arrays = found.arrays()
    for name, value in (
        ("vectors", arrays["vectors"].astype(np.float64)),
        ("vectors", arrays["vectors"] * np.float32(np.nan)),
        ("groups", arrays["groups"] + np.uint8(64)),
    ):
        with pytest.raises(ValueError, match="cannot be"):
            Embeddings.from_arrays(need, {**arrays, name: value})
