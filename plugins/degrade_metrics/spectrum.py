"""How many words occur once, twice, ...: the frequency spectrum that many metrics start from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from degrade.errors import UndefinedMetricError
from degrade.metric import CensusView

_KNOWN: WeakKeyDictionary[object, dict[int, Spectrum]] = WeakKeyDictionary()


@dataclass(frozen=True)
class Spectrum:
    """Frequencies that occur, ascending, and how many types have each: m and V(m, N)."""

    values: NDArray[np.int64]
    counts: NDArray[np.int64]

    @classmethod
    def of(cls, frequencies: NDArray[np.int64]) -> Spectrum:
        """Return the spectrum of ``frequencies``, all above 0."""
        most = int(frequencies.max(initial=0))
        if most > 8 * len(frequencies) + (1 << 16):
            return cls(*np.unique(frequencies, return_counts=True))
        counts = np.bincount(frequencies)
        values = np.flatnonzero(counts)
        return cls(values, counts[values])

    @cached_property
    def tokens(self) -> int:
        """N, or n: the occurrences of all types."""
        return int(self.values @ self.counts)

    @cached_property
    def types(self) -> int:
        """V, or S: the distinct words."""
        return int(self.counts.sum())

    def at(self, frequency: int) -> int:
        """Return how many types occur ``frequency`` times."""
        where = int(np.searchsorted(self.values, frequency))
        held = where < len(self.values) and self.values[where] == frequency
        return int(self.counts[where]) if held else 0


def spectrum_of(view: CensusView, fewest: int = 1) -> Spectrum:
    """Return the spectrum of the groups at hand, counted once for all metrics that ask.

    Raises UndefinedMetricError with fewer than ``fewest`` occurrences.
    """
    known = _KNOWN.setdefault(view.section, {})
    if view.selected not in known:
        known[view.selected] = Spectrum(*view.spectrum())
    found = known[view.selected]
    if found.tokens < fewest:
        raise UndefinedMetricError(f"{found.tokens} words")
    return found
