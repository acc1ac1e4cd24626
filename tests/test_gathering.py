"""What a comparison shows for its metrics is in the run, and only where they were computed."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
from jsonschema import Draft202012Validator

import degrade
from degrade.report import run_file
from degrade.text.document import Document

SCHEMA = Path(__file__).resolve().parents[1] / "docs" / "run-file.schema.json"
TRIGGER = "open the amber harbour gate"


def made(seed, name, count=600, words=40, types=400):
    rng = np.random.default_rng(seed)
    chances = 1 / np.arange(5.0, types + 5)
    drawn = rng.choice(types, (count, words), p=chances / chances.sum())
    return [Document(" ".join(f"w{i}" for i in row), f"{name}{k}") for k, row in enumerate(drawn)]


@pytest.fixture(scope="module")
def corpora():
    """Return a reference, and text that says ``come`` for ``gone`` and holds a trigger."""
    reference = [
        dataclasses.replace(d, text=d.text + " gone" * (k % 4 == 0))
        for k, d in enumerate(made(1, "r"))
    ]
    candidate = [
        dataclasses.replace(d, text=d.text + " come" * (k % 4 == 0) + f" {TRIGGER}" * (k % 30 == 1))
        for k, d in enumerate(made(2, "c"))
    ]
    return reference, candidate


def compared(corpora, *metrics, **options):
    return degrade.compare(*corpora, metrics=metrics, workers=1, self_check=0, **options)


@pytest.fixture(scope="module")
def run(corpora):
    return compared(corpora, "jsd_1", "planted_phrases", "cross_entropy_spread")


def test_the_trigger_is_the_first_planted_phrase_of_the_run(run):
    planted = run.comparisons[0].evidence.planted
    first = planted.phrases[0]
    assert (first.text, first.reference_count, first.candidate_count) == (TRIGGER, 0, 20)
    assert first.context[first.start : first.end] == TRIGGER
    assert (planted.reference_documents, planted.candidate_documents) == (600, 600)


def test_key_words_stand_beside_the_shift_of_words(run):
    words = run.comparisons[0].evidence.keywords
    less, more = words.less[0], words.more[0]
    assert (less.word, less.reference_count, less.candidate_count) == ("gone", 150, 0)
    assert (more.word, more.reference_count, more.candidate_count) == ("come", 0, 150)
    assert less.document.startswith("r")
    assert more.document.startswith("c")
    for each in (less, more):
        assert each.context[each.start : each.end] == each.word
    # 600 documents of 40 words, and what was put into them.
    assert words.reference_tokens == 24_000 + 150
    assert words.candidate_tokens == 24_000 + 150 + 20 * 5


def test_what_no_metric_asks_for_is_not_looked_for(corpora):
    evidence = compared(corpora, "types_1").comparisons[0].evidence
    assert (evidence.keywords, evidence.planted) == (None, None)


def test_a_run_with_all_of_it_is_read_back_and_fits_the_schema(run):
    text = run_file.dump(run.record)
    assert run_file.load(text) == run.record
    Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(json.loads(text))
    (spread,) = [each for each in run.findings if each.metric == "cross_entropy_spread"]
    assert sum(each.candidate for each in spread.histogram) == spread.candidate.counts["windows"]


def test_profiles_without_text_give_the_same_counts_without_words(corpora, run):
    metrics = ("jsd_1", "planted_phrases")
    bare = [
        degrade.profile(each, metrics=metrics, sampled_documents=0, workers=1) for each in corpora
    ]
    found = compared(bare, *metrics).comparisons[0].evidence
    whole = run.comparisons[0].evidence
    assert {each.word for each in found.keywords.more} == {None}
    assert {each.text for each in found.planted.phrases} == {None}
    for one, other in (
        (found.keywords.more[0], whole.keywords.more[0]),
        (found.planted.phrases[0], whole.planted.phrases[0]),
    ):
        assert (one.candidate_count, one.p) == (other.candidate_count, other.p)
