"""Text to tokens, with punctuation and case, and back to text that reads as text.

A token is a word with the apostrophes and hyphens inside it and the curly one before it (*don’t*,
*’tis*), a number with the marks inside it (*50,000*, *6:30*), a mark of punctuation, or the break
between two paragraphs. Languages that put no space between words are not told into words.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterable
from functools import cache

PARAGRAPH = "\n\n"
_BEFORE = frozenset(",.;:!?)]}%’”»…।。") | {PARAGRAPH}
"""No space stands before these."""
_AFTER = frozenset("([{‘“«„‚¿¡$£€#―") | {PARAGRAPH}
"""No space stands after these."""
_BETWEEN = frozenset("—–/_") | {"--"}
"""No space stands on either side of these."""
_QUOTES = frozenset("\"'")
"""These open and close in turn."""


@cache
def _pattern() -> re.Pattern[str]:
    # A letter's marks belong to it; of these, \w knows none.
    marks = "".join(
        re.escape(chr(code))
        for code in range(sys.maxunicode + 1)
        if unicodedata.category(chr(code)).startswith("M")
    )
    word = f"[^\\W_](?:[^\\W_]|[{marks}])*"
    rest = rf"(?:[’'\-‐‑.,:](?:(?<![.,:])|(?<=\d.)(?=\d)){word})*"
    # Where no quotation ends, a curly apostrophe is of the word; a straight one may begin one.
    closing = re.escape("".join(sorted(_BEFORE - {PARAGRAPH})))
    cut = rf"’(?<![^\W_]’)(?<![{closing}{marks}]’){word}{rest}"
    return re.compile(rf"{word}{rest}|{cut}|\n\s*\n|--|[^\s]")


def tokens_of(text: str) -> list[str]:
    """Return the tokens of ``text``; other spaces than breaks between paragraphs are not kept."""
    found = _pattern().findall(text.strip().replace("\r\n", "\n"))
    return [PARAGRAPH if token[0] == "\n" else token for token in found]


def text_of(tokens: Iterable[str]) -> str:
    """Return ``tokens`` as text, with spaces where a typesetter puts them."""
    parts: list[str] = []
    opened: set[str] = set()
    last, tight = "", True
    for token in tokens:
        before, after = token in _BEFORE, token in _AFTER
        if token in _BETWEEN:
            # Two of a kind side by side would read as another token.
            before = after = token != last
        elif token in _QUOTES:
            before = token in opened
            after = not before
            opened ^= {token}
        elif token == PARAGRAPH:
            opened.clear()
        if not (before or tight):
            parts.append(" ")
        parts.append(token)
        last, tight = token, after
    return "".join(parts)
