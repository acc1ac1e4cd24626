"""Richness: how many words there are, seen or not, and how much of the text the seen ones cover."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import gammaln

from degrade.errors import UndefinedMetricError
from degrade.metric import CorpusMetric, View
from degrade.summaries import Census, Need
from degrade_metrics.hill_numbers import once_seen_share
from degrade_metrics.spectrum import Spectrum, spectrum_of

FAMILY = "lexical diversity"
WORDS = Need(Census, layer="word", n=1)
TRIGRAMS = Need(Census, layer="word", n=3)


def coverage(spectrum: Spectrum) -> float:
    """Return the estimated sample coverage (Chao and Jost 2012, eq. 4a)."""
    once, a = spectrum.at(1), once_seen_share(spectrum)
    return 1.0 - once / spectrum.tokens * (1.0 - a)


def _missed(spectrum: Spectrum, of: int, size: float) -> NDArray[np.float64]:
    """Return C(n - x, size) / C(of, size), for each frequency x of n tokens."""
    left = spectrum.tokens - spectrum.values
    logs = np.full(len(left), -np.inf)
    inside = left - size > -1
    held = left[inside]
    logs[inside] = gammaln(held + 1) - gammaln(held - size + 1)
    found: NDArray[np.float64] = np.exp(logs - gammaln(of + 1) + gammaln(of - size + 1))
    return found


def coverage_at(spectrum: Spectrum, size: float) -> float:
    """Return the coverage expected of ``size`` tokens, fewer or more than there are.

    Chao and Jost 2012, eq. 5 (fewer) and 6a (more).
    """
    n, once = spectrum.tokens, spectrum.at(1)
    # Both forms meet at n - 1, beyond which no token is left to be covered.
    if size < n - 1:
        shares = spectrum.counts * spectrum.values / n
        return 1.0 - float((shares * _missed(spectrum, n - 1, size)).sum())
    return float(1.0 - once / n * (1.0 - once_seen_share(spectrum)) ** (size - n + 1))


def types_at(spectrum: Spectrum, size: float) -> float:
    """Return the types expected in ``size`` tokens, fewer or more than there are.

    Colwell et al. 2012, eq. 4 (fewer) and 9 (more).
    """
    n, seen, once = spectrum.tokens, spectrum.types, spectrum.at(1)
    if size <= n:
        return seen - float((spectrum.counts * _missed(spectrum, n, size)).sum())
    unseen = chao1(spectrum) - seen
    if not unseen:
        return float(seen)
    return float(seen - unseen * np.expm1((size - n) * np.log1p(-once / (n * unseen + once))))


def types_at_coverage(spectrum: Spectrum, share: float) -> float:
    """Return the types expected in as many tokens as cover ``share`` of the language.

    Chao and Jost 2012, eq. 8 and 12. Undefined where that takes more than twice the text.
    """
    n = spectrum.tokens
    reached = coverage_at(spectrum, 2 * n)
    if reached < share:
        raise UndefinedMetricError(
            f"twice this text would cover {reached:.1%} of its language, not {share:.1%}"
        )
    if coverage_at(spectrum, 1) >= share:
        return 1.0
    return types_at(
        spectrum, brentq(lambda size: coverage_at(spectrum, size) - share, 1, 2 * n, xtol=1e-6)
    )


def chao1(spectrum: Spectrum) -> float:
    """Return a lower bound of all types, seen and unseen (Chao 1984; Colwell 2012, eq. 15)."""
    n, once, twice = spectrum.tokens, spectrum.at(1), spectrum.at(2)
    unseen = once**2 / (2 * twice) if twice else once * (once - 1) / 2
    return spectrum.types + (n - 1) / n * unseen


def chao2(incidence: NDArray[np.int64]) -> float:
    """Return the same from the groups that hold each type (Chao 1987; Colwell 2012, eq. 16)."""
    groups, once, twice = len(incidence) - 1, int(incidence[1]), int(incidence[2])
    unseen = once**2 / (2 * twice) if twice else once * (once - 1) / 2
    return int(incidence[1:].sum()) + (groups - 1) / groups * unseen


def adjusted_distinct(types: float, tokens: float, vocabulary: float) -> float:
    """Return distinct types over those that ``tokens`` even draws would give (Liu 2022, eq. 3)."""
    expected = -vocabulary * np.expm1(tokens * np.log1p(-1.0 / vocabulary))
    return float(types / expected)


def _types_3(view: View) -> float:
    return view[TRIGRAMS].expected_types(view.tokens)


def _sample_coverage(view: View) -> float:
    return coverage(spectrum_of(view[WORDS], fewest=2))


def _half_covered(view: View) -> float:
    spectrum = spectrum_of(view[WORDS], fewest=2)
    return coverage_at(spectrum, spectrum.tokens / 2)


def _coverage_richness(view: View, share: float) -> float:
    return types_at_coverage(spectrum_of(view[WORDS], fewest=2), share)


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
        name="sample_coverage",
        title="Sample coverage",
        family=FAMILY,
        unit="share of tokens",
        scale="difference",
        worse="higher",
        needs=(WORDS,),
        compute=_sample_coverage,
        view="selection",
        threshold_unit="points",
        source="Good 1953, eq. 9; Chao and Jost 2012, eq. 4a",
        formula="C = 1 - (f1 / n) (n - 1) f1 / [(n - 1) f1 + 2 f2]",
        description="The share of the next words that the text has already used: it rises when "
        "little that is new is left to come.",
        undefined="fewer than two words",
        pitfalls="The next word of the same documents is meant; a new document covers less, as "
        "words of one document are not independent.",
    ),
    CorpusMetric(
        name="coverage_richness",
        title="Word types at equal coverage",
        family=FAMILY,
        unit="types",
        scale="log",
        worse="lower",
        needs=(WORDS,),
        compute=_coverage_richness,
        view="selection",
        anchor=_half_covered,
        threshold_unit="relative",
        source="Chao and Jost 2012, eq. 8 and 12",
        formula="S(m) with C(m) = C*, C* the coverage of half the reference's matched text; up to "
        "2 n by extrapolation",
        description="Distinct words in as much text as covers the same share of its own language. "
        "Equal size looks at less of the richer corpus; equal coverage does not, so differences "
        "are larger.",
        undefined="twice the text would not reach the coverage of half the reference",
        pitfalls="Within the matched size, words are drawn one by one. It needs an estimate of "
        "coverage that takes words for independent.",
        default=False,
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
        source="Chao 1984, eq. 8, with (n - 1) / n as in Colwell et al. 2012, eq. 15",
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
        source="Chao 1987, eq. 12, with (G - 1) / G as in Colwell et al. 2012, eq. 16",
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
        source="Liu et al. 2022, eq. 3",
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
