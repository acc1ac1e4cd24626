import dataclasses
import re
import unicodedata

import pytest
from example_records import (
    HOSTILE,
    RECORDS,
    comparison,
    everything,
    finding,
    record,
    severe,
    undecided,
    unharmed,
)
from hypothesis import HealthCheck, given, settings

from degrade.report.outline import outline

CASES = everything()


def rows_of(section):
    return {row.metric: row for block in section.families for row in block.rows}


def texts(block):
    """Yield every text in an outline."""
    if isinstance(block, str):
        yield block
    elif isinstance(block, tuple):
        for item in block:
            yield from texts(item)
    elif dataclasses.is_dataclass(block):
        for field in dataclasses.fields(block):
            yield from texts(getattr(block, field.name))


def assert_plain(record):
    for text in texts(outline(record)):
        harmful = [c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")]
        assert not harmful, ascii(text)


@given(RECORDS)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_text_of_every_outline_is_plain(record):
    assert_plain(record)


def test_hostile_text_is_plain_wherever_it_comes_from():
    for name in ("hostile", "hostile trend"):
        assert_plain(CASES[name])
        assert HOSTILE not in list(texts(outline(CASES[name])))


@pytest.mark.parametrize("name", CASES)
def test_the_words_are_calm(name):
    said = " ".join(texts(outline(CASES[name]))).lower()
    assert not re.search(r"collaps|alarm|danger|!|\bnan\b|\bnone%", said)


def test_families_come_worst_first_and_primaries_first_in_them():
    (section,) = outline(CASES["severe"]).sections
    assert [(block.name, block.level) for block in section.families] == [
        ("Rare n-gram loss", "severe"),
        ("Lexical diversity", "severe"),
        ("Homogeneity", "severe"),
        ("Repetition", "no loss"),
        ("Shift", ""),
    ]
    assert [row.metric for row in section.families[1].rows] == [
        "types_1", "types_2", "simpson", "mattr",
    ]  # fmt: skip


def test_a_row_says_values_change_interval_and_level():
    (section,) = outline(CASES["severe"]).sections
    row = rows_of(section)["types_1"]
    assert (row.reference, row.candidate) == ("14,210", "7,375")
    assert (row.change, row.interval, row.level) == ("-48.1%", "[-51.2, -44.8]", "severe")
    assert row.whole_documents == "-47.0% [-50.0, -44.0]"
    assert row.p == "p < 0.0001"


def test_raw_counts_are_told():
    counted = finding("types_1", (9.0, 9.0), (0.0, -0.01, 0.01), "none")
    estimate = dataclasses.replace(counted.reference, counts={"types": 21_000, "tokens": 139_204})
    counted = dataclasses.replace(counted, reference=estimate)
    made = record(comparison("new", "none", (counted,), families={}, ruled_out="minor"))
    row = rows_of(outline(made).sections[0])["types_1"]
    assert row.counts == ("139,204 tokens, 21,000 types", "")


@pytest.mark.parametrize(
    ("change", "level", "rest", "expected"),
    [
        ((-0.4, -0.5, -0.3), "severe", {"direction": "worse"}, "severe"),
        ((-0.01, -0.02, 0.01), "none", {"ruled_out": "minor"}, "below minor"),
        ((-0.05, -0.08, 0.01), "none", {"ruled_out": "moderate"}, "below moderate"),
        ((-0.05, -0.4, 0.01), "none", {}, "unclear"),
        ((0.2, 0.1, 0.3), "none", {"ruled_out": "minor", "direction": "better"}, "better"),
        # Shown to be worse and called better would be a contradiction: the level stands.
        ((-0.4, -0.5, -0.3), "severe", {"direction": "better"}, "severe"),
        ((0.2, 0.1, 0.3), None, {}, "not counted"),
        (None, None, {"note": "no text"}, "not computable"),
    ],
)
def test_the_level_of_a_row(change, level, rest, expected):
    made = comparison(
        "new", "none", (finding("types_1", (1, 1), change, level, **rest),), families={}
    )
    assert rows_of(outline(record(made)).sections[0])["types_1"].level == expected


def test_what_is_not_computable_says_why():
    (section,) = outline(CASES["undecided"]).sections
    row = rows_of(section)["repetition_4"]
    assert row.note == (
        "not computable: fewer than half of the tokens stand in windows of 50 tokens"
    )
    assert row.change == row.interval == row.reference == ""
    assert "Not computable, so not counted: Repeated 4-grams in windows." in section.basis


def test_inconclusive_says_what_would_have_shown_and_what_would_decide():
    (section,) = outline(CASES["undecided"]).sections
    assert section.badge == "not enough text to tell"
    assert section.needed[0] == (
        "Word types at matched size: four times in five, this much text would have shown a change "
        "of 21.0%, and about 45,000 tokens of each would decide on this one."
    )


def test_the_basis_says_size_length_and_the_role_of_the_reference():
    basis = {name: outline(made).sections[0].basis for name, made in CASES.items()}
    assert basis["unharmed"][0] == "Both seen at 103,000 tokens, in whole documents."
    assert basis["undecided"][0] == (
        "Both seen at 8,000 tokens, in the first 128 tokens of each document."
    )
    assert basis["severe"][0].startswith("How sure (self-check): ")
    assert "has not seen" in basis["severe"][2]
    assert "was trained on" in basis["training"][2]
    assert "not counted" in basis["training"][2]


def test_rare_loss_against_training_data_is_shown_but_not_counted():
    (section,) = outline(CASES["training"]).sections
    row = rows_of(section)["rare_loss_1"]
    assert (row.level, row.change) == ("not counted", "-107.0% lost")
    assert row.note == "the model saw the text"


def test_a_shift_is_a_badge_of_its_own_and_never_a_level():
    shifted, still = outline(CASES["severe"]).sections[0], outline(CASES["unharmed"]).sections[0]
    assert (shifted.shifted, rows_of(shifted)["jsd_1"].level) == (True, "shifted")
    assert (still.shifted, rows_of(still)["jsd_1"].level) == (False, "no shift")


def test_examples_mark_the_ngram_in_its_context():
    (section,) = outline(CASES["severe"]).sections
    first = section.lost.rows[0]
    assert (first.reference, first.candidate) == ("41", "0")
    assert (first.before, first.match) == ("He begged to ask the ", "right honourable")
    assert section.lost.title == (
        "Lost: of 18,402 n-grams tested, 212 stand in fewer documents of gen5"
    )
    assert section.gained.rows[1].ngram == "(text not at hand)"
    assert section.lost.unresolved == "1 n-gram had no text at hand to show them."


def test_generations_stand_side_by_side_in_order():
    table = outline(CASES["generations"]).generations
    assert table.columns == ("gen0", "gen1", "gen5")
    rows = {title: [cell.text for cell in cells] for title, cells in table.rows}
    assert rows["Verdict"] == ["none", "can't tell", "severe"]
    assert rows["Word types at matched size"] == ["-1.4%", "-5.0%", "-48.1%"]
    assert rows["Loss of once-seen bigrams"] == ["-", "-", "39.5%"]
    assert "Moving-average type-token ratio" not in rows


def test_one_candidate_needs_no_table_of_generations():
    assert outline(CASES["severe"]).generations is None


def test_a_trend_says_how_fast_how_surely_and_since_when():
    block = outline(CASES["generations"]).trend
    assert block.title == "Trend from gen0 to gen5, 3 generations"
    assert "lineage of models" in block.about
    assert "training recipe" in block.about
    row = {row.metric: row for row in block.rows}["types_1"]
    assert (row.slope, row.interval, row.p) == ("-10.4%", "[-10.7, -10.0]", "p < 0.0001")
    # As bad as it has become: gen5 is severe in this metric.
    assert row.tone == "severe"
    assert {row.metric: row.tone for row in block.rows}["rare_loss_2"] is None


def test_a_date_says_between_which_generations_it_lies():
    block = outline(CASES["generations"]).trend
    assert {row.metric: row.date for row in block.rows} == {
        "types_1": "from gen1",
        "rare_loss_1": "from gen1 (gen0 to gen5)",
        "rare_loss_2": "from gen5 (gen1 or later)",
        "shared_4": "no (or from gen5)",
        "simpson": "no",
        "jsd_1": "",
        "rare_loss_3": "",
        "repetition_4": "",
        "mattr": "",
    }


def test_a_trend_explains_its_words_and_no_others():
    made = CASES["generations"]
    said = " ".join(outline(made).trend.legend)
    assert "per generation" in said
    assert "past minor" in said
    undated = dataclasses.replace(made, trend=made.trend[5:6])
    assert "past minor" not in " ".join(outline(undated).trend.legend)


def test_one_candidate_has_no_trend():
    assert outline(CASES["severe"]).trend is None


def test_inputs_say_what_was_read_and_what_was_not():
    reference, candidate = outline(CASES["severe"]).inputs
    assert reference.read == (
        "1,187 documents, 139,204 tokens, 790,331 characters, 1 file, n-grams counted exactly"
    )
    assert reference.skipped == ""
    assert candidate.read.endswith("n-grams counted in a sample")
    assert candidate.skipped == "3 skipped: 2 empty-document, 1 not-utf8"
    assert len(candidate.examples) == 1


def test_the_legend_explains_what_is_used_and_nothing_else():
    legend = " ".join(outline(CASES["undecided"]).legend)
    assert "95% intervals" in legend
    assert "kept: of what half of the reference holds once" in legend
    assert "points" not in legend
    assert "unclear" in legend
    assert "nats" not in legend
    assert "below" not in legend


def test_settings_and_version_are_told():
    assert outline(CASES["severe"]).settings == (
        "degrade 0.1.0, alpha 0.05, exact true, groups 64, layer word, seed 0"
    )


def test_every_number_of_the_record_has_its_place():
    made = record(unharmed(), undecided(), severe())
    found = outline(made)
    assert len(found.sections) == 3
    for section, each in zip(found.sections, made.comparisons, strict=True):
        assert set(rows_of(section)) == {item.metric for item in each.findings}


def test_a_run_without_a_comparison_says_so():
    assert outline(record()).title == "Nothing was compared"
