"""Lengths, openings and Self-BLEU, against NLTK, Python's sums and enumeration."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import degrade
from degrade.errors import UndefinedMetricError, UsageError
from degrade.inference.matching import match, side
from degrade.metric import View
from degrade.options import Options
from degrade.planning import chosen_metrics
from degrade.registry import layer
from degrade.summaries import Need, Sequences
from degrade.testing import check_summary
from degrade.text.document import Batch, Document
from degrade_metrics import self_bleu
from degrade_metrics.lengths import length_cv
from degrade_metrics.openings import OpeningLayer, repeated_openings


def documents(seed, count=200, least=3, most=40, types=60):
    rng = np.random.default_rng(seed)
    words = np.array([f"w{i}" for i in range(types)])
    return [
        Document(" ".join(rng.choice(words, rng.integers(least, most))), f"{seed}/{i}")
        for i in range(count)
    ]


def sides(*corpora, metric):
    metrics = chosen_metrics(Options(metrics=[metric]), None)
    profiles = [degrade.profile(corpus, metrics=[metric], workers=1) for corpus in corpora]
    matching = match(profiles, lengths=False)
    needs = metrics[0].needs
    return needs, [side(str(i), each, matching) for i, each in enumerate(profiles)]


def lengths_of(corpus, groups=None):
    batch = Batch(corpus)
    return [
        len(document.text.split())
        for document, group in zip(corpus, batch.groups, strict=True)
        if groups is None or int(group) in groups
    ]


def test_spread_of_lengths_is_the_coefficient_of_variation():
    corpus = documents(1)
    needs, (one,) = sides(corpus, metric="length_cv")
    lengths = lengths_of(corpus)
    view = one.view(needs)
    assert length_cv(view) == pytest.approx(np.std(lengths, ddof=1) / np.mean(lengths), rel=1e-12)
    kept = [g for g in range(64) if g % one.groups != 3]
    left = lengths_of(corpus, kept)
    assert len(left) < len(lengths)
    expected = np.std(left, ddof=1) / np.mean(left)
    assert length_cv(view.without(3)) == pytest.approx(expected, rel=1e-12)


def test_equal_lengths_have_no_spread():
    corpus = [Document("one two three four five six seven", str(i)) for i in range(100)]
    needs, (one,) = sides(corpus, metric="length_cv")
    with pytest.raises(UndefinedMetricError, match="same length"):
        length_cv(one.view(needs))


OPENINGS = (
    "",
    "Four words, no more",
    "Exactly five words are here.",
    "EXACTLY five — words are HERE, and more follow",
    "  «Supercalifragilisticexpialidocious» " * 7,
    "antidisestablishmentarianism" * 40 + " is one word; here are six",
    "a" * 4000 + " b c d e",
    "子曰學而時習之不亦說乎",
    "don't stop… can’t 3.14 e\u0301te\u0301 \U0001f468\u200d\U0001f469\u200d\U0001f467 go on",
)


def test_an_opening_is_the_first_words_whatever_follows():
    words = layer("word")
    batch = Batch([Document(text, str(i)) for i, text in enumerate(OPENINGS)])
    found = OpeningLayer(5).segment(batch.data, batch.bounds)
    every = batch.segments(words)
    counts = np.diff(every.bounds)
    assert np.diff(found.bounds).tolist() == (counts >= 5).astype(int).tolist()
    at = every.bounds[:-1][counts >= 5]
    assert found.starts.tolist() == every.starts[at].tolist()
    assert found.ends.tolist() == every.ends[at + 4].tolist()
    first = [tuple(every.symbols[i : i + 5].tolist()) for i in at]
    # Equal openings are one symbol, others are not; the second and third differ but in case.
    pairs = list(combinations(range(len(first)), 2))
    assert [found.symbols[i] == found.symbols[j] for i, j in pairs] == [
        first[i] == first[j] for i, j in pairs
    ]
    assert first[0] == first[1]


def test_the_order_of_words_makes_the_opening():
    batch = Batch([Document("a b c d e"), Document("b a c d e")])
    first, second = layer("opening:5").segment(batch.data, batch.bounds).symbols
    assert first != second


@pytest.mark.parametrize("argument", ["", "0", "-1", "x", "101"])
def test_openings_have_a_number_of_words(argument):
    with pytest.raises(UsageError, match="1 to 100"):
        layer(f"opening:{argument}")


def test_repeated_openings_are_those_of_all_draws_of_groups():
    # Twelve groups with three documents each, and openings of a few kinds.
    rng = np.random.default_rng(4)
    texts = [f"o{rng.integers(12)} a b c d " + "x " * 5 for _ in range(400)]
    corpus = [Document(text, f"d{i}") for i, text in enumerate(texts)]
    needs, (one,) = sides(corpus, metric="repeated_openings")
    view = one.view(needs)
    groups = (Batch(corpus).groups % one.groups).tolist()
    drawn = view.tokens * view.groups / view.corpus_tokens
    rng = np.random.default_rng(5)
    whole = round(drawn)
    alone, seen = [], []
    # All documents weigh the same, so the mean over draws of whole groups is what is expected.
    for _ in range(4_000):
        draw = set(rng.permutation(view.groups)[:whole].tolist())
        held = [t.split()[0] for t, g in zip(texts, groups, strict=True) if g in draw]
        alone.append(sum(held.count(t) == 1 for t in set(held)))
        seen.append(len(held))
    at_whole = View(view.sections, whole * view.corpus_tokens / view.groups, view.selection)
    expected = 1 - np.mean(alone) / np.mean(seen)
    assert repeated_openings(at_whole) == pytest.approx(expected, abs=3e-3)


def bleu(reference_texts, hypothesis):
    from nltk.translate.bleu_score import SmoothingFunction, sentence_bleu

    smoothing = SmoothingFunction(epsilon=0.1).method1
    return sentence_bleu(reference_texts, hypothesis, smoothing_function=smoothing)


def sequences(texts):
    return [np.array(text, dtype=np.uint64) for text in texts]


PAPINENI = (
    "It is a guide to action which ensures that the military always obeys the commands of the "
    "party",
    "It is a guide to action that ensures that the military will forever heed Party commands",
    "It is the guiding principle which guarantees the military forces always being under the "
    "command of the Party",
    "It is the practical guide for the army always to heed the directions of the party",
)


def test_bleu_of_the_example_of_its_authors():
    # Papineni et al. 2002, example 1, candidate 1 against three references; its BLEU-4 from NLTK's
    # documentation of sentence_bleu.
    numbers = {w: i for i, w in enumerate(sorted({w for t in PAPINENI for w in t.split()}))}
    texts = self_bleu.Texts(sequences([[numbers[w] for w in t.split()] for t in PAPINENI]))
    scores = texts.bleu(np.ones(4, dtype=bool))
    assert scores[0] == pytest.approx(0.5045666840058485, abs=1e-12)


corpora = st.lists(st.lists(st.integers(0, 4), min_size=4, max_size=14), min_size=3, max_size=7)


@pytest.mark.kernel
@settings(max_examples=100, deadline=None)
@given(corpora, st.integers(0, 2**7 - 1))
def test_bleu_is_that_of_nltk_whichever_documents_are_left(documents, chosen):
    pytest.importorskip("nltk")
    inside = np.array([chosen >> i & 1 for i in range(len(documents))], dtype=bool)
    if inside.sum() < 2:
        inside[:2] = True
    found = self_bleu.Texts(sequences(documents)).bleu(inside)
    left = [document for document, held in zip(documents, inside, strict=True) if held]
    expected = [bleu(left[:i] + left[i + 1 :], each) for i, each in enumerate(left)]
    assert found == pytest.approx(expected, rel=1e-9)


def test_self_bleu_looks_at_as_many_documents_and_words_of_both():
    wide, narrow = documents(1, count=150), documents(2, count=90, least=8, types=20)
    run = degrade.compare(wide, narrow, metrics=["self_bleu"], workers=1, self_check=0)
    (finding,) = run.findings
    texts = []
    for corpus in (wide, narrow):
        by_hash = np.argsort(Batch(corpus).ids)
        words = [corpus[i].text.split() for i in by_hash]
        texts.append([each for each in words if len(each) >= 4][:90])
    length = min(int(np.median([len(each) for each in corpus])) for corpus in texts)
    for side_of, corpus in zip((finding.reference, finding.candidate), texts, strict=True):
        cut = [each[:length] for each in corpus]
        every = [bleu(cut[:i] + cut[i + 1 :], each) for i, each in enumerate(cut)]
        assert side_of.value == pytest.approx(np.mean(every), rel=1e-9)
    assert finding.change.low > 0


def test_a_sample_smaller_than_the_corpus_merges_as_a_whole():
    check_summary(Need(Sequences, layer="word", documents=10, tokens=7))


def test_what_is_computed_of_a_sample_goes_when_it_grows():
    need = Need(Sequences, layer="word", documents=30, tokens=20)
    sample = Sequences(need)
    sample.update(Batch(documents(1, count=20)), {"word": layer("word")})
    sample.derived["something"] = 1
    other = Sequences(need)
    other.update(Batch(documents(2, count=20)), {"word": layer("word")})
    sample.merge(other)
    assert not sample.derived
    assert len(sample.sequences()[0]) == 30
