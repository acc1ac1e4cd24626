"""The layers ``name`` and ``number``: words that name something, and those that hold a digit.

A name is a capitalized word of two letters or more that does not follow the end of a sentence, as
far as the marks between it and the word before it tell: only spaces, one line break, commas,
hyphens and apostrophes may stand there. So the first word of a sentence is never one, every noun of
German is, and scripts without case have none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from degrade.compiled import kernel
from degrade.errors import UsageError
from degrade.text.break_classes import CLASS_BITS, WordBreak
from degrade.text.hashing import U64, decode
from degrade.text.instructions import load
from degrade.text.lanes import only
from degrade.text.layer import Layer, Segments
from degrade.text.spans import texts_of, words_of
from degrade.text.symbols import folded_symbols
from degrade.text.unicode_tables import tables, unicode_version

_NUMERIC = int(WordBreak.NUMERIC)
_APOSTROPHES = (0x27, 0x2019)
_I, _LF = 0x49, 0x0A
_NONE = U64(0)
_HIGH_BITS = U64(0x8080808080808080)
# Added to the low seven bits of a byte, each carries into its high bit from that character up.
_FROM_0, _ABOVE_9 = U64(0x5050505050505050), U64(0x4646464646464646)
_JOINING = (0x20, 0x09, 0x0D, 0x2C, 0x2D, 0x27)


@kernel
def names_among(
    data: NDArray[np.uint8],
    lanes: NDArray[np.uint64],
    bounds: NDArray[np.int64],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    index: NDArray[np.uint16],
    folding: NDArray[np.int32],
) -> NDArray[np.bool_]:
    """Return which words are names."""
    found = np.zeros(len(starts), dtype=np.bool_)
    for document in range(len(bounds) - 1):
        for j in range(bounds[document] + 1, bounds[document + 1]):
            code, size = decode(load(lanes, starts[j]))
            if folding[np.int64(index[code >> 7]) << 7 | (code & 0x7F)] == 0:
                continue
            if starts[j] + size >= ends[j]:
                continue
            # I'm, I'll, I've are no names.
            if code == _I and decode(load(lanes, starts[j] + size))[0] in _APOSTROPHES:
                continue
            breaks = 0
            joined = True
            for i in range(ends[j - 1], starts[j]):
                breaks += data[i] == _LF
                joined = joined and (data[i] in _JOINING or data[i] == _LF)
            found[j] = joined and breaks < 2
    return found


@kernel
def numbers_among(
    lanes: NDArray[np.uint64],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    index: NDArray[np.uint16],
    classes: NDArray[np.uint8],
) -> NDArray[np.bool_]:
    """Return which words hold a digit, of any script."""
    found = np.zeros(len(starts), dtype=np.bool_)
    for j in range(len(starts)):
        i = starts[j]
        while i < ends[j] and not found[j]:
            lane = only(load(lanes, i), min(8, ends[j] - i))
            if lane & _HIGH_BITS == _NONE:
                found[j] = (lane + _FROM_0) & ~(lane + _ABOVE_9) & _HIGH_BITS != _NONE
                i += 8
                continue
            code, size = decode(lane)
            kind = classes[np.int64(index[code >> 7]) << 7 | (code & 0x7F)] & CLASS_BITS
            found[j] = kind == _NUMERIC
            i += size
    return found


@dataclass(frozen=True, slots=True)
class PickedWords:
    """Some of the words of the layer ``word``: those that are a ``name``, or a ``number``."""

    name: str

    unlocked: ClassVar[bool] = True

    @property
    def version(self) -> str:
        """Edition of the layer, and the Unicode it goes by."""
        return f"1 (Unicode {unicode_version()})"

    def segment(self, data: NDArray[np.uint8], bounds: NDArray[np.int64]) -> Segments:
        """Return the symbols of the documents ``data[bounds[i]:bounds[i + 1]]``, valid UTF-8."""
        texts, known = texts_of(data, bounds), tables()
        words = words_of(texts)
        lanes, starts, ends = texts.lanes, words.starts, words.ends
        if self.name == "name":
            picked = names_among(
                texts.octets, lanes, words.bounds, starts, ends, known.index, known.folding
            )
        else:
            picked = numbers_among(lanes, starts, ends, known.index, known.words.classes)
        places = np.flatnonzero(picked)
        starts, ends, held = starts[places], ends[places], words.held[places]
        symbols = folded_symbols(lanes, starts, ends, held, known.index, known.folding)
        return Segments(symbols, np.searchsorted(places, words.bounds), starts, ends)


def _factory(name: str) -> Callable[[str], Layer]:
    def make(argument: str) -> Layer:
        if argument:
            raise UsageError(
                f"layer {name + ':' + argument!r}: {name!r} takes nothing after a colon"
            )
        return PickedWords(name)

    return make


name, number = _factory("name"), _factory("number")
