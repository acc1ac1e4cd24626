"""The word boundary rules of UAX #29 as an automaton; rule numbers are those of the annex."""

from enum import IntEnum
from itertools import product

import numpy as np
from numpy.typing import NDArray

from degrade.text.automaton import BREAK, PENDING, automaton
from degrade.text.break_classes import WordBreak as W

# Or-ed into a state: the last code point was a ZWJ, which WB3c sees through any other context.
JOINER = 0x10


class State(IntEnum):
    """What the rules need to know of the segment so far."""

    START = 0
    OTHER = 1
    CR = 2
    CLOSED = 3
    SPACE = 4
    REGIONAL = 5
    KATAKANA = 6
    LETTER = 7
    HEBREW = 8
    HEBREW_QUOTE = 9
    NUMERIC = 10
    EXTENDNUMLET = 11
    LETTER_MID = PENDING | 12
    HEBREW_DOUBLE = PENDING | 13
    NUMERIC_MID = PENDING | 14


_ALONE = {
    W.CR: State.CR,
    W.LF: State.CLOSED,
    W.NEWLINE: State.CLOSED,
    W.ZWJ: State.OTHER | JOINER,
    W.REGIONAL_INDICATOR: State.REGIONAL,
    W.KATAKANA: State.KATAKANA,
    W.HEBREW_LETTER: State.HEBREW,
    W.ALETTER: State.LETTER,
    W.PICTOGRAPHIC_ALETTER: State.LETTER,
    W.NUMERIC: State.NUMERIC,
    W.EXTENDNUMLET: State.EXTENDNUMLET,
    W.WSEGSPACE: State.SPACE,
}
_AHLETTER = (W.ALETTER, W.PICTOGRAPHIC_ALETTER, W.HEBREW_LETTER)
_MID_LETTER = (W.MIDLETTER, W.MIDNUMLET, W.SINGLE_QUOTE)
_MID_NUMBER = (W.MIDNUM, W.MIDNUMLET, W.SINGLE_QUOTE)
_LETTERS = (State.LETTER, State.HEBREW)
_WORDS = (*_LETTERS, State.NUMERIC, State.KATAKANA, State.EXTENDNUMLET)


def _joins() -> dict[tuple[int, int], int]:
    """Return the next state of every state and class that WB5 to WB16 do not part."""
    joins: dict[tuple[int, int], int] = {}

    def join(states: tuple[State, ...], classes: tuple[W, ...], to: State | None = None) -> None:
        for state, column in product(states, classes):
            joins[state, column] = _ALONE[column] if to is None else to

    join(_LETTERS, _AHLETTER)  # WB5
    join(_LETTERS, _MID_LETTER, State.LETTER_MID)  # WB6
    join((State.LETTER_MID, State.HEBREW_QUOTE), _AHLETTER)  # WB7
    join((State.HEBREW,), (W.SINGLE_QUOTE,), State.HEBREW_QUOTE)  # WB7a
    join((State.HEBREW,), (W.DOUBLE_QUOTE,), State.HEBREW_DOUBLE)  # WB7b
    join((State.HEBREW_DOUBLE,), (W.HEBREW_LETTER,))  # WB7c
    join((State.NUMERIC, *_LETTERS), (W.NUMERIC,))  # WB8, WB9
    join((State.NUMERIC,), _AHLETTER)  # WB10
    join((State.NUMERIC_MID,), (W.NUMERIC,))  # WB11
    join((State.NUMERIC,), _MID_NUMBER, State.NUMERIC_MID)  # WB12
    join((State.KATAKANA,), (W.KATAKANA,))  # WB13
    join(_WORDS, (W.EXTENDNUMLET,))  # WB13a
    join((State.EXTENDNUMLET,), (*_AHLETTER, W.NUMERIC, W.KATAKANA))  # WB13b
    join((State.REGIONAL,), (W.REGIONAL_INDICATOR,), State.OTHER)  # WB15, WB16
    return joins


_JOINS = _joins()


def _after(whole: int, column: int) -> int:
    state = whole & ~JOINER
    if state == State.START:
        return _ALONE.get(W(column), State.OTHER)
    if state == State.CR and column == W.LF:  # WB3
        return State.CLOSED
    if state in (State.CR, State.CLOSED):  # WB3a
        return BREAK
    # A pending state goes on to its own rules: if they part, the segment ended before this ZWJ.
    pictographic = column in (W.PICTOGRAPHIC, W.PICTOGRAPHIC_ALETTER)
    if whole & JOINER and pictographic and not state & PENDING:  # WB3c
        return _ALONE.get(W(column), State.OTHER)
    if state == State.SPACE and not whole & JOINER and column == W.WSEGSPACE:  # WB3d
        return State.SPACE
    if column in (W.EXTEND, W.FORMAT, W.ZWJ):  # WB4
        kept = State.OTHER if state == State.SPACE else state
        return kept | (JOINER if column == W.ZWJ else 0)
    return _JOINS.get((state, column), BREAK)  # WB3b, WB999


def word_automaton() -> NDArray[np.uint8]:
    """Return the step table of word segments."""
    return automaton((state | joiner for state in State for joiner in (0, JOINER)), W, _after)
