"""What a layer is: a named, versioned way to turn texts into symbols."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Segments:
    """The symbols of a batch of documents.

    Attributes
    ----------
    symbols : uint64 array, (symbols,), 64-bit hashes in reading order
    bounds : int64 array, (documents + 1,); document i holds ``symbols[bounds[i]:bounds[i + 1]]``
    starts, ends : int64 arrays, (symbols,), byte offsets of each symbol in the batch's buffer
    """

    symbols: NDArray[np.uint64]
    bounds: NDArray[np.int64]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]


class Layer(Protocol):
    """Turns texts into sequences of symbols.

    ``name`` is what users type (``word``, ``spacy:de``); ``version`` changes whenever the same text
    would give other symbols, so that profiles of different versions refuse to meet.
    """

    @property
    def name(self) -> str:
        """What users type."""
        ...

    @property
    def version(self) -> str:
        """What changes whenever the symbols of some text do."""
        ...

    def segment(self, data: NDArray[np.uint8], bounds: NDArray[np.int64]) -> Segments:
        """Return the symbols of the documents ``data[bounds[i]:bounds[i + 1]]``, valid UTF-8."""
        ...
