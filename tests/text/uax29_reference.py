"""The boundary rules of UAX #29, slowly: one rule after the other, looked at from each place."""

from __future__ import annotations

import numpy as np

from degrade.text.break_classes import CLASS_BITS
from degrade.text.break_classes import SentenceBreak as S
from degrade.text.break_classes import WordBreak as W
from degrade.text.spans import segments_of, texts_of
from degrade.text.unicode_tables import tables

NEWLINES = (W.CR, W.LF, W.NEWLINE)
PICTOGRAPHS = (W.PICTOGRAPHIC, W.PICTOGRAPHIC_ALETTER)
IGNORED = (W.EXTEND, W.FORMAT, W.ZWJ)
AHLETTER = (W.ALETTER, W.PICTOGRAPHIC_ALETTER, W.HEBREW_LETTER)
MIDNUMLETQ = (W.MIDNUMLET, W.SINGLE_QUOTE)
PARASEP = (S.SEP, S.CR, S.LF)
SATERM = (S.ATERM, S.STERM)


def look_up(values, code):
    """Return the entry of a second stage for a code point."""
    return int(values[int(tables().index[code >> 7]) * 128 + code % 128])


def word_class(character):
    return W(look_up(tables().words.classes, ord(character)) & CLASS_BITS)


def sentence_class(character):
    return S(look_up(tables().sentences.classes, ord(character)) & CLASS_BITS)


def boundaries(text, rules):
    """Return where the kernel ends the segments of ``text``, in bytes."""
    octets = np.frombuffer(text.encode("utf-8"), dtype=np.uint8)
    return segments_of(texts_of(octets, np.array([0, len(octets)])), rules).ends.tolist()


def expected(text, parts):
    """Return in bytes where segments end: before the characters at which ``parts`` is true."""
    return [len(text[:i].encode("utf-8")) for i in range(1, len(text)) if parts(i)] + (
        [len(text.encode("utf-8"))] if text else []
    )


def word_ends(text):
    classes = [word_class(character) for character in text]
    return expected(text, lambda i: word_parts(classes, i))


def before(classes, i):
    """Return the place of the class that counts before ``i`` (WB4), or -1."""
    i -= 1
    while i >= 0 and classes[i] in IGNORED:
        i -= 1
    return i if i >= 0 and classes[i] not in NEWLINES else -1


def word_parts(classes, i):
    a, b = classes[i - 1], classes[i]
    if (a, b) == (W.CR, W.LF):  # WB3
        return False
    if a in NEWLINES or b in NEWLINES:  # WB3a, WB3b
        return True
    if a == W.ZWJ and b in PICTOGRAPHS:  # WB3c
        return False
    if a == b == W.WSEGSPACE:  # WB3d
        return False
    if b in IGNORED:  # WB4
        return False
    at = before(classes, i)
    a = classes[at] if at >= 0 else W.OTHER
    at = before(classes, at) if at >= 0 else -1
    a_before = classes[at] if at >= 0 else W.OTHER
    rest = [c for c in classes[i + 1 :] if c not in IGNORED]
    b_after = rest[0] if rest else W.OTHER
    joins = (
        (a in AHLETTER and b in AHLETTER)  # WB5
        or (a in AHLETTER and b in (W.MIDLETTER, *MIDNUMLETQ) and b_after in AHLETTER)  # WB6
        or (a_before in AHLETTER and a in (W.MIDLETTER, *MIDNUMLETQ) and b in AHLETTER)  # WB7
        or (a == W.HEBREW_LETTER and b == W.SINGLE_QUOTE)  # WB7a
        or (a == W.HEBREW_LETTER and b == W.DOUBLE_QUOTE and b_after == W.HEBREW_LETTER)  # WB7b
        or (a_before == W.HEBREW_LETTER and a == W.DOUBLE_QUOTE and b == W.HEBREW_LETTER)  # WB7c
        or (a == W.NUMERIC and b == W.NUMERIC)  # WB8
        or (a in AHLETTER and b == W.NUMERIC)  # WB9
        or (a == W.NUMERIC and b in AHLETTER)  # WB10
        or (a_before == W.NUMERIC and a in (W.MIDNUM, *MIDNUMLETQ) and b == W.NUMERIC)  # WB11
        or (a == W.NUMERIC and b in (W.MIDNUM, *MIDNUMLETQ) and b_after == W.NUMERIC)  # WB12
        or (a == W.KATAKANA and b == W.KATAKANA)  # WB13
        or (
            a in (*AHLETTER, W.NUMERIC, W.KATAKANA, W.EXTENDNUMLET) and b == W.EXTENDNUMLET
        )  # WB13a
        or (a == W.EXTENDNUMLET and b in (*AHLETTER, W.NUMERIC, W.KATAKANA))  # WB13b
    )
    if joins:
        return False
    flags, at = 0, before(classes, i)
    while at >= 0 and classes[at] == W.REGIONAL_INDICATOR:
        flags, at = flags + 1, before(classes, at)
    return not (b == W.REGIONAL_INDICATOR and flags % 2 == 1)  # WB15, WB16, WB999


def sentence_ends(text):
    classes = [sentence_class(character) for character in text]
    return expected(text, lambda i: sentence_parts(classes, i))


def sentence_parts(classes, i):
    if (classes[i - 1], classes[i]) == (S.CR, S.LF):  # SB3
        return False
    if classes[i - 1] in PARASEP:  # SB4
        return True
    if classes[i] in (S.EXTEND, S.FORMAT):  # SB5
        return False
    left = [
        c
        for j, c in enumerate(classes[:i])
        if c not in (S.EXTEND, S.FORMAT) or j == 0 or classes[j - 1] in PARASEP
    ]
    right = [c for c in classes[i:] if c not in (S.EXTEND, S.FORMAT)]
    b = right[0]
    if left[-1] == S.ATERM and b == S.NUMERIC:  # SB6
        return False
    if len(left) > 1 and left[-2] in (S.UPPER, S.LOWER) and left[-1] == S.ATERM and b == S.UPPER:
        return False  # SB7
    end = len(left)
    paragraph = left[end - 1] in PARASEP
    spaces = end
    while spaces and left[spaces - 1] == S.SP:
        spaces -= 1
    close = spaces
    while close and left[close - 1] == S.CLOSE:
        close -= 1
    term = left[close - 1] if close and left[close - 1] in SATERM else None
    if paragraph or term is None:  # SB998
        return False
    for c in right if term == S.ATERM else ():  # SB8
        if c == S.LOWER:
            return False
        if c in (S.OLETTER, S.UPPER, *PARASEP, *SATERM):
            break
    if b in (S.SCONTINUE, *SATERM):  # SB8a
        return False
    if spaces == end and b in (S.CLOSE, S.SP, *PARASEP):  # SB9
        return False
    return b not in (S.SP, *PARASEP)  # SB10, SB11
