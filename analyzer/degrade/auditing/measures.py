"""What is measured of every document, and of every source from that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from degrade import registry
from degrade.auditing.chunks import Chunk
from degrade.auditing.copies import digests
from degrade.auditing.signatures import Signatures, signatures
from degrade.auditing.variety import Words, counted
from degrade.errors import UsageError
from degrade.metric import WHOLE, DocumentMetric
from degrade.text.document import Batch
from degrade.text.layer import Layer

COPIES, ALIKE, VARIETY, REPETITION = "copies", "near_duplicates", "variety", "repetition_4"
LOOPS, FLAGGED, NO_TEXT = "terminal_loops", "gopher_flagged", "not_running_text"
NAMES = (COPIES, ALIKE, VARIETY, REPETITION, LOOPS, FLAGGED, NO_TEXT)
"""Everything a source is judged by."""
GOPHER = ("gopher_flagged_lines", "gopher_flagged_top", "gopher_flagged_ngrams")
"""Of which documents fail Gopher's thresholds."""
SAID_BEFORE = ("duplicate_line_characters", "duplicate_5gram_characters")
"""How much of a document it has said before."""
WINDOW = 50
_WINDOWS = {REPETITION: WINDOW}
_DOCUMENT_METRICS = (REPETITION, LOOPS, FLAGGED, NO_TEXT, *GOPHER, *SAID_BEFORE)
FRACTIONS = (
    *(f"duplicate_{kind}" for kind in ("lines", "line_characters")),
    *(f"duplicate_{kind}" for kind in ("paragraphs", "paragraph_characters")),
    *(f"top_{n}gram_characters" for n in (2, 3, 4)),
    *(f"duplicate_{n}gram_characters" for n in (5, 6, 7, 8, 9, 10)),
)
"""What Gopher's thresholds are of."""

Sums = Mapping[str, tuple[NDArray[np.int64], NDArray[np.int64]]]


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured of a chunk.

    Attributes
    ----------
    words, digests : (documents,), of each
    signatures : of each, by which documents alike are found
    sums : by metric, numerator and denominator of each document
    vocabulary : its words by cell
    """

    words: NDArray[np.int64]
    digests: NDArray[np.uint64]
    signatures: Signatures
    sums: Sums
    vocabulary: Words


@dataclass(frozen=True, slots=True)
class Measures:
    """The metrics that are computed of documents, and the layers that they count in."""

    metrics: Sequence[DocumentMetric]
    layers: Mapping[str, Layer]

    @classmethod
    def found(cls, *, fractions: bool = False) -> Measures:
        """Return the metrics as they are registered, with ``fractions`` those of Gopher as well.

        Raises UsageError where one is not.
        """
        known = registry.catalogue().metrics
        metrics = []
        for name in dict.fromkeys((*_DOCUMENT_METRICS, *(FRACTIONS if fractions else ()))):
            metric = known.get(name)
            if not isinstance(metric, DocumentMetric):
                raise UsageError(f"an audit measures {name}, and no such metric is installed")
            metrics.append(metric)
        names = {"word", *(metric.layer for metric in metrics)}
        return cls(metrics, {name: registry.layer(name) for name in sorted(names)})

    def sums(self, batch: Batch) -> Sums:
        """Return numerator and denominator of each document, by metric."""
        found = {}
        for metric in self.metrics:
            segments = batch.segments(self.layers[metric.layer])
            over, under = metric.measure(segments, _WINDOWS.get(metric.name, WHOLE))
            found[metric.name] = over.astype(np.int64), under.astype(np.int64)
        return found

    def of(self, chunk: Chunk) -> Measured:
        """Measure the documents of ``chunk``."""
        segments = chunk.batch.segments(self.layers["word"])
        with np.errstate(over="ignore"):
            return Measured(
                np.diff(segments.bounds),
                digests(segments.symbols, segments.bounds),
                signatures(segments.symbols, segments.bounds),
                self.sums(chunk.batch),
                counted(segments.symbols, segments.bounds, chunk.cells),
            )
