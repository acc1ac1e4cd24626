"""Shift of the surface: characters and punctuation."""

from __future__ import annotations

import unicodedata
from functools import cache, partial

import numpy as np
from numpy.typing import NDArray

from degrade.compiled import kernel
from degrade.metric import WHOLE, DocumentMetric, PairMetric
from degrade.summaries import Census, Need
from degrade.text.hashing import decode
from degrade.text.instructions import first_bit, load
from degrade.text.layer import Segments
from degrade.text.spans import texts_of
from degrade_metrics.shift import FAMILY, excess_divergence

CHARACTERS = Need(Census, layer="character", n=1)
_PLANES = 0x20000
"""Code points from here up are ideographs, tags and private use: none is punctuation or white."""
_PUNCTUATION, _WHITE = 1, 2
_HALF = 32
_ONE = np.uint64(1)
_HIGH_BITS = np.uint64(0x8080808080808080)


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
    data: NDArray[np.uint8],
    lanes: NDArray[np.uint64],
    bounds: NDArray[np.int64],
    kinds: NDArray[np.uint8],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the punctuation marks of each document, and its characters that are not white space.

    Documents are ``data[bounds[i]:bounds[i + 1]]``, valid UTF-8, and ``lanes`` the same bytes by
    eights; ``kinds`` is by code point, its last entry for all from there up.
    """
    documents = len(bounds) - 1
    marks = np.zeros(documents, dtype=np.int64)
    characters = np.zeros(documents, dtype=np.int64)
    most = len(kinds) - 1
    # A mark and a character in one number: two sums at once, and none of bytes beyond ASCII.
    of_bytes = np.zeros(0x100, dtype=np.uint64)
    for code in range(0x80):
        mark, shown = kinds[code] == _PUNCTUATION, kinds[code] != _WHITE
        of_bytes[code] = np.uint64(mark) << np.uint64(_HALF) | np.uint64(shown)
    for document in range(documents):
        first, stop = bounds[document], bounds[document + 1]
        found = np.uint64(0)
        for octet in data[first:stop]:
            found += of_bytes[octet]
        for position in range(first, stop, 8):
            lane = load(lanes, position)
            # Bytes from 0xC0 up, with which the others begin.
            leading = lane & (lane << _ONE) & _HIGH_BITS
            while leading:
                place = position + int(first_bit(leading) >> 3)
                if place >= stop:
                    break
                point, _ = decode(load(lanes, place))
                kind = kinds[min(np.int64(most), point)]
                found += np.uint64(kind == _PUNCTUATION) << np.uint64(_HALF)
                found += np.uint64(kind != _WHITE)
                leading &= leading - _ONE
        marks[document] = np.int64(found >> np.uint64(_HALF))
        characters[document] = np.int64(found & np.uint64((1 << _HALF) - 1))
    return marks, characters


def punctuation(segments: Segments, window: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the punctuation marks of each document, and its characters other than white space."""
    del window
    texts = texts_of(segments.data, segments.texts)
    return marks_and_characters(texts.octets, texts.lanes, texts.bounds, _kinds())


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
