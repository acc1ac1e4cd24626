"""The tables hold what Unicode says."""

from __future__ import annotations

import os
import subprocess
import sys
import unicodedata
from pathlib import Path

import numpy as np
import pytest

from degrade.text.break_classes import COUNTS, FOLDS, WHITE
from degrade.text.unicode_tables import tables, unicode_version

ROOT = Path(__file__).parents[2]
UNICODE_DATA = Path(os.environ.get("UNICODE_DATA", "/usr/share/unicode"))
# Whether this Python knows no character that the tables do not.
NEWER = tuple(map(int, unicodedata.unidata_version.split("."))) > (15, 0, 0)
ASSIGNED = [
    code for code in range(0x110000) if unicodedata.category(chr(code)) not in ("Cn", "Cs", "Co")
]


def every(values):
    """Return the entry of a second stage for every code point."""
    known = tables()
    codes = np.arange(0x110000)
    return values[known.index[codes >> 7].astype(np.int64) << 7 | codes & 127]


def test_the_tables_are_those_of_the_version_they_name():
    assert unicode_version() == "15.0.0"
    for name in ("WordBreakTest", "SentenceBreakTest"):
        file = ROOT / "tests" / "data" / "unicode" / f"{name}.txt"
        assert file.read_text(encoding="utf-8").startswith(f"# {name}-{unicode_version()}.txt")


def test_letters_numbers_and_ideographs_count():
    counts = every(tables().words.classes) & COUNTS != 0
    # The one ideographic property that is no letter: a filler of Khitan.
    wrong = [
        code
        for code in ASSIGNED
        if counts[code] != (unicodedata.category(chr(code))[0] in "LN" or code == 0x16FE4)
        if counts[code] or not NEWER
    ]
    assert wrong == []


def test_folding_is_casefold_where_that_is_one_character():
    distances = every(tables().folding)
    wrong = [
        code
        for code in ASSIGNED
        if len(folded := chr(code).casefold()) == 1
        if ord(folded) != code + distances[code]
        if distances[code] or not NEWER
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("character", "folded"), [("ẞ", "ß"), ("ß", "ß"), ("ᾈ", "ᾀ"), ("İ", "İ"), ("ŉ", "ŉ")]
)
def test_folding_is_simple_where_casefold_is_longer(character, folded):
    assert len(character.casefold()) > 1 or character == "ß"
    assert chr(ord(character) + every(tables().folding)[ord(character)]) == folded


def test_folding_twice_is_folding_once():
    distances = every(tables().folding)
    codes = np.arange(0x110000)
    assert np.all(distances[codes + distances] == 0)


def test_white_space_is_that_of_python_without_its_four_separators():
    white = every(tables().words.classes) & WHITE != 0
    spaces = {code for code in range(0x110000) if chr(code).isspace()}
    assert set(np.flatnonzero(white).tolist()) == spaces - {0x1C, 0x1D, 0x1E, 0x1F}


def test_the_bits_are_the_same_for_words_and_sentences():
    bits = COUNTS | FOLDS | WHITE
    known = tables()
    assert np.array_equal(known.words.classes & bits, known.sentences.classes & bits)


def test_folds_is_set_for_what_folds_beyond_ascii():
    folds = every(tables().words.classes) & FOLDS != 0
    changes = every(tables().folding) != 0
    assert np.array_equal(folds[128:], changes[128:])
    assert not folds[:128].any()


def test_the_script_makes_the_same_bytes(tmp_path):
    if not (UNICODE_DATA / "PropList.txt").exists():
        pytest.skip(f"no Unicode data in {UNICODE_DATA}; name its folder with UNICODE_DATA")
    made = tmp_path / "unicode.npz"
    script = ROOT / "tools" / "make_unicode_tables.py"
    subprocess.run([sys.executable, script, UNICODE_DATA, made], check=True)
    stored = ROOT / "analyzer" / "degrade" / "text" / "unicode.npz"
    assert made.read_bytes() == stored.read_bytes()
