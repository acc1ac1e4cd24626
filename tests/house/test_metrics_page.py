"""docs/metrics.md is what the metrics declare."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[2]
PAGE = (HOUSE / "docs" / "metrics.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def maker():
    """Return the script that writes the page."""
    path = HOUSE / "tools" / "make_metrics_page.py"
    spec = importlib.util.spec_from_file_location("make_metrics_page", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_up_to_date(maker):
    current = maker.page(maker.own_cards())
    assert current == PAGE, "write it anew: python tools/make_metrics_page.py"


def test_every_link_within_the_page_leads_to_a_heading():
    headings = re.findall(r"^##+ (.+)$", PAGE, flags=re.MULTILINE)
    anchors = {heading.casefold().replace(" ", "-") for heading in headings}
    links = re.findall(r"\]\(#([^)]+)\)", PAGE)
    assert links
    assert {link for link in links if link not in anchors} == set()


def test_every_metric_has_its_section_and_its_thresholds(maker):
    for card in maker.own_cards():
        assert PAGE.count(f"\n### {card.metric.name}\n") == 1
        rows = PAGE.count(f"| [`{card.metric.name}`](#{card.metric.name}) | {card.metric.worse} |")
        assert rows == bool(card.metric.thresholds)


def test_marks_of_the_text_are_not_taken_for_markdown(maker):
    assert maker._plain("a*b* <c> [d](e) | _f_ g_h") == r"a\*b\* \<c> \[d](e) \| `_f_` g_h"
