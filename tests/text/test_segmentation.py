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

from degrade.text.break_classes import COUNTS, SentenceBreak, WordBreak
from degrade.text.hashing import padded
from degrade.text.segmentation import first_bit, mask, word_bytes
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
    """Return the starts and ends in bytes of the words by the rules, if they count."""
    octets = text.encode("utf-8")
    for start, end in pairwise([0, *word_ends(text)]):
        word = octets[start:end].decode("utf-8")
        if any(look_up(tables().words.classes, ord(character)) & COUNTS for character in word):
            yield start, end


PLAIN = st.text(st.sampled_from("aZ19__'.,:;\"- \t\r\n\x00\x7f"), max_size=80)
PROSE = st.lists(st.sampled_from(["the", "isn't", "U.S.", "3.14", ",", " ", "__", "a" * 70]))


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(PLAIN, PROSE.map("".join), st.sampled_from("éß\u0301\u200d中א²:"))))
@example([" " * 63, "a"])
@example([" " * 60, "a'", "\u0301b"])
@example([" " * 61, "a'b", " " * 20])
@example([" " * 62, "_", "\u0301_", "_ _a" * 9])
@example(["," * 63, "\u0301\u200d\u2139", "x" * 64])
def test_blocks_of_ascii_hold_the_words_of_the_rules(parts):
    text = "".join(parts)[:250]
    octets = np.frombuffer(text.encode("utf-8"), dtype=np.uint8)
    for shift in (0, 1):
        bounds = np.array([0, shift, len(octets) + shift])
        data = np.append(np.full(shift, ord("a"), dtype=np.uint8), octets)
        found = segments_of(texts_of(data, bounds), tables().words, COUNTS)
        own = slice(found.bounds[1], None)
        spans = zip(found.starts[own] - shift, found.ends[own] - shift, strict=True)
        assert list(spans) == list(counting_words(text))


@pytest.mark.parametrize("length", [1, 7, 8, 9, 15, 16, 17, 64])
def test_a_long_word_is_one_whatever_its_place_in_memory(length):
    for shift in range(9):
        text = " " * shift + "x" * length + "'s" + "."
        ends = [len(text) - 1, len(text)]
        assert boundaries(text, tables().words) == ([shift, *ends] if shift else ends)


def test_word_bytes_are_ascii_letters_digits_and_the_underscore():
    for octet in range(256):
        for place in range(8):
            text = np.full(8, ord("-"), dtype=np.uint8)
            text[place] = octet
            inside = octet < 128 and (chr(octet).isalnum() or octet == ord("_"))
            found = mask(np.uint64(word_bytes(padded(text)[1][0])))
            assert found == (1 << place if inside else 0), (octet, place)


def test_the_first_bit_is_found():
    for number in range(64):
        for above in (0, 2**63, 2**64 - 2**number):
            assert first_bit(np.uint64(2**number | above)) == number


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=40), st.binary(max_size=10))
@example(b"a\xf4", b"b")
@example(b"\xff\xff\xff\xff", b"")
@example(b"a\x80\xe2\x80", b"\x80")
def test_damaged_utf8_ends_all_the_same(first, second):
    data = np.frombuffer(first + second, dtype=np.uint8)
    batch = texts_of(data, np.array([0, len(first), len(data)]))
    for rules in (tables().words, tables().sentences):
        found = segments_of(batch, rules)
        assert np.all(found.ends > found.starts)
        assert np.all(found.ends <= len(data) + 3)
