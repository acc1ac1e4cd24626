"""Which clusters there are, as a bounded sample that is the same on every machine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

import numpy as np
from numpy.typing import NDArray

from degrade.summaries.bounded import placed
from degrade.summaries.need import Arrays, Need
from degrade.text.document import GROUPS, Batch
from degrade.text.layer import Layer

CAPACITY = 16_384


class Clusters:
    """The clusters of smallest hash, with their documents.

    Below ``CAPACITY`` clusters, that is all of them. A cluster that is among the smallest of the
    whole is among the smallest of every part that holds it, so merging is exact.

    Attributes
    ----------
    hashes : uint64 array, sorted
    documents : int64 array, documents in each
    given : int64 array, of these, the documents whose cluster was given and not their own id
    """

    def __init__(self, need: Need) -> None:
        del need
        self.hashes: NDArray[np.uint64] = np.empty(0, dtype=np.uint64)
        self.documents: NDArray[np.int64] = np.empty(0, dtype=np.int64)
        self.given: NDArray[np.int64] = np.empty(0, dtype=np.int64)

    @classmethod
    def layers(cls, need: Need) -> tuple[str, ...]:
        """Return nothing: clusters are known without reading the text."""
        del need
        return ()

    def update(self, batch: Batch, layers: Mapping[str, Layer]) -> None:
        """Add the clusters of ``batch``."""
        del layers
        ones = np.ones(len(batch.clusters), dtype=np.int64)
        self._absorb(batch.clusters, ones, batch.clustered.astype(np.int64))

    def merge(self, other: Self) -> None:
        """Add the clusters of ``other``."""
        self._absorb(other.hashes, other.documents, other.given)

    def _absorb(
        self, hashes: NDArray[np.uint64], documents: NDArray[np.int64], given: NDArray[np.int64]
    ) -> None:
        if len(self.hashes) == CAPACITY:
            # Of many documents, most lie above all that is kept.
            near = hashes <= self.hashes[-1]
            hashes, documents, given = hashes[near], documents[near], given[near]
        if not len(hashes):
            return
        every, mine, theirs = placed(self.hashes, hashes)
        counts = np.zeros((2, len(every)), dtype=np.int64)
        counts[0, mine], counts[1, mine] = self.documents, self.given
        np.add.at(counts[0], theirs, documents)
        np.add.at(counts[1], theirs, given)
        self.hashes = every[:CAPACITY].copy()
        self.documents, self.given = counts[0, :CAPACITY].copy(), counts[1, :CAPACITY].copy()

    def arrays(self) -> Arrays:
        """Return the three columns."""
        return {"hashes": self.hashes, "documents": self.documents, "given": self.given}

    @classmethod
    def from_arrays(cls, need: Need, arrays: Arrays) -> Self:
        """Return the clusters that gave ``arrays``."""
        clusters = cls(need)
        hashes, documents, given = (arrays[name] for name in ("hashes", "documents", "given"))
        if hashes.dtype != np.uint64 or not len(hashes) == len(documents) == len(given):
            raise ValueError("columns of unequal length or wrong dtype")
        if len(hashes) > CAPACITY or not bool((hashes[1:] > hashes[:-1]).all()):
            raise ValueError("cluster hashes out of order")
        clusters.hashes, clusters.documents, clusters.given = hashes, documents, given
        return clusters

    @property
    def exact(self) -> bool:
        """Whether every cluster is kept."""
        return len(self.hashes) < CAPACITY

    @property
    def total(self) -> int:
        """The number of clusters: exact below ``CAPACITY``, else from the largest hash."""
        if self.exact:
            return len(self.hashes)
        return round((CAPACITY - 1) / (int(self.hashes[-1]) / 2**64))

    def at_level(self, level: int) -> NDArray[np.int64]:
        """Return how many of the clusters kept are in a level of the ladder, by group, (GROUPS,).

        Level k holds the clusters whose hash is below 16**-k.
        """
        inside = (
            self.hashes[self.hashes >> np.uint64(64 - 4 * level) == 0] if level else self.hashes
        )
        groups = (inside & np.uint64(GROUPS - 1)).astype(np.int64)
        return np.bincount(groups, minlength=GROUPS).astype(np.int64)

    def mean_given(self) -> float | None:
        """Return the mean documents of a given cluster, or None if less than half were given one.

        Above ``CAPACITY`` clusters, it is that of a random sample of them.
        """
        given = self.given > 0
        if 2 * int(self.given.sum()) < int(self.documents.sum()) or not given.any():
            return None
        return float(self.documents[given].mean())

    def share_given_in(self, other: Clusters) -> float:
        """Return the share of given clusters that ``other`` was given too."""
        mine = self.hashes[self.given > 0]
        theirs = other.hashes[other.given > 0]
        for side in (self, other):
            if len(side.hashes) == CAPACITY:
                mine, theirs = mine[mine <= side.hashes[-1]], theirs[theirs <= side.hashes[-1]]
        smaller = min(len(mine), len(theirs))
        return len(np.intersect1d(mine, theirs)) / smaller if smaller else 0.0
