"""How many n-grams have each frequency, in one selection of groups after the other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from degrade.census import section_kernels
from degrade.census.grouped import Spectrum

_COUNTED = 4_096
"""Frequencies from which n-grams, few by then, are looked at one by one."""
_NEAR = 6
"""Groups that two selections may differ in without a state of their own."""
_STATES = 16
_HELD = 8_000_000
"""Frequencies held at most in all states but the first two."""


@dataclass(frozen=True, slots=True)
class GroupCounts:
    """The weight of each n-gram by group; see ``section_kernels.by_group``."""

    starts: NDArray[np.int64]
    owner: NDArray[np.int64]
    sums: NDArray[np.int64]


@dataclass(slots=True)
class _State:
    """The frequencies of all n-grams in a selection, and how many have each."""

    selected: int
    frequencies: NDArray[np.int64]
    spectrum: NDArray[np.int64]


class Spectra:
    """Frequencies of n-grams in selections of groups, and their spectra.

    Each is counted from the nearest selection before, through the groups that differ: statistics
    are wanted of many selections that are nearly the same. ``counts`` are of ``types`` n-grams.
    """

    def __init__(self, counts: GroupCounts, types: int) -> None:
        self._columns = counts.owner, counts.sums, counts.starts
        totals = np.bincount(counts.owner, counts.sums, types)
        self._frequent = np.flatnonzero(totals >= _COUNTED)
        spectrum = np.zeros(_COUNTED + 1, dtype=np.int64)
        spectrum[0] = types
        self._most = max(2, min(_STATES, _HELD // max(1, types)))
        self._states = [_State(0, np.zeros(types, dtype=np.int64), spectrum)]

    def of(self, selected: int) -> Spectrum:
        """Return the frequencies above 0 that occur, ascending, and how many n-grams have each."""
        state = self._moved_to(selected)
        return section_kernels.spectrum(state.spectrum, state.frequencies, self._frequent)

    def frequencies(self, selected: int) -> NDArray[np.int64] | None:
        """Return the frequencies of all n-grams, until the next call; None if far from any known.

        Then they are counted as soon anew.
        """
        full = len(self._states) == self._most
        if full and _apart(self._nearest(selected), selected) > _NEAR:
            return None
        return self._moved_to(selected).frequencies

    def _nearest(self, selected: int) -> _State:
        return min(self._states, key=lambda each: _apart(each, selected))

    def _moved_to(self, selected: int) -> _State:
        state = self._nearest(selected)
        if _apart(state, selected) > _NEAR and len(self._states) < self._most:
            state = _State(state.selected, state.frequencies.copy(), state.spectrum.copy())
            self._states.append(state)
        joining, leaving = selected & ~state.selected, state.selected & ~selected
        section_kernels.move(
            *self._columns,
            np.uint64(joining),
            np.uint64(leaving),
            state.frequencies,
            state.spectrum,
        )
        state.selected = selected
        return state


def _apart(state: _State, selected: int) -> int:
    return (state.selected ^ selected).bit_count()
