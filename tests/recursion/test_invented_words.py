"""Invented words are no variety: there are more of them, and fewer of those that people use."""

import json
import random
import re
from pathlib import Path

import pytest

import degrade
from degrade.findings import SEVERITY

SAMPLES = Path(__file__).resolve().parents[2] / "sample_corpora"


def passages(name, documents=500):
    lines = (SAMPLES / name / "part-000.jsonl").read_text("utf-8").splitlines()
    return [degrade.Document(json.loads(line)["text"], f"{i}") for i, line in enumerate(lines)][
        :documents
    ]


def misspelt(documents, share):
    """Return the documents with ``share`` of their longer words turned into ones that are none."""
    rng = random.Random(0)

    def word(match):
        letters = list(match[0])
        if rng.random() < share:
            letters[rng.randrange(len(letters))] = "".join(rng.choices("aeioulnrst", k=2))
        return "".join(letters)

    return [
        degrade.Document(re.sub(r"[a-z]{5,}", word, document.text), document.id)
        for document in documents
    ]


@pytest.fixture(scope="module")
def compared():
    run = degrade.compare(
        passages("gen0-heldout"), misspelt(passages("gen0"), 0.4), metrics=["primary"],
        reference_role="heldout", self_check=0, evidence=False, workers=1,
    )  # fmt: skip
    return run.comparisons[0]


def test_more_words_beside_fewer_of_the_reference_are_told_and_not_praised(compared):
    found = {finding.metric: finding for finding in compared.findings}
    assert found["types_1"].change.low > 0.1
    assert found["rare_loss_1"].change.low > 0.1
    words = compared.verdict.headline
    assert "more different words, but fewer of those of" in words
    assert "more variety" not in words
    assert "less alike" not in words


def test_the_verdict_is_a_loss_and_nothing_of_it_is_better(compared):
    assert SEVERITY[compared.verdict.level] >= SEVERITY["moderate"]
    assert compared.verdict.direction == "worse"
    assert {f.metric for f in compared.findings if f.direction == "better"} == set()
