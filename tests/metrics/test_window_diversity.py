"""MTLD, HD-D, MSTTR and compression against published values and slow obvious versions."""

import gzip
import re
import sys
from collections import Counter
from importlib import import_module
from math import comb
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from degrade.registry import layer
from degrade.text.document import Batch, Document
from degrade.text.layer import Segments
from degrade_metrics import compression, hill_numbers, lexical_diversity, window_diversity
from degrade_metrics.spectrum import Spectrum

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


@pytest.mark.parametrize(("name", "inclusive"), [("mtld", True), ("mtld_below", False)])
def test_the_registered_names_keep_to_their_conventions(name, inclusive):
    rng = np.random.default_rng(6)
    documents = [rng.integers(0, 60, 250).tolist() for _ in range(5)]
    (metric,) = [m for m in window_diversity.METRICS if m.name == name]
    tokens, factors = metric.measure(segments(*documents), 100)
    slow = [
        sum(slow_factors(one[::step], inclusive=inclusive) for one in windows_of(d, 100)) / 2
        for d in documents
        for step in (1, -1)
    ]
    assert tokens.tolist() == [200] * 5
    assert factors == pytest.approx(np.array(slow).reshape(5, 2).sum(axis=1))


@pytest.fixture(scope="module")
def peer():
    found = pytest.importorskip("lexicalrichness", reason="pip install lexicalrichness")
    return found.LexicalRichness


@pytest.mark.parametrize("seed", range(5))
def test_the_package_lexicalrichness_ends_factors_at_the_threshold(peer, seed):
    # What is inclusive here: a factor ends where the ratio is .72 or below.
    words = [f"{'abcdefghij'[k // 10]}{'klmnopqrst'[k % 10]}"
             for k in np.random.default_rng(seed).integers(0, 60, 150).tolist()]  # fmt: skip
    theirs = peer(" ".join(words))
    assert theirs.wordlist == words
    assert (150 / factors_of(words, inclusive=True)).mean() == pytest.approx(theirs.mtld(0.72))
    found = segments(words)
    for measure, window, expected in (
        (window_diversity.hypergeometric_diversity, 150, theirs.hdd(draws=42)),
        (lexical_diversity.moving_average_ttr, 25, theirs.mattr(window_size=25)),
    ):
        sums, tokens = measure(found, window)
        assert sums[0] / tokens[0] == pytest.approx(expected)
    # For MSTTR it drops the last segment even where that is full: here there are three of 50.
    sums, tokens = window_diversity.segmental_ttr(segments(words[:100]), 50)
    assert sums[0] / tokens[0] == pytest.approx(theirs.msttr(segment_window=50))
    spectrum = Spectrum.of(np.array(list(Counter(words).values())))
    assert hill_numbers.yule(spectrum) == pytest.approx(theirs.yulek)
    assert hill_numbers.simpson(spectrum) == pytest.approx(theirs.simpsond)


@pytest.mark.filterwarnings("ignore:Exception ignored in")
@pytest.mark.parametrize("seed", range(5))
def test_the_package_lexical_diversity_ends_factors_below_the_threshold(seed, monkeypatch):
    # And after ten words at least; what is left at the end is a part of a factor, however low its
    # ratio. It asks a module that setuptools no longer has where its list of lemmas is,
    # and does not close it.
    folder = Path(pytest.importorskip("lexical_diversity").__file__).parent
    finder = SimpleNamespace(resource_filename=lambda _, name: str(folder / name))
    monkeypatch.setitem(sys.modules, "pkg_resources", finder)
    theirs = import_module("lexical_diversity.lex_div")
    words = [f"w{k}" for k in np.random.default_rng(seed).integers(0, 60, 150).tolist()]
    exact = [*range(18), *range(7), 18, 19, 20, *words]
    for text in (words, exact):
        found = (len(text) / factors_of([*map(str, text)], inclusive=False)).mean()
        assert found == pytest.approx(theirs.mtld([*map(str, text)]))
    sums, tokens = window_diversity.hypergeometric_diversity(segments(words), 150)
    assert sums[0] / tokens[0] == pytest.approx(theirs.hdd(words))


def test_concentration_of_the_texts_of_lexical_richness():
    # Its README and tests: K 153.89351 and 600, D .0156642 and .066667, TTR .8, MATTR(5) .9.
    tokens = re.findall(r"[a-z]+", README.lower())
    readme, ten = (Spectrum.of(np.array(list(Counter(t).values()))) for t in (tokens, TEN))
    assert hill_numbers.yule(readme) == pytest.approx(153.89351, abs=5e-6)
    assert hill_numbers.simpson(readme) == pytest.approx(0.0156642, abs=5e-8)
    assert hill_numbers.yule(ten) == pytest.approx(600)
    assert hill_numbers.simpson(ten) == pytest.approx(0.066667, abs=5e-7)
    assert ten.types / ten.tokens == 0.8
    types, windowed = lexical_diversity.moving_average_ttr(segments(TEN), 5)
    assert types[0] / windowed[0] == pytest.approx(0.9)


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
