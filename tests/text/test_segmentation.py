"""The segmenter finds the boundaries of UAX #29."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from uax29_reference import (
    boundaries,
    look_up,
    sentence_class,
    sentence_ends,
    word_class,
    word_ends,
)

from degrade.text.break_classes import COUNTS, FOLDS, SentenceBreak, WordBreak
from degrade.text.lanes import padded
from degrade.text.segmentation import counted_bytes, mask, shown_bytes, underscores
from degrade.text.spans import segments_of, texts_of
from degrade.text.unicode_tables import tables

# Without compiling, numpy's scalars warn where hashes are meant to wrap.
pytestmark = [
    pytest.mark.kernel,
    pytest.mark.filterwarnings("ignore:overflow encountered in scalar:RuntimeWarning"),
]

UNICODE = Path(__file__).parents[1] / "data" / "unicode"


def published(name):
    """Yield the texts of one of Unicode's test files, and where their segments end in bytes."""
    for line in (UNICODE / name).read_text(encoding="utf-8").splitlines():
        text, ends = "", []
        for mark in line.partition("#")[0].split()[1:]:
            if mark == "÷":
                ends.append(len(text.encode("utf-8")))
            elif mark != "×":
                text += chr(int(mark, 16))
        if text:
            yield text, ends


@pytest.mark.parametrize(
    ("name", "rules", "lines"),
    [
        ("WordBreakTest.txt", tables().words, 1823),
        ("SentenceBreakTest.txt", tables().sentences, 502),
    ],
    ids=["word", "sentence"],
)
def test_every_line_of_the_published_test_holds(name, rules, lines):
    cases = list(published(name))
    assert len(cases) == lines
    wrong = [(text, ends) for text, ends in cases if boundaries(text, rules) != ends]
    assert wrong == []


def examples_of(classify, classes):
    """Return a few characters of every class: from ASCII, and from wherever else there are some."""
    found = {each: [] for each in classes}
    for code in [*range(0x20000), *range(0xE0000, 0xE0100)]:
        if not 0xD800 <= code < 0xE000:
            held = found[classify(chr(code))]
            size = len(chr(code).encode("utf-8"))
            if sum(len(c.encode("utf-8")) == size for c in held) < 3:
                held.append(chr(code))
    assert all(found.values())
    return found


def texts(classify, classes):
    """Texts of characters of all classes alike: in prose, most rules never meet."""
    chosen = examples_of(classify, classes)
    each = [st.sampled_from(characters) for characters in chosen.values()]
    return st.text(st.one_of(*each), max_size=24)


@settings(max_examples=1000, deadline=None)
@given(texts(word_class, WordBreak))
@example("a:\u200d\u24c2")
@example("a:\u200d\N{WATCH}")
@example('\u05d0"\u0301\u05d0"x')
@example("1,\u00ad1,a")
@example("\U0001f1e6\u0301\U0001f1e6\u200d\U0001f1e6")
@example("a' \u0301'b")
@example("\r\n\u0301a")
def test_word_boundaries_are_those_of_the_rules(text):
    assert boundaries(text, tables().words) == word_ends(text)


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("aZ19_'.,:;\"- \t\r\n\x00\x7féß"), max_size=40))
def test_word_boundaries_of_plain_text_are_those_of_the_rules(text):
    assert boundaries(text, tables().words) == word_ends(text)


@settings(max_examples=1000, deadline=None)
@given(texts(sentence_class, SentenceBreak))
@example("A. \u0301\u00ad(1 a")
@example("A. \u0301\u00ad(1 A")
@example('x.\u0301A.\u0301"A')
@example("!\u0301) \u0301,a?\r\n\u0301.a")
def test_sentence_boundaries_are_those_of_the_rules(text):
    assert boundaries(text, tables().sentences) == sentence_ends(text)


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_boundaries_of_any_text_are_those_of_the_rules(text):
    assert boundaries(text, tables().words) == word_ends(text)
    assert boundaries(text, tables().sentences) == sentence_ends(text)


def counting_words(text):
    """Return starts, ends and bits of the words by the rules, in bytes, if they count."""
    octets = text.encode("utf-8")
    for start, end in pairwise([0, *word_ends(text)]):
        word = octets[start:end].decode("utf-8")
        bits = 0
        for character in word:
            bits |= look_up(tables().words.classes, ord(character)) & (COUNTS | FOLDS)
        if bits & COUNTS:
            yield start, end, bits


PLAIN = st.text(st.sampled_from("aZ19__'.,:;\"- \t\r\n\x00\x7f"), max_size=80)
PROSE = st.lists(st.sampled_from(["the", "isn't", "U.S.", "3.14", ",", " ", "__", "a" * 70]))
# Letters in one, two and three bytes, some that fold, and marks that part and that join.
TYPESET = st.text(st.sampled_from("aé1_ßÉЖжაᲐĳˈ’‘“”—… .'․·\u00a0\u0301\u200bªº中"), max_size=80)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.one_of(PLAIN, PROSE.map("".join), TYPESET, st.sampled_from("éß\u0301\u200d中א²:")))
)
@example([" " * 63, "a"])
@example([" " * 60, "a'", "\u0301b"])
@example([" " * 61, "a'b", " " * 20])
@example([" " * 62, "_", "\u0301_", "_ _a" * 9])
@example(["," * 63, "\u0301\u200d\u2139", "x" * 64])
@example([" " * 61, "’", "x"])
@example([" " * 59, "e’\u0301s", " " * 20])
@example([" " * 40, "l’É’é", " " * 40])
@example(["“", "É" * 30, "”—", "__ _é"])
def test_blocks_hold_the_words_of_the_rules(parts):
    text = "".join(parts)[:250]
    octets = np.frombuffer(text.encode("utf-8"), dtype=np.uint8)
    for shift in (0, 1):
        bounds = np.array([0, shift, len(octets) + shift])
        data = np.append(np.full(shift, ord("a"), dtype=np.uint8), octets)
        found = segments_of(texts_of(data, bounds), tables().words, COUNTS)
        own = slice(found.bounds[1], None)
        bits = found.held[own] & (COUNTS | FOLDS)
        spans = zip(found.starts[own] - shift, found.ends[own] - shift, bits, strict=True)
        assert list(spans) == list(counting_words(text))


@pytest.mark.parametrize("length", [1, 7, 8, 9, 15, 16, 17, 64])
def test_a_long_word_is_one_whatever_its_place_in_memory(length):
    for shift in range(9):
        text = " " * shift + "x" * length + "'s" + "."
        ends = [len(text) - 1, len(text)]
        assert boundaries(text, tables().words) == ([shift, *ends] if shift else ends)


@pytest.mark.parametrize(
    ("bytes_of", "has"),
    [
        (counted_bytes, str.isalnum),
        (underscores, "_".__eq__),
        (shown_bytes, lambda character: character > "\x20"),
    ],
    ids=["counted", "underscores", "shown"],
)
def test_bytes_of_ascii_are_told_apart_eight_at_a_time(bytes_of, has):
    for octet in range(256):
        for place in range(8):
            text = np.full(8, ord(" "), dtype=np.uint8)
            text[place] = octet
            found = mask(np.uint64(bytes_of(padded(text)[1][0])))
            assert found == (1 << place if octet < 128 and has(chr(octet)) else 0), (octet, place)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=100), st.binary(max_size=10))
@example(b"a\xf4", b"b")
@example(b"\x80" * 70, b"\x80")
@example(b"\xc3" * 70, b"\xe2\x80\x99" * 30)
@example(b"\xff\xff\xff\xff", b"")
@example(b"a\x80\xe2\x80", b"\x80")
def test_damaged_utf8_ends_all_the_same(first, second):
    data = np.frombuffer(first + second, dtype=np.uint8)
    batch = texts_of(data, np.array([0, len(first), len(data)]))
    for rules, wanted in (
        (tables().words, 0),
        (tables().words, COUNTS),
        (tables().sentences, 0),
        (tables().sentences, COUNTS),
    ):
        found = segments_of(batch, rules, wanted)
        assert np.all(found.ends > found.starts)
        assert np.all(found.ends <= len(data) + 3)
