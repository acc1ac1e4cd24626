"""Copies of documents in an audit: counted alike in any order, of the texts there is room for."""

from __future__ import annotations

import random
from collections import Counter

import numpy as np
import pytest

from degrade.auditing.copies import Copies
from degrade.text.document import GROUPS


@pytest.mark.parametrize("capacity", [1 << 20, 1_000])
def test_copies_are_counted_whatever_their_order(capacity):
    rng = random.Random(5)
    texts = [rng.getrandbits(64) for _ in range(20_000)]
    documents = [
        (text, rng.randrange(3 * GROUPS)) for text in texts for _ in range(rng.choice((1, 1, 3)))
    ]
    counts = []
    for _ in range(2):
        rng.shuffle(documents)
        copies, firsts = Copies(capacity), {}
        for start in range(0, len(documents), 300):
            part = documents[start : start + 300]
            hashes = np.array([text for text, _ in part], dtype=np.uint64)
            cells = np.array([cell for _, cell in part])
            before = copies.add(hashes, np.arange(start, start + len(part)), cells)
            for i, (text, _) in enumerate(part):
                first = firsts.setdefault(text, start + i)
                if text < 2**64 >> copies.halvings:
                    assert before[i] == (first if first != start + i else -1)
        kept = [(text, cell) for text, cell in documents if text < 2**64 >> copies.halvings]
        times = Counter(text for text, _ in kept)
        copied, looked = copies.counts()
        assert (copies.halvings > 0) == (capacity == 1_000)
        expected = Counter(cell for text, cell in kept if times[text] > 1)
        assert copied.ravel().tolist() == [expected[cell] for cell in range(3 * GROUPS)]
        every = Counter(cell for _, cell in kept)
        assert looked.ravel().tolist() == [every[cell] for cell in range(3 * GROUPS)]
        counts.append((copied.tolist(), copies.halvings))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("order", ["as they are", "shuffled"])
def test_copies_take_no_room_of_texts(order):
    rng = random.Random(7)
    texts = [rng.getrandbits(64) for _ in range(1_800)]
    documents = [*texts, *texts[:500]]
    if order == "shuffled":
        rng.shuffle(documents)
    copies = Copies(2_048)
    for start in range(0, len(documents), 700):
        hashes = np.array(documents[start : start + 700], dtype=np.uint64)
        copies.add(hashes, np.arange(len(hashes)), np.zeros(len(hashes), dtype=np.int64))
    copied, looked = copies.counts()
    # There is room for all texts, though not for as many documents.
    assert (copied.sum(), looked.sum(), copies.halvings) == (1_000, 2_300, 0)
