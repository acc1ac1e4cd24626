"""The n-gram census: occurrences and documents of every n-gram, by position and group."""

from __future__ import annotations

from bisect import insort
from collections.abc import Mapping
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from degrade.census.kernels import summed_steps
from degrade.census.table import ALL_HASHES, Table
from degrade.locks import Lock
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
    is moved a number of times logarithmic in the number of batches. Several threads may count into
    one census: each merges what no other has in hand, and none waits. What it holds is asked for
    when all of them have ended.
    """

    def __init__(self, need: Need, capacity: int = 0, leeway: int | None = None) -> None:
        self.layer = str(need["layer"])
        self.n = int(need["n"])
        self.capacity = capacity
        self.leeway = capacity if leeway is None else leeway
        self._runs: list[Table] = []
        self._threshold = ALL_HASHES
        self._lock = Lock()

    @classmethod
    def layers(cls, need: Need) -> tuple[str, ...]:
        """Return the layer whose symbols are counted."""
        return (str(need["layer"]),)

    @property
    def table(self) -> Table:
        """Everything counted so far, as one table."""
        self.settle()
        return self._runs[0] if self._runs else Table.empty()

    def settle(self) -> None:
        """Do what was put off: make one table of all."""
        with self._lock:
            while len(self._runs) > 1:
                self._runs[-2:] = [self._runs[-2].plus(self._runs[-1]).fitted(self.leeway)]
            self._runs = [run.below(self._threshold).fitted(self.leeway) for run in self._runs]
            self._threshold = min([self._threshold, *(run.threshold for run in self._runs)])

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
        self._push(table)

    def narrow(self) -> None:
        """Keep no more than ``capacity`` entries from now on."""
        if self.leeway == self.capacity:
            return
        with self._lock:
            self.leeway = self.capacity
            # Long runs are met by others of their length only much later.
            self._runs = [run.fitted(self.leeway) for run in self._runs]
            self._threshold = min([self._threshold, *(run.threshold for run in self._runs)])

    def lower(self, threshold: int) -> None:
        """Keep no n-grams from ``threshold`` on, as where that is the threshold of another part.

        The whole keeps none of them either, and to count them would be in vain.
        """
        with self._lock:
            if threshold < self._threshold:
                self._threshold = threshold
                self._runs = [run.below(threshold) for run in self._runs]

    def _push(self, table: Table) -> None:
        while True:
            table = self._fitted(table)
            with self._lock:
                if self._runs and not len(table):
                    return
                other = self._taken(len(table))
                if other is None:
                    insort(self._runs, table, key=lambda run: -len(run))
                    return
            table = other.plus(table)

    def _taken(self, size: int) -> Table | None:
        """Take out a run of more than half and less than twice ``size``, if there is one.

        To merge a long one with a short one is to move it for little.
        """
        alike = (i for i, run in enumerate(self._runs) if size < 2 * len(run) < 4 * size)
        place = next(alike, None)
        return None if place is None else self._runs.pop(place)

    def _fitted(self, table: Table) -> Table:
        """Return what of ``table`` fits, and count no more than that from now on."""
        table = table.below(self._threshold).fitted(self.leeway)
        with self._lock:
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
            self.settle()

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
