"""Lexical diversity within documents, on windows of fixed length: MTLD, HD-D and MSTTR."""

from __future__ import annotations

from functools import lru_cache, partial

import numpy as np
from numpy.typing import NDArray

from degrade.compiled import kernel
from degrade.metric import DocumentMetric
from degrade.text.layer import Segments
from degrade.text.once import once
from degrade.urn import missed
from degrade_metrics.naming import longest, numbered

FAMILY = "lexical diversity"
THRESHOLD = 0.72
"""Type-token ratio at which a factor of MTLD is full (McCarthy and Jarvis 2010, p. 385)."""
SHORTEST = 10
"""Tokens of the shortest full factor, where factors end strictly below the threshold."""
DRAWN = 42
"""Tokens drawn by HD-D (McCarthy and Jarvis 2010, p. 383)."""


def sums_over_types(
    symbols: NDArray[np.uint64],
    bounds: NDArray[np.int64],
    window: int,
    worths: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the sums over full windows and their types of each of ``worths[:, count]``.

    ``worths`` are by the occurrences of a type in the window, (kinds, window + 1); sums are (kinds,
    documents). And the full windows of each document, which follow one another from its start.
    """
    return _sums_over_types(numbered(symbols, bounds), bounds, window, worths)


@kernel
def _sums_over_types(
    numbers: NDArray[np.int32],
    bounds: NDArray[np.int64],
    window: int,
    worths: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    documents, kinds = len(bounds) - 1, len(worths)
    sums = np.zeros((kinds, documents), dtype=np.float64)
    windows = np.zeros(documents, dtype=np.int64)
    counts = np.zeros(longest(bounds), dtype=np.int64)
    of_count = np.zeros(window + 1, dtype=np.int64)
    for document in range(documents):
        for start in range(bounds[document], bounds[document + 1] - window + 1, window):
            most = 0
            for i in range(start, start + window):
                counts[numbers[i]] += 1
            for i in range(start, start + window):
                count = counts[numbers[i]]
                if count:
                    of_count[count] += 1
                    most = max(most, count)
                    counts[numbers[i]] = 0
            for count in range(1, most + 1):
                for kind in range(kinds):
                    sums[kind, document] += of_count[count] * worths[kind, count]
                of_count[count] = 0
            windows[document] += 1
    return sums, windows


def factors(
    symbols: NDArray[np.uint64], bounds: NDArray[np.int64], window: int, inclusive: bool
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the factors of MTLD in the full windows of each document, and these windows.

    Factors are (2, documents): read forwards, and backwards. ``inclusive``, a factor is full where
    the type-token ratio falls to .72 or below (Shen 2022, package lexicalrichness); else where it
    falls below .72 after at least 10 tokens, and the window's last token ends a part of a factor
    whatever the ratio (Kyle 2020, package lexical-diversity).
    """
    numbers = numbered(symbols, bounds)
    found, windows = once(symbols, ("factors", window), _factors, numbers, bounds, window)
    return found[int(inclusive)], windows


@kernel
def _factors(
    numbers: NDArray[np.int32], bounds: NDArray[np.int64], window: int
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the factors, (exclusive and inclusive, directions, documents), and the windows."""
    documents = len(bounds) - 1
    found = np.zeros((2, 2, documents), dtype=np.float64)
    windows = np.zeros(documents, dtype=np.int64)
    # Turns go on from window to window, so that what was last read before lies below them all.
    last = np.full(longest(bounds), -1, dtype=np.int64)
    turn = 0
    for document in range(documents):
        for start in range(bounds[document], bounds[document + 1] - window + 1, window):
            for backwards in range(2):
                step = -1 if backwards else 1
                i = start + window - 1 if backwards else start
                ends = turn + window - 1
                first_below, types_below = turn, 0
                first_at, types_at = turn, 0
                for now in range(turn, turn + window):
                    before = last[numbers[i]]
                    last[numbers[i]] = now
                    i += step
                    types_below += before < first_below
                    length = now - first_below + 1
                    ratio = types_below / length
                    if ratio < THRESHOLD and length >= SHORTEST and now != ends:
                        found[0, backwards, document] += 1.0
                        first_below, types_below = now + 1, 0
                    elif now == ends:
                        found[0, backwards, document] += (1.0 - ratio) / (1.0 - THRESHOLD)
                    types_at += before < first_at
                    ratio = types_at / (now - first_at + 1)
                    if ratio <= THRESHOLD:
                        found[1, backwards, document] += 1.0
                        first_at, types_at = now + 1, 0
                    elif now == ends:
                        found[1, backwards, document] += (1.0 - ratio) / (1.0 - THRESHOLD)
                turn += window
            windows[document] += 1
    return found, windows


def mtld(
    segments: Segments, window: int, *, inclusive: bool
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the tokens in the full windows of each document, and the factors in these.

    Factors are the mean of both directions; with none, the document is left out.
    """
    found, windows = factors(segments.symbols, segments.bounds, window, inclusive)
    return windows * window, found.mean(axis=0)


@lru_cache(maxsize=16)
def _worths(window: int, drawn: int) -> NDArray[np.float64]:
    """Return what a type is worth: one, and its chance to be among the tokens drawn."""
    return np.stack((np.ones(window + 1), 1.0 - missed(window, window, drawn)))


def _types(segments: Segments, window: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    parts = segments.symbols, segments.bounds, window, _worths(window, DRAWN)
    return once(segments.symbols, ("types", window, DRAWN), sums_over_types, *parts)


def hypergeometric_diversity(
    segments: Segments, window: int
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the types expected in 42 tokens of each full window, summed, and these tokens."""
    sums, windows = _types(segments, window)
    return sums[1], windows * DRAWN


def segmental_ttr(segments: Segments, window: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the types in the full windows of each document, and the tokens in these."""
    sums, windows = _types(segments, window)
    return sums[0], windows * window


_UNFILLED = "no window is filled by half of the text"
_MTLD = (
    "Tokens over factors, a factor being a run of words in which the type-token ratio stays above "
    ".72: how many words pass until the text repeats itself that much. In full windows of 500, 200 "
    "or 100 words, forwards and backwards, over all documents at once."
)
_POOLED = (
    "Libraries average the ratio over directions and documents; here it is one ratio of sums, "
    "which for one text is their harmonic mean. Documents, or stretches of a thousand words, "
    "without any repetition are left out. "
)

METRICS = (
    *(
        DocumentMetric(
            name=name,
            title=title,
            family=FAMILY,
            unit="words",
            scale="log",
            worse="lower",
            threshold_unit="relative",
            layer="word",
            windows=(500, 200, 100),
            measure=partial(mtld, inclusive=inclusive),
            low=0.0,
            high=300.0,
            source=f"McCarthy and Jarvis 2010, pp. 384-385; {ends}",
            formula=formula,
            description=_MTLD,
            undefined=f"{_UNFILLED}, or no word comes twice in one",
            pitfalls=_POOLED + pitfalls,
            default=False,
            sampled=True,
        )
        for name, title, inclusive, ends, formula, pitfalls in (
            (
                "mtld",
                "Measure of textual lexical diversity (MTLD)",
                True,
                "a factor ends at or below .72, as in the package lexicalrichness (Shen 2022)",
                "tokens / [(F forwards + F backwards) / 2]; the rest of a window is (1 - TTR) / "
                "(1 - .72) of a factor",
                "Where the ratio is exactly .72, a factor ends; in mtld_below it does not.",
            ),
            (
                "mtld_below",
                "MTLD, factors end strictly below",
                False,
                "a factor ends below .72 after at least 10 words, as in the package "
                "lexical-diversity (Kyle 2020)",
                "as mtld; the rest of a window is (1 - TTR) / (1 - .72) of a factor, even below "
                ".72",
                "It lies above mtld by a few percent, as factors are longer: never compare the "
                "two.",
            ),
        )
    ),
    *(
        DocumentMetric(
            name=name,
            title=title,
            family=FAMILY,
            unit="ratio",
            scale="log",
            worse="lower",
            threshold_unit="relative",
            layer="word",
            windows=(500, 200, 100, 50),
            measure=measure,
            source=source,
            formula=formula,
            description=description,
            undefined=_UNFILLED,
            pitfalls=pitfalls,
            default=False,
            sampled=True,
        )
        for name, title, measure, source, formula, description, pitfalls in (
            (
                "hdd",
                "Hypergeometric distribution diversity (HD-D)",
                hypergeometric_diversity,
                "McCarthy and Jarvis 2010, p. 383: the exact form of vocd-D",
                "(1 / 42) sum_t [1 - C(W - c_t, 42) / C(W, 42)], in windows of W words",
                "The type-token ratio expected of 42 words drawn at random from a full window of "
                "500, 200, 100 or 50 words.",
                "It depends on the window, which is named in the counts of a finding.",
            ),
            (
                "msttr",
                "Mean segmental type-token ratio (MSTTR)",
                segmental_ttr,
                "Johnson 1944; Covington and McFall 2010",
                "mean over windows of types / tokens",
                "Types over tokens in windows of 500, 200, 100 or 50 words that follow one "
                "another, averaged over the corpus.",
                "What is left at the end of a document is passed over; mattr uses every window.",
            ),
        )
    ),
)
