"""What the two automata of UAX #29 share: how a state and a step are written in a table.

An automaton starts anew at every boundary, reads one class after the other, and says before which
code point the segment ends. A step is ``table[state * 32 + class]``: the next state, or ``BREAK``.
States with the bit ``PENDING`` are undecided: the segment ended where the first of them was
entered, unless a later state without the bit is reached.
"""

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

STATES = 64
CLASSES = 32
START = 0
PENDING = 0x20
BREAK = 0xFF


def automaton(
    states: Iterable[int], classes: Iterable[int], after: Callable[[int, int], int]
) -> NDArray[np.uint8]:
    """Return the flat table of the step ``after(state, class)``."""
    table = np.full((STATES, CLASSES), BREAK, dtype=np.uint8)
    columns = tuple(classes)
    for state in states:
        for column in columns:
            table[state, column] = after(state, column)
    return table.ravel()
