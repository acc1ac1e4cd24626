"""What a metric is: a declaration and a pure function.

The author of a metric writes no merging, no resampling and no size correction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from degrade.census_view import CensusView, Counts
from degrade.summaries import Extent, Moments, Need, SampledMoments
from degrade.text.layer import Segments
from degrade.view import View

MetricScale = Literal["log", "difference", "loss", "divergence"]
Worse = Literal["lower", "higher", "either"]
ThresholdUnit = Literal["relative", "ratio", "points", "nats"]
Aspect = Literal["", "style", "content"]
Exhibit = Literal["", "key words", "planted phrases"]
Instances = Literal[
    "",
    "once-seen n-grams",
    "n-grams",
    "shared n-grams",
    "key words",
    "planted phrases",
    "repeats",
    "loops",
    "duplicates",
    "near-duplicates",
]
Thresholds = tuple[float, float, float]
Measure = Callable[[Segments, int], tuple[NDArray[Any], NDArray[Any]]]
Learn = Callable[[Segments, NDArray[np.int64]], Any]
Score = Callable[
    [Any, Segments, NDArray[np.int64], int], tuple[NDArray[np.float64], NDArray[np.int64]]
]

Pair = float | tuple[float, float]
"""A divergence, or what is compared: of the reference, of the candidate."""
LeftOut = tuple[int | None, int | None]
"""The group left out of the reference and that left out of the candidate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """What every metric says of itself.

    Attributes
    ----------
    scale : where errors are computed and differences taken: ``log`` (of a positive value),
        ``difference``, ``loss`` (log of kept by the candidate over kept by fresh text, shown as
        1 - exp) or ``divergence`` (one number for the pair, 0 for one source)
    worse : the direction that is a degradation
    threshold_unit : the unit that changes and ``thresholds`` (minor, moderate, severe) are
        written in
    floor : the least difference, in the metric's own unit, that can be a degradation
    primary : enters the verdict; a divergence sets ``shifted`` and never a level
    default : computed where nobody asks for metrics; others have to be named, or ``all``
    tested : errors and p-values are meant; else only the values are reported
    aspect : ``style`` of what tells how a text is written, ``content`` of what tells how much it
        says, where the two are told apart: near in style and poor in content is no improvement
    exhibit : what a comparison shows for it, if its base layer's censuses are needed: ``key words``
        (of single words) or ``planted phrases`` (of one to four)
    instances : what ``degrade evidence`` shows for it; n-grams are those of its first census
    formula : the definition, in one line of plain text
    undefined : when there is no value, in words
    pitfalls : what is easily misread
    requires : what has to be installed or given for it, in words; empty if nothing
    source : who defined it, with the equation
    """

    name: str
    title: str
    family: str
    unit: str
    scale: MetricScale
    worse: Worse
    threshold_unit: ThresholdUnit
    source: str
    description: str = ""
    undefined: str = ""
    formula: str = ""
    pitfalls: str = ""
    requires: str = ""
    default: bool = True
    tested: bool = True
    aspect: Aspect = ""
    exhibit: Exhibit = ""
    instances: Instances = ""
    thresholds: Thresholds | None = None
    floor: float | None = None
    primary: bool = False
    version: str = "1"

    @property
    def sets_level(self) -> bool:
        """Whether the verdict's level depends on it."""
        return self.primary and self.thresholds is not None and self.scale != "divergence"


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusMetric(Declaration):
    """A number for one corpus, ``View -> float``.

    A need of another summary than a census is had by ``View.summary``.

    ``view`` is ``incidence`` for closed forms at a real-valued number of groups and for numbers
    that do not depend on size, both computed on all groups at once, or ``selection`` for functions
    of whole groups, which are averaged over selections of the matched size. With an ``anchor``,
    computed on the whole reference and then frozen, it is ``View, anchor -> float``.

    ``compute_each(view, left_out)``, where there is one, returns what ``compute`` does with each of
    these groups left out of the view (None for no group), all at once and in much less time; it is
    for ``incidence`` without an anchor. It goes with its ``compute``: where that alone is replaced,
    it is left out.
    """

    needs: tuple[Need, ...]
    compute: Callable[..., float]
    view: Literal["incidence", "selection"]
    anchor: Callable[[View], Any] | None = None
    compute_each: Callable[[View, Sequence[int | None]], Iterable[float]] | None = None
    _declared: tuple[object, object] | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Leave out a ``compute_each`` that was of another ``compute``."""
        _go_together(self)

    def each(self, view: View, left_out: Sequence[int | None], *anchor: Any) -> Iterable[float]:
        """Return the number with each of these groups left out, as far as it is asked for."""
        if self.compute_each is not None:
            return self.compute_each(view, left_out)
        return (self.compute(view.without(g), *anchor) for g in left_out)


@dataclass(frozen=True, slots=True, kw_only=True)
class PairMetric(Declaration):
    """A number for a reference and a candidate, or two that are compared on the scale.

    ``compute(reference, candidate)`` returns the divergence itself, or a pair (of the reference,
    of the candidate). A pair in ``closed_form`` at a real-valued number of groups is corrected for
    the bias that the jackknife tells; what cuts corpora between whole groups jumps with each group
    left out, and is not.

    ``compute_each(reference, candidate, left_out)``, where there is one, returns what ``compute``
    does with each of these pairs of groups left out of the two (None for no group), all at once
    and in much less time: errors take one for every group. It goes with its ``compute``: where that
    alone is replaced, it is left out.
    """

    needs: tuple[Need, ...]
    compute: Callable[[View, View], Pair]
    compute_each: Callable[[View, View, Sequence[LeftOut]], Sequence[Pair]] | None = None
    closed_form: bool = False
    _declared: tuple[object, object] | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Leave out a ``compute_each`` that was of another ``compute``."""
        _go_together(self)

    def each(self, reference: View, candidate: View, left_out: Sequence[LeftOut]) -> Sequence[Pair]:
        """Return the number or the pair with each of these pairs of groups left out."""
        if self.compute_each is not None:
            return self.compute_each(reference, candidate, left_out)
        views = ((reference.without(mine), candidate.without(theirs)) for mine, theirs in left_out)
        return [self.compute(*pair) for pair in views]


def _go_together(metric: CorpusMetric | PairMetric) -> None:
    """Have ``compute_each`` go with the ``compute`` that it was declared beside.

    ``dataclasses.replace`` hands on what is not replaced: which two were declared, too.
    """
    if metric._declared is not None:
        compute, compute_each = metric._declared
        if metric.compute is not compute and metric.compute_each is compute_each:
            object.__setattr__(metric, "compute_each", None)
    object.__setattr__(metric, "_declared", (metric.compute, metric.compute_each))


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentMetric(Declaration):
    """A ratio of sums over fixed windows of documents, or over whole documents.

    ``measure(segments, window)`` returns numerators and denominators, one of each a document; a
    denominator of 0 leaves the document out. All ``windows`` are kept; the largest that holds half
    of the tokens on every side is used. The window ``WHOLE`` stands for whole documents, for what
    does not depend on their length or is defined so. ``low`` and ``high`` bound the histogram of
    per-document values. With ``events``, half an event is added to the numerators before logs are
    taken. What is ``sampled`` is measured on a sample of the text where there is much of it.
    """

    layer: str
    windows: tuple[int, ...]
    measure: Measure
    low: float = 0.0
    high: float = 1.0
    events: bool = False
    sampled: bool = False

    def need(self, window: int) -> Need:
        """Return the request for the sums in windows of ``window`` tokens."""
        return Need(
            SampledMoments if self.sampled else Moments,
            measure=self.measure,
            metric=self.name,
            version=self.version,
            layer=self.layer,
            window=window,
            low=self.low,
            high=self.high,
        )

    @property
    def needs(self) -> tuple[Need, ...]:
        """The sums of all windows."""
        return tuple(self.need(window) for window in self.windows)


@dataclass(frozen=True, slots=True, kw_only=True)
class TextMetric(Declaration):
    """A statistic of windows of text, as they look to what was learned from other documents.

    It reads the documents themselves: a second pass over corpora that can be read again, else over
    those that a profile sampled. ``learn(segments, documents)`` returns anything learned from the
    documents of these numbers, in whatever order; ``score(learned, segments, documents, window)``
    returns a value for each full window of ``documents``, and the document that it is in.

    Half of the groups of a corpus teach and the other half is scored, then the other way round.
    Taught by the ``reference``, the candidate is scored beside fresh text of the reference; taught
    by the ``candidate``, fresh text of the reference is scored beside the same text as a part of
    the reference of equal size teaches to see it. The ``statistic`` is the mean of the windows'
    values or their standard deviation. The largest of ``windows`` that holds half of the tokens on
    every side is used. With ``edges``, the findings count the windows between each two of them.
    """

    layer: str
    windows: tuple[int, ...]
    learn: Learn
    score: Score
    taught_by: Literal["reference", "candidate"]
    statistic: Literal["mean", "deviation"] = "mean"
    edges: tuple[float, ...] = ()

    @property
    def needs(self) -> tuple[Need, ...]:
        """The size of the corpora in its layer, so that they are counted by the same."""
        return (Need(Extent, layer=self.layer),)


WHOLE = 0
"""The window that is a whole document."""

Metric = CorpusMetric | PairMetric | DocumentMetric | TextMetric

__all__ = [
    "WHOLE",
    "CensusView",
    "CorpusMetric",
    "Counts",
    "Declaration",
    "DocumentMetric",
    "Measure",
    "Metric",
    "PairMetric",
    "TextMetric",
    "View",
]
