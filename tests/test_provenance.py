"""Shares of machine text, excess words and inherited phrases, on mixtures that are known."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

import degrade
from degrade.errors import ProfileError, UndefinedMetricError, UsageError
from degrade.text.document import Document

ROOT = Path(__file__).parents[1]
ADDRESSES = ROOT.parent / "shared/corpora/state_of_the_union.jsonl.gz"
SAMPLES = ROOT / "sample_corpora"
SHARES = (0.0, 0.05, 0.10, 0.15, 0.20, 0.25)


def passages(*names):
    found = []
    for name in names:
        lines = (SAMPLES / name / "part-000.jsonl").read_text("utf-8").splitlines()
        found += [json.loads(line)["text"] for line in lines]
    return [found[i] for i in np.random.default_rng(0).permutation(len(found))]


@pytest.fixture(scope="module")
def books():
    return passages("gen0", "gen0-heldout")


@pytest.fixture(scope="module")
def addresses():
    """Paragraphs of addresses, of more than a sentence or two."""
    if not ADDRESSES.exists():
        pytest.skip(f"no {ADDRESSES.name} beside the repository")
    with gzip.open(ADDRESSES, "rt", encoding="utf-8") as lines:
        long = [text for line in lines if len(text := json.loads(line)["text"]) > 300]
    return [long[i] for i in np.random.default_rng(0).permutation(len(long))[:2400]]


def mixed(human, machine, share, documents=1000):
    many = round(share * documents)
    return human[: documents - many] + machine[:many]


def profiled(texts):
    return degrade.profile(texts, metrics=(), sampled_documents=5_000, workers=1)


@pytest.mark.parametrize("share", SHARES)
def test_share_of_addresses_among_books_is_recovered(books, addresses, share):
    # The mixtures on which Liang et al. 2024 validate.
    text = mixed(books[1200:], addresses[1200:], share)
    found = degrade.machine_share(text, books[:1200], addresses[:1200], workers=1)
    assert abs(found.share - share) <= 0.025
    assert abs(found.by_means - share) <= 0.025
    assert found.low <= share <= found.high
    assert not found.warnings


@pytest.mark.parametrize("share", [0.0, 0.25])
def test_share_of_generated_passages_is_recovered(books, share):
    machine = passages("gen5")
    text = mixed(books[1200:], machine[600:], share)
    found = degrade.machine_share(text, books[:1200], machine[:600], workers=1)
    assert abs(found.share - share) <= 0.025
    assert found.low <= share <= found.high
    assert not found.warnings


def test_text_that_is_all_generated_is_told_as_all(books):
    # Where words to score by are chosen by the very documents that are scored, .94 of it.
    machine = passages("gen5")
    found = degrade.machine_share(machine[600:], books[:1200], machine[:600], workers=1)
    assert abs(found.by_means - 1) <= 0.03
    assert found.high == 1.0


def codes(share):
    return [warning.code for warning in share.warnings]


def test_text_of_another_domain_is_warned_of(books, addresses):
    found = degrade.machine_share(addresses[:1000], books[:1200], passages("gen5"), workers=1)
    assert "references-do-not-fit" in codes(found)


def test_references_that_are_alike_are_warned_of(books):
    # A 4-gram model keeps the frequencies of words: they hardly tell its first generation.
    found = degrade.machine_share(books[1200:], books[:1200], passages("gen1"), workers=1)
    assert "references-alike" in codes(found)
    assert found.low == 0.0


def test_share_has_its_error_from_all_three_corpora():
    # Documents of 20 words of 60, each with a small lean, and a third of them from the machine. Of
    # 20 such trials, 17 or more intervals of 95% hold the share in 98 cases of 100.
    words = np.array([f"w{chr(97 + i // 26)}{chr(97 + i % 26)}" for i in range(60)])
    chances = 1 / np.arange(3.0, 63.0)
    lean = np.exp(0.5 * np.random.default_rng(7).normal(size=60))
    p, q = chances / chances.sum(), chances * lean / (chances * lean).sum()

    def texts(rng, chance, many):
        return [" ".join(rng.choice(words, 20, p=chance)) for _ in range(many)]

    held, apart = 0, []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        text = texts(rng, p, 200) + texts(rng, q, 100)
        ids = [Document(t, f"{seed}/{i}") for i, t in enumerate(text)]
        found = degrade.machine_share(ids, texts(rng, p, 300), texts(rng, q, 300), workers=1)
        held += abs(found.by_means - 1 / 3) <= 2.2 * found.error
        apart.append(found.by_means)
    assert held >= 17
    assert abs(np.mean(apart) - 1 / 3) <= 0.03


def test_profiles_give_what_their_texts_give(books, tmp_path):
    machine = passages("gen5")
    text = mixed(books[1200:], machine[600:], 0.2)
    direct = degrade.machine_share(text, books[:1200], machine[:600], workers=1)
    saved = tmp_path / "text.profile"
    profiled(text).save(saved)
    assert degrade.machine_share(saved, profiled(books[:1200]), machine[:600], workers=1) == direct


def test_without_texts_there_is_no_share(books):
    bare = degrade.profile(books[:100], metrics=(), sampled_documents=0, workers=1)
    with pytest.raises(UndefinedMetricError, match="--no-text"):
        degrade.machine_share(bare, books[:100], books[100:200], workers=1)
    with pytest.raises(UndefinedMetricError, match="too few documents"):
        degrade.machine_share(books[:100], books[:1], books[100:200], workers=1)


def test_corpora_of_different_layers_do_not_meet(books):
    other = degrade.profile(books[:50], metrics=(), layer="character", workers=1)
    with pytest.raises(ProfileError, match="different layers"):
        degrade.machine_share(other, books[:50], books[50:100], workers=1)


def test_a_profile_is_not_taken_for_one_of_another_layer(books):
    saved = degrade.profile(books[:50], metrics=(), workers=1)
    for ask in (
        degrade.profile,
        lambda text, **how: degrade.machine_share(text, text, text, **how),
    ):
        with pytest.raises(ProfileError, match="the saved profile counts 'word', not 'character'"):
            ask(saved, layer="character")


def test_what_means_nothing_is_refused(books):
    with pytest.raises(UsageError, match=r"alpha is between 0 and 0\.5, not 2"):
        degrade.machine_share(books[:50], books[50:100], books[100:150], alpha=2)
    with pytest.raises(UsageError, match="phrases of 0 words"):
        degrade.inherited_phrases(books[:50], books[50:100], books[100:150], n=(2, 0))


def planted(rng, documents, marks, share):
    """Return documents of common words, of which a share holds one of the marks."""
    words = [f"w{chr(97 + i)}" for i in range(26)]
    texts = []
    for i in range(documents):
        text = rng.choice(words, 12).tolist()
        if rng.random() < share:
            text[3:3] = marks[int(rng.integers(len(marks)))].split()
        texts.append(Document(" ".join(text), f"{rng.integers(1 << 60)}/{i}"))
    return texts


def test_excess_words_bound_how_many_documents_were_touched():
    rng = np.random.default_rng(3)
    marks = ["delve", "showcase", "pivotal", "intricate"]
    before = planted(rng, 2000, marks, 0.01)
    found = degrade.excess_words(planted(rng, 2000, marks, 0.2), before, workers=1)
    assert {word.text for word in found.words[:4]} == set(marks)
    assert found.words[0].gap == found.words[0].now - found.words[0].before
    # .2 - .01 = .19 were touched.
    assert found.low <= 0.19 <= found.high
    assert found.high - found.low < 0.05
    again = degrade.excess_words(planted(rng, 2000, marks, 0.01), before, workers=1)
    assert not again.words
    assert again.low <= 0 <= again.high


def test_inherited_phrases_are_rare_in_human_text_and_common_since():
    rng = np.random.default_rng(4)
    phrases = ["it is important to note", "a rich tapestry of"]
    human = planted(rng, 1500, phrases, 0.002)
    teacher = planted(rng, 1500, [*phrases, "as an assistant"], 0.2)
    found = degrade.inherited_phrases(planted(rng, 1500, phrases, 0.1), human, teacher, workers=1)
    texts = [phrase.text for phrase in found]
    assert {"it is important to", "is important to note", "a rich tapestry of"} <= set(texts)
    # Parts of these, and what the text did not take over, are not said again.
    assert not any(text in ("rich tapestry", "as an assistant", "important to") for text in texts)
    for phrase in found:
        assert phrase.human * 5 <= min(phrase.teacher, phrase.now)
    assert degrade.inherited_phrases(human, human, teacher, workers=1) == ()
