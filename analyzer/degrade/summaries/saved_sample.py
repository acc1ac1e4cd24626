"""Sampled documents, and those of a saved sample, each decoded when it is asked for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from degrade.summaries.need import Arrays

_CONTINUED = 0b10
"""The highest bits of a byte of UTF-8 in the middle of a character."""


@dataclass(frozen=True, slots=True, order=True)
class Sampled:
    """A sampled document: hashes of id and content order the sample; ``text`` may be cut.

    ``cluster`` is the hash of its cluster, whose low bits say its group.
    """

    hash: int
    content: int
    id: str
    text: str
    cluster: int


class SavedSample:
    """The documents whose columns are ``arrays``, in the order of their hashes.

    Raises ValueError where these make no sense.
    """

    def __init__(self, arrays: Arrays) -> None:
        self._hashes = arrays["hashes"].astype(np.uint64, casting="equiv")
        self._clusters = arrays["clusters"]
        size = len(self._hashes)
        if self._hashes.shape != (size, 2) or len(self._clusters) != size:
            raise ValueError("columns of unequal length")
        one, two = self._hashes.T
        rising = (one[1:] > one[:-1]) | ((one[1:] == one[:-1]) & (two[1:] > two[:-1]))
        if not bool(rising.all()):
            raise ValueError("hashes out of order")
        self._ids, self._id_ends = _strings(arrays, "ids", size, "surrogatepass")
        self._texts, self._text_ends = _strings(arrays, "texts", size, "strict")

    def __len__(self) -> int:
        return len(self._hashes)

    def __getitem__(self, i: int) -> Sampled:
        hashed, content = self._hashes[i].tolist()
        id_ = self._ids[self._id_ends[i] : self._id_ends[i + 1]]
        text = self._texts[self._text_ends[i] : self._text_ends[i + 1]]
        return Sampled(
            hashed,
            content,
            id_.decode("utf-8", "surrogatepass"),
            text.decode("utf-8"),
            int(self._clusters[i]),
        )

    def first_above(self, bound: int) -> int:
        """Return the first document whose hash is above ``bound``."""
        return int(np.searchsorted(self._hashes[:, 0], np.uint64(bound), side="right"))


def _strings(arrays: Arrays, data: str, size: int, errors: str) -> tuple[bytes, list[int]]:
    """Return strings end to end, in UTF-8, and where each begins and the last ends."""
    ends = arrays[f"{data[:-1]}_ends"]
    column = arrays[data].astype(np.uint8, casting="equiv")
    if len(ends) != size or (np.diff(ends, prepend=0) < 0).any():
        raise ValueError(f"{data}: not what they should be")
    if len(column) != (ends[-1] if size else 0):
        raise ValueError(f"{data}: not of the length that they should be")
    starts = ends[:-1][ends[:-1] < len(column)]
    if (column[starts] >> 6 == _CONTINUED).any():
        raise ValueError(f"{data}: cut within a character")
    raw = column.tobytes()
    # Whole in order, and cut between characters: each of them is.
    raw.decode("utf-8", errors)
    return raw, [0, *ends.tolist()]
