"""Punctuation, lists and markup: what a text is dressed in, by marks and lines."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from degrade.compiled import kernel
from degrade.text.hashing import U64, decode
from degrade.text.instructions import first_bit, load
from degrade.text.segmentation import mask

_PUNCTUATION = {
    "comma": ",،、，",
    "full stop": ".。۔．।",
    "question mark": "?？؟",
    "exclamation mark": "!！",
    "colon": ":：",
    "semicolon": ";；؛",
    "dash": "–—―",
    "quotation mark": '"“”„«»「」『』',
    "bracket": "([（［【",
    "ellipsis": "…",
}
_LINES = ("line", "list item", "heading", "table row")
_MARKUP = ("emphasis", "code", "link", "tag")
MARKS: tuple[str, ...] = (*_PUNCTUATION, *_LINES, *_MARKUP)
"""What is counted: marks of punctuation; lines that are not blank, and those among them that are
list items, headings or rows of a table; runs of two or three asterisks or underscores, runs of
backticks, links of Markdown and tags of HTML."""
PUNCTUATION = len(_PUNCTUATION)
"""The first so many of ``MARKS`` are punctuation."""

LINE, ITEM, HEADING, ROW, EMPHASIS, CODE, LINK, TAG = range(PUNCTUATION, len(MARKS))
_LF, _CR, _SPACE, _TAB = 0x0A, 0x0D, 0x20, 0x09
_HASH, _BAR, _STAR, _UNDER, _TICK = ord("#"), ord("|"), ord("*"), ord("_"), ord("`")
_LESS, _SLASH, _CLOSE, _OPEN = ord("<"), ord("/"), ord("]"), ord("(")
_BULLETS = (0x2022, 0x2023, 0x25AA, 0x25CF, 0x25E6, 0x2043)
_NONE = 255
_PLAIN = U64(0)
_SEVEN = U64(0x7F7F7F7F7F7F7F7F)
_HIGH = U64(0x8080808080808080)
_CASE = U64(0x2020202020202020)
# Added to the low seven bits of a byte, each carries into its high bit from that character up.
_FROM_A, _ABOVE_Z = U64(0x1F1F1F1F1F1F1F1F), U64(0x0505050505050505)
_KNOWN = 1 << 16


@cache
def punctuation_of_code_points() -> NDArray[np.uint8]:
    """Return the number in ``MARKS`` of every code point below 2**16, 255 for what is none."""
    marks = np.full(_KNOWN, _NONE, dtype=np.uint8)
    for number, characters in enumerate(_PUNCTUATION.values()):
        for character in characters:
            marks[ord(character)] = number
    return marks


@kernel
def _letter(octet: np.int64) -> bool:
    return bool(0x61 <= (octet | 0x20) <= 0x7A)


@kernel
def style_marks(
    data: NDArray[np.uint8],
    lanes: NDArray[np.uint64],
    bounds: NDArray[np.int64],
    punctuation: NDArray[np.uint8],
    kinds: int,
) -> NDArray[np.int64]:
    """Return how many of each of the ``kinds`` of marks are in each document, (documents, kinds).

    A list item begins with -, * or + and a space, with a bullet, or with one to three digits, a
    full stop or bracket and a space; a heading with one to six # and a space; a row with |. White
    space before them does not count.
    """
    found = np.zeros((len(bounds) - 1, kinds), dtype=np.int64)
    for document in range(len(bounds) - 1):
        i, stop = bounds[document], bounds[document + 1]
        fresh = True
        while i < stop:
            if not fresh and i + 8 <= stop:
                # Eight letters or spaces hold no mark.
                lane = load(lanes, i)
                low = (lane & _SEVEN) | _CASE
                letter = (low + _FROM_A) & ~(low + _ABOVE_Z)
                space = ~(((lane & _SEVEN) ^ _CASE) + _SEVEN)
                rest = (~(letter | space) | lane) & _HIGH
                if rest == _PLAIN:
                    i += 8
                    continue
                i += first_bit(mask(rest))
            octet = np.int64(data[i])
            if octet in (_LF, _CR):
                fresh = True
                i += 1
                continue
            if fresh and octet != _SPACE and octet != _TAB:
                fresh = False
                found[document, LINE] += 1
                if octet == _BAR:
                    found[document, ROW] += 1
                elif octet == _HASH:
                    end = i
                    while end < stop and data[end] == _HASH:
                        end += 1
                    if end < stop and end - i <= 6 and data[end] == _SPACE:
                        found[document, HEADING] += 1
                elif octet in (0x2D, _STAR, 0x2B):
                    if i + 1 < stop and data[i + 1] == _SPACE:
                        found[document, ITEM] += 1
                elif 0x30 <= octet <= 0x39:
                    end = i
                    while end < stop and end - i < 4 and 0x30 <= data[end] <= 0x39:
                        end += 1
                    if (
                        end - i < 4
                        and end + 1 < stop
                        and (data[end] == 0x2E or data[end] == 0x29)
                        and data[end + 1] == _SPACE
                    ):
                        found[document, ITEM] += 1
                elif octet == 0xE2 and decode(load(lanes, i))[0] in _BULLETS:
                    found[document, ITEM] += 1
            if octet >= 0x80:
                code, size = decode(load(lanes, i))
                if code < _KNOWN and punctuation[code] != _NONE:
                    found[document, punctuation[code]] += 1
                i += size
                continue
            if _letter(octet) or octet == _SPACE:
                i += 1
                continue
            if punctuation[octet] != _NONE:
                found[document, punctuation[octet]] += 1
            elif octet in (_STAR, _UNDER, _TICK):
                end = i
                while end < stop and data[end] == octet:
                    end += 1
                if octet == _TICK:
                    found[document, CODE] += 1
                elif 2 <= end - i <= 3:
                    found[document, EMPHASIS] += 1
                i = end
                continue
            elif i + 1 < stop:
                after = np.int64(data[i + 1])
                if octet == _CLOSE and after == _OPEN:
                    found[document, LINK] += 1
                elif octet == _LESS and (_letter(after) or after == _SLASH):
                    found[document, TAG] += 1
            i += 1
    return found
