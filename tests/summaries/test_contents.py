"""Repeated and shared documents are counted by text, exactly or from a sample."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from degrade.summaries import Contents, Need, contents
from degrade.text.document import GROUPS, Batch, Document, stable_hash

NEED = Need(Contents)


def counted(*batches: list[Document]) -> Contents:
    summary = Contents(NEED)
    for batch in batches:
        summary.update(Batch(batch), {})
    return summary


def corpus(seed: int, documents: int, texts: int) -> list[Document]:
    """Return documents of ids of their own that hold few texts of many lengths."""
    rng = np.random.default_rng(seed)
    return [
        Document(f"text {number} " + "x" * (1 + number % 97), f"{seed}/{i}")
        for i, number in enumerate(rng.integers(0, texts, documents).tolist())
    ]


def group(document: Document) -> int:
    return stable_hash(document.id) % GROUPS


def test_repeats_are_those_that_a_dictionary_counts():
    documents = corpus(1, 900, 500)
    found = counted(documents[:100], documents[100:]).repeats()
    times = Counter(document.text for document in documents)
    groups = {text: {group(d) for d in documents if d.text == text} for text in times}
    size = sum(len(d.text) for d in documents)
    assert found.exact
    assert (found.documents, found.distinct) == (900, len(times))
    assert found.share == pytest.approx(1 - len(times) / 900)
    assert found.of_text == pytest.approx(sum((n - 1) * len(t) for t, n in times.items()) / size)
    assert found.scattered == pytest.approx(
        sum((len(g) - 1) * len(t) for t, g in groups.items()) / size
    )
    # Copies of one id or cluster fall in one group, and do not scatter.
    together = counted([Document("the same", "one id")] * 5).repeats()
    assert (together.documents, together.distinct, together.scattered) == (5, 1, 0)
    assert together.of_text == pytest.approx(0.8)


def test_without_repeats_nothing_is_repeated():
    found = counted([Document(f"text {i}", f"{i}") for i in range(200)]).repeats()
    assert (found.share, found.of_text, found.scattered) == (0, 0, 0)
    nothing = counted().repeats()
    assert (nothing.documents, nothing.share, nothing.of_text) == (0, 0, 0)


def test_texts_are_the_same_but_for_white_space_at_their_ends():
    same = ["a text", "a text\n", " \t a text", "\u2003a text\u00a0", "a text\r\n"]
    other = ["a  text", "A text", "a texts", "a tex"]
    empty = ["", " ", "\n\n"]
    found = counted([Document(t, f"{i}") for i, t in enumerate([*same, *other, *empty])]).repeats()
    assert (found.documents, found.distinct) == (len(same) + len(other), 1 + len(other))


def test_shared_texts_are_those_that_sets_share():
    mine, theirs = corpus(2, 300, 200), corpus(3, 900, 300)
    held = {document.text for document in theirs}
    found = counted(mine).shared_with(counted(theirs))
    both = [document for document in mine if document.text in held]
    assert found.exact
    assert (found.documents, found.common) == (300, len(both))
    assert 0 < found.share == len(both) / 300 < 1
    assert found.of_text == pytest.approx(
        sum(len(d.text) for d in both) / sum(len(d.text) for d in mine)
    )
    assert counted(mine).shared_with(counted(mine)).share == 1
    assert counted(mine).shared_with(counted()).share == 0
    assert counted().shared_with(counted(mine)).share == 0


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(contents, "CAPACITY", 400)


def test_above_capacity_shares_are_estimated(small):
    # 30% of the documents, and of the text, repeat one; a third of the texts are in both.
    def documents(first, name):
        texts = [f"text number {number:05d}" for number in range(first, first + 3_500)]
        return [Document(t, f"{name}{i}") for i, t in enumerate([*texts, *texts[:1_500]])]

    mine, theirs = counted(documents(0, "a")), counted(documents(2_333, "b"))
    found = mine.repeats()
    assert not found.exact
    assert len(mine.hashes) == 400
    assert found.documents < 5_000
    # Of 400 texts, 43% are held twice: an error of 2.5 points, or 1.2 in the share of repeats.
    assert found.share == pytest.approx(0.3, abs=0.036)
    assert found.of_text == pytest.approx(0.3, abs=0.036)
    shared = mine.shared_with(theirs)
    assert not shared.exact
    assert shared.share == pytest.approx(1_167 / 5_000, abs=0.07)


def test_above_capacity_parts_merge_to_the_whole(small):
    documents = corpus(4, 3_000, 2_000)
    whole = counted(documents)
    parts = [counted(documents[i::7]) for i in range(7)]
    for merged in (parts, parts[::-1]):
        joined = Contents(NEED)
        for part in merged:
            joined.merge(part)
        for name, column in whole.arrays().items():
            assert np.array_equal(joined.arrays()[name], column), name


def test_a_small_corpus_is_compared_with_a_large_one_where_both_keep_every_text(small):
    large = [Document(f"text {i}", f"large {i}") for i in range(4_000)]
    found = counted(large[:200]).shared_with(counted(large))
    assert not found.exact
    assert found.share == 1
    # A tenth of the hashes of the large one are kept.
    assert 5 <= found.documents <= 40


@pytest.mark.parametrize("ids", [True, False])
@pytest.mark.parametrize("copies", [5_000, 0])
@pytest.mark.parametrize("seed", range(6))
def test_a_text_of_very_many_documents_is_told_whether_it_is_kept_or_not(small, seed, copies, ids):
    # Of 5,000 other texts 8% are kept, and so in 8% of the cases the one that matters.
    heavy = f"I cannot help with that. {seed}"
    documents = [Document(f"{seed} text {i}", f"{i}") for i in range(5_000)]
    documents += [Document(heavy, f"copy {i}" if ids else "") for i in range(copies)]
    found = counted(documents).repeats()
    assert not found.exact
    if not copies:
        assert (found.share, found.of_text, found.scattered) == (0, 0, 0)
        return
    # 400 texts tell how many there are to 5%, so the share of half to 2.5 points: 4 errors.
    assert found.share == pytest.approx(0.5, abs=0.1)
    text = len(heavy) * 5_000 / sum(len(d.text) for d in documents)
    assert found.of_text == pytest.approx(text, abs=0.1)
    assert found.scattered == pytest.approx(text if ids else 0.0, abs=0.1)


def test_heavy_texts_are_told_in_parts_as_in_the_whole(small):
    documents = [Document(f"text {i}", f"{i}") for i in range(3_000)]
    documents += [Document("the same", f"copy {i}") for i in range(3_000)]
    whole = counted(documents)
    parts = [counted(documents[i::5]) for i in range(5)]
    joined = Contents(NEED)
    for part in parts:
        joined.merge(part)
    assert joined.heavy == whole.heavy
    again = Contents.from_arrays(NEED, whole.arrays())
    assert again.repeats() == whole.repeats()
