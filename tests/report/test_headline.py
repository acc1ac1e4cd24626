import pytest
from example_records import finding, severe, trained_on, undecided, unharmed

from degrade.findings import FamilyLevel
from degrade.inference.headline import headline


def said(level, families, findings, **rest):
    """Return the headline of ``new`` against ``old``."""
    families = {name: FamilyLevel(*pair) for name, pair in families.items()}
    rest = {
        "direction": "worse", "ruled_out": None, "matched_tokens": 103_000,
        "reference_role": "heldout", "shifted": False, **rest,
    }  # fmt: skip
    return headline("old", "new", level, families=families, findings=findings, **rest)


def test_a_loss_is_named_with_how_far_and_at_what_size():
    words = severe().verdict.headline
    assert words.startswith(
        "gen5 has lost rare words and phrases (55% fewer once-seen three-word phrases come back "
        "than in fresh reference text) and variety (48% fewer different words), and has documents "
        "more alike (four-word phrases of two documents are the same 10 times as often), seen at "
        "103,000 tokens, the first 96 of each document."
    )


def test_an_improvement_is_told_beside_the_loss():
    assert "It repeats itself less (88% fewer repeats of" in severe().verdict.headline


def test_a_shift_is_told_and_called_no_loss():
    assert severe().verdict.headline.endswith("a shift, which by itself is no loss.")
    assert "shift" not in unharmed().verdict.headline


def test_no_loss_says_what_was_ruled_out():
    assert unharmed().verdict.headline == (
        "No loss found: gen0 has what gen0-heldout has, and a moderate loss is ruled out at "
        "103,000 tokens."
    )
    assert "even a minor loss is ruled out" in said("none", {}, (), ruled_out="minor")


def test_inconclusive_says_that_it_cannot_tell_and_how_much_text_would():
    assert said("inconclusive", {}, (), matched_tokens=8_000, tokens_needed=61_234) == (
        "This much text cannot tell: no loss shows between old and new at 8,000 tokens, but a "
        "moderate one is not ruled out; about 61,000 tokens of each would decide, four times in "
        "five, if the change is as it looks."
    )


def test_inconclusive_for_want_of_a_metric_names_it():
    findings = (finding("shared_4", (None, None), None, note="too few documents"),)
    words = said("inconclusive", {}, findings, ruled_out="moderate")
    assert words.endswith("but not computable here: 4-grams that two documents share.")


def test_inconclusive_for_want_of_text_says_so():
    words = said("inconclusive", {}, (), ruled_out="minor", matched_tokens=9_000)
    assert words.endswith("but it is too little to say that nothing is lost.")
    words = said("inconclusive", {}, (), ruled_out="minor", tokens_needed=20_417)
    assert "; about 20,000 tokens of each would decide," in words


def test_no_loss_by_some_measures_says_by_which_and_praises_nothing_else():
    families = {"repetition": ("none", "repetition_4")}
    unasked = ("rare n-gram loss", "lexical diversity", "homogeneity")
    assert said("none", families, (), ruled_out="minor", unasked=unasked) == (
        "No loss found where it was looked for (repetition): even a minor loss is ruled out at "
        "103,000 tokens. Not looked for: rare n-gram loss, lexical diversity and homogeneity."
    )


def test_without_a_measure_that_sets_a_level_no_more_text_is_asked_for():
    words = said("inconclusive", {}, (), unjudged=True, shifted=True)
    assert words == (
        "No verdict: none of the measures asked for sets a level. Word frequencies differ too: a "
        "shift, which by itself is no loss."
    )


def test_rare_words_of_training_data_are_no_improvement():
    words = trained_on().verdict.headline
    assert "cannot be judged" in words
    better = finding("rare_loss_1", (0.39, 0.8), (-1.0, -1.2, -0.9), "none", direction="better")
    rest = {"direction": "better", "ruled_out": "moderate"}
    assert "keeps more" not in said("none", {}, (better,), reference_role="training", **rest)
    assert "It keeps more rare words and phrases (2.0 times the once-seen words come back" in said(
        "none", {}, (better,), **rest
    )


def test_a_family_that_is_worse_in_one_thing_is_not_called_better():
    words = severe().verdict.headline
    assert "more variety" not in words


@pytest.mark.parametrize(
    ("lost", "low", "told"),
    [("rare_loss_1", 0.85, True), ("rare_loss_1", -0.1, False), ("rare_loss_2", 0.85, False)],
)
def test_new_words_where_words_are_lost_are_not_called_variety(lost, low, told):
    findings = (
        finding(lost, (0.28, 0.06), (0.78, 0.75, 0.79), "severe"),
        finding("types_1", (14_361, 27_311), (0.9, low, 0.96), "none", direction="same"),
    )
    words = said("moderate", {"rare n-gram loss": ("severe", lost)}, findings)
    sentence = " It has 90% more different words, but fewer of those of old: new ones, not variety."
    assert (sentence in words) is told
    assert "more variety" not in words


def test_the_worst_family_comes_first():
    findings = (
        finding("types_1", (1, 1), (-0.04, -0.05, -0.031), "minor"),
        finding("repetition_4", (1, 1), (7.2, 6.0, 9.0), "severe"),
        finding("shared_4", (1, 1), (1.35, 1.3, 1.4), "minor"),
    )
    families = {
        "lexical diversity": ("minor", "types_1"),
        "homogeneity": ("minor", "shared_4"),
        "repetition": ("severe", "repetition_4"),
    }
    assert said("moderate", families, findings) == (
        "new repeats itself more (7.2 times as many repeats of four-word phrases within a "
        "passage), has lost variety (4% fewer different words) and has documents more alike "
        "(four-word phrases of two documents are the same 35% more often), seen at 103,000 tokens."
    )


def test_a_family_of_a_plugin_is_told_by_its_title():
    mine = finding("mattr", (0.7, 0.6), (-0.126, -0.14, -0.11), "moderate")
    words = said("moderate", {"my family": ("moderate", "mattr")}, (mine,))
    assert words == (
        "new is worse in my family (Moving-average type-token ratio: 13% lower), "
        "seen at 103,000 tokens."
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (-0.004, "less than 1% fewer different words"),
        (-0.05, "5% fewer different words"),
        (0.12, "12% more different words"),
        (1.5, "2.5 times as many different words"),
    ],
)
def test_small_and_large_changes_read_well(change, words):
    shown = finding("types_1", (1, 1), (change, change, change), "minor")
    assert words in said("minor", {"lexical diversity": ("minor", "types_1")}, (shown,))


def test_what_is_not_all_is_not_said_to_be_all():
    for loss, words in ((0.9962, "99.6% fewer"), (0.99996, "more than 99.9% fewer"), (1.0, "100%")):
        lost = finding("rare_loss_1", (0.28, 0.001), (loss, loss, loss), "severe")
        families = {"rare n-gram loss": ("severe", "rare_loss_1")}
        assert f"({words}" in said("severe", families, (lost,))


def test_where_beginnings_were_compared_it_says_so():
    lost = finding("types_1", (1, 1), (-0.3, -0.4, -0.2), "severe")
    words = said("severe", {"lexical diversity": ("severe", "types_1")}, (lost,), matched_length=16)
    assert words.endswith("seen at 103,000 tokens, the first 16 of each document.")


def test_estimates_beyond_a_threshold_are_not_called_no_loss():
    assert undecided().verdict.headline == (
        "This much text cannot tell: as it looks, gen1 has lost rare words and phrases (10% fewer "
        "once-seen words come back than in fresh reference text) and variety (5% fewer different "
        "words), seen at 8,000 tokens, the first 128 of each document, but chance may have done "
        "that; about 61,000 tokens of each would decide, four times in five, if the change is as "
        "it looks."
    )


def test_no_headline_cries_collapse():
    for made in (severe(), unharmed(), undecided(), trained_on()):
        assert "collapse" not in made.verdict.headline.lower()


@pytest.mark.parametrize(
    ("level", "reason"),
    [("none", "not computable here: 4-grams"), ("inconclusive", "a moderate one is not ruled out")],
)
def test_what_could_not_be_computed_is_the_reason_where_all_else_is_decided(level, reason):
    known = finding("types_1", (100, 100), (0.0, -0.01, 0.01), level, ruled_out="minor")
    missing = finding("shared_4", (None, None), None, note="no document is long enough")
    assert reason in said("inconclusive", {}, (known, missing), direction="same")
