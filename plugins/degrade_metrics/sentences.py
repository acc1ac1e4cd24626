"""Syntax: how long sentences are, and how deeply nested."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from degrade.errors import UndefinedMetricError
from degrade.metric import WHOLE, CorpusMetric, DocumentMetric, View
from degrade.summaries import Extent, Need
from degrade.text.layer import Segments
from degrade.text.trees import unpacked

FAMILY = "syntax"
SENTENCES = Need(Extent, layer="sentence")
WORDS = Need(Extent, layer="word")


def tree_heights(segments: Segments, window: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the heights of the trees of each document's sentences, summed, and the sentences."""
    del window
    depths, _, begins, _ = unpacked(segments.symbols)
    places = np.flatnonzero(begins)
    heights = np.maximum.reduceat(depths, places) if len(places) else depths[:0]
    before = np.concatenate(([0], np.cumsum(heights)))
    sentences = np.searchsorted(places, segments.bounds)
    return np.diff(before[sentences]), np.diff(sentences)


def dependency_distances(
    segments: Segments, window: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the distances between words and their heads in each document, summed, and the arcs."""
    del window
    depths, distances, _, marks = unpacked(segments.symbols)
    arcs = ~marks & (depths > 0)
    ends = [np.concatenate(([0], np.cumsum(column)))[segments.bounds]
            for column in (np.where(arcs, distances, 0), arcs)]  # fmt: skip
    return np.diff(ends[0]), np.diff(ends[1])


def _words_and_sentences(view: View) -> tuple[int, int]:
    words, sentences = view.summary(WORDS), view.summary(SENTENCES)
    if not isinstance(words, Extent) or not isinstance(sentences, Extent):
        raise TypeError("extents are not what they should be")
    inside = view.inside
    return int(words.tokens[:, inside].sum()), int(sentences.tokens[:, inside].sum())


def _sentence_length(view: View) -> float:
    words, sentences = _words_and_sentences(view)
    if not sentences:
        raise UndefinedMetricError("no sentences")
    return words / sentences


_PARSED = "a spaCy pipeline with a parser: --spacy PIPELINE, and pip install 'degrade[spacy]'"

METRICS = (
    DocumentMetric(
        name="tree_height",
        title="Height of dependency trees",
        family=FAMILY,
        unit="arcs",
        scale="log",
        worse="lower",
        threshold_unit="relative",
        layer="tree",
        windows=(WHOLE,),
        measure=tree_heights,
        low=0.0,
        high=20.0,
        source="Yngve 1960, depth of a sentence, on dependency trees: arcs from the root to the "
        "furthest word",
        formula="sum over sentences of max over tokens of arcs to the root / sentences",
        description="How many arcs lie between the root of a sentence and the word furthest from "
        "it, averaged over sentences: how deeply sentences are nested.",
        undefined="no sentences",
        pitfalls="Longer sentences have higher trees: read it beside sentence_length. Parsers make "
        "mistakes, more of them in long sentences.",
        requires=_PARSED,
        default=False,
    ),
    DocumentMetric(
        name="dependency_distance",
        title="Distance between words and their heads",
        family=FAMILY,
        unit="words",
        scale="log",
        worse="lower",
        threshold_unit="relative",
        layer="tree",
        windows=(WHOLE,),
        measure=dependency_distances,
        low=0.0,
        high=10.0,
        source="Liu 2008, eq. 2, mean dependency distance",
        formula="sum |DD_i| / (n - s), over the n words of s sentences; punctuation left out",
        description="How many words on lies the word that a word depends on, averaged over all "
        "words but the roots of sentences.",
        undefined="no word depends on another",
        pitfalls="Longer sentences have longer arcs, and languages differ. Parsers make mistakes, "
        "more of them over long distances.",
        requires=_PARSED,
        default=False,
    ),
    CorpusMetric(
        name="sentence_length",
        title="Length of sentences",
        family=FAMILY,
        unit="words",
        scale="log",
        worse="either",
        needs=(WORDS, SENTENCES),
        compute=_sentence_length,
        view="incidence",
        threshold_unit="relative",
        source="Yule 1939, mean sentence length; sentences of UAX #29",
        formula="words / sentences, over whole documents",
        description="Words over sentences. Sentences are those of Unicode, which end with a line, "
        "a full stop or the like; no pipeline is needed.",
        undefined="no sentences",
        pitfalls="Abbreviations end sentences that go on, and the end of a line ends one: text "
        "wrapped in lines has short ones. A mean hides its spread.",
        default=False,
    ),
)
