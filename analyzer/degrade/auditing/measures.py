"""What is measured of every document, and of every source from that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from degrade import registry
from degrade.auditing.chunks import Chunk
from degrade.auditing.copies import digests
from degrade.auditing.variety import Words, counted
from degrade.errors import UsageError
from degrade.metric import WHOLE, DocumentMetric
from degrade.text.document import Batch
from degrade.text.layer import Layer

COPIES, VARIETY, REPETITION = "copies", "variety", "repetition_4"
LOOPS, FLAGGED = "terminal_loops", "gopher_flagged"
NAMES = (COPIES, VARIETY, REPETITION, LOOPS, FLAGGED)
"""Everything a source is judged by."""
REASONS = (COPIES, LOOPS, "gopher_flagged_lines", "gopher_flagged_top", "gopher_flagged_ngrams")
"""Everything a document can be listed for."""
WINDOW = 50
_WINDOWS = {REPETITION: WINDOW}
_DOCUMENT_METRICS = (REPETITION, LOOPS, FLAGGED, *REASONS[2:])

Sums = Mapping[str, tuple[NDArray[np.int64], NDArray[np.int64]]]


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured of a chunk.

    Attributes
    ----------
    words, digests : (documents,), of each
    sums : by metric, numerator and denominator of each document
    vocabulary : its words by cell
    """

    words: NDArray[np.int64]
    digests: NDArray[np.uint64]
    sums: Sums
    vocabulary: Words


@dataclass(frozen=True, slots=True)
class Measures:
    """The metrics that are computed of documents, and the layer of words."""

    metrics: Sequence[DocumentMetric]
    layer: Layer

    @classmethod
    def found(cls) -> Measures:
        """Return the metrics as they are registered. Raises UsageError where one is not."""
        known = registry.catalogue().metrics
        metrics = []
        for name in _DOCUMENT_METRICS:
            metric = known.get(name)
            if not isinstance(metric, DocumentMetric):
                raise UsageError(f"an audit measures {name}, and no such metric is installed")
            metrics.append(metric)
        return cls(metrics, registry.layer("word"))

    def sums(self, batch: Batch) -> Sums:
        """Return numerator and denominator of each document, by metric."""
        segments = batch.segments(self.layer)
        found = {}
        for metric in self.metrics:
            over, under = metric.measure(segments, _WINDOWS.get(metric.name, WHOLE))
            found[metric.name] = over.astype(np.int64), under.astype(np.int64)
        return found

    def of(self, chunk: Chunk) -> Measured:
        """Measure the documents of ``chunk``."""
        segments = chunk.batch.segments(self.layer)
        with np.errstate(over="ignore"):
            return Measured(
                np.diff(segments.bounds),
                digests(segments.symbols, segments.bounds),
                self.sums(chunk.batch),
                counted(segments.symbols, segments.bounds, chunk.cells),
            )
