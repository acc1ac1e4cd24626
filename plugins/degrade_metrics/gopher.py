"""Gopher's repetition filters: repeated lines, paragraphs and n-grams of a document.

Rae et al. 2021, table A1. What the paper leaves open is settled like this; others differ, and what
a threshold lets through differs with them:

- a line or paragraph is a duplicate if it repeats an earlier one, so the first does not count (as
  in datatrove; some count it too);
- the most frequent n-gram counts if it occurs twice or more (datatrove counts one that occurs once,
  which flags very short documents), and a duplicate n-gram if it repeats an earlier one (RedPajama
  2 counts the first as well);
- an n-gram's characters reach from the start of its first word to the end of its last: spaces and
  punctuation between them count (datatrove counts the spaces of top n-grams, and none of
  duplicate ones);
- no character counts twice, where n-grams overlap too: so the paper (datatrove counts overlapping
  top n-grams in full, which can pass 1, and after a duplicate n-gram goes on behind it);
- words are those of the layer (datatrove's are tokens, punctuation among them, with their case);
- fractions are of all characters of the text, white space included.
"""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from degrade.metric import WHOLE, DocumentMetric
from degrade.text.blocks import characters_of
from degrade.text.layer import Segments
from degrade.text.layers import built_in
from degrade.text.once import once
from degrade_metrics.gopher_kernels import (
    DUPLICATE_ORDERS,
    TOP_ORDERS,
    repeated_units,
    within_ngrams,
)
from degrade_metrics.naming import numbered

FAMILY = "repetition"
SOURCE = "Rae et al. 2021, table A1"
Counts = tuple[NDArray[np.int64], NDArray[np.int64]]
Units = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]

LINES, LINE_CHARACTERS = 0.30, 0.20
"""Shares of lines (or paragraphs) and of characters in them above which a document is flagged."""
TOP = dict(zip(TOP_ORDERS, (0.20, 0.18, 0.16), strict=True))
DUPLICATE = dict(zip(DUPLICATE_ORDERS, (0.15, 0.14, 0.13, 0.12, 0.11, 0.10), strict=True))


def _characters(segments: Segments) -> NDArray[np.int64]:
    return characters_of(segments.data, segments.texts)


def _units(kind: str, segments: Segments, units: Segments | None = None) -> Units:
    """Return duplicate lines (or paragraphs), all, and the characters of the duplicate ones.

    ``units`` are those of the text of ``segments``, segmented anew if they are not at hand.
    """
    return once(segments.data, kind, _counted, kind, segments, units)


def _counted(kind: str, segments: Segments, units: Segments | None) -> Units:
    found = units or built_in(kind).segment(segments.data, segments.texts)
    numbers = numbered(found.symbols, found.bounds)
    parts = segments.data, numbers, found.bounds, found.starts, found.ends
    repeated, characters = repeated_units(*parts)
    return repeated, np.diff(found.bounds), characters


def _ngrams(
    segments: Segments,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    parts = segments.data, segments.symbols, segments.bounds, segments.starts, segments.ends
    return once(segments.symbols, "within n-grams", within_ngrams, *parts)


def duplicate_units(segments: Segments, window: int, kind: str) -> Counts:
    """Return duplicate lines (or paragraphs) and all of them, of each document."""
    del window
    return _units(kind, segments, segments)[:2]


def duplicate_unit_characters(segments: Segments, window: int, kind: str) -> Counts:
    """Return the characters in duplicate lines (or paragraphs), and all, of each document."""
    del window
    return _units(kind, segments, segments)[2], _characters(segments)


def top_characters(segments: Segments, window: int, n: int) -> Counts:
    """Return the characters in the most frequent n-gram, and all, of each document."""
    del window
    return _ngrams(segments)[0][:, TOP_ORDERS.index(n)], _characters(segments)


def duplicate_characters(segments: Segments, window: int, n: int) -> Counts:
    """Return the characters in duplicate n-grams, and all, of each document."""
    del window
    return _ngrams(segments)[1][:, DUPLICATE_ORDERS.index(n)], _characters(segments)


def longest_repeat_of_document(segments: Segments, window: int) -> Counts:
    """Return the longest repeat of each document, and which hold a word."""
    del window
    return _ngrams(segments)[2], (np.diff(segments.bounds) > 0).astype(np.int64)


def flags(segments: Segments) -> dict[str, NDArray[np.bool_]]:
    """Return which documents the thresholds flag, by what for; words are those of ``segments``."""
    every = _characters(segments)
    lines = np.zeros(len(every), dtype=np.bool_)
    for kind in ("line", "paragraph"):
        repeated, units, characters = _units(kind, segments)
        lines |= repeated > LINES * units
        lines |= characters > LINE_CHARACTERS * every
    top, duplicate, _ = _ngrams(segments)
    return {
        "lines": lines,
        "top": (top > every[:, None] * np.array([*TOP.values()])).any(axis=1),
        "ngrams": (duplicate > every[:, None] * np.array([*DUPLICATE.values()])).any(axis=1),
    }


def flagged(segments: Segments, window: int, what: str = "") -> Counts:
    """Return which documents are flagged for ``what``, or at all, and which hold a word."""
    del window
    found = once(segments.symbols, "flags", flags, segments)
    chosen = found[what] if what else np.any([*found.values()], axis=0)
    held = (np.diff(segments.bounds) > 0).astype(np.int64)
    return chosen.astype(np.int64) * held, held


_LENGTH = "Whole documents are looked at, and longer ones repeat more: compare like lengths."
_RATIO = "A ratio of sums over documents, not a mean of theirs: long documents weigh more. "


def _metric(name: str, title: str, unit: str, layer: str, **declared: object) -> DocumentMetric:
    return DocumentMetric(
        name=name,
        title=title,
        unit=unit,
        layer=layer,
        family=FAMILY,
        scale="difference",
        worse="higher",
        threshold_unit="points",
        windows=(WHOLE,),
        source=SOURCE,
        default=False,
        sampled=True,
        **declared,  # type: ignore[arg-type]
    )


def _of_units(kind: str) -> tuple[DocumentMetric, DocumentMetric]:
    none = f"no document holds a {kind}"
    return (
        _metric(
            f"duplicate_{kind}s",
            f"Duplicate {kind}s",
            f"share of {kind}s",
            kind,
            measure=partial(duplicate_units, kind=kind),
            formula=f"{kind}s that repeat an earlier one of their document / all {kind}s",
            description=f"{kind.capitalize()}s that repeat an earlier one of their document. "
            f"Gopher drops documents above {LINES:.0%}.",
            undefined=none,
            pitfalls=_RATIO + _LENGTH,
        ),
        _metric(
            f"duplicate_{kind}_characters",
            f"Characters in duplicate {kind}s",
            "share of characters",
            kind,
            measure=partial(duplicate_unit_characters, kind=kind),
            formula=f"characters of {kind}s that repeat an earlier one of their document / all "
            "characters",
            description=f"Characters in {kind}s that repeat an earlier one of their document. "
            f"Gopher drops documents above {LINE_CHARACTERS:.0%}.",
            undefined="no text",
            pitfalls=_RATIO + _LENGTH,
        ),
    )


_FLAGGED = (
    ("gopher_flagged", "", "any of its thresholds"),
    ("gopher_flagged_lines", "lines", "its thresholds for duplicate lines and paragraphs"),
    ("gopher_flagged_top", "top", "its thresholds for the most frequent n-gram, n = 2 to 4"),
    ("gopher_flagged_ngrams", "ngrams", "its thresholds for duplicate n-grams, n = 5 to 10"),
)

METRICS = (
    *_of_units("line"),
    *_of_units("paragraph"),
    *(
        _metric(
            f"top_{n}gram_characters",
            f"Characters in the most frequent {n}-gram",
            "share of characters",
            "word",
            measure=partial(top_characters, n=n),
            formula=f"characters within the occurrences of a document's most frequent {n}-gram, if "
            "it occurs twice / all characters",
            description=f"Characters within the {n}-gram that a document says most often, spaces "
            f"included, each once. Gopher drops documents above {limit:.0%}.",
            undefined="no text",
            pitfalls=_RATIO + _LENGTH,
        )
        for n, limit in TOP.items()
    ),
    *(
        _metric(
            f"duplicate_{n}gram_characters",
            f"Characters in duplicate {n}-grams",
            "share of characters",
            "word",
            measure=partial(duplicate_characters, n=n),
            formula=f"characters within {n}-grams that repeat an earlier one of their document / "
            "all characters",
            description=f"Characters within {n}-grams that repeat an earlier one of their "
            f"document, spaces included, each once. Gopher drops documents above {limit:.0%}.",
            undefined="no text",
            pitfalls=_RATIO + _LENGTH,
        )
        for n, limit in DUPLICATE.items()
    ),
    *(
        _metric(
            name,
            "Documents that Gopher would drop"
            + (f" ({what.replace('ngrams', 'n-grams')})" if what else ""),
            "share of documents",
            "word",
            measure=partial(flagged, what=what),
            formula="documents with a fraction above its threshold / documents with a word",
            description=f"Documents that Gopher's repetition filters would drop, for {which}.",
            undefined="no document holds a word",
            pitfalls="Implementations of these filters differ (spaces, overlaps, whether the first "
            "occurrence counts), and flag other shares of the same text. " + _LENGTH,
        )
        for name, what, which in _FLAGGED
    ),
)
