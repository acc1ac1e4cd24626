"""Measures that are dear: of all text up to some size, of a sample drawn by hash above it."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from degrade.metric import WHOLE
from degrade.readers import open_corpus
from degrade.summaries import Moments, Need, SampledMoments, sampled_moments
from degrade.testing import check_summary
from degrade.text.document import Batch, Document, stable_hash
from degrade.text.layers import built_in

LAYERS = {"word": built_in("word"), "line": built_in("line")}
CORPORA = Path(__file__).parents[2] / "sample_corpora"
SPLITMIX = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB


def short_words(segments, window):
    """Measure a whole and a real number of the words of full windows: of three letters at most."""
    count = len(segments.bounds) - 1
    short, every = np.zeros(count), np.zeros(count)
    for i in range(count):
        first, last = segments.bounds[i : i + 2]
        stop = first + (last - first) // window * window if window else last
        lengths = (segments.ends - segments.starts)[first:stop]
        short[i], every[i] = (lengths <= 3).sum() / 7, stop - first
    return short, every


def need(kind=SampledMoments, window=WHOLE, measure=short_words, layer="word"):
    options = {"metric": "short", "version": "1", "layer": layer, "low": 0.0, "high": 1.0}
    return Need(kind, measure=measure, window=window, **options)


def made(count=300, longest=2_500, seed=0):
    rng = random.Random(seed)
    words = ["a", "of", "the", "sample", "documents", "stretch"]
    lengths = [min(longest, int(rng.paretovariate(0.7) * 5)) for _ in range(count)]
    return [
        Document(" ".join(rng.choices(words, k=n)), f"{seed}-{i}", f"c{i // 3}")
        for i, n in enumerate(lengths)
    ]


def counted(documents, asked, size=50):
    summary = asked.summary(asked)
    for i in range(0, len(documents), size):
        summary.update(Batch(documents[i : i + size]), LAYERS)
    return summary


@pytest.fixture
def small(monkeypatch):
    """Make 20 kB and 16 units all that is measured exactly."""
    for text, units in (("TEXT", "STRETCHES"), ("DOCUMENT_TEXT", "DOCUMENTS")):
        monkeypatch.setattr(sampled_moments, text, 20_000)
        monkeypatch.setattr(sampled_moments, units, 16)


def octave_of(document, place):
    """Return the zeros that the hash of a place in a document begins with, written out anew."""
    wrap = (1 << 64) - 1
    a, d, e = SPLITMIX
    h = (stable_hash(document.id) + (place + 1) * a) & wrap
    h = (h ^ h >> 30) * d & wrap
    h = (h ^ h >> 27) * e & wrap
    return 64 - (h ^ h >> 31).bit_length()


def stretches(document, length):
    """Return the document in parts of ``length`` words, each with its text and octave."""
    words = document.text.split()
    starts = range(0, max(1, len(words)), length or max(1, len(words)))
    return [
        (" ".join(words[at : at + length] if length else words), octave_of(document, i))
        for i, at in enumerate(starts)
    ]


@pytest.mark.parametrize("window", [WHOLE, 100, 500])
def test_a_sample_is_all_whose_hash_lies_below_a_threshold(small, window):
    documents = made()
    found = counted(documents, need(window=window))
    assert found.floor > 1
    length = 1_000 if window else 0
    kept = [
        Document(text, f"{d.id}/{i}", d.cluster)
        for d in documents
        for i, (text, octave) in enumerate(stretches(d, length))
        if octave >= found.floor
    ]
    exact = counted(kept, need(Moments, window))
    for mine, theirs in zip(found.sums(), exact.sums(), strict=True):
        assert mine.tolist() == theirs.tolist()
    assert 0 < sum(len(d.text.encode()) for d in kept) <= 20_000 or len(kept) <= 16


def test_the_threshold_is_the_highest_that_the_bounds_allow(small):
    documents = made()
    found = counted(documents, need())
    above = [
        [d for d in documents if octave_of(d, 0) >= floor]
        for floor in (found.floor - 1, found.floor)
    ]
    for kept, too_much in zip(above, (True, False), strict=True):
        text = sum(len(d.text.encode()) for d in kept)
        assert (text > 20_000 and len(kept) > 16) is too_much


@pytest.mark.parametrize("window", [WHOLE, 100])
def test_a_sample_merges_in_any_order_to_the_same_arrays(small, window, monkeypatch):
    monkeypatch.setattr(sampled_moments, "TEXT", 3_000)
    monkeypatch.setattr(sampled_moments, "DOCUMENT_TEXT", 3_000)
    check_summary(need(window=window))


def test_up_to_the_bounds_everything_is_measured():
    documents = made()
    for window in (WHOLE, 100, 500):
        found, exact = (
            counted(documents, need(kind, window)) for kind in (SampledMoments, Moments)
        )
        assert found.exact
        assert found.kept == 1
        assert found.documents.tolist() == exact.documents.tolist()
        for mine, theirs in zip(found.sums(), exact.sums(), strict=True):
            assert mine == pytest.approx(theirs, rel=1e-8)


def test_few_documents_are_all_measured_whatever_their_size(small):
    documents = made(count=16, longest=30_000)
    assert sum(len(d.text) for d in documents[:16]) > 1_000
    assert counted(documents, need()).exact


def test_windows_are_chosen_by_all_text(small):
    documents = made()
    found, exact = (counted(documents, need(kind, 100)) for kind in (SampledMoments, Moments))
    assert not found.exact
    assert found.covered.tolist() == exact.covered.tolist()


def test_a_document_of_which_stretches_are_measured_counts_once(small, monkeypatch):
    monkeypatch.setattr(sampled_moments, "STRETCHES", 100)
    documents = [Document("so it is " * 10_000, str(i)) for i in range(20)]
    found = counted(documents, need(window=100), size=3)
    assert not found.exact
    held = sum(any(o >= found.floor for _, o in stretches(d, 1_000)) for d in documents)
    assert found.documents.sum() == held


def test_no_more_is_measured_than_is_kept():
    seen = []

    def measure(segments, window):
        del window
        seen.append(int(segments.texts[-1]))
        ones = np.ones(len(segments.bounds) - 1)
        return ones, ones

    documents = [Document(f"{i} " + "word after word " * 100, str(i)) for i in range(8_000)]
    found = counted(documents, need(window=50, measure=measure), size=500)
    found.arrays()
    found.sums()
    assert found.floor == 2
    assert sum(seen) <= sampled_moments.TEXT


def test_lines_are_those_of_the_documents_drawn(small):
    documents = [
        Document("\n".join(["one two"] * (i % 40 + 1)), str(i), f"c{i // 3}") for i in range(300)
    ]

    def lines(segments, window):
        del window
        return np.diff(segments.bounds), np.ones(len(segments.bounds) - 1)

    found = counted(documents, need(measure=lines, layer="line"))
    kept = [i for i, d in enumerate(documents) if octave_of(d, 0) >= found.floor]
    assert not found.exact
    assert found.sums()[0].sum() == sum(i % 40 + 1 for i in kept)


def test_a_sample_of_real_text_is_unbiased_and_its_error_is_what_the_jackknife_says(monkeypatch):
    monkeypatch.setattr(sampled_moments, "DOCUMENT_TEXT", 60_000)
    monkeypatch.setattr(sampled_moments, "DOCUMENTS", 16)
    texts = [d.text for d in open_corpus(CORPORA / "gen0").documents()]
    rng = random.Random(1)
    whole = counted([Document(text, str(i)) for i, text in enumerate(texts)], need(Moments))
    exact = float(np.divide(*(sums.sum() for sums in whole.sums())))
    values, errors = [], []
    for salt in range(200):
        # Drawn with replacement, so that the text is itself a sample, of which the value is known.
        drawn = [Document(text, f"{salt}-{i}") for i, text in enumerate(rng.choices(texts, k=600))]
        found = counted(drawn, need(), size=200)
        assert not found.exact
        top, below = found.sums()
        value = top.sum() / below.sum()
        held = below > 0
        left_out = (top.sum() - top[held]) / (below.sum() - below[held])
        values.append(value)
        groups = held.sum()
        errors.append(np.sqrt((groups - 1) / groups * ((left_out - left_out.mean()) ** 2).sum()))
    off = (np.array(values) - exact) / np.array(errors)
    assert abs(np.mean(values) - exact) < 3.3 * np.std(values) / np.sqrt(len(values))
    # 95% of 200 are 190; fewer than 180 or more than 198 are one in a thousand.
    assert 180 <= (abs(off) < 2).sum() <= 198
