"""What followed what: counts of n-grams as a tree of sorted rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Successors:
    """How often each word followed each context of up to ``order - 1`` words.

    Words are numbered by falling frequency. Behind them comes the beginning of a document: a word
    that others follow, and that follows nothing, not even no context. Row 0 has the words after no
    context at all; what followed the n-gram of entry e is in row e + 1, so that rows lie in the
    order of entries, and n-grams of one length side by side. Those of ``order`` words have no row.

    Attributes
    ----------
    starts : int64 array, (rows + 1,); entries of row r are ``starts[r]:starts[r + 1]``
    followers : int64 array, (entries,), the words, rising within a row
    below : int64 array, (entries + 1,), counts, cumulated over all entries
    """

    order: int
    starts: NDArray[np.int64]
    followers: NDArray[np.int64]
    below: NDArray[np.int64]

    @property
    def beginning(self) -> int:
        """The number of the beginning of a document, and how many different words there are."""
        return int(self.starts[1]) - 1

    @classmethod
    def counted(cls, words: NDArray[np.int64], bounds: NDArray[np.int64], order: int) -> Successors:
        """Count the n-grams of documents; none reaches from one document into the next.

        Document i is ``words[bounds[i]:bounds[i + 1]]``; every number below the largest occurs.
        """
        beginning = int(words.max()) + 1
        words = np.insert(words, bounds[:-1], beginning)
        first = np.append(words == beginning, True)
        size = beginning + 1
        rows = np.zeros(len(words), dtype=np.int64)
        starts: list[NDArray[np.int64]] = [np.zeros(1, dtype=np.int64)]
        followers: list[NDArray[np.int64]] = []
        counts: list[NDArray[np.int64]] = []
        entries = 0
        for n in range(order):
            known = np.flatnonzero(rows >= 0)
            keys = rows[known] * size + words[known]
            found, places, times = np.unique(keys, return_inverse=True, return_counts=True)
            all_rows = 1 if n == 0 else len(followers[-1])
            ends = np.searchsorted(found, np.arange(1, all_rows + 1) * size)
            starts.append(entries + ends)
            followers.append(found % size)
            counts.append(times)
            entries += len(found)
            # The entry of an n-gram is the row, among those of its length, of what follows it.
            following = np.full(len(words) + 1, -1, dtype=np.int64)
            following[known + 1] = places
            following[first] = -1
            rows = following[:-1]
        counts[0][beginning] = 0
        below = np.concatenate([[0], np.cumsum(np.concatenate(counts))]).astype(np.int64)
        return cls(order, np.concatenate(starts), np.concatenate(followers), below)


def numbered(documents: Sequence[Sequence[str]]) -> tuple[list[str], NDArray[np.int64]]:
    """Return the different tokens, the most frequent first, and the number of every token.

    Of equally frequent ones, the first by code points comes first.
    """
    seen: dict[str, int] = {}
    flat = [seen.setdefault(token, len(seen)) for document in documents for token in document]
    numbers = np.array(flat, dtype=np.int64)
    names = list(seen)
    times = np.bincount(numbers, minlength=len(names)).tolist()
    falling = sorted(range(len(names)), key=lambda i: (-times[i], names[i]))
    rank = np.empty(len(names), dtype=np.int64)
    rank[falling] = np.arange(len(names))
    return [names[i] for i in falling], rank[numbers]
