"""Where nothing can be tested, it is said why, and what it looks like; never that all is well."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

import degrade
from degrade.report.outline import outline
from degrade.testing.corpora import ordinary_documents
from degrade.text.document import Document

MADE = ordinary_documents(800, seed=1)
REFERENCE, CANDIDATE = MADE[:400], MADE[400:]


def compared(candidate: Sequence[object], **options: object) -> degrade.Run:
    chosen = {"metrics": ["primary"], "workers": 1, "self_check": 0, **options}
    return degrade.compare(REFERENCE, candidate, **chosen)


def test_a_collapse_into_ten_texts_is_named_as_that():
    texts = [document.text for document in CANDIDATE[:10]]
    run = compared(texts * 120)
    words = run.verdict.headline
    assert words.startswith(
        "documents (2) holds 1,200 documents but only 10 different texts; without ids copies count "
        "as one document, so nothing can be tested (if each was generated on its own, give them "
        "ids: --id-field). As it looks, documents (2) has lost rare words and phrases ("
    )
    assert "no loss shows" not in words
    advice = outline(run.record).sections[0].advice[0]
    assert "was generated on its own, give them ids (--id-field)" in advice.words
    (warning,) = [w for w in run.warnings if w.code == "too-little-text"]
    assert (warning.data["clusters"], warning.data["texts"]) == (10, 10)


def test_with_ids_the_same_texts_are_a_loss():
    texts = [document.text for document in CANDIDATE[:10]] * 120
    run = compared([Document(text, f"{i}") for i, text in enumerate(texts)])
    assert run.verdict.level in ("moderate", "severe")


def test_few_documents_are_too_few_and_told_as_they_look():
    run = compared(CANDIDATE[:40])
    words = run.verdict.headline
    assert words.startswith(
        "Too few independent documents to test anything (40 in documents (2), and it takes about "
        "80). As it looks, "
    )
    assert "no loss shows" not in words
    first = outline(run.record).sections[0].advice[0]
    assert first.words.startswith("Compare more documents that are independent of one another")


def test_ids_of_few_are_no_copies_without_ids():
    run = compared([Document(d.text, f"{i % 10}") for i, d in enumerate(CANDIDATE)])
    assert run.verdict.headline.startswith("Too few independent documents to test anything (10 in")


def test_few_pairs_of_clusters_are_too_few():
    reference = [Document(d.text, f"r{i}", f"{i % 20}") for i, d in enumerate(REFERENCE)]
    candidate = [Document(d.text, f"c{i}", f"{i % 20}") for i, d in enumerate(CANDIDATE)]
    run = degrade.compare(reference, candidate, metrics=["primary"], workers=1, self_check=0)
    assert "(20 in" in run.verdict.headline


def test_a_test_by_permutation_is_a_test():
    run = compared(CANDIDATE[:40], test="permutation")
    assert "to test anything" not in run.verdict.headline


@pytest.mark.parametrize("sampled", [False, True])
def test_ids_repeat_is_silent_where_they_do_not(sampled, monkeypatch):
    from degrade.summaries import clusters, contents

    if sampled:
        monkeypatch.setattr(clusters, "CAPACITY", 200)
        monkeypatch.setattr(contents, "CAPACITY", 200)
    ways = (
        CANDIDATE,
        [document.text for document in CANDIDATE] * 2,
        [Document(d.text, d.id, f"{i % 100}") for i, d in enumerate(CANDIDATE)],
    )
    for candidate in ways:
        run = compared(candidate, metrics=["types_1"])
        assert "ids-repeat" not in {warning.code for warning in run.warnings}


def test_ids_repeat_is_found_in_samples_of_texts(monkeypatch):
    from degrade.summaries import contents

    monkeypatch.setattr(contents, "CAPACITY", 200)
    run = compared(
        [Document(d.text, f"{i % 100}") for i, d in enumerate(CANDIDATE)], metrics=["types_1"]
    )
    (warning,) = [w for w in run.warnings if w.code == "ids-repeat"]
    assert warning.data["ids"] == 100
    assert warning.data["texts"] == pytest.approx(400, rel=0.2)
    assert not warning.data["exact"]
    assert "about" in warning.message


def test_beginnings_are_not_praised_where_whole_documents_are_worse():
    # Beginnings of the candidate are as they were; what follows says the same again and again.
    first = [" ".join(document.text.split()[:40]) for document in CANDIDATE]
    richer = [f"{text} new{i} fresh{i} more{i}" for i, text in enumerate(first)]
    run = compared(
        [Document(f"{text} {'and so on ' * 200}", f"{i}") for i, text in enumerate(richer)]
    )
    (comparison,) = run.comparisons
    assert comparison.matched_length is not None
    assert f"the first {comparison.matched_length} of each document" in run.verdict.headline
    (types,) = [each for each in comparison.findings if each.metric == "types_1"]
    assert types.whole_documents.high < 0
    assert types.change.low > 0
    assert types.direction == "same"
    assert "more variety" not in run.verdict.headline


def test_of_a_ratio_to_nothing_it_is_said_what_it_is_made_of():
    reference = [Document(f"{d.text} a b c d a b c d", d.id) for d in REFERENCE]
    candidate = [
        Document(" ".join(f"w{i * 400 + k}" for k in range(110)), f"{i}") for i in range(400)
    ]
    run = degrade.compare(reference, candidate, metrics=["repetition_4"], workers=1, self_check=0)
    (found,) = run.findings
    assert found.candidate.value == 0
    assert found.note.startswith("none in documents (2): so that there is a ratio, half an event")


def test_a_corpus_compared_with_itself_is_said_to_be_that():
    run = compared(REFERENCE)
    assert run.verdict.headline == (
        "documents (2) and documents are the same documents: there is nothing to compare."
    )


def test_documents_in_common_are_named_where_rare_words_cannot_be_judged():
    again = [Document(d.text, d.id + " too") for d in REFERENCE[:200]]
    run = compared([*CANDIDATE[:200], *again])
    assert "cannot be judged: 200 of 400 documents of" in run.verdict.headline
    assert "trained on" not in run.verdict.headline
