"""Key words: published values, enumeration, planted words, and none in sameness."""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

import degrade
from degrade.errors import ProfileError
from degrade.keyness import FEWEST_DOCUMENTS, PRIOR, keywords, log_odds
from degrade.registry import layer
from degrade.text.document import Batch, Document

ROOT = Path(__file__).resolve().parents[1]


def test_z_scores_are_those_published():
    # The example of the package fightin_words (Hessel), a prior of .05 for each of 11 words:
    # z = -.689 for what only the second text holds once, and 0 for what both hold as often.
    first = ["the", "quick", "brown", "fox", "jumps", "over", "the", "lazy", "pig"]
    second = ["the", "lazy", "purple", "pig", "jumps", "over", "the", "lazier", "donkey"]
    words = sorted({*first, *second})
    counts = [np.array([text.count(word) for word in words]) for text in (second, first)]
    odds, *variances = log_odds(*counts, np.full(len(words), 0.05))
    z = dict(zip(words, odds / np.sqrt(sum(variances)), strict=True))
    for word in ("donkey", "lazier", "purple"):
        assert z[word] == pytest.approx(-0.6894227886807968, abs=1e-12)
    for word in ("brown", "fox", "quick"):
        assert z[word] == pytest.approx(0.6894227886807968, abs=1e-12)
    for word in ("jumps", "lazy", "over", "pig", "the"):
        assert z[word] == pytest.approx(0, abs=1e-12)


def made(seed, count=400, words=40, types=200):
    rng = np.random.default_rng(seed)
    chances = 1 / np.arange(5.0, types + 5)
    drawn = rng.choice(types, (count, words), p=chances / chances.sum())
    return [[f"w{i}" for i in row] for row in drawn]


def texts(documents, name):
    return [Document(" ".join(words), f"{name}{i}") for i, words in enumerate(documents)]


def keys(reference, candidate, **options):
    corpora = [texts(reference, "r"), texts(candidate, "c")]
    profiles = [degrade.profile(corpus, metrics=["types_1"], workers=1) for corpus in corpora]
    looks = [lambda corpus=corpus: corpus for corpus in corpora]
    found = keywords(*profiles, tuple(looks), layer("word"), **options)
    return found.less, found.more


@pytest.fixture(scope="module")
def planted():
    """Words put into every eighth document, and one that a single document says 50 times."""
    reference, candidate = made(1), made(2)
    for i in range(0, 400, 8):
        reference[i][:2] = ["gone", "less"]
        candidate[i][:2] = ["come", "less"] if i % 32 == 0 else ["come", "w0"]
    for i in range(6):
        candidate[8 * i + 1][:1] = ["loud"]
    candidate[1][:30] = ["loud"] * 30
    return reference, candidate


def test_planted_words_are_the_clearest(planted):
    lost, gained = keys(*planted)
    assert {each.word for each in lost[:2]} == {"gone", "less"}
    assert gained[0].word == "come"
    assert (gained[0].reference_count, gained[0].candidate_count) == (0, 50)
    assert "come" in gained[0].context
    assert all(each.p <= each.p_adjusted <= 0.05 for each in (*lost, *gained))


def test_a_word_that_one_document_repeats_is_no_key_word(planted):
    reference, candidate = planted
    counts = [sum(words.count("loud") for words in corpus) for corpus in planted]
    assert counts == [0, 35]
    # Of independent tokens, as many would be as clear as what was planted.
    lost, gained = keys(reference, candidate, most=1_000)
    assert "loud" not in {each.word for each in (*lost, *gained)}


def test_statistics_are_those_of_sums_over_documents(planted):
    corpora = [texts(corpus, name) for corpus, name in zip(planted, "rc", strict=True)]
    groups = [Batch(corpus).groups for corpus in corpora]
    lost, gained = keys(*planted)
    total = sum(len(words) for corpus in planted for words in corpus)
    types = {word for corpus in planted for words in corpus for word in words}
    tested = sum(
        sum(word in words for corpus in planted for words in corpus) >= FEWEST_DOCUMENTS
        for word in types
    )
    for each in (*lost, *gained):
        odds, variance, pearson, freedom = [], 0.0, 0.0, 0
        pooled = sum(words.count(each.word) for corpus in planted for words in corpus)
        prior = PRIOR * pooled / total
        for corpus, of in zip(planted, groups, strict=True):
            x = np.bincount(of, [words.count(each.word) for words in corpus], minlength=64)
            n = np.bincount(of, [len(words) for words in corpus], minlength=64)
            y = x.sum() + prior
            odds.append(np.log(y / (n.sum() + PRIOR - y)))
            variance += 1 / y
            e = x.sum() * n[n > 0] / n.sum()
            pearson += ((x[n > 0] - e) ** 2 / e).sum() if x.sum() else 0.0
            freedom += (n > 0).sum() - 1
        assert each.log_odds == pytest.approx(odds[1] - odds[0], rel=1e-9)
        assert each.z == pytest.approx(each.log_odds / np.sqrt(variance), rel=1e-9)
        scaled = each.z / np.sqrt(max(1.0, pearson / freedom))
        assert each.statistic == pytest.approx(scaled, rel=1e-9)
        assert each.p == pytest.approx(2 * stats.t.sf(abs(scaled), freedom), rel=1e-6)
        assert each.p_adjusted <= each.p * tested


def test_halves_of_one_corpus_have_no_key_words():
    # Where nothing changed, a false discovery at q = .05 comes in at most one comparison of twenty.
    # Two or more of six would have a chance of 3% at that rate.
    lines = (ROOT / "sample_corpora/gen0-heldout/part-000.jsonl").read_text("utf-8").splitlines()
    documents = [json.loads(line)["text"].split() for line in lines]
    alarms = 0
    for seed in range(6):
        order = np.random.default_rng(seed).permutation(len(documents))
        halves = [[documents[i] for i in part] for part in np.array_split(order, 2)]
        alarms += any(keys(*halves))
    assert alarms <= 1


def test_profiles_without_words_have_no_key_words():
    profiles = [degrade.profile(texts(made(1), "d"), metrics=["types_2"], workers=1)] * 2
    with pytest.raises(ProfileError, match="n=1"):
        keywords(*profiles)
