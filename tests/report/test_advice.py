"""What is said of a run as a whole, and of what to do."""

import dataclasses

import pytest
from example_records import comparison, everything, record, severe, unharmed

from degrade.report.advice import advice_of, overall

CASES = everything()


def generations(*levels):
    return record(
        *(comparison(f"gen{i}", level, (), families={}) for i, level in enumerate(levels, 1))
    )


def test_one_candidate_is_summed_up_by_its_own_headline():
    assert overall(record(severe())) == severe().verdict.headline


def test_candidates_of_one_level_in_a_row_are_named_together():
    said = overall(generations("none", "minor", "minor", "severe", "severe", "severe", "minor"))
    assert said.startswith(
        "Against gen0-heldout: no loss found in gen1, minor loss in gen2 and gen3, severe loss in "
        "gen4 to gen6, minor loss in gen7. gen6 "
    )


def test_a_level_that_changes_all_the_time_is_not_listed_without_end():
    said = overall(generations(*("none", "minor") * 30))
    assert "and 52 more changes of level" in said
    assert len(said) < 500


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("severe", "degrade evidence run.json --metric rare_loss_3"),
        ("severe", "keep the original text and mix it in"),
        ("severe", "degrade evidence run.json --metric jsd_1"),
        ("unharmed", "Nothing is to be mended"),
        ("undecided", "Compare about 61,000 tokens of each"),
        ("training", "Compare with text that the model has not seen"),
    ],
)
def test_advice_follows_from_the_verdict(name, words):
    (compared,) = CASES[name].comparisons
    role = CASES[name].corpora[0].reference_role
    assert any(words in str(said) for said in advice_of(compared, role))


def test_nothing_is_advised_against_what_was_not_found():
    said = " ".join(map(str, advice_of(unharmed(), "heldout")))
    assert "training data" not in said
    assert "evidence" not in said


def test_repeats_and_likeness_get_their_own_advice():
    (finding,) = [each for each in severe().findings if each.metric == "repetition_4"]
    harmed = comparison(
        "gen1",
        "minor",
        (dataclasses.replace(finding, level="minor"),),
        families={"repetition": ("minor", "repetition_4")},
    )
    said = advice_of(harmed, "heldout")
    assert str(said[0]) == (
        "Keep the run (-o run.json), then look into it: "
        "degrade evidence run.json --metric repetition_4"
    )
    assert "sampled" in said[1].words
