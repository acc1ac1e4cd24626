"""Shift of the surface: characters and punctuation."""

from __future__ import annotations

import unicodedata
from functools import cache, partial

import numpy as np
from numpy.typing import NDArray

from degrade.compiled import kernel
from degrade.metric import WHOLE, DocumentMetric, PairMetric
from degrade.summaries import Census, Need
from degrade.text.layer import Segments
from degrade_metrics.shift import FAMILY, excess_divergence

CHARACTERS = Need(Census, layer="character", n=1)
_PLANES = 0x20000
"""Code points from here up are ideographs, tags and private use: none is punctuation or white."""
_PUNCTUATION, _WHITE = 1, 2
_HALF = 32


@cache
def _kinds() -> NDArray[np.uint8]:
    """Return which code points are punctuation (general category P) and which white space."""
    kinds = np.zeros(_PLANES + 1, dtype=np.uint8)
    for code in range(_PLANES):
        character = chr(code)
        if unicodedata.category(character)[0] == "P":
            kinds[code] = _PUNCTUATION
        elif character.isspace():
            kinds[code] = _WHITE
    return kinds


@kernel
def marks_and_characters(
    data: NDArray[np.uint8], bounds: NDArray[np.int64], kinds: NDArray[np.uint8]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the punctuation marks of each document, and its characters that are not white space.

    Documents are ``data[bounds[i]:bounds[i + 1]]``, valid UTF-8; ``kinds`` is by code point, its
    last entry for all from there up.
    """
    documents = len(bounds) - 1
    marks = np.zeros(documents, dtype=np.int64)
    characters = np.zeros(documents, dtype=np.int64)
    most = len(kinds) - 1
    # Of ASCII, a mark and a character in one number: two sums at once.
    of_ascii = np.zeros(0x80, dtype=np.uint64)
    for code in range(0x80):
        mark, shown = kinds[code] == _PUNCTUATION, kinds[code] != _WHITE
        of_ascii[code] = np.uint64(mark) << np.uint64(_HALF) | np.uint64(shown)
    for document in range(documents):
        i, stop = bounds[document], bounds[document + 1]
        found = np.uint64(0)
        more_marks = more = 0
        while i < stop:
            octet = data[i]
            if octet < 0x80:
                found += of_ascii[octet]
                i += 1
                continue
            code = int(octet)
            size = 2 + (code >= 0xE0) + (code >= 0xF0)
            code &= 0x7F >> size
            for k in range(1, size):
                code = code << 6 | (int(data[i + k]) & 0x3F)
            kind = kinds[min(code, most)]
            more_marks += kind == _PUNCTUATION
            more += kind != _WHITE
            i += size
        marks[document] = np.int64(found >> np.uint64(_HALF)) + more_marks
        characters[document] = np.int64(found & np.uint64((1 << _HALF) - 1)) + more
    return marks, characters


def punctuation(segments: Segments, window: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the punctuation marks of each document, and its characters other than white space."""
    del window
    return marks_and_characters(segments.data, segments.texts, _kinds())


METRICS = (
    PairMetric(
        name="jsd_characters",
        title="Excess divergence of characters",
        family=FAMILY,
        unit="nats",
        scale="divergence",
        worse="either",
        needs=(CHARACTERS,),
        compute=partial(excess_divergence, need=CHARACTERS),
        threshold_unit="nats",
        default=False,
        source="Lin 1991, eq. 5.1, less the divergence of halves of one corpus",
        description="As jsd_1, of single characters, white space and capitals among them: drift "
        "of script, of typography, of markup and of line breaks.",
        formula="mean JSD(A_i, B_j) - [JSD(A_1, A_2) + JSD(B_1, B_2)] / 2, over halves A of the "
        "reference and B of the candidate of equal size",
        undefined="too few groups of documents for halves",
        pitfalls="Characters are few and frequent, so the excess is small where that of words is "
        "large. Where lengths are matched, it sees the first L characters of a document, for the "
        "first L words of the others. Another apostrophe or normalization form is a shift too.",
    ),
    DocumentMetric(
        name="punctuation",
        title="Punctuation marks",
        family=FAMILY,
        unit="share of characters",
        scale="log",
        worse="either",
        threshold_unit="relative",
        layer="word",
        windows=(WHOLE,),
        measure=punctuation,
        high=0.2,
        source="Unicode Standard, section 4.5 (general category P), over characters that are not "
        "white space",
        description="Of all characters other than white space, the share that are punctuation.",
        formula="sum over documents of code points of general category P / sum of code points "
        "that are not white space",
        undefined="no document has punctuation",
        pitfalls="Signs that Unicode calls symbols (+ < = > $ ^ ` | ~) are not counted. Marks "
        "newer than the Unicode of the Python that profiles are not known to it.",
    ),
)
