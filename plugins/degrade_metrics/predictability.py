"""Predictability: how well a language model of one corpus foretells the other."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from degrade.metric import TextMetric
from degrade.text.layer import Segments
from degrade_metrics.kneser_ney import KneserNey, learned

FAMILY = "predictability"
ORDER = 3
WINDOWS = (64, 32, 16)
"""Shumailov et al. 2024 look at sequences of 64 tokens."""


def learn(segments: Segments, documents: NDArray[np.int64]) -> KneserNey:
    """Return the trigram model of ``documents``."""
    return learned(segments.symbols, segments.bounds, documents, ORDER)


def cross_entropies(
    model: KneserNey, segments: Segments, documents: NDArray[np.int64], window: int
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the mean of -log2 p over the words of each full window, and its document.

    Windows follow one another from the start of a document; their words are foretold from the
    words before them, those of the window before included.
    """
    bits = model.bits(segments.symbols, segments.bounds, documents)
    lengths = segments.bounds[documents + 1] - segments.bounds[documents]
    starts = np.cumsum(lengths) - lengths
    full = lengths // window
    places = np.repeat(documents, full)
    within = np.arange(len(places)) - np.repeat(np.cumsum(full) - full, full)
    first = np.repeat(starts, full) + within * window
    sums = np.concatenate(([0.0], np.cumsum(bits)))
    values: NDArray[np.float64] = (sums[first + window] - sums[first]) / window
    return values, places


_FORMULA = (
    "H = -1/T sum_i log2 p(w_i | w_(i-2) w_(i-1)), p(w | h) = max(c(h w) - D(c(h w)), 0) / c(h .) "
    "+ gamma(h) p(w | h'), where shorter n-grams count the different words before them, and below "
    "single words p = 2^-20"
)
_SOURCE = (
    "Shumailov et al. 2024, fig. 1; interpolated modified Kneser-Ney of Chen and Goodman 1999, "
    "section 3"
)
_UNDEFINED = (
    "no windows of 64, 32 or 16 words hold half of the text, no text is at hand, or too few groups "
    "of documents for halves that teach"
)

METRICS = (
    TextMetric(
        name="cross_entropy",
        title="Cross-entropy under a model of the reference",
        family=FAMILY,
        unit="bits per word",
        scale="log",
        worse="either",
        threshold_unit="relative",
        layer="word",
        windows=WINDOWS,
        learn=learn,
        score=cross_entropies,
        taught_by="reference",
        default=False,
        source=_SOURCE,
        description="How many bits a trigram model of half of the reference takes for a word of "
        "the candidate, beside what it takes for a word of the reference's other half. Less: the "
        "candidate says what is to be expected. More: it says what the reference does not.",
        formula=_FORMULA,
        pitfalls="Text of another subject takes more bits as broken text does; and a low "
        "temperature takes fewer, recursive training more. What a model has learned by heart is "
        "foretold too well: the reference must not be its training data.",
        undefined=_UNDEFINED,
    ),
    TextMetric(
        name="cross_entropy_spread",
        title="Spread of cross-entropy between passages",
        family=FAMILY,
        unit="bits per word",
        scale="log",
        worse="either",
        threshold_unit="relative",
        layer="word",
        windows=WINDOWS,
        learn=learn,
        score=cross_entropies,
        taught_by="reference",
        statistic="deviation",
        edges=tuple(range(25)),
        default=False,
        source=_SOURCE,
        description="The standard deviation, over passages of 64 (32, 16) words, of their bits "
        "per word under a model of the reference; its counts are the histogram of passages by "
        "bits per word. Less: all passages are alike; more: some have come apart from the rest.",
        formula="sqrt(mean of (H_k - H)^2) over passages k; " + _FORMULA,
        pitfalls="Shorter passages spread more, so it is compared only at one length. A few "
        "passages in another language or of markup make most of it.",
        undefined=_UNDEFINED + "; or all passages are the same",
    ),
    TextMetric(
        name="cross_entropy_of_reference",
        title="Cross-entropy of the reference under a model of the candidate",
        family=FAMILY,
        unit="bits per word",
        scale="log",
        worse="higher",
        threshold_unit="relative",
        layer="word",
        windows=WINDOWS,
        learn=learn,
        score=cross_entropies,
        taught_by="candidate",
        default=False,
        source=_SOURCE,
        description="How many bits a trigram model of the candidate takes for a word of the "
        "reference, beside a model of as much reference text: what one can no longer learn from "
        "the candidate.",
        formula=_FORMULA,
        pitfalls="It grows with any distance, of subject too. Models are compared at equal size; "
        "a word that neither has seen costs the same under both.",
        undefined=_UNDEFINED,
    ),
)
