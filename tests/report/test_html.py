import dataclasses
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from example_records import (
    HOSTILE,
    RECORDS,
    bursting,
    everything,
    inherited,
    record,
    severe,
    unharmed,
)
from hypothesis import HealthCheck, given, settings

from degrade.exhibits import Evidence, Exemplar
from degrade.report.html import REPORTER
from degrade.report.outline import outline
from degrade.run import Run

CASES = everything()
VOID = {"meta", "link", "br", "hr", "img", "input", "!doctype"}


class Page(HTMLParser):
    """Reads a page strictly: every element is closed by its own end, in order."""

    def __init__(self, text):
        super().__init__()
        self.open, self.ids, self.tags, self.attributes, self.words = [], [], [], [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attributes]
        self.ids += [value for name, value in attributes if name == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        assert tag in VOID, tag
        self.handle_starttag(tag, attributes)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] not in ("style", "script"):
            self.words.append(data)

    @property
    def said(self):
        return " ".join(" ".join(self.words).split())


def render(name):
    return REPORTER.render(CASES[name])


def assert_sound(text):
    page = Page(text)
    assert len(page.ids) == len(set(page.ids))
    # One style and one script, both ours and named by their hash; nothing else can run.
    assert page.tags.count("script") == page.tags.count("style") == 1
    for tag, name, value in page.attributes:
        assert not name.startswith("on"), (tag, name)
        assert name not in ("src", "srcset", "style", "action", "formaction"), (tag, name)
        if name == "href":
            assert value.startswith("#"), value
    assert not re.search(r"url\(|@import|https?://", text)
    return page


@pytest.mark.parametrize("name", CASES)
def test_every_case_is_a_sound_page_that_asks_for_nothing(name):
    assert_sound(render(name))


@given(RECORDS)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_record_is_a_sound_page(record):
    text = REPORTER.render(record)
    assert_sound(text)
    text.encode("utf-8")


@pytest.mark.parametrize("name", CASES)
def test_links_within_the_page_lead_somewhere(name):
    page = Page(render(name))
    targets = {value[1:] for _, key, value in page.attributes if key == "href"}
    assert targets - set(page.ids) <= set()


@pytest.mark.parametrize("name", CASES)
def test_labels_name_what_is_there(name):
    page = Page(render(name))
    named = {value for _, key, value in page.attributes if key == "aria-labelledby"}
    assert named <= set(page.ids)


def test_the_policy_lets_only_this_style_and_this_script_run():
    text = render("severe")
    policy = next(
        value
        for tag, key, value in Page(text).attributes
        if tag == "meta" and "default-src" in value
    )
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy


def test_the_same_record_gives_the_same_bytes():
    for case in CASES.values():
        assert REPORTER.render(case) == REPORTER.render(dataclasses.replace(case))


def test_the_verdict_is_said_first_and_questions_come_in_their_order():
    page = Page(render("severe"))
    said = page.said
    assert said.index("Severe loss") < said.index("gen5 has lost rare words")
    places = [
        said.index(question)
        for question in (
            "gen5 has lost rare words", "How much?", "How sure?", "In what way?",
            "right honourable", "What should I do?",
        )
    ]  # fmt: skip
    assert places == sorted(places)


def texts(block):
    if isinstance(block, str):
        yield block
    elif isinstance(block, tuple):
        for item in block:
            yield from texts(item)


@pytest.mark.parametrize("name", ["severe", "unharmed", "undecided", "training", "generations"])
def test_what_the_outline_says_stands_on_the_page(name):
    said = outline(CASES[name])
    shown = Page(render(name)).said
    for section in said.sections:
        spoken = [said.headline, section.headline, section.badge, *section.basis, *section.needed]
        spoken += [row.title for block in section.families for row in block.rows]
        spoken += [row.note for block in section.families for row in block.rows]
        spoken += [row.interval for block in section.families for row in block.rows]
        spoken += [each.ngram for each in (*section.lost.rows, *section.gained.rows)]
        spoken += [part for each in section.advice for part in (each.words, each.command)]
        for text in filter(None, spoken):
            assert " ".join(text.split()).lower() in shown.lower(), text
    for text in (*said.warnings, said.settings):
        assert text in shown


def test_text_of_others_is_shown_and_runs_nothing():
    page = assert_sound(render("hostile"))
    # It is told from markup by its signs, which are there as text.
    assert "evil<script>" in page.said
    assert "\u202e" not in render("hostile")
    assert "\x1b" not in render("hostile")


LONG = "x" * 100_000


@pytest.mark.parametrize(
    "nasty",
    [
        '"><script>alert(1)</script>',
        "' onload='alert(1)",
        "</style></script><!--",
        "&lt;b&gt; &amp; ]]>",
        "a\u202eb\u2066c",
        "\ud83d\ude00 \U0001f600 \ud800",
        HOSTILE,
        LONG,
    ],
    ids=["tag", "attribute", "ends", "entities", "bidi", "surrogates", "terminal", "long"],
)
def test_hostile_words_stay_words_wherever_they_stand(nasty):
    place = f"before {nasty} after"
    shown = Exemplar(nasty, 1, 9, 0, 100, 90, 0.001, 0.01, place, 7, 7 + len(nasty), nasty)
    bad = dataclasses.replace(
        severe(),
        candidate=nasty,
        evidence=Evidence((shown,), (shown,), 1, 1, 2),
    )
    text = REPORTER.render(record(bad, candidate_name=nasty))
    page = assert_sound(text)
    assert page.tags.count("mark") == 2
    assert len(text) < 250_000


def test_a_run_file_of_before_says_which_charts_it_lacks():
    old = dataclasses.replace(CASES["severe"], curves=None, metrics=())
    said = Page(REPORTER.render(old)).said
    assert "No growth of the vocabulary: this run file was written before they were kept" in said
    assert "What each measure means" not in said
    assert "No growth" not in Page(render("severe")).said


def test_without_scripts_nothing_is_out_of_reach():
    page = Page(render("generations"))
    hidden = [tag for tag, key, _ in page.attributes if key == "hidden"]
    # Only tools that need the script are hidden until it runs.
    assert set(hidden) == {"div", "button"}
    assert page.said.count("gen5 has lost rare words") == 2


def test_colours_are_told_apart_by_words_too():
    page = Page(render("generations"))
    badges = page.said.count("▲▲▲ severe")
    assert badges >= 3


def test_a_run_writes_itself_as_a_page(tmp_path):
    run = Run(CASES["unharmed"])
    path = tmp_path / "report.html"
    assert run.to_html(path) == run.to_html()
    assert path.read_text(encoding="utf-8") == render("unharmed")
    run.save(tmp_path / "again.HTM")
    assert (tmp_path / "again.HTM").read_bytes() == path.read_bytes()


def test_thirty_generations_of_a_hundred_measures_stay_below_5_mb():
    many = tuple(
        dataclasses.replace(
            severe(),
            candidate=f"generation-{i}",
            findings=tuple(
                dataclasses.replace(each, metric=f"{each.metric}-{j}", primary=not j)
                for j in range(10)
                for each in severe().findings
            ),
            evidence=dataclasses.replace(
                severe().evidence,
                lost=severe().evidence.lost * 4,
                gained=severe().evidence.lost * 4,
                bursting=dataclasses.replace(bursting(), ngrams=bursting().ngrams[:1] * 20),
                inherited=dataclasses.replace(inherited(), ngrams=inherited().ngrams[:1] * 20),
            ),
        )
        for i in range(30)
    )
    text = REPORTER.render(record(*many))
    assert len(many[0].findings) == 100
    assert 1_000_000 < len(text.encode()) < 5_000_000


def test_a_page_of_nothing_says_so():
    empty = dataclasses.replace(record(), comparisons=())
    assert "Nothing was compared" in assert_sound(REPORTER.render(empty)).said


def test_one_candidate_has_no_switch_and_several_have():
    assert "candidate by candidate" not in Page(REPORTER.render(record(unharmed()))).said
    assert "candidate by candidate" in Page(render("generations")).said


def test_style_and_script_have_no_sign_that_could_end_them():
    folder = Path(REPORTER.render.__code__.co_filename).parent
    for name in ("style.css", "script.js"):
        content = (folder / name).read_text(encoding="utf-8")
        assert "</" not in content
        assert "<!--" not in content
