"""Repetition: how much a document says again."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from degrade.compiled import kernel
from degrade.metric import DocumentMetric
from degrade.text.layer import Segments

FAMILY = "repetition"


@kernel
def repeated_ngrams(
    symbols: NDArray[np.uint64], bounds: NDArray[np.int64], window: int, n: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return n-grams less distinct ones, and n-grams, in the full windows of each document.

    Windows follow one another from the start; what is left at the end is passed over. N-grams are
    compared symbol by symbol.
    """
    documents = len(bounds) - 1
    repeated = np.zeros(documents, dtype=np.int64)
    total = np.zeros(documents, dtype=np.int64)
    slots = 2
    while slots < 2 * window:
        slots *= 2
    seen = np.empty(slots, dtype=np.int64)
    for document in range(documents):
        for start in range(bounds[document], bounds[document + 1] - window + 1, window):
            seen[:] = -1
            for i in range(start, start + window - n + 1):
                mark = symbols[i]
                for k in range(1, n):
                    # A rotation apart, so that the order of symbols counts.
                    mark = ((mark << np.uint64(13)) | (mark >> np.uint64(51))) ^ symbols[i + k]
                slot = np.int64((mark ^ (mark >> np.uint64(32))) & np.uint64(slots - 1))
                found = False
                while seen[slot] >= 0 and not found:
                    found = True
                    for k in range(n):
                        if symbols[seen[slot] + k] != symbols[i + k]:
                            found = False
                            break
                    if not found:
                        slot = (slot + 1) & (slots - 1)
                if found:
                    repeated[document] += 1
                else:
                    seen[slot] = i
                total[document] += 1
    return repeated, total


def repeated_4grams(segments: Segments, window: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return repeated 4-grams and all 4-grams in the full windows of each document."""
    return repeated_ngrams(segments.symbols, segments.bounds, window, 4)


METRICS = (
    DocumentMetric(
        name="repetition_4",
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
