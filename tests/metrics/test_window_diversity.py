"""MTLD, HD-D, MSTTR and compression against published values and slow obvious versions."""

import gzip
import re
from collections import Counter
from math import comb
from pathlib import Path

import numpy as np
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from degrade.registry import layer
from degrade.text.document import Batch, Document
from degrade.text.layer import Segments
from degrade_metrics import compression, window_diversity

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT.parent / "shared/reference"

overflowing = pytest.mark.filterwarnings("ignore:overflow encountered")

README = """Measure of textual lexical diversity, computed as the mean length of sequential words in
a text that maintains a minimum threshold TTR score. Iterates over words until TTR scores falls
below a threshold, then increase factor counter by 1 and start over. McCarthy and Jarvis (2010, pg.
385) recommends a factor threshold in the range of [0.660, 0.750]. (McCarthy 2005, McCarthy and
Jarvis 2010)"""
"""Shen 2022, LexicalRichness, whose tokens are lower-case words without digits."""
TEN = ["test", "text", "with", "some", "text", "numbers", "hyphenhere", "and", "text",
       "punctuations"]  # fmt: skip
"""The text of its own tests."""


def segments(*documents):
    vocabulary = {token: i for i, token in enumerate(sorted({t for d in documents for t in d}))}
    symbols = np.array([vocabulary[t] for d in documents for t in d], dtype=np.uint64)
    bounds = np.cumsum([0, *map(len, documents)])
    nowhere = np.zeros(len(symbols), dtype=np.int64)
    return Segments(symbols, bounds, nowhere, nowhere)


def factors_of(tokens, *, inclusive):
    found = segments(tokens)
    factors, windows = window_diversity.factors(found.symbols, found.bounds, len(tokens), inclusive)
    assert windows.tolist() == [1]
    return factors[:, 0]


def test_mtld_of_the_texts_of_lexical_richness():
    # README and tests of LexicalRichness: 46.79226 and 14.0, the mean of both directions.
    tokens = re.findall(r"[a-z]+", README.lower())
    assert (len(tokens), len(set(tokens))) == (57, 39)
    readme = factors_of(tokens, inclusive=True)
    assert (len(tokens) / readme).mean() == pytest.approx(46.79226, abs=5e-6)
    ten = factors_of(TEN, inclusive=True)
    assert (len(TEN) / ten).mean() == pytest.approx(14.0, abs=1e-9)


def test_the_ratio_of_sums_is_the_harmonic_mean_of_both_directions():
    tokens = re.findall(r"[a-z]+", README.lower())
    numerator, denominator = window_diversity.mtld(segments(tokens), 57, inclusive=True)
    forwards, backwards = len(tokens) / factors_of(tokens, inclusive=True)
    harmonic = 2 / (1 / forwards + 1 / backwards)
    assert numerator[0] / denominator[0] == pytest.approx(harmonic)


def test_hdd_of_the_texts_of_lexical_richness(monkeypatch):
    tokens = re.findall(r"[a-z]+", README.lower())
    sums, drawn = window_diversity.hypergeometric_diversity(segments(tokens), 57)
    assert sums[0] / drawn[0] == pytest.approx(0.7468703, abs=5e-8)
    monkeypatch.setattr(window_diversity, "DRAWN", 5)
    sums, drawn = window_diversity.hypergeometric_diversity(segments(TEN), 10)
    assert sums[0] / drawn[0] == pytest.approx(0.88333, abs=5e-6)


def test_the_conventions_differ_where_the_ratio_is_the_threshold():
    # 18 types in 25 tokens are .72 to the last bit, the same read backwards.
    exact = [*range(18), *range(7)]
    assert factors_of(exact, inclusive=True)[0] == 1
    more = [*exact, 18, 19, 20]
    assert factors_of(more, inclusive=True)[0] == 1
    assert factors_of(more, inclusive=False)[0] == pytest.approx((1 - 21 / 28) / 0.28)


def slow_factors(tokens, *, inclusive):
    """McCarthy and Jarvis 2010, word by word, over the set of words since the last factor."""
    factors, since = 0.0, []
    for i, token in enumerate(tokens):
        since.append(token)
        ratio = len(set(since)) / len(since)
        last = i == len(tokens) - 1
        below = ratio < 0.72 and len(since) >= 10 and not last
        full = ratio <= 0.72 if inclusive else below
        if full:
            factors += 1
            since = []
        elif last:
            factors += (1 - ratio) / (1 - 0.72)
    return factors


texts = st.lists(st.lists(st.integers(0, 12), max_size=70), min_size=1, max_size=4)


def windows_of(document, window):
    return [document[k : k + window] for k in range(0, len(document) - window + 1, window)]


@pytest.mark.kernel
@overflowing
@settings(max_examples=100, deadline=None)
@given(texts, st.integers(1, 30), st.booleans())
def test_factors_are_those_of_every_window_read_both_ways(documents, window, inclusive):
    found = segments(*documents)
    factors, windows = window_diversity.factors(found.symbols, found.bounds, window, inclusive)
    for i, document in enumerate(documents):
        full = windows_of(document, window)
        assert windows[i] == len(full)
        for direction, step in enumerate((1, -1)):
            expected = sum(slow_factors(one[::step], inclusive=inclusive) for one in full)
            assert factors[direction, i] == pytest.approx(expected, rel=1e-12)


@pytest.mark.kernel
@overflowing
@settings(max_examples=100, deadline=None)
@given(texts, st.integers(1, 30), st.integers(0, 30))
def test_sums_over_types_are_those_of_every_full_window(documents, window, drawn):
    found = segments(*documents)
    worth = np.array([1 - comb(window - c, drawn) / comb(window, drawn) if drawn <= window else c
                      for c in range(window + 1)])  # fmt: skip
    worths = np.stack((worth, np.ones(window + 1)))
    sums, windows = window_diversity.sums_over_types(found.symbols, found.bounds, window, worths)
    for i, document in enumerate(documents):
        full = windows_of(document, window)
        assert windows[i] == len(full)
        expected = sum(worth[count] for one in full for count in Counter(one).values())
        assert sums[0, i] == pytest.approx(expected, rel=1e-12, abs=1e-12)
        assert sums[1, i] == sum(len(set(one)) for one in full)


def test_msttr_is_the_mean_of_every_segment():
    rng = np.random.default_rng(2)
    documents = [rng.integers(0, 40, length).tolist() for length in (99, 100, 250)]
    types, tokens = window_diversity.segmental_ttr(segments(*documents), 50)
    ratios = [len(set(one)) / 50 for document in documents for one in windows_of(document, 50)]
    assert types.sum() / tokens.sum() == pytest.approx(np.mean(ratios))


def test_hdd_is_the_ratio_expected_of_42_words_drawn():
    rng = np.random.default_rng(4)
    document = rng.integers(0, 30, 100).tolist()
    sums, drawn = window_diversity.hypergeometric_diversity(segments(document), 100)
    ratios = [len(set(rng.choice(document, 42, replace=False))) / 42 for _ in range(4_000)]
    # Within four errors of the mean of 4,000 draws: fails once in 16,000 seeds.
    error = np.std(ratios) / len(ratios) ** 0.5
    assert sums[0] / drawn[0] == pytest.approx(np.mean(ratios), abs=4 * error)


def words_of(*texts):
    return Batch(Document(text, str(i)) for i, text in enumerate(texts)).segments(layer("word"))


def test_compression_of_moby_dick_as_one_chunk():
    # One gzip at level 9 of the tokens joined by spaces: 2.702.
    path = REFERENCE / "moby_dick_tokens.txt"
    if not path.exists():
        pytest.skip("moby_dick_tokens.txt is not here: it is not handed out with the project")
    text = path.read_text("utf-8").split()
    whole = " ".join(text)
    assert len(text) == 210_258
    ratio = len(whole.encode()) / compression.gzip_size(whole.encode())
    assert ratio == pytest.approx(2.702, abs=5e-4)


@pytest.mark.parametrize(
    ("size", "opened"),
    [
        (compression.gzip_size, gzip.compress),
        (compression.zstd_size, zstandard.ZstdCompressor(level=3).compress),
    ],
)
def test_chunks_are_full_windows_of_one_document_as_they_stand(size, opened):
    texts = ["One, two; three? FOUR five -- six seven!", "größer 漢字 x y z u v", "too short"]
    found = words_of(*texts)
    plain, packed = compression.compression_ratio(found, 3, size)
    chunks = [["One, two; three", "FOUR five -- six"], ["größer 漢字", "x y z"], []]
    for i, held in enumerate(chunks):
        assert plain[i] == sum(len(chunk.encode()) for chunk in held)
        assert packed[i] == sum(len(opened(chunk.encode())) for chunk in held)


def test_repeating_oneself_compresses_better():
    rng = np.random.default_rng(0)
    fresh = " ".join(f"w{k}" for k in rng.integers(0, 10_000, 200))
    again = " ".join([" ".join(fresh.split()[:20])] * 10)
    for size in (compression.gzip_size, compression.zstd_size):
        plain, packed = compression.compression_ratio(words_of(fresh, again), 200, size)
        ratios = plain / packed
        assert ratios[1] > 4 * ratios[0]
