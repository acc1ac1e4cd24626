"""Which scripts and languages a corpus is written in, by group."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

import numpy as np
from numpy.typing import NDArray

from degrade.summaries.need import Arrays, Need
from degrade.text.document import GROUPS, Batch
from degrade.text.frequent_words import has_words, hits_of
from degrade.text.languages import LANGUAGES, languages_of
from degrade.text.layer import Layer
from degrade.text.scripts import SCRIPTS, script_letters, scripts_of_code_points
from degrade.text.spans import texts_of

EDITION = 2
"""Changes with the tables: profiles of different editions refuse to meet."""


class Mix:
    """Letters by script and documents by language.

    Languages are told as ``degrade.text.languages`` says, and no better. Where the symbols of the
    layer are not those of words, only scripts that one language uses tell the language.

    Attributes
    ----------
    letters : int64 array, (scripts, GROUPS), in the order of ``SCRIPTS``; marks count with them
    documents : int64 array, (languages, GROUPS), in the order of ``LANGUAGES``: first the unknown
    """

    def __init__(self, need: Need) -> None:
        self.layer = str(need["layer"])
        self.letters: NDArray[np.int64] = np.zeros((len(SCRIPTS), GROUPS), dtype=np.int64)
        self.documents: NDArray[np.int64] = np.zeros((len(LANGUAGES), GROUPS), dtype=np.int64)

    @classmethod
    def layers(cls, need: Need) -> tuple[str, ...]:
        """Return the layer whose words tell the language."""
        return (str(need["layer"]),)

    def update(self, batch: Batch, layers: Mapping[str, Layer]) -> None:
        """Add the letters and languages of the documents of ``batch``."""
        layer = layers[self.layer]
        lanes = texts_of(batch.data, batch.bounds).lanes
        letters = script_letters(lanes, batch.bounds, scripts_of_code_points(), len(SCRIPTS))
        segments = batch.segments(layer)
        hits = hits_of(segments.symbols, segments.bounds) if has_words(layer) else None
        languages = languages_of(letters, hits, np.diff(segments.bounds))
        for script in np.flatnonzero(letters.any(axis=0)):
            np.add.at(self.letters[script], batch.groups, letters[:, script])
        np.add.at(self.documents, (languages, batch.groups), 1)

    def merge(self, other: Self) -> None:
        """Add the letters and documents of ``other``."""
        self.letters += other.letters
        self.documents += other.documents

    def arrays(self) -> Arrays:
        """Return both arrays."""
        return {"letters": self.letters, "documents": self.documents}

    @classmethod
    def from_arrays(cls, need: Need, arrays: Arrays) -> Self:
        """Return the mix that gave ``arrays``."""
        mix = cls(need)
        for name, expected in mix.arrays().items():
            found = arrays[name]
            if found.shape != expected.shape or found.dtype != expected.dtype or (found < 0).any():
                raise ValueError(f"{name}: not what it should be")
            expected += found
        return mix
