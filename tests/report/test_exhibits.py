"""What is shown for single metrics: planted phrases, key words and histograms."""

import dataclasses

import pytest
from example_records import everything, record, severe

from degrade.exhibits import Bin, PlantedPhrases
from degrade.report import terminal
from degrade.report.outline import outline

WIDTHS = (60, 80, 100, 140)


def section(**changes):
    base = severe()
    evidence = dataclasses.replace(base.evidence, **changes)
    return outline(record(dataclasses.replace(base, evidence=evidence))).sections[0]


@pytest.mark.parametrize("width", WIDTHS)
def test_the_most_evident_planted_phrase_comes_first_and_in_its_context(width):
    lines = terminal.render(everything()["severe"], width).split("\n")
    at = next(i for i, line in enumerate(lines) if line.startswith("Planted: 2 phrases"))
    first = next(line for line in lines[at:] if "→" in line)
    assert "0 → 37" in first
    assert "[visit our" in first


def test_who_looked_for_planted_phrases_is_told_that_there_are_none():
    none = PlantedPhrases((), 0, 1_187, 1_200)
    assert section(planted=none).planted.title.startswith("Planted: no phrase stands word for word")
    base = severe()
    clean = dataclasses.replace(base, evidence=dataclasses.replace(base.evidence, planted=none))
    assert "no phrase stands" in terminal.render(record(clean), 140)
    assert section(planted=None).planted is None


def test_key_words_are_shown_by_their_use_in_a_hundred_thousand_words():
    words = section().keywords
    # 64 of 139,204 words and 3 of 151,022.
    assert [(use.word, use.reference, use.candidate) for use in words.less] == [
        ("whilst", "46.0", "1.99"),
        ("upon", "289", "119"),
    ]
    assert "less and 1 more" in words.title
    assert section(keywords=None).keywords is None


def test_bars_are_as_long_as_shares_are_high():
    base = severe()
    found = dataclasses.replace(
        base.findings[0], histogram=(Bin(3, 4, 1, 0), Bin(4, 5, 3, 2), Bin(5, 6, 0, 6))
    )
    only = dataclasses.replace(base, findings=(found,))
    (plot,) = outline(record(only)).sections[0].plots
    assert [bar.label for bar in plot.bars] == ["3 to 4", "4 to 5", "5 to 6"]
    assert [bar.shares for bar in plot.bars] == [
        ("25.0%", "0%"),
        ("75.0%", "25.0%"),
        ("0%", "75.0%"),
    ]
    lines = terminal.render(record(only), 100).split("\n")
    drawn = [next(line for line in lines if f"{bar.label} " in line) for bar in plot.bars]
    assert [line.count("━") for line in drawn] == [8, 24 + 8, 24]
    assert not outline(record(severe())).sections[0].plots[0].title.startswith("Word types")
