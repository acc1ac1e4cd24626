"""N-grams that went and came: planted ones are found, and nothing is found in sameness."""

import json
from pathlib import Path

import numpy as np
import pytest

import degrade
from degrade.comparison import Settings, Subject, compare_profiles
from degrade.evidence import FALSE_DISCOVERY, FEWEST_DOCUMENTS, SHOWN, changed_ngrams
from degrade.options import Options
from degrade.planning import chosen_metrics
from degrade.text.document import Document

ROOT = Path(__file__).resolve().parents[1]
RARE = ("rare_loss_1", "rare_loss_2", "rare_loss_3")
DOCUMENTS = 400
PLANTED = 40


def made(seed, types=150, words=50):
    rng = np.random.default_rng(seed)
    weights = 1 / np.arange(5, types + 5)
    drawn = rng.choice(types, (DOCUMENTS, words), p=weights / weights.sum())
    return [[f"w{word}" for word in row] for row in drawn]


def with_inserted(documents, every, *phrases):
    """Return the documents, each phrase put into one of ``every`` of them, far from the others."""
    out = []
    for i, words in enumerate(documents):
        new = list(words)
        if i % every == 0:
            for k, phrase in enumerate(phrases):
                new[10 + 20 * k : 10 + 20 * k] = phrase
        out.append(new)
    return out


def compared(reference, candidate, **options):
    run = degrade.compare(reference, candidate, metrics=RARE, workers=1, **options)
    return run.comparisons[0].evidence


@pytest.fixture(scope="module")
def planted():
    """A phrase in a tenth of the reference, whose parts the candidate holds as often."""
    reference = with_inserted(made(1), DOCUMENTS // PLANTED, ["amber", "lantern", "swings"])
    candidate = with_inserted(
        made(2), DOCUMENTS // PLANTED, ["amber", "lantern"], ["lantern", "swings"]
    )
    candidate = with_inserted(candidate, 20, ["crimson", "harbour"])
    return reference, candidate


@pytest.fixture(scope="module")
def evidence(planted):
    return compared(*([" ".join(words) + "." for words in corpus] for corpus in planted))


def test_a_phrase_that_went_is_the_first_of_the_lost(evidence):
    first = evidence.lost[0]
    assert (first.ngram, first.n) == ("amber lantern swings", 3)
    assert (first.reference_count, first.candidate_count) == (PLANTED, 0)
    assert (first.reference_documents, first.candidate_documents) == (DOCUMENTS, DOCUMENTS)
    assert first.p <= first.p_adjusted <= FALSE_DISCOVERY


def test_a_phrase_that_came_is_gained(evidence):
    gained = {each.ngram: each for each in evidence.gained}
    # Of n-grams that always stand together only one is shown.
    shown = [ngram for ngram in gained if {"crimson", "harbour"} & set(ngram.split())]
    assert shown in (["crimson"], ["harbour"], ["crimson", "harbour"], ["harbour", "crimson"])
    for ngram in shown:
        assert (gained[ngram].reference_count, gained[ngram].candidate_count) == (0, 20)
    assert "amber lantern" not in gained


def occurs(words, ngram):
    n = len(ngram)
    return any(words[i : i + n] == ngram for i in range(len(words) - n + 1))


def test_counts_are_documents_that_hold_the_ngram(planted, evidence):
    assert evidence.lost
    assert evidence.gained
    for each in (*evidence.lost, *evidence.gained):
        ngram = each.ngram.split()
        assert len(ngram) == each.n
        counts = [sum(occurs(words, ngram) for words in corpus) for corpus in planted]
        assert counts == [each.reference_count, each.candidate_count]


def test_every_ngram_that_enough_documents_hold_is_tested(planted, evidence):
    held = {}
    for corpus in planted:
        for words in corpus:
            found = {tuple(words[i : i + n]) for n in (1, 2, 3) for i in range(len(words) - n + 1)}
            for ngram in found:
                held[ngram] = held.get(ngram, 0) + 1
    assert evidence.tested == sum(count >= FEWEST_DOCUMENTS for count in held.values())


def test_the_context_shows_the_ngram_where_it_says(planted, evidence):
    texts = [[" ".join(words) + "." for words in corpus] for corpus in planted]
    assert evidence.unresolved == 0
    for exemplars, source in ((evidence.lost, texts[0]), (evidence.gained, texts[1])):
        for each in exemplars:
            assert each.context[each.start : each.end] == each.ngram
            assert each.end - each.start == len(each.ngram)
            assert each.start <= 60
            assert len(each.context) - each.end <= 60
            home = [text for text in source if Document(text).id == each.document]
            assert each.context in home[0]


def test_the_context_counts_characters_and_not_bytes():
    reference = [f"«Œuvre» été à nuit {k} — où l’été brûlait, mémoire {k}" for k in range(200)]
    candidate = [
        f"«Œuvre» été à nuit {k} — où l’hiver gelait, mémoire {k}" for k in range(300, 500)
    ]
    found = compared(reference, candidate)
    assert {"brûlait", "l’hiver"} <= {
        word
        for each in (*found.lost, *found.gained)
        for word in each.ngram.replace(",", "").split()
    }
    for each in (*found.lost, *found.gained):
        assert each.context[each.start : each.end] == each.ngram


def test_no_ngram_is_shown_inside_another(evidence):
    for exemplars in (evidence.lost, evidence.gained):
        assert len(exemplars) <= SHOWN
        for i, a in enumerate(exemplars):
            for b in exemplars[i + 1 :]:
                assert f" {a.ngram} " not in f" {b.ngram} "
                assert f" {b.ngram} " not in f" {a.ngram} "


def test_swapping_the_corpora_swaps_the_lists(planted, evidence):
    reference, candidate = ([" ".join(words) + "." for words in corpus] for corpus in planted)
    swapped = compared(candidate, reference)
    assert (swapped.lost_total, swapped.gained_total) == (
        evidence.gained_total,
        evidence.lost_total,
    )
    counts = [(e.ngram, e.candidate_count, e.reference_count) for e in swapped.gained]
    assert counts == [(e.ngram, e.reference_count, e.candidate_count) for e in evidence.lost]


def test_halves_of_one_corpus_show_nothing_lost_or_gained():
    # Where nothing changed, a false discovery at q = .05 comes in at most one comparison of twenty.
    # Two or more of six would have a chance of 3% at that rate.
    lines = (ROOT / "sample_corpora/gen0-heldout/part-000.jsonl").read_text("utf-8").splitlines()
    documents = [json.loads(line)["text"] for line in lines]
    alarms = 0
    for seed in range(6):
        order = np.random.default_rng(seed).permutation(len(documents))
        halves = [[documents[i] for i in part] for part in np.array_split(order, 2)]
        found = compared(*halves)
        assert found.tested > 5_000
        alarms += bool(found.lost_total + found.gained_total)
    assert alarms <= 1


def test_words_that_cluster_in_groups_are_not_taken_for_independent():
    # One author's word in 30 documents of one cluster: as many documents as a phrase that went,
    # but of a single group.
    authors = [f"author {i}" for i in range(DOCUMENTS // 4)]
    reference = [
        Document(" ".join(words), id=f"r{i}", cluster=authors[i % len(authors)])
        for i, words in enumerate(made(3))
    ]
    loud = [
        Document(f"{each.text} zephyr" if i < 30 else each.text, id=each.id, cluster=cluster)
        for i, (each, cluster) in enumerate(
            (d, "author loud" if i < 30 else d.cluster) for i, d in enumerate(reference)
        )
    ]
    spread = [
        Document(f"{d.text} zephyr" if i < 30 else d.text, id=d.id, cluster=d.cluster)
        for i, d in enumerate(reference)
    ]
    candidate = [Document(" ".join(w), id=f"c{i}", cluster=f"c{i}") for i, w in enumerate(made(4))]
    assert "zephyr" in {e.ngram for e in compared(spread, candidate).lost}
    assert "zephyr" not in {e.ngram for e in compared(loud, candidate).lost}


def test_without_a_layer_ngrams_are_counted_and_not_shown(planted):
    texts = [[" ".join(words) for words in corpus] for corpus in planted]
    metrics = chosen_metrics(Options(metrics=RARE), None)
    profiles = [degrade.profile(corpus, metrics=RARE, workers=1) for corpus in texts]
    subjects = [Subject(name, each) for name, each in zip("ab", profiles, strict=True)]
    found = compare_profiles(subjects[0], subjects[1:], metrics, Settings()).comparisons[0].evidence
    assert found.lost_total > 0
    assert found.unresolved > 0
    assert {e.ngram for e in (*found.lost, *found.gained)} == {None}
    assert {(e.context, e.document, e.start, e.end) for e in found.lost} == {(None, None, 0, 0)}


def test_nothing_to_look_at_gives_nothing():
    empty = np.zeros(16, dtype=np.int64)
    found = changed_ngrams({}, (empty, empty)).shown(({}, {}))
    assert (found.lost, found.gained, found.tested) == ((), (), 0)
