"""Letters are counted by script."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest

from degrade.text.lanes import padded
from degrade.text.scripts import SCRIPTS, script_letters, scripts_of_code_points

# The first words of the names of letters, where they are not the script in capitals.
NAMES = {
    "CJK": "Han", "IDEOGRAPHIC": "Han", "HIRAGANA": "Kana", "KATAKANA": "Kana",
    "KATAKANA-HIRAGANA": "Kana", "ORIYA": "Odia",
}  # fmt: skip


def script_by_name(letter: str) -> str | None:
    """Return the script that the name of a letter begins with, None where it names none."""
    first = unicodedata.name(letter, "").partition(" ")[0]
    name = NAMES.get(first, first.capitalize())
    return name if name in SCRIPTS else None


def counted(*texts: str) -> list[dict[str, int]]:
    encoded = [text.encode("utf-8") for text in texts]
    data = np.frombuffer(b"".join(encoded), dtype=np.uint8)
    bounds = np.cumsum([0, *map(len, encoded)])
    _, lanes = padded(data)
    found = script_letters(lanes, bounds, scripts_of_code_points(), len(SCRIPTS))
    return [{SCRIPTS[s]: int(row[s]) for s in np.flatnonzero(row)} for row in found]


def test_letters_are_of_the_script_that_their_name_says():
    known = scripts_of_code_points()
    wrong, checked = [], 0
    for code in np.flatnonzero(known[:0x32400] != 255).tolist():
        letter = chr(code)
        said = script_by_name(letter)
        if said is None or not unicodedata.category(letter).startswith("L"):
            continue
        checked += 1
        if SCRIPTS[known[code]] != said:
            wrong.append((unicodedata.name(letter), code, SCRIPTS[known[code]]))
    assert checked > 100_000
    # Mathematical, phonetic and archaic letters beyond the blocks are of no script of their own;
    # phonetic blocks hold a dozen Greek ones among the Latin.
    phonetic = (*range(0x1D00, 0x1DC0), *range(0xAB30, 0xAB70))
    amiss = [said for said, code, script in wrong if script != "other" and code not in phonetic]
    assert amiss == []
    assert len(wrong) < 0.003 * checked


def test_what_is_no_letter_does_not_count():
    assert counted("0123456789 .,;!?()[]{}@`^_~|", "\u2014\u201c\u201d\u2026 \u00a0", "") == [
        {},
        {},
        {},
    ]


def test_scripts_are_told_apart_in_one_text():
    assert counted(
        "Hello, World", "Приве́т мир", "日本語のテキスト", "ελληνικά and Latin", "한국어 ภาษาไทย",
        "naïve Straße", "ሰላም Ⴀა", "ᚠᚢᚦ",
    ) == [
        {"Latin": 10}, {"Cyrillic": 10}, {"Kana": 5, "Han": 3}, {"Latin": 8, "Greek": 8},
        {"Thai": 7, "Hangul": 3}, {"Latin": 11}, {"Georgian": 2, "Ethiopic": 3}, {"other": 3},
    ]  # fmt: skip


def test_marks_count_with_the_letter_that_they_combine_with():
    known = scripts_of_code_points()
    marks = [c for c in range(0x323B0) if unicodedata.category(chr(c)).startswith("M")]
    # A few marks are letters by the tables, and of a script of their own.
    assert sum(known[code] == 255 for code in marks) < 0.02 * len(marks)
    assert counted(
        "بِسْمِ", "שָׁלוֹם", "हिन्दी", "ที่นี่", "e\u0301te\u0301 nai\u0308vely", "\u0301 1\u0301 \u0301",
        "👍🏽 \u200c",
    ) == [
        {"Arabic": 6}, {"Hebrew": 7}, {"Devanagari": 6}, {"Thai": 6}, {"Latin": 13}, {}, {},
    ]  # fmt: skip


@pytest.mark.kernel
# Hashes wrap around, of which Python warns where nothing is compiled.
@pytest.mark.filterwarnings("ignore:overflow encountered in scalar:RuntimeWarning")
def test_the_kernel_counts_as_a_loop_over_characters_does():
    rng = np.random.default_rng(5)
    known = scripts_of_code_points()
    ranges = (
        (0x20, 0x7F), (0x20, 0x7F), (0x80, 0x370), (0x370, 0x530), (0x580, 0x700), (0x900, 0xE80),
        (0x3000, 0x3100), (0x4E00, 0x5000), (0x1F000, 0x1F700), (0x20000, 0x20100),
    )  # fmt: skip
    texts = [""]
    for _ in range(60):
        first, last = ranges[rng.integers(len(ranges))]
        run = [chr(c) for c in rng.integers(first, last, rng.integers(0, 40))]
        ascii_run = [chr(c) for c in rng.integers(0x20, 0x7F, rng.integers(0, 40))]
        texts.append("".join([*ascii_run, *run, *ascii_run[:3]]))
    slow = []
    for text in texts:
        row: dict[str, int] = {}
        last = 255
        for script in (int(known[ord(letter)]) for letter in text):
            # A mark is of the script of the letter before it.
            last = last if script == 254 else script
            if last != 255:
                row[SCRIPTS[last]] = row.get(SCRIPTS[last], 0) + 1
        slow.append(row)
    assert counted(*texts) == slow
    assert len({name for row in slow for name in row}) > 8
