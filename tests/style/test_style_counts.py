"""Marks and words of style, and names and numbers, against slow obvious versions."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from degrade import registry
from degrade.summaries import Need, Style
from degrade.text.document import Batch, Document
from degrade.text.lanes import padded
from degrade.text.layers import hash_text
from degrade.text.style_marks import MARKS, punctuation_of_code_points, style_marks
from degrade.text.style_words import FUNCTION_WORDS, HEDGE, HEDGES, style_table, style_words

overflowing = pytest.mark.filterwarnings("ignore:overflow encountered")


def marks(*texts):
    batch = Batch(Document(text, str(i)) for i, text in enumerate(texts))
    octets, lanes = padded(batch.data)
    found = style_marks(octets, lanes, batch.bounds, punctuation_of_code_points(), len(MARKS))
    return [{m: int(n) for m, n in zip(MARKS, row, strict=True) if n} for row in found]


SLOW = {
    "comma": "[,،、，]",
    "full stop": "[.。۔．।]",
    "question mark": "[?？؟]",
    "exclamation mark": "[!！]",
    "colon": "[:：]",
    "semicolon": "[;；؛]",
    "dash": "[–—―]",
    "quotation mark": '["“”„«»「」『』]',
    "bracket": "[([（［【]",
    "ellipsis": "…",
    "line": r"(?m)^[ \t]*[^ \t\n]",
    "list item": r"(?m)^[ \t]*(?:[-*+] |[•‣▪●◦⁃]|[0-9]{1,3}[.)] )",
    "heading": r"(?m)^[ \t]*#{1,6} ",
    "table row": r"(?m)^[ \t]*\|",
    "emphasis": r"(?<!\*)\*{2,3}(?!\*)|(?<!_)_{2,3}(?!_)",
    "code": "`+",
    "link": r"\]\(",
    "tag": "<[a-zA-Z/]",
}


@pytest.mark.kernel
@overflowing
@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.text(st.sampled_from("ab 1\n\t.,)(*_`#|-+<>/[]•“—…、é漢🙂"), max_size=40), max_size=3
    ),
    st.booleans(),
)
def test_marks_are_those_of_regular_expressions(texts, returns):
    given_texts = [text.replace("\n", "\r\n") if returns else text for text in texts]
    for text, found in zip(texts, marks(*given_texts), strict=True):
        slow = {mark: len(re.findall(SLOW[mark], text)) for mark in MARKS}
        assert found == {mark: n for mark, n in slow.items() if n}


@pytest.mark.kernel
@overflowing
def test_a_long_plain_stretch_hides_no_mark():
    for at in range(30):
        plain = "Letters and spaces " * 3
        text = f"x{plain[:at]},{plain}"
        assert marks(text) == [{"comma": 1, "line": 1}]
        assert marks(f"{plain[:at]}\n# {plain}")[0] == {
            "line": 2 if plain[:at].strip() else 1, "heading": 1,
        }  # fmt: skip


def test_markdown_is_seen_as_what_it_is():
    text = """# Title

Some **bold** and `code`, a [link](https://x.org/a).

- one
* two
10. three
| a | b |

<p>end</p> 3.14 2024. -5"""
    (found,) = marks(text)
    assert {k: found[k] for k in ("heading", "list item", "table row", "emphasis", "code", "link",
                                  "tag", "line")} == {
        "heading": 1, "list item": 3, "table row": 1, "emphasis": 2, "code": 2, "link": 1,
        "tag": 2, "line": 7,
    }  # fmt: skip


@pytest.mark.kernel
@overflowing
@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.lists(
            st.sampled_from(["the", "perhaps", "could", "Der", "zebra", "い", "的"]), max_size=30
        ),
        max_size=5,
    )
)
def test_words_of_style_are_counted_by_group(documents):
    groups = np.array([7 * i % 5 for i in range(len(documents))], dtype=np.uint8)
    symbols = np.array([hash_text(w) for d in documents for w in d], dtype=np.uint64)
    bounds = np.cumsum([0, *map(len, documents)])
    known = style_table()
    counts = np.zeros((5, HEDGE + 1), dtype=np.int64)
    style_words(symbols, bounds, groups, known.symbols, known.columns, known.hedges, counts)
    for group in range(5):
        words = Counter(
            w.lower() for d, g in zip(documents, groups, strict=True) if g == group for w in d
        )
        for column, word in enumerate(FUNCTION_WORDS):
            assert counts[group, column] == words[word]
        assert counts[group, HEDGE] == sum(words[word] for word in HEDGES)


def test_every_word_listed_is_one_word_of_its_layer_or_is_found_by_no_other():
    known = style_table()
    assert len(np.flatnonzero(known.columns >= 0)) == len(FUNCTION_WORDS)
    english = ["the", "of", "perhaps", "would"]
    layer = registry.layer("word")
    style = Style(Need(Style, layer="word"))
    style.update(Batch([Document("The of, perhaps WOULD zebra")]), {"word": layer})
    counted = style.function_words.sum(axis=0)
    assert int(style.words.sum()) == 5
    assert {w for w in FUNCTION_WORDS if counted[FUNCTION_WORDS.index(w)]} <= {*english}
    assert counted[HEDGE] == 2


def picked(kind, *texts):
    batch = Batch(Document(text, str(i)) for i, text in enumerate(texts))
    found = batch.segments(registry.layer(kind))
    spans = zip(found.starts.tolist(), found.ends.tolist(), strict=True)
    words = [batch.data[a:b].tobytes().decode("utf-8") for a, b in spans]
    assert [hash_text(word) for word in words] == found.symbols.tolist()
    return [words[a:b] for a, b in pairwise(found.bounds.tolist())]


def test_names_are_capitalized_words_within_a_sentence():
    assert picked(
        "name",
        "The queen saw John, Paul and Anne-Marie. Then Élodie left; She sang “Yes” to O'Brien.",
        "Today I said I'm in\nParis\n\nLondon (Rome) calls IBM",
        "Κύριε, ο Σωκράτης. 李白 на Волге",
        "",
        "Alone",
    ) == [
        ["John", "Paul", "Anne", "Marie", "Élodie", "O'Brien"],
        ["Paris", "IBM"],
        ["Σωκράτης", "Волге"],
        [],
        [],
    ]


def test_numbers_are_words_that_hold_a_digit():
    assert picked("number", "In 1984, a 4th of 3.5 and B2B, not one; ٣٤ १२", "none") == [
        ["1984", "4th", "3.5", "B2B", "٣٤", "१२"],
        [],
    ]


@pytest.mark.kernel
@overflowing
@settings(max_examples=150, deadline=None)
@given(st.text(st.sampled_from("aB 1I'.,-\nÉß漢"), max_size=40))
def test_picked_words_are_words(text):
    batch = Batch([Document(text)])
    words = batch.segments(registry.layer("word"))
    spans = list(zip(words.starts.tolist(), words.ends.tolist(), strict=True))
    raw = batch.data.tobytes()
    names, numbers = [], []
    for before, (start, end) in zip([None, *spans], spans, strict=False):
        word = raw[start:end].decode()
        if any(c.isdigit() for c in word):
            numbers.append(word)
        if before is None or len(word) < 2 or not word[0].isupper() or word.startswith("I'"):
            continue
        gap = raw[before[1] : start].decode()
        if not set(gap) - set(" \t\r\n,-'") and gap.count("\n") < 2:
            names.append(word)
    assert picked("name", text) == [names]
    assert picked("number", text) == [numbers]
