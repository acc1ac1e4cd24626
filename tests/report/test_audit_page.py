"""The page of an audit: all that is told, in closed elements, with text of others harmless."""

import json
import re
from html.parser import HTMLParser

import pytest

import degrade
from degrade.report.audit_files import content

HOSTILE = "<script>alert(1)</script>\"'&\x1b[31m\u202e"
VOID = {"meta", "!doctype"}


class Page(HTMLParser):
    """Reads a page strictly: every element is closed by its own end, in order."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.ids, self.words = [], [], [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.ids += [value for name, value in attributes if name == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        assert tag in VOID
        self.handle_starttag(tag, attributes)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.words.append(data)


@pytest.fixture(scope="module")
def audit(tmp_path_factory):
    """Audit text with a bad source and a year that is worse, names and phrases hostile."""
    path = tmp_path_factory.mktemp("page") / "some.jsonl"
    rows = [
        {
            "id": f"{HOSTILE}{i}",
            "site": f"{site}{HOSTILE}",
            "year": 2020 + i % 4,
            "text": " ".join(f"{site}{i % several}x{k}" for k in range(12))
            + (f" {HOSTILE} open the amber gate at dusk" if site == "bad" and i < 60 else ""),
        }
        for site, several in (("bad", 100), ("good", 400), ("fine", 400))
        for i in range(400)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return degrade.audit(path, source_field="site", time_field="year", bursts=True)


def test_all_that_is_told_is_on_the_page(audit):
    page = Page(content(audit, ".html"))
    said = " ".join(" ".join(page.words).split())
    assert "1 of 3 sources stands out" in said
    assert "Copies: 340 of 400 documents (85.0%)" in said
    assert "By year (year): 4 years, 2020 to 2023." in said
    assert "of one source, beyond chance" in said
    assert "240 documents worth a look" in said
    assert {"sources", "times", "bursts-1", "worst", "how"} <= {*page.ids}
    assert len(page.ids) == len(set(page.ids))
    # A row a document listed, and one for every source and year.
    assert page.tags.count("tr") >= 240 + 3 + 4


def test_text_of_others_does_nothing(audit):
    text = content(audit, ".html")
    page = Page(text)
    assert "script" not in page.tags
    assert "<script" not in text
    assert "alert(1)" in text
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e]", text)
    assert "script-src" in text


def test_the_same_audit_gives_the_same_page(audit):
    assert content(audit, ".html") == content(audit, ".html")
