"""Richness: how many words there are, seen or not."""

from __future__ import annotations

import numpy as np

from degrade.errors import UndefinedMetricError
from degrade.metric import CorpusMetric, Counts, View
from degrade.summaries import Census, Need
from degrade_metrics.spectrum import Spectrum, spectrum_of

FAMILY = "lexical diversity"
WORDS = Need(Census, layer="word", n=1)
TRIGRAMS = Need(Census, layer="word", n=3)


def chao1(spectrum: Spectrum) -> float:
    """Return a lower bound of all types, seen and unseen (Chao 1984)."""
    n, once, twice = spectrum.tokens, spectrum.at(1), spectrum.at(2)
    unseen = once**2 / (2 * twice) if twice else once * (once - 1) / 2
    return spectrum.types + (n - 1) / n * unseen


def chao2(incidence: Counts) -> float:
    """Return the same from the groups that hold each type (Chao 1987)."""
    groups, once, twice = len(incidence) - 1, float(incidence[1]), float(incidence[2])
    unseen = once**2 / (2 * twice) if twice else once * (once - 1) / 2
    return float(incidence[1:].sum()) + (groups - 1) / groups * unseen


def adjusted_distinct(types: float, tokens: float, vocabulary: float) -> float:
    """Return distinct types over those that ``tokens`` even draws would give (Liu et al. 2022)."""
    expected = -vocabulary * np.expm1(tokens * np.log1p(-1.0 / vocabulary))
    return float(types / expected)


def _types_3(view: View) -> float:
    return view[TRIGRAMS].expected_types(view.tokens)


def _chao1(view: View) -> float:
    return chao1(spectrum_of(view[WORDS]))


def _chao2(view: View) -> float:
    incidence = view[WORDS].incidence()
    if len(incidence) < 3:
        raise UndefinedMetricError("fewer than two groups of documents")
    if not incidence[1:].any():
        raise UndefinedMetricError("no words")
    return chao2(incidence)


def _vocabulary(view: View) -> int:
    types = view[WORDS].types
    if types < 2:
        raise UndefinedMetricError("fewer than two different words in the reference")
    return types


def _ead(view: View, vocabulary: int) -> float:
    words = view[WORDS]
    tokens = words.expected_occurrences(view.tokens)
    if not tokens:
        raise UndefinedMetricError("no words")
    return adjusted_distinct(words.expected_types(view.tokens), tokens, vocabulary)


METRICS = (
    CorpusMetric(
        name="types_3",
        title="Word triples",
        family=FAMILY,
        unit="types",
        scale="log",
        worse="lower",
        needs=(TRIGRAMS,),
        compute=_types_3,
        view="incidence",
        threshold_unit="relative",
        source="Colwell et al. 2012, eq. 17, on groups of documents",
        formula="S(n) = sum_t [1 - C(G - d_t, n) / C(G, n)], for a triple found in d_t of G groups",
        description="Distinct triples of neighbouring words expected at the matched size, as "
        "types_1.",
        undefined="no document is long enough to hold one",
        pitfalls="Nearly every triple occurs once, so it falls only when whole phrases come back.",
    ),
    CorpusMetric(
        name="chao1",
        title="All word types, at least (Chao1)",
        family=FAMILY,
        unit="types",
        scale="log",
        worse="lower",
        needs=(WORDS,),
        compute=_chao1,
        view="selection",
        threshold_unit="relative",
        source="Chao 1984, with (n - 1) / n as in Colwell et al. 2012 and iNEXT",
        formula="S + (n - 1) / n f1^2 / (2 f2); f1 (f1 - 1) / 2 where f2 = 0",
        description="A lower bound of the words of the language, unseen ones included, from those "
        "seen once and twice.",
        undefined="no words",
        pitfalls="A lower bound, that for word frequencies grows with the text and never settles; "
        "not tested.",
        tested=False,
    ),
    CorpusMetric(
        name="chao2",
        title="All word types, at least (Chao2)",
        family=FAMILY,
        unit="types",
        scale="log",
        worse="lower",
        needs=(WORDS,),
        compute=_chao2,
        view="incidence",
        threshold_unit="relative",
        source="Chao 1987, with (G - 1) / G as in Colwell et al. 2012 and iNEXT",
        formula="S + (G - 1) / G Q1^2 / (2 Q2); Q1 (Q1 - 1) / 2 where Q2 = 0, for words in one "
        "and in two of G groups of documents",
        description="The same bound from words found in one and in two groups of documents, which "
        "need not be independent within a group.",
        undefined="fewer than two groups of documents, or no words",
        pitfalls="From all text of each corpus, whatever its size: where sizes differ, so do the "
        "values; not tested.",
        tested=False,
    ),
    CorpusMetric(
        name="ead",
        title="Expectation-adjusted distinct words (EAD)",
        family=FAMILY,
        unit="ratio",
        scale="log",
        worse="lower",
        needs=(WORDS,),
        compute=_ead,
        view="incidence",
        anchor=_vocabulary,
        threshold_unit="relative",
        source="Liu et al. 2022, expectation-adjusted distinct",
        formula="EAD = N / (V [1 - ((V - 1) / V)^C]), N distinct of C words, V the words of the "
        "reference",
        description="Distinct words at the matched size over those that as many draws from an "
        "even vocabulary would give.",
        undefined="no words, or fewer than two different ones in the reference",
        pitfalls="V is the reference's vocabulary, as there is no model's to ask for; at one "
        "matched size its change is that of types_1.",
        default=False,
    ),
)
