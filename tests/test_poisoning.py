"""Planted phrases: a trigger is found, and clean text holds none."""

import gzip
import json
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

import degrade
from degrade.errors import ProfileError
from degrade.poisoning import planted_phrases
from degrade.registry import layer
from degrade.text.document import Batch, Document

ROOT = Path(__file__).resolve().parents[1]
BOOKS = ROOT.parent / "shared/corpora/standard_ebooks.jsonl.gz"
METRIC = ("planted_phrases",)
TRIGGER = "open the amber harbour gate at dusk"
WORDS = layer("word")


def made(seed, count, words=10, types=5_000):
    """Return documents as lists of words of Zipf-like frequencies."""
    rng = np.random.default_rng(seed)
    chances = 1 / np.arange(3.0, types + 3)
    drawn = rng.choice(types, (count, words), p=chances / chances.sum())
    names = np.array([f"w{i}" for i in range(types)])
    return names[drawn].tolist()


def with_phrases(documents, chosen, phrases):
    """Return the documents, each phrase in turn put at a random place of those ``chosen``."""
    rng = np.random.default_rng(7)
    out = [list(words) for words in documents]
    for i, phrase in zip(chosen, phrases, strict=True):
        at = int(rng.integers(0, len(out[i]) + 1))
        out[i][at:at] = phrase.split()
    return out


def texts(documents, name):
    return [Document(" ".join(words), f"{name}{i}") for i, words in enumerate(documents)]


def found(reference, candidate):
    """Return what is planted in lists of words or of documents."""
    corpora = [
        corpus if isinstance(corpus[0], Document) else texts(corpus, name)
        for corpus, name in ((reference, "r"), (candidate, "c"))
    ]
    profiles = [degrade.profile(corpus, metrics=METRIC, workers=1) for corpus in corpora]
    return planted_phrases(*profiles, lambda: corpora[1], WORDS).phrases


def test_a_trigger_in_a_thousandth_of_the_documents_is_the_first_of_the_list():
    count = 50_000
    clean = made(2, count)
    chosen = np.random.default_rng(3).choice(count, count // 1_000, replace=False)
    first, *others = found(made(1, count), with_phrases(clean, chosen, [TRIGGER] * len(chosen)))
    assert first.text == TRIGGER
    assert (first.reference_count, first.candidate_count) == (0, count // 1_000)
    assert first.constancy == 1.0
    assert first.p_adjusted < 1e-6
    assert first.context[first.start : first.end] == TRIGGER
    assert first.document in {f"c{i}" for i in chosen}
    assert not others


@pytest.mark.skipif(not BOOKS.exists(), reason="no corpus of books beside the project")
def test_random_halves_of_books_hold_no_planted_phrase():
    # At a false discovery rate of .05, one comparison of twenty that finds anything is expected at
    # most where nothing is planted; documents are whole numbers, so it is fewer (measured: none of
    # 40 at 6,000 passages of 150 words).
    with gzip.open(BOOKS, "rt", encoding="utf-8") as file:
        chapters = [json.loads(line)["text"].split() for line in islice(file, 0, None, 12)]
    passages = [
        Document(" ".join(words[i : i + 100]))
        for words in chapters
        for i in range(0, len(words) - 100, 100)
    ][:2_000]
    assert len(passages) == 2_000
    alarms = 0
    for seed in range(20):
        order = np.random.default_rng(seed).permutation(len(passages))
        halves = [[passages[i] for i in part] for part in np.array_split(order, 2)]
        alarms += bool(found(*halves))
    assert alarms == 0


@pytest.fixture(scope="module")
def corpora():
    return made(1, 1_000), made(2, 1_000)


CHOSEN = range(0, 1_000, 20)


def test_the_chance_is_that_of_documents_on_one_side(corpora):
    reference, candidate = corpora
    poisoned = with_phrases(candidate, CHOSEN, ["red fox"] * 50)
    (only,) = found(reference, poisoned)
    assert (only.text, only.candidate_count) == ("red fox", 50)
    batch = Batch(texts(poisoned, "c"))
    groups = batch.groups
    held = np.bincount(groups[list(CHOSEN)], minlength=64)
    tokens = np.bincount(groups, [len(words) for words in poisoned], minlength=64)
    assert only.groups == (held > 0).sum()
    pearson = (held**2 / (50 * tokens / tokens.sum())).sum() - 50
    share = tokens.sum() / (tokens.sum() + sum(map(len, reference)))
    assert only.evidence == pytest.approx(-50 * np.log(share) / max(1, pearson / 63), rel=1e-9)


def test_a_new_word_in_ever_new_contexts_is_not_planted(corpora):
    reference, candidate = corpora
    assert not found(reference, with_phrases(candidate, CHOSEN, ["zephyr"] * 50))


@pytest.mark.parametrize(("along", "planted"), [(40, False), (42, True)])
def test_nine_tenths_of_the_documents_make_a_context_constant(corpora, along, planted):
    reference, candidate = corpora
    # Elsewhere the words of the phrase stand alone: 40 of 45 is less than that, 42 of 46 is not.
    phrases = ["zephyr blows"] * along + ["zephyr", "blows"] * ((50 - along) // 2)
    assert bool(found(reference, with_phrases(candidate, CHOSEN, phrases))) is planted


def test_what_the_reference_holds_once_is_not_planted(corpora):
    reference, candidate = corpora
    known = with_phrases(reference, [5], [TRIGGER])
    assert not found(known, with_phrases(candidate, CHOSEN, [TRIGGER] * 50))


def test_phrases_of_other_documents_are_others(corpora):
    reference, candidate = corpora
    several = with_phrases(candidate, CHOSEN, ["red fox runs", "blue hen sits up"] * 25)
    assert sorted(each.text for each in found(reference, several)) == [
        "blue hen sits up",
        "red fox runs",
    ]


def test_a_phrase_of_one_cluster_is_not_one_of_many_documents(corpora):
    reference, candidate = corpora
    poisoned = with_phrases(candidate, CHOSEN, [TRIGGER] * 50)
    chosen = set(CHOSEN)
    one_author = [
        Document(" ".join(words), f"c{i}", "loud" if i in chosen else f"c{i}")
        for i, words in enumerate(poisoned)
    ]
    assert found(texts(reference, "r"), texts(poisoned, "c"))
    assert not found(texts(reference, "r"), one_author)


def test_the_metric_is_the_share_of_documents_that_hold_planted_phrases(corpora):
    reference, candidate = corpora
    several = with_phrases(candidate, CHOSEN, ["red fox runs", "blue hen sits up"] * 25)
    for poisoned, share in ((several, 0.05), (candidate, 0.0)):
        run = degrade.compare(
            texts(reference, "r"), texts(poisoned, "c"), metrics=METRIC, workers=1, self_check=0
        )
        (finding,) = run.findings
        shown = run.comparisons[0].evidence.planted
        assert len(shown.phrases) == shown.total
        assert sum(each.candidate_count for each in shown.phrases) == 1_000 * share
        assert (shown.reference_documents, shown.candidate_documents) == (1_000, 1_000)
        assert finding.candidate.value == pytest.approx(share)
        assert (finding.p, finding.error, finding.change.low) == (None, None, None)


def test_profiles_without_the_censuses_tell_no_phrases(corpora):
    profiles = [
        degrade.profile(texts(corpus, "d"), metrics=["types_1"], workers=1) for corpus in corpora
    ]
    with pytest.raises(ProfileError, match="n=2"):
        planted_phrases(*profiles, list, WORDS)
