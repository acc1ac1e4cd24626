"""The sentence boundary rules of UAX #29 as an automaton; rule numbers are those of the annex."""

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from degrade.text.automaton import BREAK, PENDING, automaton
from degrade.text.break_classes import SentenceBreak as S


class State(IntEnum):
    """What the rules need to know of the segment so far."""

    START = 0
    PLAIN = 1
    CASED = 2
    CR = 3
    CLOSED = 4
    ATERM = 5
    CASED_ATERM = 6
    ATERM_CLOSE = 7
    ATERM_SP = 8
    STERM = 9
    STERM_CLOSE = 10
    STERM_SP = 11
    UNDECIDED = PENDING | 12


_ALONE = {
    S.CR: State.CR,
    S.LF: State.CLOSED,
    S.SEP: State.CLOSED,
    S.LOWER: State.CASED,
    S.UPPER: State.CASED,
    S.ATERM: State.ATERM,
    S.STERM: State.STERM,
}
_ATERMS = (State.ATERM, State.CASED_ATERM, State.ATERM_CLOSE, State.ATERM_SP)
_STERMS = (State.STERM, State.STERM_CLOSE, State.STERM_SP)


def _after(state: int, column: int) -> int:
    alone = _ALONE.get(S(column), State.PLAIN)
    if state == State.START:
        return alone
    if state == State.CR and column == S.LF:  # SB3
        return State.CLOSED
    if state in (State.CR, State.CLOSED):  # SB4
        return BREAK
    if column in (S.EXTEND, S.FORMAT):  # SB5
        return state
    if state == State.UNDECIDED:
        return _after_undecided(column)
    if column in (S.CR, S.LF, S.SEP):  # SB9, SB10, SB998
        return alone
    if state in _ATERMS or state in _STERMS:
        return _after_terminator(state, column)
    if state == State.CASED and column == S.ATERM:
        return State.CASED_ATERM
    return alone  # SB998


def _after_undecided(column: int) -> int:
    """SB8: after an ATerm and its Close* Sp*, only a Lower further on takes the boundary away."""
    if column == S.LOWER:
        return State.CASED
    if column in (S.OLETTER, S.UPPER, S.CR, S.LF, S.SEP, S.ATERM, S.STERM):
        return BREAK
    return State.UNDECIDED


def _after_terminator(state: int, column: int) -> int:
    aterm = state in _ATERMS
    spaced = state in (State.ATERM_SP, State.STERM_SP)
    if column == S.NUMERIC and state in (State.ATERM, State.CASED_ATERM):  # SB6
        return State.PLAIN
    if column == S.UPPER and state == State.CASED_ATERM:  # SB7
        return State.CASED
    if column == S.LOWER and aterm:  # SB8
        return State.CASED
    if column in (S.SCONTINUE, S.ATERM, S.STERM):  # SB8a
        return _ALONE.get(S(column), State.PLAIN)
    if column == S.CLOSE and not spaced:  # SB9
        return State.ATERM_CLOSE if aterm else State.STERM_CLOSE
    if column == S.SP:  # SB9, SB10
        return State.ATERM_SP if aterm else State.STERM_SP
    if aterm and column in (S.OTHER, S.NUMERIC, S.CLOSE):  # SB8
        return State.UNDECIDED
    return BREAK  # SB11


def sentence_automaton() -> NDArray[np.uint8]:
    """Return the step table of sentence segments."""
    return automaton(State, S, _after)
