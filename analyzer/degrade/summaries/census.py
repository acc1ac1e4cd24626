"""The n-gram census: occurrences and documents of every n-gram, by position and group."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from degrade.census.kernels import summed_steps
from degrade.census.table import ALL_HASHES, Table
from degrade.summaries.need import Arrays, Need
from degrade.summaries.small_alphabet import counted_characters, counted_symbols
from degrade.text.document import Batch
from degrade.text.layer import Layer
from degrade.text.layers import BuiltInLayer


class Census:
    """The n-grams of one layer and order, at most ``capacity`` entries (0: all there are).

    Until ``narrow`` is called, at most ``leeway`` entries. While there are more, the hash threshold
    is halved and the n-grams above it are dropped. What is kept in the end, the most that fits
    below a threshold of 2**(54 - k), depends neither on the order of documents nor on how they were
    parted: a part never holds more entries than the whole, so it never drops what the whole keeps.

    Batches are counted alone and merged like the carries of a binary counter, so that every entry
    is moved a number of times logarithmic in the number of batches.
    """

    def __init__(self, need: Need, capacity: int = 0, leeway: int | None = None) -> None:
        self.layer = str(need["layer"])
        self.n = int(need["n"])
        self.capacity = capacity
        self.leeway = capacity if leeway is None else leeway
        self._runs: list[Table] = []
        self._threshold = ALL_HASHES

    @classmethod
    def layers(cls, need: Need) -> tuple[str, ...]:
        """Return the layer whose symbols are counted."""
        return (str(need["layer"]),)

    @property
    def table(self) -> Table:
        """Everything counted so far, as one table."""
        while len(self._runs) > 1:
            self._join_last_two()
        if not self._runs:
            return Table.empty()
        self._runs[0] = self._fitted(self._runs[0])
        return self._runs[0]

    def update(self, batch: Batch, layers: Mapping[str, Layer]) -> None:
        """Count the n-grams of ``batch``."""
        layer, table = layers[self.layer], None
        if self.n == 1 and isinstance(layer, BuiltInLayer) and layer.name == "character":
            table = counted_characters(layer, batch.data, batch.bounds, batch.groups)
        if table is None:
            segments = batch.segments(layer)
            parts = segments.symbols, segments.bounds, batch.groups
            table = counted_symbols(*parts) if self.n == 1 else None
            if table is None:
                table = Table.count(*parts, self.n, self._threshold)
        self._push(table.below(self._threshold))

    def narrow(self) -> None:
        """Keep no more than ``capacity`` entries from now on."""
        self.leeway = self.capacity

    def lower(self, threshold: int) -> None:
        """Keep no n-grams from ``threshold`` on, as where that is the threshold of another part.

        The whole keeps none of them either, and to count them would be in vain.
        """
        if threshold < self._threshold:
            self._threshold = threshold
            self._runs = [run.below(threshold) for run in self._runs]

    def _push(self, table: Table) -> None:
        self._runs.append(self._fitted(table))
        while len(self._runs) > 1 and len(self._runs[-2]) < 2 * len(self._runs[-1]):
            self._join_last_two()

    def _join_last_two(self) -> None:
        last = self._runs.pop()
        self._runs[-1] = self._fitted(self._runs[-1].plus(last))

    def _fitted(self, table: Table) -> Table:
        """Return what of ``table`` fits, and count no more than that from now on."""
        table = table.fitted(self.leeway)
        self._threshold = min(self._threshold, table.threshold)
        return table

    def merge(self, other: Self) -> None:
        """Add the counts of ``other``; the smaller capacity is kept, and the smaller leeway."""
        if other.capacity:
            self.capacity = min(self.capacity or other.capacity, other.capacity)
        if other.leeway:
            self.leeway = min(self.leeway or other.leeway, other.leeway)
        self._push(other.table)
        # Joined, they may well fit: apart, runs of one census take twice the memory.
        if self.leeway and sum(map(len, self._runs)) > self.leeway * 5 // 4:
            self._runs = [self.table]

    def arrays(self) -> Arrays:
        """Return steps between keys, counts in the smallest dtype, and the hash threshold.

        Steps compress to about five bytes where keys would take eight.
        """
        table = self.table
        return {
            "steps": np.diff(table.keys, prepend=np.uint64(0)),
            "occurrences": _narrowed(table.occurrences),
            "documents": _narrowed(table.documents),
            "threshold": np.array([table.threshold], dtype=np.uint64),
            "capacity": np.array([self.capacity, self.leeway], dtype=np.int64),
        }

    @classmethod
    def from_arrays(cls, need: Need, arrays: Arrays) -> Self:
        """Return the census that gave ``arrays``."""
        steps, occurrences, documents = (arrays[k] for k in ("steps", "occurrences", "documents"))
        threshold = int(arrays["threshold"].item())
        capacity, leeway = (int(most) for most in arrays["capacity"])
        if steps.dtype != np.uint64 or not len(steps) == len(occurrences) == len(documents):
            raise ValueError("columns of unequal length or wrong dtype")
        keys, rising = summed_steps(steps)
        if not rising:
            raise ValueError("keys out of order")
        if not 0 < threshold <= ALL_HASHES or bool((documents > occurrences).any()):
            raise ValueError("counts that cannot be")
        if min(capacity, leeway) < 0 or (threshold > 1 and len(keys) > leeway > 0):
            raise ValueError("more entries than its capacity")
        wide = np.uint64 if occurrences.dtype == np.uint64 else np.uint32
        census = cls(need, capacity, leeway)
        table = Table(keys, occurrences.astype(wide), documents.astype(wide), threshold)
        census._push(table)
        return census


def _narrowed(column: NDArray[np.unsignedinteger]) -> NDArray[Any]:
    largest = int(column.max()) if len(column) else 0
    return column.astype(np.min_scalar_type(largest))
