"""Zipf-Mandelbrot laws: whether a vocabulary is cut off, or its whole distribution narrows."""

from __future__ import annotations

from degrade.errors import UndefinedMetricError
from degrade.metric import CorpusMetric, View
from degrade.summaries import Census, Need
from degrade_metrics.lnre import fitted
from degrade_metrics.spectrum import spectrum_of

FAMILY = "Zipf tail"
WORDS = Need(Census, layer="word", n=1)
NEGLIGIBLE = 3.84
"""Gain in chi-squared, of one parameter, below which a finite vocabulary fits no better."""


def _zm_a(view: View) -> float:
    return fitted(spectrum_of(view[WORDS]), finite=False).a


def _zm_b(view: View) -> float:
    return fitted(spectrum_of(view[WORDS]), finite=False).highest


def _fzm_a(view: View) -> float:
    return fitted(spectrum_of(view[WORDS]), finite=True).a


def _fzm_b(view: View) -> float:
    return fitted(spectrum_of(view[WORDS]), finite=True).highest


def _fzm_s(view: View) -> float:
    spectrum = spectrum_of(view[WORDS])
    finite, endless = (fitted(spectrum, finite=each) for each in (True, False))
    if endless.misfit - finite.misfit < NEGLIGIBLE:
        raise UndefinedMetricError(
            f"a cut, if there is one, lies below the resolution of {spectrum.tokens:,} tokens: a "
            "vocabulary without end fits them as well"
        )
    return finite.support


_FIT = (
    "least multivariate chi-squared of V and V_1 to V_15 (Baayen 2001, pp. 119-122; the cost "
    "function gof of the package zipfR)"
)
_ZM = f"pi has density C pi^(-a - 1) up to B; fitted by {_FIT}"
_FZM = f"pi has density C pi^(-a - 1) from A to B; fitted by {_FIT}"
_UNDEFINED = "fewer than 200 words, or frequencies that no such law fits"
_PITFALLS = (
    "Parameters of different sizes are never compared: these are at the matched size. They take "
    "words for independent, and trade off against one another. "
)
_TOLD = (
    "Read a and S together. A lower S at the same a is a cut: the rarest words are gone, and "
    "the others are as they were. A lower a is narrowing: the whole distribution has steepened."
)
_EVERT = "Evert 2004; Evert and Baroni 2007"

METRICS = (
    CorpusMetric(
        name="zm_a",
        title="Zipf-Mandelbrot shape a",
        family=FAMILY,
        unit="exponent",
        scale="log",
        worse="either",
        needs=(WORDS,),
        compute=_zm_a,
        view="selection",
        threshold_unit="relative",
        source=f"{_EVERT}, Zipf-Mandelbrot law (zm)",
        formula=_ZM,
        description="Shape of the law of word probabilities, of a vocabulary without end: rank r "
        "has a probability near r^(-1/a), so a lower a is a steeper fall.",
        undefined=_UNDEFINED,
        pitfalls=_PITFALLS + "Where the vocabulary has an end, the fit is poor: see fzm_a.",
        default=False,
    ),
    CorpusMetric(
        name="zm_b",
        title="Zipf-Mandelbrot upper cutoff B",
        family=FAMILY,
        unit="probability",
        scale="log",
        worse="either",
        needs=(WORDS,),
        compute=_zm_b,
        view="selection",
        threshold_unit="relative",
        source=f"{_EVERT}, Zipf-Mandelbrot law (zm)",
        formula=_ZM,
        description="Where the law ends at the frequent words: Mandelbrot's correction of Zipf's "
        "law.",
        undefined=_UNDEFINED,
        pitfalls=_PITFALLS,
        default=False,
    ),
    CorpusMetric(
        name="fzm_a",
        title="Finite Zipf-Mandelbrot shape a",
        family=FAMILY,
        unit="exponent",
        scale="log",
        worse="lower",
        needs=(WORDS,),
        compute=_fzm_a,
        view="selection",
        threshold_unit="relative",
        source=f"{_EVERT}, finite Zipf-Mandelbrot law (fzm)",
        formula=_FZM,
        description="Shape of the law of word probabilities, of a finite vocabulary: rank r has a "
        f"probability near r^(-1/a). {_TOLD}",
        undefined=_UNDEFINED,
        pitfalls=_PITFALLS,
        default=False,
    ),
    CorpusMetric(
        name="fzm_b",
        title="Finite Zipf-Mandelbrot upper cutoff B",
        family=FAMILY,
        unit="probability",
        scale="log",
        worse="either",
        needs=(WORDS,),
        compute=_fzm_b,
        view="selection",
        threshold_unit="relative",
        source=f"{_EVERT}, finite Zipf-Mandelbrot law (fzm)",
        formula=_FZM,
        description="Where the law of a finite vocabulary ends at the frequent words.",
        undefined=_UNDEFINED,
        pitfalls=_PITFALLS,
        default=False,
    ),
    CorpusMetric(
        name="fzm_s",
        title="Size of the vocabulary drawn from, S",
        family=FAMILY,
        unit="types",
        scale="log",
        worse="lower",
        needs=(WORDS,),
        compute=_fzm_s,
        view="selection",
        threshold_unit="relative",
        source=f"{_EVERT}, finite Zipf-Mandelbrot law (fzm)",
        formula=f"S = (C / a) (A^-a - B^-a); {_FZM}",
        description="How many words the text is drawn from, seen or not, under a finite "
        f"Zipf-Mandelbrot law. {_TOLD}",
        undefined=f"{_UNDEFINED}; or the cut lies below the resolution: a vocabulary without end "
        "fits as well (chi-squared within 3.84)",
        pitfalls=_PITFALLS + "An extrapolation, worth comparing and not believing: S of the Brown "
        "corpus is 24,421 from its first tenth, 86,439 from all of it.",
        default=False,
    ),
)
