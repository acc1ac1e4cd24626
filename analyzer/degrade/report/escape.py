"""Text of others, made safe to show."""

from __future__ import annotations

import re
import unicodedata

# Whole terminal sequences go, so that no stray "[31m" is left of them: commands with parameters,
# and titles or links up to their end. An unfinished one loses only its introducer, below.
_SEQUENCES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c\n]{0,200}(?:\x07|\x1b\\|\x9c)"
)
_SPACES = re.compile(r"[\t\n\v\f\r\x85\u2028\u2029]+")
# Filler letters and blanks that no category gives away, and that take no room or hide a name.
_INVISIBLE = frozenset("\u115f\u1160\u3164\uffa0\u034f\u17b4\u17b5")


def plain(text: str) -> str:
    """Return ``text`` in one line, without control sequences, bidi overrides and invisible signs.

    Line breaks and tabs become one space; half a surrogate pair becomes U+FFFD.
    """
    if text.isascii() and text.isprintable():
        return text
    text = _SPACES.sub(" ", _SEQUENCES.sub("", text))
    return "".join(filter(None, map(_shown, text)))


def shortened(text: str, most: int) -> str:
    """Return ``text`` in at most ``most`` characters, with an ellipsis where something is gone."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _shown(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Cc", "Cf") or character in _INVISIBLE or _is_noncharacter(character):
        return ""
    return "\ufffd" if category == "Cs" else character


def _is_noncharacter(character: str) -> bool:
    code = ord(character)
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
