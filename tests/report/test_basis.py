"""How much text a verdict takes, beside how much each undecided measure does."""

from dataclasses import replace

import pytest
from example_records import trained_on, undecided

from degrade.findings import Caution
from degrade.record import Record
from degrade.report.basis import basis_of, needed_of
from degrade.report.outline import outline


@pytest.mark.parametrize(
    ("tokens", "words"),
    [
        (61_000, "takes about 61,000 tokens of each, more than any one of them: all have to be"),
        (50_000, "no more than about 50,000 tokens of each: one measure that shows a loss is"),
    ],
)
def test_what_the_verdict_takes_is_put_beside_what_measures_do(tokens, words):
    made = undecided()
    *each, whole = needed_of(replace(made, verdict=replace(made.verdict, tokens_needed=tokens)))
    assert len(each) == 2
    assert all(said.endswith("tokens of each would decide on this one.") for said in each)
    assert words in whole


def test_nothing_is_said_of_a_verdict_that_no_amount_of_text_would_bring():
    made = undecided()
    assert len(needed_of(replace(made, verdict=replace(made.verdict, tokens_needed=None)))) == 2


@pytest.mark.parametrize(
    ("cause", "words"),
    [("overlap", "has documents in common"), ("memorised", "seems to be text that the model of")],
)
def test_why_rare_words_come_back_too_easily_is_what_was_found(cause, words):
    warning = Caution("reference-is-training-data", "", {"cause": cause})
    assert words in " ".join(basis_of(trained_on(), "training", (warning,)))


@pytest.mark.parametrize(
    ("tokenizer", "said"),
    [
        ("word 1 (Unicode 15.0.0)", False),
        ("character 1 (Unicode 15.0.0)", True),
        (None, False),
    ],
)
def test_words_that_are_none_are_told(tokenizer, said):
    settings = {"alpha": 0.05, "tokenizer": tokenizer}
    (section,) = outline(Record(settings, (), (undecided(),))).sections
    words = "Words are symbols of the layer character here, and phrases are of several of these."
    assert (words in section.basis) is said
