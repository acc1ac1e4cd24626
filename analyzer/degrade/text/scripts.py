"""Which scripts a text is written in, by its letters and their marks."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from degrade.compiled import kernel
from degrade.text.break_classes import CLASS_BITS, COUNTS, WordBreak
from degrade.text.hashing import U64, decode
from degrade.text.instructions import load
from degrade.text.unicode_tables import tables

# Blocks of Unicode, first and last code point; what in them is no letter does not count. Blocks
# that scripts share (punctuation, digits, symbols) are in none.
_BLOCKS: dict[str, tuple[tuple[int, int], ...]] = {
    "Latin": (
        (0x0041, 0x024F), (0x0250, 0x02AF), (0x1D00, 0x1DBF), (0x1E00, 0x1EFF), (0x2C60, 0x2C7F),
        (0xA720, 0xA7FF), (0xAB30, 0xAB6F), (0xFB00, 0xFB06), (0xFF21, 0xFF5A),
    ),
    "Greek": ((0x0370, 0x03FF), (0x1F00, 0x1FFF)),
    "Cyrillic": ((0x0400, 0x052F), (0x1C80, 0x1C8F), (0x2DE0, 0x2DFF), (0xA640, 0xA69F)),
    "Armenian": ((0x0530, 0x058F), (0xFB13, 0xFB17)),
    "Hebrew": ((0x0590, 0x05FF), (0xFB1D, 0xFB4F)),
    "Arabic": (
        (0x0600, 0x06FF), (0x0750, 0x077F), (0x0870, 0x08FF), (0xFB50, 0xFDFF), (0xFE70, 0xFEFE),
    ),
    "Devanagari": ((0x0900, 0x097F), (0xA8E0, 0xA8FF)),
    "Bengali": ((0x0980, 0x09FF),),
    "Gurmukhi": ((0x0A00, 0x0A7F),),
    "Gujarati": ((0x0A80, 0x0AFF),),
    "Odia": ((0x0B00, 0x0B7F),),
    "Tamil": ((0x0B80, 0x0BFF),),
    "Telugu": ((0x0C00, 0x0C7F),),
    "Kannada": ((0x0C80, 0x0CFF),),
    "Malayalam": ((0x0D00, 0x0D7F),),
    "Sinhala": ((0x0D80, 0x0DFF),),
    "Thai": ((0x0E00, 0x0E7F),),
    "Lao": ((0x0E80, 0x0EFF),),
    "Tibetan": ((0x0F00, 0x0FFF),),
    "Myanmar": ((0x1000, 0x109F), (0xA9E0, 0xA9FF), (0xAA60, 0xAA7F)),
    "Georgian": ((0x10A0, 0x10FF), (0x1C90, 0x1CBF), (0x2D00, 0x2D2F)),
    "Hangul": (
        (0x1100, 0x11FF), (0x3130, 0x318F), (0xA960, 0xA97F), (0xAC00, 0xD7FF), (0xFFA0, 0xFFDC),
    ),
    "Ethiopic": ((0x1200, 0x139F), (0x2D80, 0x2DDF), (0xAB00, 0xAB2F)),
    "Khmer": ((0x1780, 0x17FF),),
    "Kana": ((0x3040, 0x30FF), (0x31F0, 0x31FF), (0xFF66, 0xFF9F), (0x1B000, 0x1B16F)),
    "Han": ((0x3005, 0x3007), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF),
            (0x20000, 0x323AF)),
}  # fmt: skip
SCRIPTS: tuple[str, ...] = (*_BLOCKS, "other")
"""Hiragana and katakana are one, Kana: Japanese mixes them freely."""
_NO_LETTER, _MARK = 255, 254
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_NON_JOINER = 0x200C
_ASSIGNED = 0x32400
"""Beyond, there are no letters yet."""

_ALL_ASCII = U64(0x8080808080808080)
_TO_LOWER = U64(0x2020202020202020)
# Added to a byte below 0x80, these carry into its high bit from a, and from {, up.
_FROM_A = U64(0x1F1F1F1F1F1F1F1F)
_ABOVE_Z = U64(0x0505050505050505)
_ONES = U64(0x0101010101010101)
_SEVEN, _56 = U64(7), U64(56)
_NONE = U64(0)


@cache
def scripts_of_code_points() -> NDArray[np.uint8]:
    """Return the number of the script of every code point, or 255 for what is no letter.

    Marks that combine with a letter are 254: points and vowels of Arabic, Hebrew, Hindi or Thai,
    and accents written apart, which are of the script of their letter, whatever it is.
    Of 2**21 entries, so that whatever four bytes decode to is in it.
    """
    known = tables()
    codes = np.arange(_ASSIGNED)
    letters = known.words.classes[known.index[codes >> 7].astype(np.int64) << 7 | codes & 127]
    scripts = np.full(1 << 21, _NO_LETTER, dtype=np.uint8)
    scripts[:_ASSIGNED][letters & CLASS_BITS == WordBreak.EXTEND] = _MARK
    scripts[[_NON_JOINER, *_SKIN_TONES]] = _NO_LETTER
    scripts[:_ASSIGNED][letters & COUNTS != 0] = SCRIPTS.index("other")
    for number, blocks in enumerate(_BLOCKS.values()):
        for first, last in blocks:
            inside = scripts[first : last + 1]
            inside[inside < _MARK] = number
    scripts[ord("0") : ord("9") + 1] = _NO_LETTER
    return scripts


@kernel
def script_letters(
    lanes: NDArray[np.uint64], bounds: NDArray[np.int64], scripts: NDArray[np.uint8], kinds: int
) -> NDArray[np.int64]:
    """Return the letters of each of ``kinds`` scripts in each document, (documents, kinds).

    A mark counts as one more letter of the script of the letter before it; after none, not at all.
    """
    letters = np.zeros((len(bounds) - 1, kinds), dtype=np.int64)
    for document in range(len(bounds) - 1):
        position, end = bounds[document], bounds[document + 1]
        latin = _NONE
        last = _NO_LETTER
        while position < end:
            lane = load(lanes, position)
            if lane & _ALL_ASCII == _NONE and position + 8 <= end:
                low = lane | _TO_LOWER
                found = (low + _FROM_A) & ~(low + _ABOVE_Z) & _ALL_ASCII
                # The product adds up the bytes, each 0 or 1, in the highest one.
                last = 0 if found >> _56 else _NO_LETTER
                latin += ((found >> _SEVEN) * _ONES) >> _56
                position += 8
                continue
            code, size = decode(lane)
            position += size
            script = scripts[code]
            if script != _MARK:
                last = script
            if last < kinds:
                letters[document, last] += 1
        letters[document, 0] += np.int64(latin)
    return letters
