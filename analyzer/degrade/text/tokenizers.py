"""Layers from the tokenizers of spaCy and NLTK; both are imported when they are asked for.

Their tokens become symbols as words do: they count if they hold a letter, a number or an ideograph,
and are hashed after simple case folding.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from itertools import pairwise
from pkgutil import iter_modules
from typing import Any

import numpy as np
from numpy.typing import NDArray

from degrade.errors import MissingExtraError, UsageError
from degrade.text.break_classes import COUNTS
from degrade.text.layer import Layer, Segments
from degrade.text.parsing import ONE_AT_A_TIME, open_pipeline
from degrade.text.spans import Offsets, Texts, segments_of, texts_of
from degrade.text.symbols import bits_of, folded_symbols
from degrade.text.unicode_tables import tables, unicode_version

# From a text to the starts and ends of its tokens, in characters.
Tokenizer = Callable[[str], tuple[Offsets, Offsets]]

# Of NLTK, those that need no data; and whether they expect one sentence at a time.
_NLTK = {
    "destructive": ("nltk.tokenize.destructive", "NLTKWordTokenizer", True),
    "toktok": ("nltk.tokenize.toktok", "ToktokTokenizer", True),
    "treebank": ("nltk.tokenize.treebank", "TreebankWordTokenizer", True),
    "tweet": ("nltk.tokenize.casual", "TweetTokenizer", False),
    "whitespace": ("nltk.tokenize.regexp", "WhitespaceTokenizer", False),
    "wordpunct": ("nltk.tokenize.regexp", "WordPunctTokenizer", False),
}
# How far beyond its place a token is looked for, after one that the tokenizer rewrote.
_REACH = 16


@dataclass(frozen=True, slots=True)
class SpacyLayer:
    """The tokens of spaCy's blank pipeline of a language, or of a trained pipeline's tokenizer.

    Chinese, for one, is parted into words only by a trained pipeline.
    """

    language: str

    @property
    def name(self) -> str:
        """What users type; of a folder, the name that the pipeline gives itself."""
        if self.language in _languages():
            return f"spacy:{self.language}"
        return f"spacy:{open_pipeline(self.language).name}"

    @property
    def version(self) -> str:
        """Edition of the layer, and the pipeline, the library and the Unicode it goes by."""
        by = ""
        if self.language not in _languages():
            by = f"{open_pipeline(self.language).identity}, "
        return f"1 ({by}spaCy {version('spacy')}, Unicode {unicode_version()})"

    def segment(self, data: NDArray[np.uint8], bounds: NDArray[np.int64]) -> Segments:
        """Return the tokens of the documents ``data[bounds[i]:bounds[i + 1]]``, valid UTF-8."""
        pipeline = _pipeline(self.language)
        start, length = (getattr(import_module("spacy.attrs"), name) for name in ("IDX", "LENGTH"))

        def tokenize(text: str) -> tuple[Offsets, Offsets]:
            array = pipeline.tokenizer(text).to_array([start, length]).astype(np.int64)
            return array[:, 0], array[:, 0] + array[:, 1]

        texts = texts_of(data, bounds)
        documents = np.arange(len(texts.bounds))
        # Strings that spaCy meets are kept for good, but (from 3.8) in a zone of their own, which
        # two threads must not open at once.
        with ONE_AT_A_TIME, getattr(pipeline, "memory_zone", nullcontext)():
            return _tokens(texts, texts.bounds, documents, tokenize)


@dataclass(frozen=True, slots=True)
class NltkLayer:
    """The tokens of one of NLTK's tokenizers, as far as they stand in the text as they are.

    Tokenizers that expect one sentence at a time are given those of UAX #29. A token that the
    tokenizer has rewritten (a quotation mark, an HTML entity) is left out.
    """

    tokenizer: str

    @property
    def name(self) -> str:
        """What users type."""
        return f"nltk:{self.tokenizer}"

    @property
    def version(self) -> str:
        """Edition of the layer, and the library and the Unicode it goes by."""
        return f"1 (NLTK {version('nltk')}, Unicode {unicode_version()})"

    def segment(self, data: NDArray[np.uint8], bounds: NDArray[np.int64]) -> Segments:
        """Return the tokens of the documents ``data[bounds[i]:bounds[i + 1]]``, valid UTF-8."""
        split = _nltk_tokenizer(self.tokenizer).tokenize

        def tokenize(text: str) -> tuple[Offsets, Offsets]:
            # Some part a full stop from its word only at the very end.
            spans = list(_found(text, split(text.rstrip())))
            starts_and_ends = np.array(spans, dtype=np.int64).reshape(-1, 2)
            return starts_and_ends[:, 0], starts_and_ends[:, 1]

        texts = texts_of(data, bounds)
        pieces, piece_bounds = texts.bounds, np.arange(len(texts.bounds))
        if _NLTK[self.tokenizer][2]:
            sentences = segments_of(texts, tables().sentences)
            pieces = np.append(sentences.starts, texts.bounds[-1])
            piece_bounds = sentences.bounds
        return _tokens(texts, pieces, piece_bounds, tokenize)


def spacy(argument: str) -> Layer:
    """Return the layer ``spacy:<language>`` or ``spacy:<pipeline>``."""
    if find_spec("spacy") is None:
        raise MissingExtraError(
            f"layer {'spacy:' + argument!r} needs spaCy: pip install 'degrade[spacy]'"
        )
    try:
        _pipeline(argument)
    except ImportError as error:
        raise MissingExtraError(f"layer {'spacy:' + argument!r}: {error}") from None
    except (OSError, ValueError):
        raise UsageError(
            f"layer {'spacy:' + argument!r}: spaCy knows no language {argument!r}; "
            f"it knows {', '.join(sorted(_languages()))}; nor is there a pipeline of that name, "
            "installed or a folder"
        ) from None
    return SpacyLayer(argument)


def nltk(argument: str) -> Layer:
    """Return the layer ``nltk:<tokenizer>``."""
    if argument not in _NLTK:
        raise UsageError(
            f"layer {'nltk:' + argument!r}: no tokenizer {argument!r} without data to download; "
            f"there are {', '.join(_NLTK)}"
        )
    if find_spec("nltk") is None:
        raise MissingExtraError(
            f"layer {'nltk:' + argument!r} needs NLTK: pip install 'degrade[nltk]'"
        )
    return NltkLayer(argument)


@cache
def _languages() -> frozenset[str]:
    folders = import_module("spacy.lang").__path__
    return frozenset(module.name for module in iter_modules(folders) if module.ispkg)


@cache
def _pipeline(argument: str) -> Any:
    if argument in _languages():
        return import_module("spacy").blank(argument)
    return open_pipeline(argument).nlp


@cache
def _nltk_tokenizer(name: str) -> Any:
    module, kind, _ = _NLTK[name]
    return getattr(import_module(module), kind)()


def _found(text: str, tokens: list[str]) -> Iterator[tuple[int, int]]:
    """Yield where each token stands; those that do not stand in the text are passed over."""
    position = 0
    for token in tokens:
        while position < len(text) and text[position].isspace():
            position += 1
        start = text.find(token, position, position + len(token) + _REACH)
        if start >= 0:
            position = start + len(token)
            yield start, position


def _tokens(texts: Texts, pieces: Offsets, bounds: Offsets, tokenize: Tokenizer) -> Segments:
    """Return the tokens that count of texts that are tokenized piece by piece.

    ``pieces`` are the starts of the pieces and the end of the last; document i holds those from
    ``bounds[i]`` to ``bounds[i + 1]``.
    """
    firsts = [np.empty(0, dtype=np.int64)]
    lasts = [np.empty(0, dtype=np.int64)]
    counts = np.zeros(len(pieces), dtype=np.int64)
    for piece, (start, stop) in enumerate(pairwise(pieces)):
        octets = texts.octets[start:stop]
        first, last = tokenize(octets.tobytes().decode("utf-8"))
        places = np.append(np.flatnonzero(octets & 0xC0 != 0x80), stop - start) + start
        firsts.append(places[first])
        lasts.append(places[last])
        counts[piece + 1] = len(first)
    starts, ends = np.concatenate(firsts), np.concatenate(lasts)
    known = tables()
    held = bits_of(texts.lanes, starts, ends, known.index, known.words.classes)
    counting = held & COUNTS != 0
    token_bounds = np.append(0, np.cumsum(counting))[np.cumsum(counts)[bounds]]
    starts, ends, held = starts[counting], ends[counting], held[counting]
    symbols = folded_symbols(texts.lanes, starts, ends, held, known.index, known.folding)
    return Segments(symbols, token_bounds, starts, ends)
