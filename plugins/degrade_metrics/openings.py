"""Homogeneity of openings: how many documents begin with the same words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from degrade.compiled import kernel
from degrade.errors import UndefinedMetricError, UsageError
from degrade.metric import CorpusMetric, View
from degrade.summaries import Census, Need
from degrade.text.layer import Layer, Segments
from degrade.text.layers import built_in
from degrade_metrics.homogeneity import FAMILY

WORDS = 5
_BYTES_A_WORD = 10
"""Read at first; documents whose words are longer are read further."""
_ROLL = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class OpeningLayer:
    """One symbol a document: its first words, taken together. Shorter documents have none."""

    words: int

    @property
    def name(self) -> str:
        """What users type."""
        return f"opening:{self.words}"

    @property
    def version(self) -> str:
        """Edition of the layer, and of the words."""
        return f"1 ({built_in('word').version})"

    def segment(self, data: NDArray[np.uint8], bounds: NDArray[np.int64]) -> Segments:
        """Return the openings of the documents ``data[bounds[i]:bounds[i + 1]]``, valid UTF-8.

        Only beginnings are segmented: what follows a word cannot change the words before it.
        """
        documents = len(bounds) - 1
        symbols = np.zeros(documents, dtype=np.uint64)
        places = np.zeros((2, documents), dtype=np.int64)
        held = np.zeros(documents, dtype=np.bool_)
        pending = np.arange(documents)
        reach = _BYTES_A_WORD * (self.words + 1)
        while len(pending):
            ends = _cut(data, bounds[pending], bounds[pending + 1], reach)
            starts, lengths = bounds[pending], ends - bounds[pending]
            prefixes = np.append(0, np.cumsum(lengths))
            found = built_in("word").segment(_beginnings(data, starts, prefixes), prefixes)
            counts = np.diff(found.bounds)
            whole = ends == bounds[pending + 1]
            # The last word of a prefix may go on beyond it, one before that does not.
            done = (counts > self.words) | whole
            opened = np.flatnonzero((counts > self.words) | (whole & (counts == self.words)))
            first, at = found.bounds[opened], pending[opened]
            for k in range(self.words):
                symbols[at] = symbols[at] * _ROLL + found.symbols[first + k]
            moved = starts[opened] - prefixes[opened]
            places[0, at] = found.starts[first] + moved
            places[1, at] = found.ends[first + self.words - 1] + moved
            held[at] = True
            pending = pending[~done]
            reach *= 8
        return Segments(
            symbols[held], np.append(0, np.cumsum(held)), places[0, held], places[1, held]
        )


@kernel
def _beginnings(
    data: NDArray[np.uint8], starts: NDArray[np.int64], bounds: NDArray[np.int64]
) -> NDArray[np.uint8]:
    """Return the bytes from each of ``starts`` on, ``bounds`` saying how many, side by side."""
    out = np.empty(bounds[-1], dtype=np.uint8)
    for i in range(len(starts)):
        size = bounds[i + 1] - bounds[i]
        out[bounds[i] : bounds[i + 1]] = data[starts[i] : starts[i] + size]
    return out


def _cut(
    data: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64], reach: int
) -> NDArray[np.int64]:
    """Return ends at most ``reach`` bytes after the starts, and between characters."""
    cut = np.minimum(starts + reach, ends)
    for _ in range(3):
        # A byte that continues a character is 0b10xxxxxx.
        inside = np.flatnonzero(cut < ends)
        cut[inside] -= (data[cut[inside]] & 0xC0) == 0x80
    return cut


def opening(argument: str) -> Layer:
    """Return the layer ``opening:<words>``."""
    if not argument.isdecimal() or not 1 <= int(argument) <= 100:
        raise UsageError(
            f"layer {'opening:' + argument!r}: say how many words make an opening, 1 to 100, as in "
            f"opening:{WORDS}"
        )
    return OpeningLayer(int(argument))


OPENINGS = Need(Census, layer=f"opening:{WORDS}", n=1)


def repeated_openings(view: View) -> float:
    """Return the share of documents that open like another, expected at the matched size."""
    census = view[OPENINGS]
    documents = census.expected_occurrences(view.tokens)
    if documents <= 0:
        raise UndefinedMetricError(f"no document has {WORDS} words")
    return max(0.0, 1.0 - census.expected_hapaxes(view.tokens) / documents)


METRICS = (
    CorpusMetric(
        name="repeated_openings",
        title="Documents that open alike",
        family=FAMILY,
        unit="share of documents",
        scale="difference",
        worse="higher",
        needs=(OPENINGS,),
        compute=repeated_openings,
        view="incidence",
        threshold_unit="points",
        source="expected singletons in groups drawn without replacement, after Colwell et al. "
        "2012, eq. 17, of first words instead of species",
        description=f"The share of documents whose first {WORDS} words open another document too, "
        "in as much text of whole documents as the smaller corpus has.",
        formula="1 - E[openings that occur once] / E[documents], at the matched size",
        undefined=f"no document has {WORDS} words",
        pitfalls="The more documents, the more of them open alike, so it is compared at one size "
        "only. Documents cut from longer ones do not open as those do. Copies open alike: see "
        "whether whole documents repeat.",
    ),
)
