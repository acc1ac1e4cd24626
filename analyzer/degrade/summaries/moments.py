"""Sums of a per-document measure, by group, with a histogram of its values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Self, cast

import numpy as np
from numpy.typing import NDArray

from degrade.compiled import kernel
from degrade.errors import PluginError, blaming
from degrade.summaries.need import Arrays, Need
from degrade.text.document import GROUPS, Batch
from degrade.text.layer import Layer, Segments

BINS = 100
_FRACTION = 1 << 32


@kernel
def _add(
    numerators: NDArray[np.float64],
    denominators: NDArray[np.float64],
    groups: NDArray[np.uint8],
    counting: NDArray[np.bool_],
    low: float,
    high: float,
    numerator_sums: NDArray[np.int64],
    denominator_sums: NDArray[np.int64],
    documents: NDArray[np.int64],
    histogram: NDArray[np.int64],
) -> bool:
    """Add what was measured of each document to the sums of its group; False if it is no number."""
    for i in range(len(groups)):
        group = groups[i]
        if not denominators[i] > 0:
            continue
        if not (np.isfinite(numerators[i]) and np.isfinite(denominators[i])):
            return False
        documents[group] += counting[i]
        for value, sums in ((numerators[i], numerator_sums), (denominators[i], denominator_sums)):
            whole = np.floor(value)
            sums[0, group] += np.int64(whole)
            sums[1, group] += np.int64(np.rint((value - whole) * _FRACTION))
            sums[0, group] += sums[1, group] >> 32
            sums[1, group] &= _FRACTION - 1
        scaled = (numerators[i] / denominators[i] - low) / (high - low) * BINS
        histogram[np.int64(min(max(scaled, 0.0), BINS - 1.0))] += 1
    return True


def measured(
    need: Need, segments: Segments, documents: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return what the measure of ``need`` says of each document. Raises PluginError if it fails."""
    name = str(need["metric"])
    measure = cast("Callable[..., Any]", need.measure)
    with blaming(f"metric {name!r}"):
        numerators, denominators = measure(segments, int(need["window"]))
        numerators = np.ascontiguousarray(numerators, dtype=np.float64)
        denominators = np.ascontiguousarray(denominators, dtype=np.float64)
    if not numerators.shape == denominators.shape == (documents,):
        raise PluginError(
            f"metric {name!r} fails: {numerators.shape} numerators and "
            f"{denominators.shape} denominators for {documents:,} documents"
        )
    return numerators, denominators


@kernel
def cover(
    bounds: NDArray[np.int64], groups: NDArray[np.uint8], window: int, covered: NDArray[np.int64]
) -> None:
    """Add to ``covered``, (GROUPS,), the tokens in full windows, or all if the window is 0."""
    for i in range(len(groups)):
        length = bounds[i + 1] - bounds[i]
        covered[groups[i]] += length // window * window if window else length


class Moments:
    """Numerators and denominators of a measure, summed by group without rounding in the sum.

    A real number enters as a whole part and a fraction in units of 2**-32, so that sums are the
    same in any order. The measure is called as ``measure(segments, window)`` and returns the
    numerator and denominator of each document; a denominator of 0 leaves the document out.

    Attributes
    ----------
    numerators, denominators : int64 arrays, (2, GROUPS): whole parts, fractions
    documents : int64 array, (GROUPS,), documents with a value
    covered : int64 array, (GROUPS,), tokens in full windows, or in all if the window is 0
    histogram : int64 array, (BINS,), documents by value, ``low`` to ``high``; ends are open
    """

    def __init__(self, need: Need) -> None:
        self.layer = str(need["layer"])
        self.window = int(need["window"])
        self._low, self._high = float(need["low"]), float(need["high"])
        self._need = need
        self._name = str(need["metric"])
        self.numerators: NDArray[np.int64] = np.zeros((2, GROUPS), dtype=np.int64)
        self.denominators: NDArray[np.int64] = np.zeros((2, GROUPS), dtype=np.int64)
        self.documents: NDArray[np.int64] = np.zeros(GROUPS, dtype=np.int64)
        self.covered: NDArray[np.int64] = np.zeros(GROUPS, dtype=np.int64)
        self.histogram: NDArray[np.int64] = np.zeros(BINS, dtype=np.int64)

    @classmethod
    def layers(cls, need: Need) -> tuple[str, ...]:
        """Return the layer whose symbols are measured."""
        return (str(need["layer"]),)

    def update(self, batch: Batch, layers: Mapping[str, Layer]) -> None:
        """Measure the documents of ``batch``."""
        if self._need.measure is None:
            raise ValueError(f"{self._name}: a loaded profile holds sums, not the measure itself")
        segments = batch.segments(layers[self.layer])
        cover(segments.bounds, batch.groups, self.window, self.covered)
        found = measured(self._need, segments, len(batch))
        self.add(*found, batch.groups, np.ones(len(batch), dtype=np.bool_))

    def add(
        self,
        numerators: NDArray[np.float64],
        denominators: NDArray[np.float64],
        groups: NDArray[np.uint8],
        counting: NDArray[np.bool_],
    ) -> None:
        """Add what was measured, in which ``counting`` are documents, if they have a value."""
        sums = self.numerators, self.denominators, self.documents, self.histogram
        if not _add(numerators, denominators, groups, counting, self._low, self._high, *sums):
            raise PluginError(
                f"metric {self._name!r} fails: a numerator or denominator is not finite"
            )

    def merge(self, other: Self) -> None:
        """Add the sums of ``other``."""
        for mine, theirs in zip(self.arrays().values(), other.arrays().values(), strict=True):
            mine += theirs
        _carry(self.numerators)
        _carry(self.denominators)

    def arrays(self) -> Arrays:
        """Return the five arrays."""
        return {
            "numerators": self.numerators,
            "denominators": self.denominators,
            "documents": self.documents,
            "covered": self.covered,
            "histogram": self.histogram,
        }

    @classmethod
    def from_arrays(cls, need: Need, arrays: Arrays) -> Self:
        """Return the moments that gave ``arrays``."""
        moments = cls(need)
        for name, expected in moments.arrays().items():
            found = arrays[name]
            if found.shape != expected.shape or found.dtype != expected.dtype:
                raise ValueError(f"{name}: not what it should be")
            expected += found
        return moments

    def sums(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return numerators and denominators by group, (GROUPS,) each."""
        numerators, denominators = (
            sums[0] + sums[1] / _FRACTION for sums in (self.numerators, self.denominators)
        )
        return numerators, denominators


def _carry(sums: NDArray[np.int64]) -> None:
    sums[0] += sums[1] >> 32
    sums[1] &= _FRACTION - 1
