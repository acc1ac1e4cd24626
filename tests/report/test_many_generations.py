"""Thirty generations of a hundred and fifty metrics: every format stays bounded and the same."""

import dataclasses
import re
import time

import pytest
from example_records import bursting, inherited, record, severe, trends
from junit_schema import assert_valid
from rich.cells import cell_len

from degrade.report import junit, markdown, run_file, tabular, terminal
from degrade.report.notebook import record_html


def thirty():
    base = severe()
    many = tuple(
        dataclasses.replace(base.findings[-1], metric=f"mattr_{i}", title=f"Measure number {i}")
        for i in range(140)
    )
    lost = tuple(
        dataclasses.replace(base.evidence.lost[i % 5], ngram=f"phrase {i}") for i in range(20)
    )
    compared = [
        dataclasses.replace(
            base,
            candidate=f"generation-{i}",
            findings=(*base.findings, *many),
            evidence=dataclasses.replace(
                base.evidence,
                lost=lost,
                gained=lost,
                bursting=dataclasses.replace(bursting(), ngrams=bursting().ngrams[:1] * 20),
                inherited=dataclasses.replace(inherited(), ngrams=(handed_down(i),) * 20),
            ),
        )
        for i in range(1, 31)
    ]
    return record(*compared, trend=trends())


def handed_down(generation):
    """Return what came with the first generation, with its course up to ``generation``."""
    return dataclasses.replace(inherited().ngrams[0], counts=tuple(range(100, 100 + generation)))


@pytest.fixture(scope="module")
def made():
    return thirty()


FORMATS = {
    "markdown": (markdown.REPORTER.render, markdown.MOST),
    "notebook": (record_html, 60_000),
    "terminal": (lambda made: terminal.render(made, 100), 40_000),
    "junit": (junit.REPORTER.render, 300_000),
    "csv": (tabular.CSV.render, 1_500_000),
    "parquet": (tabular.PARQUET.render, 300_000),
    "json": (run_file.REPORTER.render, 6_000_000),
}


@pytest.mark.parametrize("name", FORMATS)
def test_it_is_bounded_quick_and_the_same_twice(made, name):
    render, most = FORMATS[name]
    started = time.process_time()
    shown = render(made)
    assert time.process_time() - started < 5
    assert len(shown) <= most
    assert render(thirty()) == shown


def test_every_generation_is_named_in_every_format(made):
    for name in ("markdown", "notebook", "terminal", "junit", "csv", "json"):
        shown = FORMATS[name][0](made)
        for i in range(1, 31):
            assert re.search(rf"generation-{i}\b", shown), (name, i)


def test_results_of_tests_are_those_of_the_verdict_alone(made):
    from xml.etree import ElementTree as ET

    root = ET.fromstring(junit.REPORTER.render(made))
    assert_valid(root)
    assert {len(suite.findall("testcase")) for suite in root} == {10}


@pytest.mark.parametrize("width", [60, 100])
def test_no_line_is_wider_than_asked(made, width):
    lines = terminal.render(made, width).split("\n")
    assert max(map(cell_len, lines)) <= width
    assert len(lines) < 20 * 30
