"""Homogeneity of lengths: how much documents differ in length."""

from __future__ import annotations

import math
from typing import cast

import numpy as np
from numpy.typing import NDArray

from degrade.errors import UndefinedMetricError
from degrade.metric import WHOLE, CorpusMetric, View
from degrade.summaries import Moments, Need
from degrade.text.layer import Segments
from degrade_metrics.homogeneity import FAMILY

_SCALE = 1 << 20
"""Squares are kept in units of this many: their sums stay whole, and far from 2**63."""


def squared_lengths(
    segments: Segments, window: int
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the squared length of each document, in units of 2**20, and its length."""
    del window
    lengths = np.diff(segments.bounds)
    return lengths.astype(np.float64) ** 2 / _SCALE, lengths


LENGTHS = Need(
    Moments,
    measure=squared_lengths,
    metric="length_cv",
    version="1",
    layer="word",
    window=WHOLE,
    low=0.0,
    high=1.0,
)


def length_cv(view: View) -> float:
    """Return the standard deviation of the lengths of documents, over their mean."""
    moments = cast(Moments, view.summary(LENGTHS))
    squares, lengths = (float(sums[view.inside].sum()) for sums in moments.sums())
    documents = int(moments.documents[view.inside].sum())
    if documents < 2:
        raise UndefinedMetricError("fewer than two documents hold words")
    mean = lengths / documents
    variance = (squares * _SCALE - lengths * mean) / (documents - 1)
    # What rounding leaves where all lengths are equal is not a spread.
    if variance <= 1e-12 * mean**2:
        raise UndefinedMetricError("all documents have the same length")
    return math.sqrt(variance) / mean


METRICS = (
    CorpusMetric(
        name="length_cv",
        title="Spread of document lengths",
        family=FAMILY,
        unit="coefficient of variation",
        scale="log",
        worse="lower",
        needs=(LENGTHS,),
        compute=length_cv,
        view="incidence",
        threshold_unit="relative",
        source="coefficient of variation, Pearson 1896",
        description="The standard deviation of the lengths of documents, in words, over their "
        "mean. It falls where a generator always writes as much.",
        formula="sqrt(sum (L_i - mean)^2 / (documents - 1)) / mean, over documents with words",
        undefined="fewer than two documents hold words, or all have the same length",
        pitfalls="A limit on output tokens cuts lengths whatever the text: see whether lengths "
        "pile up at one value. A few very long documents carry most of it. Whole documents are "
        "looked at, also where other metrics match lengths.",
    ),
)
