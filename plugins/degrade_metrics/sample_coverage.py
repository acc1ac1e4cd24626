"""Sample coverage: the share of the text that known words cover, and richness at equal share."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from degrade.errors import UndefinedMetricError
from degrade.metric import CorpusMetric, View
from degrade.summaries import Census, Need
from degrade_metrics.hill_numbers import once_seen_share
from degrade_metrics.richness import chao1
from degrade_metrics.spectrum import Spectrum, spectrum_of

FAMILY = "lexical diversity"
WORDS = Need(Census, layer="word", n=1)


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

    Chao and Jost 2012, table 1: interpolation and extrapolation of coverage.
    """
    n, once = spectrum.tokens, spectrum.at(1)
    # Both forms meet at n - 1, beyond which no token is left to be covered.
    if size < n - 1:
        shares = spectrum.counts * spectrum.values / n
        return 1.0 - float((shares * _missed(spectrum, n - 1, size)).sum())
    return float(1.0 - once / n * (1.0 - once_seen_share(spectrum)) ** (size - n + 1))


def types_at(spectrum: Spectrum, size: float) -> float:
    """Return the types expected in ``size`` tokens, fewer or more than there are.

    Colwell et al. 2012, eq. 4 (fewer) and eq. 9 (more).
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

    Chao and Jost 2012, coverage-based rarefaction and extrapolation. Undefined where that
    takes more than twice the text.
    """
    n = spectrum.tokens
    reached = coverage_at(spectrum, 2 * n)
    if reached < share:
        raise UndefinedMetricError(
            f"twice this text would cover {reached:.1%} of its language, not {share:.1%}"
        )
    if coverage_at(spectrum, 1) >= share:
        return 1.0
    from scipy.optimize import brentq

    return types_at(
        spectrum, brentq(lambda size: coverage_at(spectrum, size) - share, 1, 2 * n, xtol=1e-6)
    )


def _sample_coverage(view: View) -> float:
    return coverage(spectrum_of(view[WORDS], fewest=2))


def _half_covered(view: View) -> float:
    spectrum = spectrum_of(view[WORDS], fewest=2)
    return coverage_at(spectrum, spectrum.tokens / 2)


def _coverage_richness(view: View, share: float) -> float:
    return types_at_coverage(spectrum_of(view[WORDS], fewest=2), share)


METRICS = (
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
        source="Good 1953; Chao and Jost 2012, eq. 4a",
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
        source="Chao and Jost 2012, coverage-based rarefaction and extrapolation",
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
)
