"""The whole corpus: against a baseline, and the phrases that only one of its sources has."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import copy

from degrade import registry
from degrade.api import compare
from degrade.burst import bursts_of
from degrade.corpora import Opened
from degrade.errors import ProfileError, TooLittleTextError
from degrade.findings import Comparison
from degrade.options import Progress
from degrade.readers import Corpus
from degrade.text.document import Document
from degrade.traces import Bursts

FAMILY = "Zipf tail"
"""Of which the metrics of the default set are told beside the primary ones."""


def against(
    baseline: Opened, corpus: Corpus, workers: int, progress: Progress | None
) -> tuple[Comparison | None, str]:
    """Return the comparison of ``corpus``, read again, with a profile, or why there is none."""
    candidate = Opened(corpus.name, copy(corpus), None)
    try:
        run = compare(
            baseline,
            candidate,
            metrics=_metrics(baseline),
            self_check=0,
            evidence=False,
            workers=workers,
            progress=progress,
        )
    except (ProfileError, TooLittleTextError) as error:
        return None, str(error)
    return run.comparisons[0], ""


def _metrics(baseline: Opened) -> list[str]:
    """Return the primary metrics, and those of the tail that the profile holds."""
    held = {need.key for need in baseline.profile.plan.needs} if baseline.profile else set()
    known = registry.catalogue().metrics.values()
    tail = [m for m in known if m.family == FAMILY and m.default]
    return ["primary", *(m.name for m in tail if {need.key for need in m.needs} <= held)]


def bursts_in(corpus: Corpus, label: Callable[[str], str] = str) -> Bursts:
    """Return the bursts of ``corpus``, read again, by ``label`` of its source field, or by file.

    Raises UndefinedMetricError where all documents are of one source.
    """
    read = copy(corpus)
    by_file = corpus.fields.source is None

    def documents() -> Iterator[tuple[str, Document]]:
        for file, document in read.documents_by_file():
            yield file if by_file else label(document.metadata.get("source", "")), document

    return bursts_of(documents, registry.layer("word"))
