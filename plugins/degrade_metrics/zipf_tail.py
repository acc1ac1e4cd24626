"""Zipf tail: the shape of the frequency distribution where words are rare, and where frequent."""

from __future__ import annotations

import numpy as np

from degrade.errors import UndefinedMetricError
from degrade.metric import CorpusMetric, View
from degrade.summaries import Census, Need
from degrade_metrics.power_law_kernels import distance, hurwitz_zeta
from degrade_metrics.searching import least
from degrade_metrics.spectrum import Spectrum, spectrum_of

FAMILY = "Zipf tail"
WORDS = Need(Census, layer="word", n=1)
FEWEST = 50
"""Types below which no power law is fitted."""
EXPONENTS = (1.01, 12.0)
"""Between which the most likely one is looked for."""


def _hapax_share(view: View) -> float:
    types = view[WORDS].expected_types(view.tokens)
    if types <= 0:
        raise UndefinedMetricError("no words")
    return view[WORDS].expected_hapaxes(view.tokens) / types


def power_law_exponent(spectrum: Spectrum, xmin: int) -> float:
    """Return the maximum-likelihood exponent of a discrete power law from ``xmin`` up.

    P(x) = x^-alpha / zeta(alpha, xmin); Clauset, Shalizi and Newman 2009, eq. 3.5. Raises
    UndefinedMetricError with fewer than 50 types in the tail.
    """
    inside = spectrum.values >= xmin
    values, counts = spectrum.values[inside], spectrum.counts[inside]
    types = int(counts.sum())
    if types < FEWEST:
        raise UndefinedMetricError(f"only {types} types occur {xmin} times or more")
    return most_likely(float(np.repeat(np.log(values), counts).mean()), xmin)


def most_likely(mean_log: float, xmin: int) -> float:
    """Return the exponent of greatest likelihood for frequencies of so large a mean logarithm."""
    lowest = float(xmin)
    return least(
        lambda alpha: alpha * mean_log + float(np.log(hurwitz_zeta(alpha, lowest))),
        *EXPONENTS,
        precision=1e-7,
    )


def best_xmin(spectrum: Spectrum) -> int:
    """Return the least frequency from which a power law fits best.

    The one with the smallest Kolmogorov-Smirnov distance to its own fit (Clauset, Shalizi and
    Newman 2009, eq. 3.9). Raises UndefinedMetricError with fewer than 50 types.
    """
    above = spectrum.counts[::-1].cumsum()[::-1]
    logs = (spectrum.counts * np.log(spectrum.values))[::-1].cumsum()[::-1]
    candidates = np.flatnonzero(above >= FEWEST)
    if not len(candidates):
        raise UndefinedMetricError(f"only {spectrum.types} types")
    found = [
        distance(
            spectrum.values[i:],
            spectrum.counts[i:],
            most_likely(float(logs[i] / above[i]), int(spectrum.values[i])),
        )
        for i in candidates
    ]
    return int(spectrum.values[np.argmin(found)])


def _anchor(reference: View) -> int:
    return best_xmin(spectrum_of(reference[WORDS]))


def _exponent(view: View, xmin: int) -> float:
    return power_law_exponent(spectrum_of(view[WORDS]), xmin)


METRICS = (
    CorpusMetric(
        name="hapax_share",
        title="Words used once (hapax share)",
        family=FAMILY,
        unit="share of types",
        scale="log",
        worse="lower",
        needs=(WORDS,),
        compute=_hapax_share,
        view="incidence",
        threshold_unit="relative",
        source="Baayen 2001, V(1, N) / V(N), on groups of documents",
        description="Of the words expected at the matched size, the share expected to occur once.",
        undefined="no words",
        formula="E[V1] / E[V] in n = m G / N groups; E[V1] = sum over (t, g) with c_gt = 1 of "
        "C(G - d_t, n - 1) / C(G, n), E[V] = sum_t [1 - C(G - d_t, n) / C(G, n)]",
        pitfalls="Misspelt, invented and broken words are hapaxes too, so noise raises it while "
        "real rare words go. It falls as text grows: compare it at one size only.",
    ),
    CorpusMetric(
        name="power_law_exponent",
        title="Power-law exponent of word frequencies",
        family=FAMILY,
        unit="exponent",
        scale="log",
        worse="either",
        needs=(WORDS,),
        compute=_exponent,
        view="selection",
        anchor=_anchor,
        threshold_unit="relative",
        source="Clauset, Shalizi and Newman 2009, eq. 3.5 and 3.9",
        description="Exponent of a discrete power law fitted to the frequencies of words at the "
        "matched size, from the least frequency that fits the reference best; that frequency is "
        "then frozen for every candidate.",
        undefined="fewer than 50 words reach the least frequency",
        formula="alpha = argmax of -alpha sum log x - n log zeta(alpha, xmin) over the n "
        "frequencies x >= xmin; xmin minimises the Kolmogorov-Smirnov distance on the reference",
        pitfalls="Word frequencies follow a power law only roughly, and nothing is said of words "
        "rarer than xmin. It has no direction: retraining and low temperature move it opposite "
        "ways, so it is never a verdict. Exponents fitted with an xmin of their own, or at "
        "another size, are not comparable.",
    ),
)
