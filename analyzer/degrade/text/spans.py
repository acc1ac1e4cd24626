"""Stretches of the texts of a batch, before and after they have symbols."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from degrade.text.break_classes import COUNTS
from degrade.text.lanes import padded
from degrade.text.once import once
from degrade.text.segmentation import uax29_spans
from degrade.text.unicode_tables import Rules, tables

Offsets = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Texts:
    """A batch as the kernels take it: the bytes twice, and the bounds of the documents."""

    octets: NDArray[np.uint8]
    lanes: NDArray[np.uint64]
    bounds: NDArray[np.int64]


def texts_of(data: NDArray[np.uint8], bounds: NDArray[np.int64]) -> Texts:
    """Return the documents ``data[bounds[i]:bounds[i + 1]]`` for the kernels.

    All who ask about one batch are given the same.
    """
    known: list[Texts] = once(data, "texts", list)
    for texts in known:
        if np.array_equal(texts.bounds, bounds):
            return texts
    # Text beyond the last document would be segmented by no one, but sizes the room for spans.
    octets, lanes = padded(data[: bounds[-1]])
    known.append(Texts(octets, lanes, np.ascontiguousarray(bounds, dtype=np.int64)))
    return known[-1]


@dataclass(frozen=True, slots=True)
class Spans:
    """Stretches of text, in order.

    Attributes
    ----------
    starts, ends : int64 arrays, (spans,), byte offsets
    held : uint8 array, (spans,), the bits of ``break_classes`` of all that is in each
    bounds : int64 array, (documents + 1,); document i holds the spans from bounds[i] on
    """

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    held: NDArray[np.uint8]
    bounds: NDArray[np.int64]


def room(size: int) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.uint8]]:
    """Return starts, ends and held, unwritten.

    The system hands out memory as it is touched, so room for the worst case (a span a byte) costs
    no more than the spans that are found.
    """
    return (
        np.empty(size, dtype=np.int64),
        np.empty(size, dtype=np.int64),
        np.empty(size, dtype=np.uint8),
    )


def cut(count: int, *arrays: NDArray[np.integer]) -> None:
    """Give back all but the first ``count`` of each array, without a copy."""
    for array in arrays:
        array.resize(count, refcheck=False)


def segments_of(texts: Texts, rules: Rules, wanted: int = 0) -> Spans:
    """Return the segments of UAX #29 that hold all the bits ``wanted``."""
    starts, ends, held = room(int(texts.bounds[-1]))
    bounds = uax29_spans(
        texts.octets,
        texts.lanes,
        texts.bounds,
        tables().index,
        rules.classes,
        rules.steps,
        rules.kinds,
        wanted,
        starts,
        ends,
        held,
    )
    cut(int(bounds[-1]), starts, ends, held)
    return Spans(starts, ends, held, bounds)


def words_of(texts: Texts) -> Spans:
    """Return the words of ``texts`` that count, found once for all layers of words."""
    return once(texts.octets, "words", segments_of, texts, tables().words, COUNTS)
