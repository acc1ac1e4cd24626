"""Lexical diversity: how varied the words are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from degrade.compiled import kernel
from degrade.errors import UndefinedMetricError
from degrade.metric import CorpusMetric, DocumentMetric, View
from degrade.summaries import Census, Need
from degrade.text.layer import Segments
from degrade_metrics.earlier import places_before

FAMILY = "lexical diversity"
WORDS = Need(Census, layer="word", n=1)
BIGRAMS = Need(Census, layer="word", n=2)
TRIGRAMS = Need(Census, layer="word", n=3)


def _types(view: View, need: Need) -> float:
    return view[need].expected_types(view.tokens)


def _types_each(view: View, left_out: Sequence[int | None], need: Need) -> Iterable[float]:
    found: list[float] = view[need].expected_types_each(view.tokens, left_out).tolist()
    return found


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


def _simpson_each(view: View, left_out: Sequence[int | None]) -> Iterable[float]:
    return view[WORDS].match_between_groups_each("occurrences", left_out)


@kernel
def _moving_types(
    before: NDArray[np.int32], bounds: NDArray[np.int64], window: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    documents = len(bounds) - 1
    types = np.zeros(documents, dtype=np.int64)
    windows = np.zeros(documents, dtype=np.int64)
    for document in range(documents):
        # Places of the document counted from 0, for the loop to go several at a time.
        last = before[bounds[document] : bounds[document + 1]]
        length = len(last)
        if length < window:
            continue
        held = 0
        for j in range(length):
            earliest = max(int(last[j]) + 1, j - window + 1, 0)
            latest = min(j, length - window)
            held += max(0, latest - earliest + 1)
        types[document] = held
        windows[document] = length - window + 1
    return types, windows


def moving_types(
    symbols: NDArray[np.uint64], bounds: NDArray[np.int64], window: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the types in every window of each document, summed over windows, and the windows.

    A token counts in the windows that begin after its last occurrence before it.
    """
    return _moving_types(places_before(symbols, bounds, 1), bounds, window)


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
        instances="n-grams",
        title="Different words (types)",
        family=FAMILY,
        unit="types",
        scale="log",
        worse="lower",
        needs=(WORDS,),
        compute=partial(_types, need=WORDS),
        compute_each=partial(_types_each, need=WORDS),
        view="incidence",
        threshold_unit="relative",
        thresholds=(0.03, 0.10, 0.25),
        primary=True,
        source=_COLWELL,
        description="Distinct words expected in as much text of whole documents as the smaller "
        "corpus has: S(n) = sum over types of 1 - C(G - d, n) / C(G, n), for a type found in d "
        "of G groups.",
        undefined="no text",
        formula="S(n) = sum_t [1 - C(G - d_t, n) / C(G, n)], n = m G / N; d_t of G groups hold "
        "the word t, m is the matched size",
        pitfalls="More words are no proof of health: a weak model that invents words can have "
        "more types than its source while most of the rare words are gone; read it beside "
        "rare_loss_1. It grows with the size and with the subjects covered: compare figures of "
        "one run only.",
    ),
    CorpusMetric(
        name="types_2",
        instances="n-grams",
        title="Different word pairs",
        family=FAMILY,
        unit="types",
        scale="log",
        worse="lower",
        needs=(BIGRAMS,),
        compute=partial(_types, need=BIGRAMS),
        compute_each=partial(_types_each, need=BIGRAMS),
        view="incidence",
        threshold_unit="relative",
        thresholds=(0.03, 0.10, 0.25),
        primary=True,
        source=_COLWELL,
        description="Distinct pairs of neighbouring words expected at the matched size, as "
        "types_1.",
        undefined=_NO_TYPES,
        formula="S(n) = sum_t [1 - C(G - d_t, n) / C(G, n)], n = m G / N; d_t of G groups hold "
        "the pair t, m is the matched size",
        pitfalls="Words shuffled at random make new pairs: more can be worse. It grows with the "
        "size and with the subjects covered: compare figures of one run only.",
    ),
    CorpusMetric(
        name="simpson",
        instances="key words",
        title="Two random words the same (Simpson)",
        family=FAMILY,
        unit="probability",
        scale="log",
        worse="higher",
        needs=(WORDS,),
        compute=_simpson,
        compute_each=_simpson_each,
        view="incidence",
        threshold_unit="relative",
        thresholds=(0.10, 0.25, 1.0),
        primary=True,
        source="Simpson 1949, between groups of documents",
        description="The chance that two tokens of different groups of documents are the same "
        "word: (sum c_t^2 - sum_g sum c_gt^2) / (N^2 - sum_g N_g^2). It rises when few words take "
        "over, and does not depend on how much text there is.",
        undefined="fewer than two groups hold text",
        formula="(sum_t c_t^2 - sum_g sum_t c_gt^2) / (N^2 - sum_g N_g^2); the word t occurs c_t "
        "times, c_gt of them in group g",
        pitfalls="The dozen most frequent words decide it. What is lost in the tail does not "
        "show: retraining hardly moves it, and can even lower it, while rare words go. A change "
        "of style in function words does move it.",
    ),
    *(
        CorpusMetric(
            name=f"distinct_{n}",
            instances="n-grams",
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
            formula=f"S(n) / (M n / G), n = m G / N; S(n) the expected distinct {n}-grams, M all "
            f"{n}-grams of the corpus in its G groups",
            pitfalls="It says no more than the number of distinct n-grams at that size, so it is "
            "no second witness beside types_1 and types_2. Published figures of distinct-n, at "
            "whatever size a corpus had or within single answers, are not comparable.",
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
        formula="sum over windows of types / sum over windows of w, for all windows of w "
        "successive words within a document",
        pitfalls="It sees variety within a document only: if all documents say the same, it does "
        "not move. Documents shorter than the window are left out, and long ones weigh more. "
        "Its level depends on the window: compare only what was measured in windows of one size.",
    ),
)
