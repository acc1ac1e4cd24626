"""The README tells the truth: its examples run as written and print what it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from readme_examples import Example, examples, matches, shortened, workplace

HOUSE = Path(__file__).resolve().parents[2]
README = (HOUSE / "README.md").read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("page", ["README.md", "docs/reading-a-report.md"])
def test_every_example_runs_and_prints_what_the_page_says(page):
    # In order and in one place, because later examples read files that earlier ones wrote.
    wrong = []
    with workplace() as folder:
        for example in examples((HOUSE / page).read_text(encoding="utf-8")):
            status, printed = example.run(folder)
            if status != 0 or not example.promises(printed):
                wrong.append(f"$ {example.source}\n{printed}\n(exit status {status})")
    assert not wrong, "\n\n".join(wrong)


def test_every_file_that_the_readme_links_to_is_there():
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", README)
    assert [target for target in targets if not (HOUSE / target).exists()] == []


@pytest.mark.parametrize(
    ("expected", "printed", "same"),
    [
        ("a\nb", "a\nb", True),
        ("a\nb", "a\nc", False),
        ("a\n...\nd", "a\nb\nc\nd", True),
        ("a\n...", "a", True),
        ("a\n...", "b\nc", False),
        ("took ... s", "took 1.2 s", True),
        ("took ... s", "took 1.2 s\nb", False),
        ("", "a", False),
    ],
)
def test_the_readme_runner_tells_right_from_wrong(expected, printed, same):
    assert matches(expected, printed) is same


def test_the_readme_runner_finds_commands_and_scripts():
    text = "```console\n$ one\nout\n\n$ two\n```\n\n```sh\nthree\n```\n\n```python\nfour\n```\n"
    assert examples(text) == [
        Example("console", "one", "out"),
        Example("console", "two", ""),
        Example("python", "four\n"),
    ]


@pytest.mark.parametrize(
    ("expected", "printed", "left"),
    [
        ("a\nb", "c\nd\ne", "c\nd\ne"),
        ("a\n...", "b\nc\nd", "b\n..."),
        ("...\na", "b\nc\nd", "...\nd"),
        ("\na\n...", "\nb\nc", "\nb\n..."),
        ("a\n...\nm\nn\n...\nz", "b\nc\nm\no\np\ny", "b\n...\nm\no\n...\ny"),
        ("a\n...\nm\n...\nz", "b\nc\nd", "b\nc\nd"),
    ],
)
def test_what_an_example_leaves_out_is_left_out_again(expected, printed, left):
    assert shortened(expected, printed) == left
