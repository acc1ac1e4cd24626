"""Honoré's H: how many words are used only once, for the length of the text."""

import math

import numpy as np
from numpy.typing import NDArray

from degrade.errors import UndefinedMetricError
from degrade.metric import CorpusMetric, View
from degrade.summaries import Census, Need

WORDS = Need(Census, layer="word", n=1)


def honore(frequencies: NDArray[np.int64]) -> float:
    """Return H = 100 log N / (1 - V1 / V) of word frequencies (Honoré 1979).

    N tokens, V types, V1 of them used once. Undefined if no word is used twice.
    """
    tokens, types = int(frequencies.sum()), len(frequencies)
    once = int((frequencies == 1).sum())
    if types == once:
        raise UndefinedMetricError("no word is used twice")
    return 100 * math.log(tokens) / (1 - once / types)


def _honore(view: View) -> float:
    return honore(view[WORDS].frequencies())


METRICS = (
    CorpusMetric(
        name="honore_h",
        title="Honoré's H",
        family="lexical diversity",
        unit="H",
        scale="log",
        worse="lower",
        threshold_unit="relative",
        needs=(WORDS,),
        compute=_honore,
        view="selection",
        description="Words used only once, set against the length of the text: the richer the "
        "vocabulary, the higher.",
        formula="H = 100 log N / (1 - V1 / V), of N tokens and V types, V1 of them used once",
        undefined="no word is used twice",
        pitfalls="Misspelt and invented words are used once too, and raise it.",
        source="Honoré 1979, Some simple measures of richness of vocabulary",
    ),
)
