"""The report as a comment on a pull request, and as the summary of a job."""

import dataclasses

import pytest
from example_records import comparison, everything, finding, record, severe
from markdown_it import MarkdownIt

from degrade.report import markdown
from degrade.report.markdown_text import code, words
from degrade.report.outline import outline, worst_of

CASES = everything()


def html(text):
    return MarkdownIt("commonmark").enable("table").render(text)


def shown(text):
    """Return what a reader sees, in one line."""
    import re
    from html import unescape

    return " ".join(unescape(re.sub("<[^>]+>", " ", html(text))).replace("\u200b", "").split())


@pytest.mark.parametrize("name", CASES)
def test_it_says_what_the_outline_says_in_the_order_in_which_it_is_asked(name):
    said = outline(CASES[name])
    worst = worst_of(said.sections)
    text = shown(markdown.REPORTER.render(CASES[name]))
    places = [
        text.index(" ".join(words_of.split()))
        for words_of in (
            worst.badge.capitalize(),
            said.headline,
            worst.families[0].name,
            worst.basis[0],
            "What to do",
            "How to read this",
        )
    ]
    assert places == sorted(places)
    for block in worst.families:
        for row in block.rows:
            for figure in (row.title, row.reference, row.candidate, row.change, row.interval):
                assert " ".join(figure.split()) in text
    for warning in said.warnings:
        assert " ".join(warning.split()) in text


def test_evidence_stands_in_its_context():
    text = markdown.REPORTER.render(CASES["severe"])
    assert "- 41 → 0: `right honourable` in `He begged to ask the [right honourable] gentl" in text


def test_every_candidate_has_a_row_and_is_folded_away():
    text = markdown.REPORTER.render(CASES["generations"])
    made = html(text)
    assert all(f"<td>{name}</td>" in made for name in ("gen0", "gen1", "gen5"))
    assert made.index("<strong>gen5</strong>, the worst") < made.index("<summary>gen1: not enough")


def test_a_hundred_candidates_fit_and_what_is_left_out_is_counted():
    base = dataclasses.replace(severe(), evidence=severe().evidence)
    many = [dataclasses.replace(base, candidate=f"generation-{i}") for i in range(100)]
    text = markdown.REPORTER.render(record(*many))
    assert len(text) <= markdown.MOST
    assert "… 60 more" in text
    assert "generation-99" in text
    assert text.rstrip().endswith("parts are in the run file.")
    assert markdown.REPORTER.render(record(*many)) == text


def test_long_lists_are_cut_with_a_count():
    cautions = tuple(
        dataclasses.replace(CASES["severe"].warnings[0], message=f"No {i}.") for i in range(30)
    )
    text = markdown.REPORTER.render(dataclasses.replace(CASES["severe"], warnings=cautions))
    assert "- … 22 more in the run file" in text


def test_measures_alone_are_shown_though_none_is_of_the_verdict():
    alone = comparison("new", "none", (finding("mattr", (0.7, 0.6), (-0.1, -0.2, 0)),), families={})
    assert "Moving-average" in markdown.REPORTER.render(record(alone))


def test_a_run_without_a_comparison_says_so():
    assert shown(markdown.REPORTER.render(record())).startswith("Nothing was compared")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("27.5% kept", "27.5% kept"),
        ("-37.9% [-39.7, -36.0]", "-37.9% \\[-39.7, -36.0\\]"),
        ("1. one", "1\\. one"),
        ("- one", "\\- one"),
        ("rare_loss_2", "rare\\_loss\\_2"),
        ("seed 8388608, x", "seed 8388608, x"),
        ("deadbee", "dead&#8203;bee"),
        ("a@b", "a@&#8203;b"),
    ],
)
def test_only_what_would_take_effect_is_escaped(text, expected):
    assert words(text) == expected


def test_a_code_span_holds_any_ticks():
    for text in ("a`b", "``", "`a", "a`", "` `"):
        assert html(code(text)) == f"<p><code>{text}</code></p>\n"
