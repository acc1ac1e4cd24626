"""Sums of a measure that is dear to take, of a sample of documents or stretches above some size."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

import numpy as np
from numpy.typing import NDArray

from degrade.compiled import kernel
from degrade.summaries.moments import Moments, cover, measured
from degrade.summaries.need import Arrays, Need
from degrade.text.document import GROUPS, Batch
from degrade.text.layer import Layer
from degrade.text.units import OCTAVES, Units

TEXT = 4_000_000
"""Bytes of text of which all stretches are measured; above, half to all of as much is."""
STRETCHES = 512
"""Stretches of which all are measured, whatever their size."""
DOCUMENT_TEXT, DOCUMENTS = 64_000_000, 16_384
"""The same of whole documents: what they repeat is rare, and much of it is in a few of them."""
STRETCH = 1_000
"""Symbols of a stretch: windows of 500, 200, 100 and 50 fill it, so none is cut."""
_LOOSE, _MOST = 2 * TEXT, 4 * TEXT
"""Bytes of text held from which what was given up is let go, and from which all is measured."""


@kernel
def _counting(
    owners: NDArray[np.int64], octaves: NDArray[np.int64], denominators: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Return the unit that each document is counted by: the first of its highest with a value.

    A document is there as long as any of these is, so no unit of lower octave may count it.
    """
    counting = np.zeros(len(owners), dtype=np.bool_)
    best = -1
    for i in range(len(owners)):
        if i and owners[i] != owners[i - 1]:
            best = -1
        if denominators[i] > 0 and (best < 0 or octaves[i] > octaves[best]):
            if best >= 0:
                counting[best] = False
            counting[i] = True
            best = i
    return counting


class SampledMoments:
    """Moments of a measure, exact up to so many bytes of text or units.

    What is measured is a unit: a stretch of whole windows, or the document where that is the
    window. Sums are kept by octave (see ``degrade.text.units``). While what there is from the
    lowest octave up exceeds both bounds, that octave is given up: so a sample is of all units whose
    hash is below a threshold of 2**-floor, which depends on the corpus alone. A part never has more
    than the whole and never gives up what the whole keeps.

    Stretches are held until they are asked about, so that no more are measured than are kept.
    Documents are measured at once, beside what else reads the batch.

    Attributes
    ----------
    floor : the lowest octave that is measured; 0 if everything is
    covered : int64 array, (GROUPS,), tokens in full windows of the whole corpus; 0 of whole
        documents
    """

    def __init__(self, need: Need) -> None:
        self._need = need
        self.layer = str(need["layer"])
        self.window = int(need["window"])
        self.floor = 0
        self.covered: NDArray[np.int64] = np.zeros(GROUPS, dtype=np.int64)
        self._amounts: NDArray[np.int64] = np.zeros((2, OCTAVES), dtype=np.int64)
        self._octaves: dict[int, Moments] = {}
        self._held: list[Units] = []
        self._by: Layer | None = None

    @classmethod
    def layers(cls, need: Need) -> tuple[str, ...]:
        """Return the layer whose symbols are measured."""
        return (str(need["layer"]),)

    @property
    def exact(self) -> bool:
        """Whether everything was measured."""
        return self.floor == 0

    @property
    def kept(self) -> float:
        """The share of units that was measured, by the chance of each."""
        return 0.5**self.floor

    def update(self, batch: Batch, layers: Mapping[str, Layer]) -> None:
        """Draw from the documents of ``batch``."""
        if self._need.measure is None:
            raise ValueError(
                f"{self._need['metric']}: a loaded profile holds sums, not the measure itself"
            )
        self._by = layers[self.layer]
        stretch = 0
        if self.window:
            cover(batch.segments(self._by).bounds, batch.groups, self.window, self.covered)
            stretch = -(-STRETCH // self.window) * self.window
        units, amounts = batch.units(self._by if self.window else None, stretch, self.floor)
        self._amounts += amounts
        if len(units):
            self._held.append(units)
        self._give_up()
        if self._text_held > _LOOSE:
            self._drop()
        if not self.window or self._text_held > _MOST:
            self._settle()

    @property
    def _text_held(self) -> int:
        return sum(len(units.data) for units in self._held)

    def _give_up(self) -> None:
        """Give up octaves while what there is exceeds the bounds."""
        while self.floor < OCTAVES - 1:
            text, units = (int(each[self.floor :].sum()) for each in self._amounts)
            most = (TEXT, STRETCHES) if self.window else (DOCUMENT_TEXT, DOCUMENTS)
            if text <= most[0] or units <= most[1]:
                return
            self._octaves.pop(self.floor, None)
            self.floor += 1

    def _drop(self) -> None:
        """Leave of what is held what is still to be measured, as one."""
        if self._held:
            first, *others = self._held
            self._held = [first.joined(others, self.floor)]

    def _settle(self) -> None:
        """Measure what is held."""
        if not self._held or self._by is None:
            return
        self._drop()
        (units,) = self._held
        self._held = []
        if not len(units):
            return
        numerators, denominators = measured(self._need, units.segments(self._by), len(units))
        counting = _counting(units.owners, units.octaves, denominators)
        for octave in np.unique(units.octaves).tolist():
            held = units.octaves == octave
            sums = self._octaves.setdefault(octave, Moments(self._need))
            sums.add(numerators[held], denominators[held], units.groups[held], counting[held])

    def merge(self, other: Self) -> None:
        """Add the sums of ``other``."""
        other._settle()
        self._settle()
        self.covered += other.covered
        self._amounts += other._amounts
        for octave, sums in other._octaves.items():
            self._octaves.setdefault(octave, Moments(self._need)).merge(sums)
        for octave in range(self.floor, other.floor):
            self._octaves.pop(octave, None)
        self.floor = max(self.floor, other.floor)
        for octave in range(self.floor):
            self._octaves.pop(octave, None)
        self._give_up()

    def _sum(self) -> Moments:
        self._settle()
        whole = Moments(self._need)
        for sums in self._octaves.values():
            whole.merge(sums)
        return whole

    def sums(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return numerators and denominators of what was measured, by group, (GROUPS,) each."""
        return self._sum().sums()

    @property
    def documents(self) -> NDArray[np.int64]:
        """The documents of which anything measured has a value, (GROUPS,)."""
        return self._sum().documents

    def arrays(self) -> Arrays:
        """Return floor, covered, amounts from the floor up, and the sums by octave."""
        self._settle()
        octaves = sorted(self._octaves)
        amounts = self._amounts.copy()
        amounts[:, : self.floor] = 0
        columns = [self._octaves[octave].arrays() for octave in octaves]
        empty = Moments(self._need).arrays()
        return {
            "floor": np.array([self.floor], dtype=np.int64),
            "covered": self.covered,
            "amounts": amounts,
            "octaves": np.array(octaves, dtype=np.int64),
        } | {
            name: np.array([column[name] for column in columns], dtype=np.int64).reshape(
                -1, *empty[name].shape
            )
            for name in empty
            if name != "covered"
        }

    @classmethod
    def from_arrays(cls, need: Need, arrays: Arrays) -> Self:
        """Return the moments that gave ``arrays``."""
        made = cls(need)
        octaves = [int(octave) for octave in arrays["octaves"]]
        for name, expected in made.arrays().items():
            varying = name not in ("floor", "covered", "amounts")
            shape = (len(octaves), *expected.shape[1:]) if varying else expected.shape
            if arrays[name].shape != shape or arrays[name].dtype != expected.dtype:
                raise ValueError(f"{name}: not what it should be")
        made.floor = int(arrays["floor"].item())
        if octaves != sorted({*octaves}) or not 0 <= made.floor < OCTAVES:
            raise ValueError("octaves out of order")
        if octaves and not made.floor <= octaves[0] <= octaves[-1] < OCTAVES:
            raise ValueError("octaves that cannot be")
        made.covered = arrays["covered"].copy()
        made._amounts = arrays["amounts"].copy()
        covered = np.zeros(GROUPS, dtype=np.int64)
        for i, octave in enumerate(octaves):
            columns = {name: arrays[name][i] for name in Moments(need).arrays() if name in arrays}
            made._octaves[octave] = Moments.from_arrays(need, columns | {"covered": covered})
        return made
