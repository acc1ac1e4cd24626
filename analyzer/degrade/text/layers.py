"""The built-in layers: words, characters, lines, paragraphs and sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from degrade.errors import UsageError
from degrade.text.blocks import character_spans, line_spans, trim
from degrade.text.break_classes import COUNTS, FOLDS
from degrade.text.layer import Layer, Segments
from degrade.text.once import once
from degrade.text.spans import Offsets, Texts, cut, room, segments_of, texts_of, words_of
from degrade.text.symbols import collapsed_symbols, exact_symbols, folded_symbols
from degrade.text.unicode_tables import tables, unicode_version


def _words(texts: Texts) -> Segments:
    # Once for all layers that begin with the words, too.
    return once(texts.octets, "symbols of words", _folded_words, texts)


def _folded_words(texts: Texts) -> Segments:
    known = tables()
    words = words_of(texts)
    symbols = folded_symbols(
        texts.lanes, words.starts, words.ends, words.held, known.index, known.folding
    )
    return Segments(symbols, words.bounds, words.starts, words.ends)


def _characters(texts: Texts) -> Segments:
    size = int(texts.bounds[-1])
    offsets, symbols = np.empty(size + 1, dtype=np.int64), np.empty(size, dtype=np.uint64)
    bounds = character_spans(texts.lanes, texts.bounds, offsets, symbols)
    count = int(bounds[-1])
    cut(count + 1, offsets)
    cut(count, symbols)
    # Each begins where the one before ends.
    return Segments(symbols, bounds, offsets[:-1], offsets[1:])


def _lines(texts: Texts) -> Segments:
    bounds, starts, ends = _line_spans(texts, paragraphs=False)
    return Segments(exact_symbols(texts.lanes, starts, ends), bounds, starts, ends)


def _paragraphs(texts: Texts) -> Segments:
    bounds, starts, ends = _line_spans(texts, paragraphs=True)
    return Segments(_collapsed(texts, starts, ends), bounds, starts, ends)


def _sentences(texts: Texts) -> Segments:
    known = tables()
    found = segments_of(texts, known.sentences, COUNTS)
    starts, ends = found.starts, found.ends
    trim(texts.octets, texts.lanes, starts, ends, known.index, known.words.classes)
    return Segments(_collapsed(texts, starts, ends), found.bounds, starts, ends)


def _line_spans(texts: Texts, paragraphs: bool) -> tuple[Offsets, Offsets, Offsets]:
    known = tables()
    starts, ends, _ = room(int(texts.bounds[-1]))
    bounds = line_spans(
        texts.octets,
        texts.lanes,
        texts.bounds,
        known.index,
        known.words.classes,
        paragraphs,
        starts,
        ends,
    )
    cut(int(bounds[-1]), starts, ends)
    return bounds, starts, ends


def _collapsed(texts: Texts, starts: Offsets, ends: Offsets) -> NDArray[np.uint64]:
    known = tables()
    return collapsed_symbols(texts.lanes, starts, ends, known.index, known.words.classes)


_KINDS: Mapping[str, Callable[[Texts], Segments]] = MappingProxyType(
    {
        "word": _words,
        "character": _characters,
        "line": _lines,
        "paragraph": _paragraphs,
        "sentence": _sentences,
    }
)


@dataclass(frozen=True, slots=True)
class BuiltInLayer:
    """A layer that is segmented by the kernels of this package.

    Words and sentences are those of UAX #29 that hold a letter, a number or an ideograph. Nothing
    is normalized: composed and decomposed letters differ.

    Parameters
    ----------
    name :
        ``word``: after simple case folding; Han ideographs are words of one character each.
        ``character``: code points, white space and punctuation among them.
        ``line``: parted by LF, CR LF or CR, without the white space at the ends; none is empty.
        ``paragraph``: runs of lines, parted by lines that are empty or white.
        ``sentence``: without the white space at the ends; the end of a line ends a sentence.
        All but words keep their case. Within paragraphs and sentences, white space of any length
        and kind counts as one space.
    """

    name: str

    unlocked: ClassVar[bool] = True

    @property
    def version(self) -> str:
        """Edition of the segmenter, and the Unicode it goes by."""
        return f"1 (Unicode {unicode_version()})"

    def segment(self, data: NDArray[np.uint8], bounds: NDArray[np.int64]) -> Segments:
        """Return the symbols of the documents ``data[bounds[i]:bounds[i + 1]]``, valid UTF-8."""
        return _KINDS[self.name](texts_of(data, bounds))


def hash_text(text: str) -> int:
    """Return the symbol that the layer ``word`` gives to ``text``, if that is one word."""
    octets = np.frombuffer(text.encode("utf-8"), dtype=np.uint8)
    texts = texts_of(octets, np.array([0, len(octets)], dtype=np.int64))
    known = tables()
    starts, ends = texts.bounds[:1], texts.bounds[1:]
    held = np.array([FOLDS], dtype=np.uint8)
    symbols = folded_symbols(texts.lanes, starts, ends, held, known.index, known.folding)
    return int(symbols[0])


def _factory(name: str) -> Callable[[str], Layer]:
    def make(argument: str) -> Layer:
        if argument:
            raise UsageError(
                f"layer {name + ':' + argument!r}: {name!r} takes nothing after a colon"
            )
        return BuiltInLayer(name)

    return make


LAYERS: Mapping[str, Callable[[str], Layer]] = MappingProxyType(
    {name: _factory(name) for name in _KINDS}
)
word, character, line, paragraph, sentence = LAYERS.values()


def built_in(name: str) -> Layer:
    """Return the built-in layer that users call ``name``."""
    kind, _, argument = name.partition(":")
    if kind not in LAYERS:
        raise UsageError(f"no built-in layer {name!r}; there are {', '.join(LAYERS)}")
    return LAYERS[kind](argument)
