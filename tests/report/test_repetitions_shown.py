"""How loops and copies of documents are shown: counted on both sides, and marked in their text."""

import dataclasses
import re

import pytest
from example_records import everything, record, severe

from degrade.exhibits import Duplicates, Loops
from degrade.report import html, markdown, terminal
from degrade.report.outline import outline

CASE = everything()["severe"]


def section(**changes):
    base = severe()
    evidence = dataclasses.replace(base.evidence, **changes)
    return outline(record(dataclasses.replace(base, evidence=evidence))).sections[0]


def test_both_sides_are_counted_the_candidate_first():
    said = section()
    assert said.loops.title == (
        "Loops, a phrase said three times running or more: in 12 of 1,000 documents of gen5; "
        "in none of 1,187 documents of gen0-heldout"
    )
    assert said.duplicates.title == (
        "Duplicates, documents with nearly the text of another: 8 of 1,200 documents of gen5, in "
        "2 groups; none of 1,187 documents of gen0-heldout"
    )


def test_a_sample_is_said_to_be_one():
    assert section().loops.note == "Of gen5 only a sample was looked at."
    assert section().duplicates.note == ""


def test_where_none_is_found_nothing_is_shown():
    clean = section(
        loops=(Loops("a", (), 0, 0, 10, False), Loops("b", (), 0, 0, 10, False)),
        duplicates=(Duplicates("a", False, (), 0, 0, 10, True),) * 2,
    )
    assert (clean.loops, clean.duplicates) == (None, None)
    assert (section(loops=(), duplicates=()).loops) is None


def test_each_turn_is_marked_on_the_page_and_by_more_than_colour():
    page = html.REPORTER.render(CASE)
    (loops,) = re.findall('data-kind="loops">(.*?)</section>', page, re.DOTALL)
    assert loops.count("<mark>no more of it</mark>") == 3
    assert "<b>9 times running</b>" in loops
    assert ">gen5: gen5/118<" in loops
    assert ".again mark{text-decoration:underline" in page


def test_copies_stand_side_by_side_with_what_they_have_in_common_marked():
    page = html.REPORTER.render(CASE)
    (copies,) = re.findall('data-kind="duplicates">(.*?)</section>', page, re.DOTALL)
    assert "<mark>She was a </mark>great<mark> deal of a woman.</mark>" in copies
    assert "<mark>She was a good deal of a woman.</mark>" in copies
    assert "alike by 0.83 or more" in copies
    assert "gen5/7, gen5/90, gen5/91 and 3 more" in copies
    assert "(text not at hand)" in copies


def test_the_page_says_what_shows_evidence_that_is_not_of_one_comparison():
    for name in ("severe", "generations"):
        page = html.REPORTER.render(everything()[name])
        assert page.count("degrade.bursts in Python tells which source or file") == 1


@pytest.mark.parametrize("width", [60, 80, 100, 140])
def test_a_few_lines_of_a_terminal_show_the_worst(width):
    text = terminal.render(CASE, width)
    assert all(len(line) <= width for line in text.split("\n"))
    (line,) = [each for each in text.split("\n") if "9 times running" in each]
    assert "[no more of it]" in line
    (line,) = [each for each in text.split("\n") if each.startswith("  6 documents")]
    assert "[She was a good deal" in line


def test_a_terminal_says_nothing_of_loops_that_only_the_reference_has():
    base = severe()
    theirs, none = base.evidence.loops[1], base.evidence.loops[0]
    evidence = dataclasses.replace(base.evidence, loops=(theirs, none))
    turned = record(dataclasses.replace(base, evidence=evidence))
    assert "times running" not in terminal.render(turned, 100)
    assert "9 times running" in html.REPORTER.render(turned)


def test_markdown_folds_them_away():
    text = markdown.REPORTER.render(CASE)
    loops = text.partition("<details><summary>Loops</summary>")[2].partition("</details>")[0]
    assert "- 9 times running in gen5: `" in loops
    assert "[no more of it] [no more of it] [no more of it]" in loops
    assert "<details><summary>Duplicates</summary>" in text
