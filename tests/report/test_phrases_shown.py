"""How bursting and inherited n-grams are shown: counted on both sides, and marked in their text."""

import dataclasses
import re

import pytest
from example_records import bursting, everything, inherited, record, severe, unharmed

from degrade.report import html, markdown, terminal
from degrade.report.outline import outline

CASE = everything()["severe"]


def with_evidence(base, **changes):
    return dataclasses.replace(base, evidence=dataclasses.replace(base.evidence, **changes))


def section(**changes):
    return outline(record(with_evidence(severe(), **changes))).sections[0]


def cards(kind, shown=CASE):
    (found,) = re.findall(
        f'data-kind="{kind}">(.*?)</section>', html.REPORTER.render(shown), re.DOTALL
    )
    return found


def test_bursts_are_counted_on_both_sides():
    said = section().bursting
    assert said.title == (
        "Bursting: of 18,402 n-grams tested, 5 are said again and again by those documents of gen5 "
        "that hold them, more than is usual"
    )
    assert said.note == (
        "how often it stands, and in how many documents: of 1,187 in gen0-heldout, of 1,200 in gen5"
    )
    assert said.rows[0].often == "230 → 1,204 times"
    assert said.rows[0].detail == "in 211 → 96 documents, 11.2 times as crowded as usual"
    assert said.rows[1].often == "0 → 71 times"


def test_every_place_of_a_burst_is_marked():
    shown = cards("bursting")
    assert shown.count("<mark>no</mark>") == 3
    assert "(text not at hand)" in shown
    assert ">gen5: gen5/118<" in shown


def test_what_is_inherited_is_said_with_the_generation_it_came_with_and_its_course():
    said = section().inherited
    assert said.title == (
        "Inherited: 17 phrases, rare in gen0-heldout, that an earlier generation brought in and "
        "all since have kept, gen5 too; 12 of them in a larger share of documents than at first"
    )
    assert (said.rows[0].reference, said.rows[0].candidate) == ("0", "64")
    assert said.rows[0].course == "since gen0: 8 → 31 → 64"
    assert said.unresolved == "1 phrase had no text at hand."
    assert "<mark>to the the</mark>" in cards("inherited")
    assert ">since gen0: 8 → 31 → 64<" in cards("inherited")


def test_of_a_long_course_both_ends_are_told():
    long = dataclasses.replace(inherited().ngrams[0], counts=tuple(range(10, 40)))
    said = section(inherited=dataclasses.replace(inherited(), ngrams=(long,))).inherited
    assert said.rows[0].course == "since gen0: 10 → 11 → 12 → … → 37 → 38 → 39"


def test_where_none_is_found_that_is_said_and_where_none_was_looked_for_nothing():
    none = dataclasses.replace(bursting(), ngrams=(), total=0)
    heirs = dataclasses.replace(inherited(), ngrams=(), total=0, grown=0)
    shown = record(with_evidence(severe(), bursting=none, inherited=heirs))
    assert "18,402 n-grams tested, 0 are said again and again" in cards("bursting", shown)
    assert "Inherited: 0 phrases, rare in gen0-heldout" in cards("inherited", shown)
    assert "Bursting" not in terminal.render(shown, 100)
    unlooked = section(bursting=None, inherited=None)
    assert (unlooked.bursting, unlooked.inherited) == (None, None)


def test_one_candidate_is_told_what_inherited_phrases_would_take():
    alone = record(with_evidence(severe(), inherited=None))
    page = html.REPORTER.render(alone)
    assert "Inherited phrases take an earlier generation: name it before this one" in page
    assert 'data-only="inherited"' not in page


def test_the_first_candidate_is_said_to_have_none_before_it():
    page = html.REPORTER.render(record(unharmed(), severe()))
    assert "gen0 is the first candidate, with none before it to inherit from." in page
    assert "take an earlier generation" not in page


@pytest.mark.parametrize("width", [60, 80, 100, 140])
def test_a_terminal_shows_both_with_their_marks(width):
    text = terminal.render(CASE, width)
    assert all(len(line) <= width for line in text.split("\n"))
    (line,) = [each for each in text.split("\n") if each.lstrip().startswith("230 → 1,204")]
    assert width < 80 or "[no], I say [no]" in line
    assert "[to the the]" in text


def test_markdown_folds_them_away():
    text = markdown.REPORTER.render(CASE)
    bursts = text.partition("<summary>Bursting</summary>")[2].partition("</details>")[0]
    assert "`[no], I say [no], and [no] again: no`" in bursts
    heirs = text.partition("<summary>Inherited phrases</summary>")[2].partition("</details>")[0]
    assert "- 0 → 64: `to the the` in `he went [to the the] sea`" in heirs
