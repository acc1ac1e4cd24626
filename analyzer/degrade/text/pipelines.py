"""Layers from the trained pipelines of spaCy: parts of speech, lemmas, trees and entities.

A pipeline is an installed package or a folder; nothing is downloaded. Documents are parsed one by
one, so that what is found in one does not depend on its neighbours, and once for all layers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from itertools import pairwise
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from degrade.errors import LayerUnavailableError, MissingExtraError, UsageError
from degrade.text.layer import Layer, Segments
from degrade.text.parsing import Parsed, Pipeline, open_pipeline, parsed

_NEEDED: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "pos": ("parts of speech", "tagger"),
        "lemma": ("lemmas", "lemmatizer"),
        "tree": ("dependency trees", "parser"),
        "entity": ("named entities", "entity recognizer"),
    }
)
PIPELINE_LAYERS: tuple[str, ...] = tuple(_NEEDED)
"""The layers that take a spaCy pipeline after a colon."""
_UNNAMED = (
    f"the layers {', '.join(PIPELINE_LAYERS)} take a spaCy pipeline, one that is installed or a "
    "folder: name it with --spacy en_core_web_sm (in Python spacy='en_core_web_sm'), or after a "
    "colon, as pos:en_core_web_sm"
)


@dataclass(frozen=True, slots=True)
class PipelineLayer:
    """What a spaCy pipeline says of a text.

    Parameters
    ----------
    kind :
        ``pos``: the tag of every token, punctuation among them: the finer one (Penn Treebank's in
        English) where the pipeline has both.
        ``lemma``: the lemma of every token that holds a letter or a number, after case folding;
        lemmas that are words are the symbols of these words.
        ``tree``: the place of every token in the tree of its sentence, in the bits of ``trees``.
        ``entity``: the named entities, after case folding.
        Tokens of white space are in none of them.
    pipeline :
        an installed pipeline's name, or the path of a folder
    """

    kind: str
    pipeline: str

    @property
    def name(self) -> str:
        """The kind, and the pipeline by the name it gives itself, wherever it lies."""
        return f"{self.kind}:{open_pipeline(self.pipeline).name}"

    @property
    def version(self) -> str:
        """Edition of the layer, the pipeline's version and content, and the library's version."""
        return f"1 ({open_pipeline(self.pipeline).identity}, spaCy {version('spacy')})"

    def segment(self, data: NDArray[np.uint8], bounds: NDArray[np.int64]) -> Segments:
        """Return the symbols of the documents ``data[bounds[i]:bounds[i + 1]]``, valid UTF-8."""
        texts = [data[start:end].tobytes() for start, end in pairwise(bounds.tolist())]
        found = [_SYMBOLS[self.kind](each) for each in parsed(self.pipeline, texts)]
        ends = np.cumsum([0, *(len(symbols) for symbols, _, _ in found)], dtype=np.int64)
        none = np.empty(0, dtype=np.int64)
        return Segments(
            np.concatenate([none.astype(np.uint64), *(symbols for symbols, _, _ in found)]),
            ends,
            np.concatenate([none, *(f[1] + at for f, at in zip(found, bounds, strict=False))]),
            np.concatenate([none, *(f[2] + at for f, at in zip(found, bounds, strict=False))]),
        )


Spans = tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.int64]]


def _tags(found: Parsed) -> Spans:
    return found.tags, found.starts, found.ends


def _lemmas(found: Parsed) -> Spans:
    worded = found.worded
    return found.lemmas[worded], found.starts[worded], found.ends[worded]


def _trees(found: Parsed) -> Spans:
    return found.trees, found.starts, found.ends


def _entities(found: Parsed) -> Spans:
    return found.entities, found.entity_starts, found.entity_ends


_SYMBOLS: Mapping[str, Callable[[Parsed], Spans]] = MappingProxyType(
    {"pos": _tags, "lemma": _lemmas, "tree": _trees, "entity": _entities}
)


def _factory(kind: str) -> Callable[[str], Layer]:
    what, component = _NEEDED[kind]

    def make(argument: str) -> Layer:
        if not argument:
            raise LayerUnavailableError(_UNNAMED)
        layer = f"{kind}:{argument}"
        if find_spec("spacy") is None:
            raise MissingExtraError(f"layer {layer!r} needs spaCy: pip install 'degrade[spacy]'")
        opened = _opened(layer, argument)
        if kind not in opened.gives:
            raise LayerUnavailableError(
                f"layer {layer!r}: the pipeline {opened.name} gives no {what} (it has "
                f"{', '.join(opened.components) or 'no components'}); take one with a {component}"
            )
        return PipelineLayer(kind, argument)

    return make


def _opened(layer: str, argument: str) -> Pipeline:
    try:
        return open_pipeline(argument)
    except ImportError as error:
        raise MissingExtraError(f"layer {layer!r}: {error}") from None
    except (OSError, ValueError) as error:
        raise UsageError(
            f"layer {layer!r}: no pipeline {argument!r} that spaCy can load, neither installed nor "
            f"a folder; install one (python -m spacy download {argument}) or give its path: {error}"
        ) from None


pos, lemma, tree, entity = (_factory(kind) for kind in PIPELINE_LAYERS)
