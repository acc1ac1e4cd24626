"""Lexical diversity: how varied the words are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from degrade.compiled import kernel
from degrade.errors import UndefinedMetricError
from degrade.metric import CorpusMetric, DocumentMetric, View
from degrade.summaries import Census, Need
from degrade.text.layer import Segments

FAMILY = "lexical diversity"
WORDS = Need(Census, layer="word", n=1)
BIGRAMS = Need(Census, layer="word", n=2)
TRIGRAMS = Need(Census, layer="word", n=3)


def _types_1(view: View) -> float:
    return view[WORDS].expected_types(view.tokens)


def _types_2(view: View) -> float:
    return view[BIGRAMS].expected_types(view.tokens)


def _distinct(view: View, need: Need) -> float:
    total = view[need].expected_occurrences(view.tokens)
    if not total:
        raise UndefinedMetricError("no document is long enough to hold one")
    return view[need].expected_types(view.tokens) / total


def _distinct_1(view: View) -> float:
    return _distinct(view, WORDS)


def _distinct_2(view: View) -> float:
    return _distinct(view, BIGRAMS)


def _distinct_3(view: View) -> float:
    return _distinct(view, TRIGRAMS)


def _simpson(view: View) -> float:
    return view[WORDS].match_between_groups("occurrences")


@kernel
def moving_types(
    symbols: NDArray[np.uint64], bounds: NDArray[np.int64], window: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the types in every window of each document, summed over windows, and the windows.

    A token counts in the windows that begin after its last occurrence before it: one look-up a
    token, whatever the window.
    """
    documents = len(bounds) - 1
    types = np.zeros(documents, dtype=np.int64)
    windows = np.zeros(documents, dtype=np.int64)
    longest = 0
    for document in range(documents):
        longest = max(longest, bounds[document + 1] - bounds[document])
    slots = 2
    while slots < 2 * longest:
        slots *= 2
    last = np.empty(slots, dtype=np.int64)
    for document in range(documents):
        first = bounds[document]
        length = bounds[document + 1] - first
        if length < window:
            continue
        slots = 2
        while slots < 2 * length:
            slots *= 2
        last[:slots] = -1
        wrap = np.uint64(slots - 1)
        for j in range(length):
            symbol = symbols[first + j]
            slot = np.int64(symbol & wrap)
            while last[slot] >= 0 and symbols[first + last[slot]] != symbol:
                slot = (slot + 1) & (slots - 1)
            before = last[slot]
            last[slot] = j
            earliest = max(before + 1, j - window + 1, 0)
            latest = min(j, length - window)
            if latest >= earliest:
                types[document] += latest - earliest + 1
        windows[document] = length - window + 1
    return types, windows


def moving_average_ttr(
    segments: Segments, window: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the types in all windows of each document, and the tokens in them."""
    types, windows = moving_types(segments.symbols, segments.bounds, window)
    return types, windows * window


_NO_TYPES = "no document is long enough to hold one"
_COLWELL = "Colwell et al. 2012, eq. 17, on groups of documents"
_LI = "Li et al. 2016 (distinct-n), at matched size by Colwell et al. 2012, eq. 17"

METRICS = (
    CorpusMetric(
        name="types_1",
        title="Word types",
        family=FAMILY,
        unit="types",
        scale="log",
        worse="lower",
        needs=(WORDS,),
        compute=_types_1,
        view="incidence",
        threshold_unit="relative",
        thresholds=(0.03, 0.10, 0.25),
        primary=True,
        source=_COLWELL,
        description="Distinct words expected in as much text of whole documents as the smaller "
        "corpus has: S(n) = sum over types of 1 - C(G - d, n) / C(G, n), for a type found in d "
        "of G groups.",
        undefined="no text",
    ),
    CorpusMetric(
        name="types_2",
        title="Word pairs",
        family=FAMILY,
        unit="types",
        scale="log",
        worse="lower",
        needs=(BIGRAMS,),
        compute=_types_2,
        view="incidence",
        threshold_unit="relative",
        thresholds=(0.03, 0.10, 0.25),
        primary=True,
        source=_COLWELL,
        description="Distinct pairs of neighbouring words expected at the matched size, as "
        "types_1.",
        undefined=_NO_TYPES,
    ),
    CorpusMetric(
        name="simpson",
        title="Same word twice (Simpson)",
        family=FAMILY,
        unit="probability",
        scale="log",
        worse="higher",
        needs=(WORDS,),
        compute=_simpson,
        view="incidence",
        threshold_unit="relative",
        thresholds=(0.10, 0.25, 1.0),
        primary=True,
        source="Simpson 1949, between groups of documents",
        description="The chance that two tokens of different groups of documents are the same "
        "word: (sum c_t^2 - sum_g sum c_gt^2) / (N^2 - sum_g N_g^2). It rises when few words take "
        "over, and does not depend on how much text there is.",
        undefined="fewer than two groups hold text",
    ),
    *(
        CorpusMetric(
            name=f"distinct_{n}",
            title=f"Distinct-{n}",
            family=FAMILY,
            unit="ratio",
            scale="log",
            worse="lower",
            needs=(need,),
            compute=compute,
            view="incidence",
            threshold_unit="relative",
            source=_LI,
            description=f"Distinct {n}-grams over all {n}-grams, both expected at the matched "
            "size: the familiar ratio without its dependence on how much text there is.",
            undefined=_NO_TYPES,
        )
        for n, need, compute in (
            (1, WORDS, _distinct_1),
            (2, BIGRAMS, _distinct_2),
            (3, TRIGRAMS, _distinct_3),
        )
    ),
    DocumentMetric(
        name="mattr",
        title="Moving-average type-token ratio",
        family=FAMILY,
        unit="ratio",
        scale="log",
        worse="lower",
        threshold_unit="relative",
        layer="word",
        windows=(500, 200, 100, 50),
        measure=moving_average_ttr,
        source="Covington and McFall 2010",
        description="Types over tokens in every window of 500, 200, 100 or 50 successive words "
        "of a document, averaged over all windows of the corpus.",
        undefined="no window is filled by half of the text",
    ),
)
