"""Terminal loops: documents that end by saying the same again and again.

Holtzman et al. 2020 define them twice. Their text (caption of figure 9): a phrase of at least 2
tokens that repeats at least 3 times at the end of the generation. Who cites the text repeats that,
such as Wang et al. 2023 (RETRO). Their released code (``metrics/repetition.py`` of
``ari-holtzman/degen``): of all phrases of 1 to 90 tokens, the one that stands most often at the end
(the shortest of those) must stand there twice and be 3 tokens long, or more than 50 times. Who
copies the code counts that, such as Wiher et al. 2022. Either finds loops that the other does not;
both are here.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from degrade.compiled import kernel
from degrade.metric import WHOLE, DocumentMetric
from degrade.text.layer import Segments
from degrade.text.once import once

FAMILY = "repetition"
Counts = tuple[NDArray[np.int64], NDArray[np.int64]]

SHORTEST, TIMES = 2, 3
"""Of the text: tokens of a phrase, and how often it stands at the end."""
LONGEST_IN_CODE, SHORTEST_IN_CODE, MANY_IN_CODE = 90, 3, 50


@kernel
def times_at_end(symbols: NDArray[np.uint64], first: int, stop: int, length: int) -> int:
    """Return how often the last ``length`` symbols stand in a row at the end."""
    agreeing = 0
    while (
        stop - 1 - agreeing - length >= first
        and symbols[stop - 1 - agreeing] == symbols[stop - 1 - agreeing - length]
    ):
        agreeing += 1
    return 1 + agreeing // length


@kernel
def ends_in_loop(
    symbols: NDArray[np.uint64], bounds: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return which documents end in a loop by the text of Holtzman et al., and by their code."""
    documents = len(bounds) - 1
    by_text = np.zeros(documents, dtype=np.int64)
    by_code = np.zeros(documents, dtype=np.int64)
    for document in range(documents):
        first, stop = bounds[document], bounds[document + 1]
        alike = 0
        for symbol in symbols[first:stop]:
            alike += symbol == symbols[stop - 1]
        if alike < 2:
            continue
        # A phrase that repeats has its last symbol at the end of both: few lengths have.
        for length in range(SHORTEST, (stop - first) // TIMES + 1):
            if symbols[stop - 1] != symbols[stop - 1 - length]:
                continue
            if times_at_end(symbols, first, stop, length) >= TIMES:
                by_text[document] = 1
                break
        most, of = 1, 0
        for length in range(1, min(LONGEST_IN_CODE, (stop - first) // 2) + 1):
            if symbols[stop - 1] != symbols[stop - 1 - length]:
                continue
            times = times_at_end(symbols, first, stop, length)
            if times > most:
                most, of = times, length
        if most > 1 and (of >= SHORTEST_IN_CODE or most > MANY_IN_CODE):
            by_code[document] = 1
    return by_text, by_code


def _loops(segments: Segments) -> Counts:
    symbols, bounds = segments.symbols, segments.bounds
    return once(symbols, ("terminal loops", bounds.tobytes()), ends_in_loop, symbols, bounds)


def _held(segments: Segments) -> NDArray[np.int64]:
    return (np.diff(segments.bounds) > 0).astype(np.int64)


def loops_of_text(segments: Segments, window: int) -> Counts:
    """Return which documents end in a loop by the text, and which hold any token."""
    del window
    return _loops(segments)[0], _held(segments)


def loops_of_code(segments: Segments, window: int) -> Counts:
    """Return which documents end in a loop by the code, and which hold any token."""
    del window
    return _loops(segments)[1], _held(segments)


METRICS = tuple(
    DocumentMetric(
        name=name,
        instances="loops",
        title=title,
        family=FAMILY,
        unit="share of documents",
        scale="difference",
        worse="higher",
        threshold_unit="points",
        layer="word",
        windows=(WHOLE,),
        measure=measure,
        formula=formula,
        source=source,
        description=description,
        undefined="no document holds a word",
        pitfalls=pitfalls,
    )
    for name, title, measure, formula, source, description, pitfalls in (
        (
            "terminal_loops",
            "Documents that end in a loop",
            loops_of_text,
            "documents whose last k * 3 words are 3 times the same k words, for some k >= 2, "
            "over documents with a word",
            "Holtzman et al. 2020, figure 9 (the text)",
            "Documents that end with a phrase of at least two words said at least three times "
            "running: the definition in the text of Holtzman et al.",
            "Only what stands at the very end counts: a loop that was cut within its phrase "
            "still does, one that the text got out of does not. The paper counts subword tokens "
            "of the first 200. A single word said again and again is a phrase of two from six "
            "times on.",
        ),
        (
            "terminal_loops_code",
            "Documents that end in a loop (released code)",
            loops_of_code,
            "with t(k) how often the last k words stand in a row at the end, and k the shortest "
            "of 1 to 90 with the largest t: t(k) > 1 and (k >= 3 or t(k) > 50)",
            "Holtzman et al. 2020, released code (metrics/repetition.py)",
            "Documents that end with a phrase of at least three words said twice running, or a "
            "shorter one more than 50 times: what the released code of Holtzman et al. counts, "
            "which is not what their text says.",
            "Twice is enough, so a refrain at the end counts; a loop of two words does not before "
            "its 51st turn, and hides a longer one that stands there less often. The code counts "
            "subword tokens.",
        ),
    )
)
