"""Homogeneity of openings: how many documents begin with the same words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from degrade.errors import UndefinedMetricError, UsageError
from degrade.metric import CorpusMetric, View
from degrade.summaries import Census, Need
from degrade.text.layer import Layer, Segments
from degrade.text.layers import built_in
from degrade_metrics.homogeneity import FAMILY

WORDS = 5
_ROLL = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class OpeningLayer:
    """One symbol a document: its first words, taken together. Shorter documents have none."""

    words: int

    unlocked: ClassVar[bool] = True

    @property
    def name(self) -> str:
        """What users type."""
        return f"opening:{self.words}"

    @property
    def version(self) -> str:
        """Edition of the layer, and of the words."""
        return f"1 ({built_in('word').version})"

    def segment(self, data: NDArray[np.uint8], bounds: NDArray[np.int64]) -> Segments:
        """Return the openings of the documents ``data[bounds[i]:bounds[i + 1]]``, valid UTF-8."""
        found = built_in("word").segment(data, bounds)
        held = np.diff(found.bounds) >= self.words
        first = found.bounds[:-1][held]
        symbols = np.zeros(len(first), dtype=np.uint64)
        for k in range(self.words):
            symbols = symbols * _ROLL + found.symbols[first + k]
        return Segments(
            symbols,
            np.append(0, np.cumsum(held)),
            found.starts[first],
            found.ends[first + self.words - 1],
        )


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
