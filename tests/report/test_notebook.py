"""What a notebook shows."""

import re
from html import unescape

import pytest
from example_records import everything, severe

from degrade.report.outline import outline, worst_of
from degrade.run import Run

CASES = everything()


def shown(html):
    return " ".join(unescape(re.sub("<[^>]+>", " ", html)).split())


@pytest.mark.parametrize("name", CASES)
def test_a_run_shows_its_headline_its_table_and_how_sure_it_is(name):
    said = outline(CASES[name])
    worst = worst_of(said.sections)
    text = shown(Run(CASES[name])._repr_html_())
    assert " ".join(said.headline.split()) in text
    assert " ".join(worst.basis[0].split()) in text
    for block in worst.families:
        for row in block.rows:
            if row.primary:
                for figure in (row.title, row.change, row.interval, row.noise, row.level):
                    assert " ".join(figure.split()) in text
    for warning in said.warnings:
        assert " ".join(warning.split()) in text


def test_a_comparison_shows_itself():
    html = severe()._repr_html_()
    assert "gen5 against gen0-heldout" in shown(html)
    assert html.count("<table") == 1


def test_nothing_is_fetched_or_run():
    html = Run(CASES["generations"])._repr_html_()
    assert not re.search(r"<script|<style|<link|src=|href=|url\(|javascript:|\son\w+=", html)


def test_candidates_have_a_row_each():
    text = shown(Run(CASES["generations"])._repr_html_())
    assert re.search(r"gen0 none .*gen1 can't tell .*gen5 severe", text)
