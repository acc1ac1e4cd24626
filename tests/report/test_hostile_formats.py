"""Text of others through every format: read back by a parser, it does and breaks nothing."""

import csv
import io
import re
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pyarrow.parquet as pq
import pytest
from hostile_records import TEXTS, poisoned
from junit_schema import assert_valid
from markdown_it import MarkdownIt
from rich.cells import cell_len

from degrade.report import junit, markdown, tabular, terminal
from degrade.report.notebook import record_html

RECORDS = ("severe", "generations")
CASES = [(name, kind) for name in RECORDS for kind in TEXTS]
every = pytest.mark.parametrize(("name", "kind"), CASES, ids=lambda at: at.replace(" ", "-"))
# Of a text: what may not be in it, wherever it is shown.
HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f\ud800-\udfff]"
)
LINKED = re.compile(
    r"[@#~^$]\w|(?<!\w)[!&]\d|https?://|\bwww\.|GH-\d|:\w+:|\b(?=[0-9a-f]*[a-f])[0-9a-f]{7,40}\b",
    re.IGNORECASE,
)
ALLOWED = {
    "heading", "paragraph", "inline", "table", "thead", "tbody", "tr", "th", "td", "bullet_list",
    "list_item", "html_block", "text", "strong", "code_inline", "softbreak",
}  # fmt: skip
FOLDING = re.compile(r"<details><summary>[^<>]*</summary>\n?|</details>\n?")


def tokens_of(text):
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    for token in parser.parse(text):
        yield token
        yield from token.children or ()


@every
def test_markdown_holds_no_link_mention_tag_or_heading_of_others(name, kind):
    text = markdown.REPORTER.render(poisoned(name, TEXTS[kind]))
    assert len(text) <= markdown.MOST
    assert not HIDDEN.search(text)
    found = list(tokens_of(text))
    kinds = {token.type.removesuffix("_open").removesuffix("_close") for token in found}
    assert kinds <= ALLOWED
    assert sum(token.type == "heading_open" for token in found) == 1
    for token in found:
        if token.type == "html_block":
            assert not FOLDING.sub("", token.content).strip(), token.content
        if token.type == "text":
            assert not LINKED.search(token.content), token.content


@every
def test_markdown_tables_keep_their_columns(name, kind):
    text = markdown.REPORTER.render(poisoned(name, TEXTS[kind]))
    plain = markdown.REPORTER.render(poisoned(name, "x"))
    assert tables_of(text) == tables_of(plain)


def tables_of(text):
    """Return how many cells each row of each table of the part that is not folded has."""
    rows = []
    for token in tokens_of(text.partition("<details>")[0]):
        if token.type == "tr_open":
            rows.append(0)
        if token.type in ("td_open", "th_open"):
            rows[-1] += 1
    return rows


@every
def test_no_cell_of_csv_is_a_formula_and_every_row_is_whole(name, kind):
    record = poisoned(name, TEXTS[kind])
    text = tabular.CSV.render(record)
    text.encode("utf-8")
    head, *rows = list(csv.reader(io.StringIO(text, newline="")))
    assert len(rows) == sum(len(each.findings) for each in record.comparisons)
    assert {len(row) for row in rows} == {len(head)}
    assert text.count("\n") == len(rows) + 1
    for row in rows:
        for cell in row:
            assert not HIDDEN.search(cell)
            if re.match(r"\s*[=+\-@＝＋－＠]", cell):
                float(cell)


@every
def test_parquet_holds_the_text_as_it_was(name, kind):
    record = poisoned(name, TEXTS[kind])
    rows = pq.read_table(io.BytesIO(tabular.PARQUET.render(record))).to_pylist()
    findings = [item for each in record.comparisons for item in each.findings]
    assert len(rows) == len(findings)
    for row, finding in zip(rows, findings, strict=True):
        halves = "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in finding.title)
        assert row["title"] == halves


@every
def test_junit_is_well_formed_and_valid(name, kind):
    text = junit.REPORTER.render(poisoned(name, TEXTS[kind]))
    root = ET.fromstring(text.encode("utf-8"))
    assert_valid(root)
    plain = ET.fromstring(junit.REPORTER.render(poisoned(name, "x")))
    assert [each.tag for each in root.iter()] == [each.tag for each in plain.iter()]
    for element in root.iter():
        for said in (element.text or "", *element.attrib.values()):
            assert not HIDDEN.search(said)
            assert max(map(len, said.split("\n"))) <= 1_000


class Tags(HTMLParser):
    """Collects tags, the names of attributes, and text."""

    def __init__(self):
        super().__init__()
        self.tags, self.attributes, self.open, self.text = set(), set(), [], []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        assert not any("url(" in (value or "") for _, value in attrs)
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)

    def handle_comment(self, data):
        raise AssertionError(data)


@every
def test_a_notebook_is_shown_text_and_tables_and_nothing_else(name, kind):
    shown = record_html(poisoned(name, TEXTS[kind]))
    assert len(shown) < 100_000
    parser = Tags()
    parser.feed(shown)
    parser.close()
    assert parser.open == []
    assert parser.tags <= {"div", "p", "b", "span", "small", "table", "tr", "th", "td"}
    assert parser.attributes <= {"style", "scope", "colspan"}
    assert not HIDDEN.search(shown)


@pytest.mark.parametrize("width", [60, 80, 120])
@every
def test_a_terminal_gets_nothing_but_text(name, kind, width):
    text = terminal.render(poisoned(name, TEXTS[kind]), width)
    assert not HIDDEN.search(text)
    assert max(map(cell_len, text.split("\n"))) <= width
