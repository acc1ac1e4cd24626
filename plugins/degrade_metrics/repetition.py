"""Repetition: how much a document says again."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from degrade.compiled import kernel
from degrade.metric import DocumentMetric
from degrade.text.layer import Segments
from degrade_metrics.earlier import places_before

FAMILY = "repetition"


@kernel
def _repeated(
    before: NDArray[np.int32], bounds: NDArray[np.int64], window: int, n: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    documents = len(bounds) - 1
    repeated = np.zeros(documents, dtype=np.int64)
    total = np.zeros(documents, dtype=np.int64)
    inside = max(0, window - n + 1)
    for document in range(documents):
        own = before[bounds[document] : bounds[document + 1]]
        held = 0
        for start in range(0, len(own) - window + 1, window):
            # Counted from 0, for the loop to go several at a time.
            for last in own[start : start + inside]:
                held += last >= start
            total[document] += inside
        repeated[document] = held
    return repeated, total


def repeated_ngrams(
    symbols: NDArray[np.uint64], bounds: NDArray[np.int64], window: int, n: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return n-grams less distinct ones, and n-grams, in the full windows of each document.

    Windows follow one another from the start; what is left at the end is passed over. An n-gram
    that stood in its window before is not distinct.
    """
    return _repeated(places_before(symbols, bounds, n), bounds, window, n)


def repeated_4grams(segments: Segments, window: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return repeated 4-grams and all 4-grams in the full windows of each document."""
    return repeated_ngrams(segments.symbols, segments.bounds, window, 4)


METRICS = (
    DocumentMetric(
        name="repetition_4",
        instances="repeats",
        title="Repeated four-word phrases",
        family=FAMILY,
        unit="share of 4-grams",
        scale="log",
        worse="higher",
        threshold_unit="ratio",
        thresholds=(1.25, 2.0, 5.0),
        floor=0.005,
        primary=True,
        events=True,
        layer="word",
        windows=(200, 100, 50),
        measure=repeated_4grams,
        source="Welleck et al. 2020 (seq-rep-4), on windows of fixed length",
        description="1 - distinct / all 4-grams, in full windows of 200, 100 or 50 words: the "
        "largest that holds half of the text on every side.",
        undefined="no window is filled by half of the text",
        formula="sum over full windows of (4-grams - distinct 4-grams) / sum of 4-grams; half an "
        "event is added to both sides' numerators before logs are taken",
        pitfalls="Lists, tables, verse and forms repeat with good reason. It sees what comes back "
        "within a window and not what documents have in common (see shared_4). The shorter the "
        "window, the lower it is: compare only what was measured in windows of one size. Text "
        "cut to a nucleus or generated at a low temperature can be poor without repeating.",
    ),
)
