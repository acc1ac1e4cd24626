"""The classes that UAX #29 sorts code points into, and the bits stored beside them."""

from enum import IntEnum

CLASS_BITS = 0x1F
COUNTS = 0x20
WHITE = 0x40
FOLDS = 0x80


class WordBreak(IntEnum):
    """Word_Break, with Extended_Pictographic (WB3c) folded in."""

    OTHER = 0
    CR = 1
    LF = 2
    NEWLINE = 3
    EXTEND = 4
    ZWJ = 5
    REGIONAL_INDICATOR = 6
    FORMAT = 7
    KATAKANA = 8
    HEBREW_LETTER = 9
    ALETTER = 10
    SINGLE_QUOTE = 11
    DOUBLE_QUOTE = 12
    MIDNUMLET = 13
    MIDLETTER = 14
    MIDNUM = 15
    NUMERIC = 16
    EXTENDNUMLET = 17
    WSEGSPACE = 18
    PICTOGRAPHIC = 19
    PICTOGRAPHIC_ALETTER = 20


class SentenceBreak(IntEnum):
    """Sentence_Break."""

    OTHER = 0
    CR = 1
    LF = 2
    SEP = 3
    EXTEND = 4
    FORMAT = 5
    SP = 6
    LOWER = 7
    UPPER = 8
    OLETTER = 9
    NUMERIC = 10
    ATERM = 11
    SCONTINUE = 12
    STERM = 13
    CLOSE = 14
