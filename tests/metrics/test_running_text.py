"""Documents that are no running text, against a slow version and text that people wrote."""

import json
import re
import unicodedata
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from degrade.registry import layer
from degrade.text.document import Batch, Document
from degrade_metrics.running_text import METRICS, _kinds, lettered, scattered

SAMPLES = Path(__file__).resolve().parents[2] / "sample_corpora"
(METRIC,) = METRICS


def flagged(texts):
    """Return which of ``texts`` are flagged, and which hold anything."""
    batch = Batch(Document(text, str(i)) for i, text in enumerate(texts))
    return METRIC.measure(batch.segments(layer("word")), 0)


def random_words(rng, count):
    letters = np.array([*"abcdefghijklmnopqrstuvwxyz"])
    return " ".join("".join(rng.choice(letters, rng.integers(3, 10))) for _ in range(count))


@pytest.mark.kernel
@settings(deadline=None)
@given(st.lists(st.text(st.sampled_from("aé7#·\U00020000\U0001f600 \n\u00a0\u3000-ж"))))
def test_words_with_a_letter_are_those_of_a_slow_count(texts):
    encoded = [text.encode() for text in texts]
    data = np.frombuffer(b"".join(encoded), dtype=np.uint8)
    bounds = np.cumsum([0, *map(len, encoded)])
    with_letter, words = lettered(data, bounds, _kinds())
    assert words.tolist() == [len(text.split()) for text in texts]
    assert with_letter.tolist() == [
        sum(any(unicodedata.category(c)[0] == "L" for c in word) for word in text.split())
        for text in texts
    ]


@pytest.mark.kernel
def test_windows_of_too_many_different_words_are_those_of_a_slow_count():
    rng = np.random.default_rng(0)
    lengths = [0, 99, 100, 350, 700, 1]
    bounds = np.cumsum([0, *lengths])
    numbers = np.concatenate([
        rng.integers(0, rng.choice([40, 1_000, 3_000]), n) % max(1, n) for n in lengths
    ]).astype(np.int32)  # fmt: skip
    found, windows = scattered(numbers, bounds)
    for document, length in enumerate(lengths):
        held = numbers[bounds[document] : bounds[document + 1]].tolist()
        full = [held[start : start + 100] for start in range(0, length - 99, 100)]
        assert windows[document] == len(full)
        assert found[document] == sum(len({*window}) > 95 for window in full)


def test_nothing_that_people_wrote_is_flagged():
    texts = [
        json.loads(line)["text"]
        for name in ("gen0", "gen0-heldout")
        for line in (SAMPLES / name / "part-000.jsonl").read_text("utf-8").splitlines()
    ]
    assert flagged(texts)[0].sum() <= 1
    # Nor are letters of another script, or words that are not written with spaces.
    assert flagged(["это слово и ещё " * 30, "吾輩は猫である。名前はまだ無い。" * 30])[0].sum() == 0


def test_symbols_numbers_and_letters_at_random_are_flagged():
    rng = np.random.default_rng(1)
    human = json.loads((SAMPLES / "gen0" / "part-000.jsonl").read_text("utf-8").split("\n")[0])
    symbols = "## || == /\\/ ~~ <> " * 12
    numbers = " ".join(map(str, rng.integers(0, 100_000, 150)))
    texts = [symbols, numbers, random_words(rng, 120), random_words(rng, 420)]
    assert flagged(texts)[0].tolist() == [1, 1, 1, 1]
    # Too short to tell; half of it text, and a half that is not; and nothing at all.
    text = re.sub(r"\s+", " ", human["text"])
    texts = [symbols[:90], random_words(rng, 99), f"{text} {random_words(rng, 100)}", " "]
    assert flagged(texts)[0].tolist() == [0, 0, 0, 0]
    assert flagged([" ", "a"])[1].tolist() == [0, 1]
