"""Repetition of n-grams of other orders than four, and the longest repeat."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from degrade.metric import WHOLE, DocumentMetric
from degrade.text.layer import Segments
from degrade_metrics.gopher import longest_repeat_of_document
from degrade_metrics.naming import longest_repeats, repeated_ngrams

FAMILY = "repetition"
ORDERS = (1, 2, 3, 5, 6)
Counts = tuple[NDArray[np.int64], NDArray[np.int64]]


def repeated(segments: Segments, window: int, n: int) -> Counts:
    """Return repeated n-grams and all n-grams in the full windows of each document."""
    every, total = repeated_ngrams(segments.symbols, segments.bounds, window)
    return every[:, n - 1], total[:, n - 1]


def longest_repeat(segments: Segments, window: int) -> Counts:
    """Return the longest repeats of each document, summed over full windows, and the windows."""
    return longest_repeats(segments.symbols, segments.bounds, window)


_WORDS = {1: "words", 2: "two-word phrases", 3: "three-word phrases"}
_OVERLAP = (
    "The two occurrences may overlap: of one word said k times, the longest repeat is k - 1 words."
)

METRICS = (
    *(
        DocumentMetric(
            name=f"repetition_{n}",
            title=f"Repeated {_WORDS.get(n, f'{n}-grams')}",
            family=FAMILY,
            unit=f"share of {n}-grams",
            scale="log",
            worse="higher",
            threshold_unit="ratio",
            events=True,
            layer="word",
            windows=(200, 100, 50),
            measure=partial(repeated, n=n),
            source=f"Welleck et al. 2020 (seq-rep-{n}), on windows of fixed length",
            description=f"1 - distinct / all {n}-grams, in full windows of 200, 100 or 50 words: "
            "the largest that holds half of the text on every side.",
            formula="sum over windows of (n-grams - distinct n-grams) / sum of n-grams",
            undefined="no window is filled by half of the text",
            pitfalls="It depends on the window: compare windows of one length only. Short n-grams "
            "repeat in any good text; what rises with loops is n of 4 and more.",
            default=False,
            sampled=True,
        )
        for n in ORDERS
    ),
    *(
        DocumentMetric(
            name=name,
            title=title,
            family=FAMILY,
            unit="words",
            scale="log",
            worse="higher",
            threshold_unit="relative",
            layer="word",
            windows=windows,
            measure=measure,
            high=100.0,
            source="Karp, Miller and Rosenberg 1972 (the longest repeated substring, by naming)",
            description=description,
            formula="mean over windows of max {k : some k words in a row occur twice}",
            undefined=undefined,
            pitfalls=pitfalls,
            default=False,
            sampled=True,
        )
        for name, title, windows, measure, description, undefined, pitfalls in (
            (
                "longest_repeat",
                "Longest repeated phrase",
                (500, 200, 100, 50),
                longest_repeat,
                "Words of the longest phrase that a window of 500, 200, 100 or 50 words holds "
                "twice, averaged over full windows: the largest that holds half of the text on "
                "every side.",
                "no window is filled by half of the text, or none holds a word twice",
                _OVERLAP,
            ),
            (
                "longest_repeat_document",
                "Longest repeated phrase of a document",
                (WHOLE,),
                longest_repeat_of_document,
                "Words of the longest phrase that a document holds twice, averaged over documents.",
                "no document holds a word twice",
                f"{_OVERLAP} Longer documents have longer repeats: where lengths differ, read "
                "longest_repeat. One document of a single loop can make the mean.",
            ),
        )
    ),
)
