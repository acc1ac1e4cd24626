"""Rank and size: how fast frequencies fall with rank, and the vocabulary grows with the text."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from degrade.errors import UndefinedMetricError
from degrade.metric import CorpusMetric, View
from degrade.summaries import Census, Need
from degrade_metrics.spectrum import Spectrum, spectrum_of

FAMILY = "Zipf tail"
WORDS = Need(Census, layer="word", n=1)
RANKS = (5_000, 2_000, 1_000, 500, 200, 100)
"""Top ranks that a line may be fitted to; see ``_ranks``."""
GROWTH = 4.0
"""How much less text the vocabulary's growth is measured from."""


def rank_slope(spectrum: Spectrum, ranks: int) -> float:
    """Return minus the slope of log frequency on log rank over the top ``ranks``, least squares.

    Raises UndefinedMetricError with fewer words.
    """
    if spectrum.types < ranks:
        raise UndefinedMetricError(f"only {spectrum.types:,} words, of the {ranks:,} looked at")
    x = _log_ranks(ranks)
    y = np.repeat(np.log(spectrum.values[::-1]), spectrum.counts[::-1])[:ranks]
    return -float(x @ y / (x @ x))


@lru_cache(maxsize=8)
def _log_ranks(ranks: int) -> NDArray[np.float64]:
    """Return the logarithms of 1 to ``ranks``, less their mean."""
    logs: NDArray[np.float64] = np.log(np.arange(1.0, ranks + 1))
    logs -= logs.mean()
    return logs


def _ranks(reference: View) -> int:
    """Return the most ranks that are at most half of the reference's words."""
    types = spectrum_of(reference[WORDS]).types
    for ranks in RANKS:
        if 2 * ranks <= types:
            return ranks
    raise UndefinedMetricError(f"only {types} words in the reference, of {2 * RANKS[-1]}")


def _rank_frequency_slope(view: View, ranks: int) -> float:
    return rank_slope(spectrum_of(view[WORDS]), ranks)


def _heaps_exponent(view: View) -> float:
    words = view[WORDS]
    fewer = words.expected_types(view.tokens / GROWTH)
    if fewer <= 0:
        raise UndefinedMetricError("no words")
    return math.log(words.expected_types(view.tokens) / fewer) / math.log(GROWTH)


def _dis_legomena_share(view: View) -> float:
    spectrum = spectrum_of(view[WORDS])
    return spectrum.at(2) / spectrum.types


METRICS = (
    CorpusMetric(
        name="rank_frequency_slope",
        title="Rank-frequency slope (Zipf exponent)",
        family=FAMILY,
        unit="exponent",
        scale="log",
        worse="either",
        needs=(WORDS,),
        compute=_rank_frequency_slope,
        view="selection",
        anchor=_ranks,
        threshold_unit="relative",
        source="Zipf 1949, ch. 2; least squares on logarithms",
        formula="minus the slope of ln f(r) on ln r, over the top 5,000 ranks, or 2,000, 1,000, "
        "500, 200 or 100 where that is more than half of the reference's words",
        description="How fast frequencies fall with rank. Training on generated text makes it "
        "fall, low temperature makes it rise: both are damage, so neither direction is worse.",
        undefined="fewer words than ranks, or than 200 in the reference",
        pitfalls="Least squares on ranks is no estimate of a power law, and its error is not that "
        "of a regression; the rarest of the ranks weigh most.",
    ),
    CorpusMetric(
        name="heaps_exponent",
        title="Growth of the vocabulary (Heaps exponent)",
        family=FAMILY,
        unit="exponent",
        scale="log",
        worse="lower",
        needs=(WORDS,),
        compute=_heaps_exponent,
        view="incidence",
        threshold_unit="relative",
        source="Heaps 1978; between expected types (Colwell et al. 2012, eq. 17) at "
        "the matched size and a quarter of it",
        formula="ln [S(m) / S(m / 4)] / ln 4",
        description="How fast new words still come at the matched size: V grows as N to this "
        "power.",
        undefined="no words, or the vocabulary does not grow",
        pitfalls="A local exponent, from one corpus seen at two sizes in closed form; it falls as "
        "the text grows, so it compares at the matched size only.",
    ),
    CorpusMetric(
        name="dis_legomena_share",
        title="Words used twice (dis legomena share)",
        family=FAMILY,
        unit="share of types",
        scale="log",
        worse="lower",
        needs=(WORDS,),
        compute=_dis_legomena_share,
        view="selection",
        threshold_unit="relative",
        source="Sichel 1975; Baayen 2001, V(2, N) / V(N)",
        formula="V(2, N) / V(N)",
        description="Of the words at the matched size, the share that occurs twice.",
        undefined="no words, or none that occurs twice",
        pitfalls="Nearly constant over a wide range of sizes, and so of little power.",
    ),
)
