"""Documents that are no running text: symbols, numbers, lists, and letters at random.

People say again what they talk about, and small words most of all: of 100 words in a row, hardly
ever more than 95 are different (of 50,201 passages of English books and addresses, one: the words
on a tomb, in Latin). Of names, numbers and letters at random they are.
"""

from __future__ import annotations

import unicodedata
from functools import cache

import numpy as np
from numpy.typing import NDArray

from degrade.compiled import kernel
from degrade.metric import WHOLE, DocumentMetric
from degrade.text.layer import Segments
from degrade_metrics.naming import longest, numbered
from degrade_metrics.shift import FAMILY

FEWEST, LETTERED = 50, 0.80
"""Words between white space that are enough, and the share with a letter that is too low below."""
WINDOW, DIFFERENT = 100, 95
"""Words in a row, and of how many different ones among them more are too many."""
_PLANES = 0x20000
"""Code points from here up are ideographs, but for tags and private use."""
_LETTER, _WHITE = 1, 2


@cache
def _kinds() -> NDArray[np.uint8]:
    """Return which code points are letters (general category L) and which white space."""
    kinds = np.zeros(_PLANES + 1, dtype=np.uint8)
    for code in range(_PLANES):
        character = chr(code)
        if unicodedata.category(character)[0] == "L":
            kinds[code] = _LETTER
        elif character.isspace():
            kinds[code] = _WHITE
    kinds[_PLANES] = _LETTER
    return kinds


@kernel
def lettered(
    data: NDArray[np.uint8], bounds: NDArray[np.int64], kinds: NDArray[np.uint8]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the words of each document, from white space to white space, that hold a letter.

    And all of them. Documents are ``data[bounds[i]:bounds[i + 1]]``, valid UTF-8; ``kinds`` is by
    code point, its last entry for all from there up.
    """
    documents = len(bounds) - 1
    with_letter = np.zeros(documents, dtype=np.int64)
    words = np.zeros(documents, dtype=np.int64)
    most = len(kinds) - 1
    for document in range(documents):
        i, stop = bounds[document], bounds[document + 1]
        inside, letter = False, False
        while i < stop:
            code, size = int(data[i]), 1
            if code >= 0x80:
                size = 2 + (code >= 0xE0) + (code >= 0xF0)
                code &= 0x7F >> size
                for k in range(1, size):
                    code = code << 6 | (int(data[i + k]) & 0x3F)
            kind = kinds[min(code, most)]
            if kind == _WHITE:
                with_letter[document] += inside and letter
                words[document] += inside
                inside, letter = False, False
            else:
                inside = True
                letter |= kind == _LETTER
            i += size
        with_letter[document] += inside and letter
        words[document] += inside
    return with_letter, words


@kernel
def scattered(
    numbers: NDArray[np.int32], bounds: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the windows of each document with too many different words, and all full windows."""
    documents = len(bounds) - 1
    found = np.zeros(documents, dtype=np.int64)
    windows = np.zeros(documents, dtype=np.int64)
    seen = np.zeros(longest(bounds), dtype=np.int64)
    window = 0
    for document in range(documents):
        for start in range(bounds[document], bounds[document + 1] - WINDOW + 1, WINDOW):
            window += 1
            different = 0
            for i in range(start, start + WINDOW):
                different += seen[numbers[i]] != window
                seen[numbers[i]] = window
            found[document] += different > DIFFERENT
            windows[document] += 1
    return found, windows


def not_running_text(
    segments: Segments, window: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return which documents are no running text, and which hold anything but white space."""
    del window
    with_letter, words = lettered(segments.data, segments.texts, _kinds())
    found, windows = scattered(numbered(segments.symbols, segments.bounds), segments.bounds)
    flagged = (words >= FEWEST) & (with_letter < LETTERED * words)
    flagged |= (windows > 0) & (2 * found >= windows)
    return flagged.astype(np.int64), (words > 0).astype(np.int64)


METRICS = (
    DocumentMetric(
        name="not_running_text",
        title="Documents that are no running text",
        family=FAMILY,
        unit="share of documents",
        scale="difference",
        worse="higher",
        threshold_unit="points",
        layer="word",
        windows=(WHOLE,),
        measure=not_running_text,
        default=False,
        sampled=True,
        source="Rae et al. 2021, A1.1 (words with a letter); measured (different words)",
        description=f"Documents of symbols, numbers, names or letters at random: of {FEWEST} words "
        f"between white space or more, fewer than {LETTERED:.0%} hold a letter (Gopher drops such "
        f"documents), or in half of its windows of {WINDOW} words or more, over {DIFFERENT} words "
        "are different.",
        formula="documents of which either holds / documents that are not white space",
        undefined="no document holds anything",
        pitfalls="Tables and lists of names are no running text either, whoever made them. Of "
        "languages that build long words, more words are different. Documents of fewer words are "
        "never flagged.",
    ),
)
