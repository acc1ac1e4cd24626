"""Repeated n-grams of all orders, the longest repeat and terminal loops, against slow versions."""

import gc
import json
import threading
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from degrade.registry import layer
from degrade.text.document import Batch, Document
from degrade.text.once import once
from degrade_metrics import loops, naming, repetition, repetition_orders

ROOT = Path(__file__).resolve().parents[2]
overflowing = pytest.mark.filterwarnings("ignore:overflow encountered")
texts = st.lists(st.lists(st.integers(0, 3), max_size=40), min_size=1, max_size=4)


def arrays(*documents):
    symbols = np.array(
        [hash((s, "x")) & (2**64 - 1) for d in documents for s in d], dtype=np.uint64
    )
    return symbols, np.cumsum([0, *map(len, documents)])


def segments_of(*documents):
    return Batch(Document(text, str(i)) for i, text in enumerate(documents)).segments(layer("word"))


def full_windows(document, window):
    return [document[k : k + window] for k in range(0, len(document) - window + 1, window)]


@pytest.mark.kernel
@overflowing
@settings(max_examples=100, deadline=None)
@given(texts, st.integers(1, 12), st.integers(1, 6))
def test_ngrams_of_every_order_repeat_as_a_counter_says(documents, window, most):
    repeated, total = naming.repeated_ngrams(*arrays(*documents), window, most)
    for i, document in enumerate(documents):
        for n in range(1, most + 1):
            ngrams = [
                Counter(tuple(one[k : k + n]) for k in range(len(one) - n + 1))
                for one in full_windows(document, window)
            ]
            assert total[i, n - 1] == sum(c.total() for c in ngrams)
            assert repeated[i, n - 1] == sum(c.total() - len(c) for c in ngrams)


def longest(tokens):
    for k in range(len(tokens) - 1, 0, -1):
        every = [tuple(tokens[i : i + k]) for i in range(len(tokens) - k + 1)]
        if len(every) > len(set(every)):
            return k
    return 0


@pytest.mark.kernel
@overflowing
@settings(max_examples=150, deadline=None)
@given(texts, st.integers(0, 15))
def test_the_longest_repeat_is_the_longest_that_stands_twice(documents, window):
    found, windows = naming.longest_repeats(*arrays(*documents), window)
    for i, document in enumerate(documents):
        full = full_windows(document, window) if window else [document] * bool(document)
        assert windows[i] == len(full)
        assert found[i] == sum(map(longest, full))


@pytest.mark.kernel
@overflowing
def test_longest_repeats_of_known_length():
    phrase = list(range(100, 137))
    for document, expected in (
        ([7] * 64, 63),
        ([1, 2] * 10, 18),
        ([*phrase, 1, *phrase, 2, *phrase[:30]], 37),
        (range(50), 0),
        ([1, 2, 3, 1], 1),
        ([5], 0),
    ):
        assert naming.longest_repeats(*arrays(list(document)), 0)[0][0] == expected


def test_the_orders_share_the_definition_of_the_primary():
    lines = (ROOT / "sample_corpora/gen0/part-000.jsonl").read_text("utf-8").splitlines()[:300]
    found = segments_of(*(json.loads(line)["text"] for line in lines))
    for window in (100, 50):
        all_orders, total = naming.repeated_ngrams(found.symbols, found.bounds, window, 6)
        repeated, ngrams = repetition.repeated_4grams(found, window)
        assert repeated.sum() > 0
        assert np.array_equal(all_orders[:, 3], repeated)
        assert np.array_equal(total[:, 3], ngrams)


def test_a_phrase_said_five_times_repeats_by_hand():
    # 50 words: "a b c d e" ten times. Of 50 - n + 1 n-grams, 5 are distinct.
    found = segments_of("a b c d e " * 10)
    metrics = {m.name: m for m in repetition_orders.METRICS}
    for n in repetition_orders.ORDERS:
        repeated, total = metrics[f"repetition_{n}"].measure(found, 50)
        assert (repeated[0], total[0]) == (50 - n + 1 - 5, 50 - n + 1)
    assert [a[0] for a in metrics["longest_repeat"].measure(found, 50)] == [45, 1]
    assert [a[0] for a in metrics["longest_repeat_document"].measure(found, 0)] == [45, 1]


def stands(tokens, k):
    """Return how often the last k tokens stand in a row at the end."""
    times = 1
    while tokens[len(tokens) - (times + 1) * k :][:k] == tokens[-k:] and (times + 1) * k <= len(
        tokens
    ):
        times += 1
    return times


def loops_by_text(tokens):
    return any(stands(tokens, k) >= 3 for k in range(2, len(tokens)))


def loops_by_code(tokens):
    times = [stands(tokens, k) for k in range(1, min(90, len(tokens)) + 1)]
    if not times or max(times) < 2:
        return False
    phrase = 1 + times.index(max(times))
    return phrase >= 3 or max(times) > 50


@pytest.mark.kernel
@overflowing
@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.integers(0, 2), max_size=12),
    st.lists(st.integers(0, 2), min_size=1, max_size=5),
    st.integers(0, 60),
    st.lists(st.integers(0, 2), max_size=2),
)
def test_loops_are_those_of_both_definitions(start, phrase, times, end):
    document = [*start, *phrase * times, *end]
    by_text, by_code = loops.ends_in_loop(*arrays(document))
    assert by_text[0] == loops_by_text(document)
    assert by_code[0] == loops_by_code(document)


@pytest.mark.parametrize(
    ("text", "by_text", "by_code"),
    [
        # A loop of two words stands three times, but is too short for the code before its 51st.
        ("so it was said, " + "and so " * 3, True, False),
        ("so it was said, " + "and so " * 51, True, True),
        # A refrain that stands twice is a loop for the code alone.
        ("row your boat, row your boat", False, True),
        # One word: a phrase of two from six times on; the code takes it from 51.
        ("it was very very very very very", False, False),
        ("it was very very very very very very", True, False),
        ("it was " + "very " * 51, True, True),
        # The shortest phrase that stands most often decides: "on" hides "come on come on on".
        ("and we go on and we go on on on", False, False),
        # What the text got out of does not count.
        ("again and again and again and again it went", False, False),
        # Longer than 90 words.
        (" ".join(map(str, range(95))) + " " + " ".join(map(str, range(95))), False, False),
        ((" ".join(map(str, range(95))) + " ") * 3, True, False),
    ],
)
def test_what_is_a_loop_by_the_paper_and_by_its_code(text, by_text, by_code):
    found = segments_of(text, "", "no loop at all")
    for measure, expected in ((loops.loops_of_text, by_text), (loops.loops_of_code, by_code)):
        numerators, denominators = measure(found, 0)
        assert numerators.tolist() == [expected, 0, 0]
        assert denominators.tolist() == [1, 0, 1]


def test_what_metrics_share_is_computed_once_for_an_array():
    calls = []

    def compute(name):
        calls.append(name)
        return name, len(calls)

    array, other = np.arange(3), np.arange(3)
    first = once(array, "a", compute, "a")
    assert once(array, "a", compute, "a") is first
    assert calls == ["a"]
    # Another result, another array and another thread are computed anew.
    once(array, "b", compute, "b")
    once(other, "a", compute, "other")
    thread = threading.Thread(target=once, args=(array, "a", compute, "thread"))
    thread.start()
    thread.join()
    assert calls == ["a", "b", "other", "thread"]
    # Arrays are not kept alive, and one that takes the place of another is not taken for it.
    place = id(array)
    del array, first
    gc.collect()
    for _ in range(100):
        new = np.arange(3)
        if id(new) == place:
            break
    assert once(new, "a", compute, "new")[0] == "new"
