"""Lexical diversity within documents, on windows of fixed length: MTLD, HD-D and MSTTR."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from degrade.compiled import kernel
from degrade.metric import DocumentMetric
from degrade.text.layer import Segments
from degrade.urn import missed

FAMILY = "lexical diversity"
THRESHOLD = 0.72
"""Type-token ratio at which a factor of MTLD is full (McCarthy and Jarvis 2010, p. 385)."""
SHORTEST = 10
"""Tokens of the shortest full factor, where factors end strictly below the threshold."""
DRAWN = 42
"""Tokens drawn by HD-D (McCarthy and Jarvis 2010, p. 383)."""


@kernel
def _slot_of(
    symbol: np.uint64, symbols: NDArray[np.uint64], seen: NDArray[np.int64], wrap: np.uint64
) -> int:
    """Return where ``seen`` holds the place of an earlier ``symbol``, or has room for it."""
    slot = np.int64((symbol ^ (symbol >> np.uint64(32))) & wrap)
    while seen[slot] >= 0 and symbols[seen[slot]] != symbol:
        slot = (slot + 1) & np.int64(wrap)
    return int(slot)


@kernel
def sums_over_types(
    symbols: NDArray[np.uint64],
    bounds: NDArray[np.int64],
    window: int,
    worth: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return, for each document, the sum over full windows and their types of ``worth[count]``.

    ``worth`` is by the occurrences of a type in the window, (window + 1,). And the full windows,
    which follow one another from the start of the document.
    """
    documents = len(bounds) - 1
    sums = np.zeros(documents, dtype=np.float64)
    windows = np.zeros(documents, dtype=np.int64)
    slots = 2
    while slots < 2 * window:
        slots *= 2
    wrap = np.uint64(slots - 1)
    seen = np.empty(slots, dtype=np.int64)
    counts = np.empty(slots, dtype=np.int64)
    for document in range(documents):
        for start in range(bounds[document], bounds[document + 1] - window + 1, window):
            seen[:] = -1
            counts[:] = 0
            for i in range(start, start + window):
                slot = _slot_of(symbols[i], symbols, seen, wrap)
                seen[slot] = i
                counts[slot] += 1
            for slot in range(slots):
                if counts[slot]:
                    sums[document] += worth[counts[slot]]
            windows[document] += 1
    return sums, windows


@kernel
def factors(
    symbols: NDArray[np.uint64], bounds: NDArray[np.int64], window: int, inclusive: bool
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the factors of MTLD in the full windows of each document, and these windows.

    Factors are (2, documents): read forwards, and backwards. ``inclusive``, a factor is full where
    the type-token ratio falls to .72 or below (Shen 2022, package lexicalrichness); else where it
    falls below .72 after at least 10 tokens, and the window's last token ends a part of a factor
    whatever the ratio (Kyle 2020, package lexical-diversity).
    """
    documents = len(bounds) - 1
    found = np.zeros((2, documents), dtype=np.float64)
    windows = np.zeros(documents, dtype=np.int64)
    slots = 2
    while slots < 2 * window:
        slots *= 2
    wrap = np.uint64(slots - 1)
    seen = np.empty(slots, dtype=np.int64)
    for document in range(documents):
        for start in range(bounds[document], bounds[document + 1] - window + 1, window):
            for backwards in range(2):
                seen[:] = -1
                types = 0
                first = 0
                for j in range(window):
                    i = start + window - 1 - j if backwards else start + j
                    slot = _slot_of(symbols[i], symbols, seen, wrap)
                    before = seen[slot]
                    if before >= 0:
                        before = start + window - 1 - before if backwards else before - start
                    if before < first:
                        types += 1
                    seen[slot] = i
                    length = j - first + 1
                    ratio = types / length
                    last = j == window - 1
                    if inclusive:
                        full = ratio <= THRESHOLD
                    else:
                        full = ratio < THRESHOLD and length >= SHORTEST and not last
                    if full:
                        found[backwards, document] += 1.0
                        first = j + 1
                        types = 0
                    elif last:
                        found[backwards, document] += (1.0 - ratio) / (1.0 - THRESHOLD)
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


def hypergeometric_diversity(
    segments: Segments, window: int
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the types expected in 42 tokens of each full window, summed, and these tokens."""
    worth = 1.0 - missed(window, window, DRAWN)
    sums, windows = sums_over_types(segments.symbols, segments.bounds, window, worth)
    return sums, windows * DRAWN


def segmental_ttr(segments: Segments, window: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the types in the full windows of each document, and the tokens in these."""
    worth = np.ones(window + 1)
    sums, windows = sums_over_types(segments.symbols, segments.bounds, window, worth)
    return sums, windows * window


_UNFILLED = "no window is filled by half of the text"
_MTLD = (
    "Tokens over factors, a factor being a run of words in which the type-token ratio stays above "
    ".72: how many words pass until the text repeats itself that much. In full windows of 500, 200 "
    "or 100 words, forwards and backwards, over all documents at once."
)
_POOLED = (
    "Libraries average the ratio over directions and documents; here it is one ratio of sums, "
    "which for one text is their harmonic mean. Documents without any repetition are left out. "
)

METRICS = (
    DocumentMetric(
        name="mtld",
        title="Measure of textual lexical diversity (MTLD)",
        family=FAMILY,
        unit="words",
        scale="log",
        worse="lower",
        threshold_unit="relative",
        layer="word",
        windows=(500, 200, 100),
        measure=partial(mtld, inclusive=True),
        low=0.0,
        high=300.0,
        source="McCarthy and Jarvis 2010, pp. 384-385; a factor ends at or below .72, as in the "
        "package lexicalrichness (Shen 2022)",
        formula="tokens / [(F forwards + F backwards) / 2]; the rest of a window is (1 - TTR) / "
        "(1 - .72) of a factor",
        description=_MTLD,
        undefined=f"{_UNFILLED}, or no word comes twice in one",
        pitfalls=_POOLED + "Where the ratio is exactly .72, a factor ends; in mtld_below it "
        "does not.",
        default=False,
    ),
    DocumentMetric(
        name="mtld_below",
        title="MTLD, factors end strictly below",
        family=FAMILY,
        unit="words",
        scale="log",
        worse="lower",
        threshold_unit="relative",
        layer="word",
        windows=(500, 200, 100),
        measure=partial(mtld, inclusive=False),
        low=0.0,
        high=300.0,
        source="McCarthy and Jarvis 2010, pp. 384-385; a factor ends below .72 after at least 10 "
        "words, as in the package lexical-diversity (Kyle 2020)",
        formula="as mtld; the rest of a window is (1 - TTR) / (1 - .72) of a factor, even below "
        ".72",
        description=_MTLD,
        undefined=f"{_UNFILLED}, or no word comes twice in one",
        pitfalls=_POOLED + "It lies above mtld by a few percent, as factors are longer: never "
        "compare the two.",
        default=False,
    ),
    DocumentMetric(
        name="hdd",
        title="Hypergeometric distribution diversity (HD-D)",
        family=FAMILY,
        unit="ratio",
        scale="log",
        worse="lower",
        threshold_unit="relative",
        layer="word",
        windows=(500, 200, 100, 50),
        measure=hypergeometric_diversity,
        source="McCarthy and Jarvis 2010, p. 383: the exact form of vocd-D",
        formula="(1 / 42) sum_t [1 - C(W - c_t, 42) / C(W, 42)], in windows of W words",
        description="The type-token ratio expected of 42 words drawn at random from a full window "
        "of 500, 200, 100 or 50 words.",
        undefined=_UNFILLED,
        pitfalls="It depends on the window, which is named in the counts of a finding.",
        default=False,
    ),
    DocumentMetric(
        name="msttr",
        title="Mean segmental type-token ratio (MSTTR)",
        family=FAMILY,
        unit="ratio",
        scale="log",
        worse="lower",
        threshold_unit="relative",
        layer="word",
        windows=(500, 200, 100, 50),
        measure=segmental_ttr,
        source="Johnson 1944; Covington and McFall 2010",
        formula="mean over windows of types / tokens",
        description="Types over tokens in windows of 500, 200, 100 or 50 words that follow one "
        "another, averaged over the corpus.",
        undefined=_UNFILLED,
        pitfalls="What is left at the end of a document is passed over; mattr uses every window.",
        default=False,
    ),
)
