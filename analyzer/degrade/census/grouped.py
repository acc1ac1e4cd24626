"""What comparisons read of n-grams that are counted by group."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

Weight = Literal["occurrences", "documents"]
Alignment = tuple[NDArray[np.int64], NDArray[np.int64], int]
"""Where the n-grams of one section and of another stand in the union of both, and its size."""


Spectrum = tuple[NDArray[np.int64], NDArray[np.int64]]
"""Frequencies that occur, ascending, and how many n-grams have each."""


LogSum = tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]
"""Of four selections their occurrences, (4,), the sums of x log x of their frequencies, (4,), and
those of each two pooled, (4, 4)."""


@dataclass(frozen=True, slots=True)
class Joint:
    """How many n-grams are in d groups of one corpus and e of another; see ``joint_incidence``."""

    total: NDArray[np.int64]
    within_a: NDArray[np.int64]
    within_b: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Regions:
    """In how many groups n-grams are here alone, there alone and in both; see the kernel."""

    triples: NDArray[np.int64]
    total: NDArray[np.int64]
    within: NDArray[np.int64]

    def without(self, group: int | None) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return triples and how many n-grams have each, with ``group`` left out of both corpora.

        A triple may stand there more than once.
        """
        if group is None:
            held = self.total > 0
            return self.triples[held], self.total[held]
        leaving = self.within[:, group]
        rows = [(self.triples, self.total - leaving.sum(axis=0))]
        for region in range(3):
            fewer = self.triples.copy()
            fewer[:, region] -= 1
            rows.append((fewer, leaving[region]))
        triples = np.concatenate([row[0] for row in rows])
        counts = np.concatenate([row[1] for row in rows])
        kept = counts > 0
        return triples[kept], counts[kept]


@dataclass(frozen=True, slots=True)
class Matches:
    """Pairs of draws from different groups: those of one n-gram, and all.

    ``between`` and ``pairs`` are over all selected groups; the arrays, (groups,), are what leaving
    a group out takes from them.
    """

    between: float
    pairs: float
    between_of: NDArray[np.float64]
    pairs_of: NDArray[np.float64]

    @classmethod
    def of(cls, products: NDArray[np.float64], totals: NDArray[np.int64], selected: int) -> Matches:
        """Return the pairs in ``selected`` groups.

        ``products``, (groups, groups), are sums over n-grams of the weight in one group times that
        in another; ``totals``, (groups,), the weights of all n-grams.
        """
        flags = np.array([selected >> g & 1 for g in range(len(totals))], dtype=np.float64)
        weights = totals * flags
        apart = products * np.outer(flags, flags)
        np.fill_diagonal(apart, 0.0)
        every = float(weights.sum())
        between_of = 2.0 * apart.sum(axis=1)
        pairs_of = 2.0 * weights * (every - weights)
        return cls(between_of.sum() / 2, pairs_of.sum() / 2, between_of, pairs_of)

    def without(self, left_out: Sequence[int | None]) -> Iterator[tuple[float, float]]:
        """Return ``between`` and ``pairs`` with each of these groups left out, None for none."""
        groups = [-1 if g is None else g for g in left_out]
        # The last is what leaving out none takes.
        between = self.between - np.append(self.between_of, 0.0)[groups]
        pairs = self.pairs - np.append(self.pairs_of, 0.0)[groups]
        return zip(between.tolist(), pairs.tolist(), strict=True)


class Grouped(Protocol):
    """N-grams by group: a section of a census, or a part of one. Selections are bit sets.

    ``share`` is the share of all n-grams that is looked at, chosen by hash; 1 if all are.
    """

    groups: int
    share: float

    def __len__(self) -> int: ...

    def totals(self, weight: Weight) -> NDArray[np.int64]:
        """Return the total weight in each group, (groups,)."""
        ...

    def matches(self, weight: Weight, selected: int) -> Matches:
        """Return how often draws from different selected groups match."""
        ...

    def incidence(self, selected: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return how many n-grams are in d of the selected groups, in all and in each group.

        Shapes (groups + 1,) and (groups, groups + 1).
        """
        ...

    def single_occurrences(self, selected: int) -> tuple[NDArray[np.int64], ...]:
        """Return where n-grams occur exactly once in a group; see the kernel of this name."""
        ...

    def frequencies(self, weight: Weight, selected: int) -> NDArray[np.int64]:
        """Return the weight of each n-gram in the selected groups, zeros included."""
        ...

    def add_frequencies(self, weight: Weight, selected: int, out: NDArray[np.int64]) -> None:
        """Add the weight of each n-gram in the selected groups to ``out``."""
        ...

    def spectrum(self, weight: Weight, selected: int) -> Spectrum:
        """Return the weights above 0 in the selected groups, and how many n-grams have each."""
        ...

    def joint(self, selected: int, other: Grouped, other_selected: int) -> Joint:
        """Return how many n-grams held here are in d groups here and e groups of ``other``."""
        ...

    def regions(self, selected: int, other: Grouped, other_selected: int) -> Regions:
        """Return in how many groups n-grams are here alone, in ``other`` alone and in both.

        Group by group: for corpora that share their groups.
        """
        ...

    def alignment(self, other: Grouped) -> Alignment:
        """Return where the n-grams of both stand in their union."""
        ...

    def log_sums(self, mine: Sequence[int], other: Grouped, theirs: Sequence[int]) -> LogSum:
        """Return occurrences, and sums of their x log x, in selections here and in ``other``.

        Four selections in all, without groups in common.
        """
        ...
