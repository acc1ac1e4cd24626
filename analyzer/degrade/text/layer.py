"""What a layer is: a named, versioned way to turn texts into symbols."""

from __future__ import annotations

from dataclasses import dataclass, field
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
    data : uint8 array, that buffer: the texts in UTF-8, one after the other
    texts : int64 array, (documents + 1,); document i is ``data[texts[i]:texts[i + 1]]``

    A layer leaves the last two to the batch, which fills them in.
    """

    symbols: NDArray[np.uint64]
    bounds: NDArray[np.int64]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    data: NDArray[np.uint8] = field(default_factory=lambda: np.empty(0, dtype=np.uint8))
    texts: NDArray[np.int64] = field(default_factory=lambda: np.zeros(1, dtype=np.int64))


class Layer(Protocol):
    """Turns texts into sequences of symbols.

    ``name`` is what users type (``word``, ``spacy:de``); ``version`` changes whenever the same text
    would give other symbols, so that profiles of different versions refuse to meet.

    A layer may say ``unlocked = True``: it spends its time in compiled code that holds no
    interpreter lock and never ends the process. Several threads of one process then count at once.
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
