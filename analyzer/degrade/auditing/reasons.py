"""What there is against a document, and whether it is listed for that."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from degrade.audited import FEWEST_WORDS
from degrade.auditing.alike import Likes
from degrade.auditing.measures import ALIKE, COPIES, GOPHER, LOOPS, NO_TEXT, SAID_BEFORE, Measured

REASONS = (COPIES, ALIKE, LOOPS, NO_TEXT, *GOPHER)
"""Everything there can be against a document by itself."""
ENOUGH = REASONS[: -len(GOPHER)]
"""What a document is listed for, however short it is."""
LEAST_REPEATED = 0.5
"""Share of characters said before from which on one of fewer words is listed all the same."""


@dataclass(frozen=True, slots=True)
class Told:
    """What there is against the documents of a chunk.

    Attributes
    ----------
    given : bool, (documents, REASONS)
    listed : bool, (documents,), whether that is enough to be listed
    said_before : (documents,), share of it that another document says, or that it says again
    firsts : (documents,), the place of an earlier document that it repeats or is like, or -1
    resemblances : (documents,), how much it is like that; 1 where it repeats it
    """

    given: NDArray[np.bool_]
    listed: NDArray[np.bool_]
    said_before: NDArray[np.float64]
    firsts: NDArray[np.int64]
    resemblances: NDArray[np.float64]

    @classmethod
    def of(cls, measured: Measured, copied: NDArray[np.int64], likes: Likes) -> Told:
        """Return it of what was measured; ``copied`` are places of earlier ones, or -1."""
        sums = measured.sums
        repeats = copied >= 0
        flags = [sums[name][0] > 0 for name in REASONS[2:]]
        given = np.stack([repeats, ~repeats & (likes.places >= 0), *flags], axis=1)
        shares = [
            over / np.maximum(1, under) for over, under in (sums[name] for name in SAID_BEFORE)
        ]
        again = np.max(shares, axis=0)
        enough = (measured.words >= FEWEST_WORDS) | (again >= LEAST_REPEATED)
        resemblances = np.where(repeats, 1.0, likes.resemblances)
        return cls(
            given,
            given[:, : len(ENOUGH)].any(axis=1) | (given.any(axis=1) & enough),
            np.maximum(again, resemblances),
            np.where(repeats, copied, likes.places),
            resemblances,
        )

    @property
    def badness(self) -> NDArray[np.float64]:
        """How bad each is, from 0 to 1: what was said before is, and what is no running text."""
        found: NDArray[np.float64] = np.where(
            self.given[:, REASONS.index(NO_TEXT)], 1.0, self.said_before
        )
        return found

    @classmethod
    def alone(cls, measured: Measured) -> Told:
        """Return it of documents by themselves, whatever others say."""
        none = np.full(len(measured.words), -1, dtype=np.int64)
        return cls.of(measured, none, Likes(none, np.zeros(len(none))))
