"""Documents that are listed for where they are from: a source, or a file, that stands out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from degrade.audited import Audit, BadDocument, SourceAudit
from degrade.auditing.chunks import Chunk, Numbered
from degrade.auditing.measures import FLAGGED, REPETITION, VARIETY, Measured, Measures
from degrade.auditing.passes import measured_of
from degrade.auditing.reasons import REASONS, Told
from degrade.auditing.shares import MEASURE
from degrade.auditing.worst import Worst
from degrade.options import Progress
from degrade.readers import Corpus

SOURCE, FILE = "source", "file"
"""What documents are listed for that are of one that stands out."""
OF_ALL = (VARIETY, MEASURE)
"""Measures that no document shows by itself: all of the source are listed."""
OF_FLAGGED = (REPETITION, FLAGGED)
"""Measures for which those of the source are listed that are flagged, however short."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Names of what stands out.

    Attributes
    ----------
    sources, files : with the measures of ``OF_ALL`` in which they do
    repeating : sources that do in one of ``OF_FLAGGED``
    """

    sources: Mapping[str, tuple[str, ...]]
    files: Mapping[str, tuple[str, ...]]
    repeating: frozenset[str]

    @classmethod
    def of(cls, found: Audit) -> Standing:
        """Return what stands out in ``found``."""
        return cls(
            _in_all(found.sources),
            _in_all(found.shards),
            frozenset(s.name for s in found.sources if _measures(s, OF_FLAGGED)),
        )

    def __bool__(self) -> bool:
        return bool(self.sources or self.files or self.repeating)

    def inside(self, chunk: Chunk, numbered: Numbered) -> NDArray[np.bool_]:
        """Return which documents are of what stands out."""
        sources = {*self.sources, *self.repeating}
        return _among(chunk.sources, sources, numbered.sources) | self._whole(chunk, numbered)

    def told(self, chunk: Chunk, measured: Measured, numbered: Numbered) -> Told:
        """Return what there is against documents by themselves that is enough, of such sources."""
        told = Told.alone(measured)
        enough = told.listed | _among(chunk.sources, self.repeating, numbered.sources)
        return replace(told, given=told.given & enough[:, np.newaxis])

    def listed(
        self, chunk: Chunk, told: Told, numbered: Numbered, held: set[tuple[str, int]]
    ) -> NDArray[np.bool_]:
        """Return which documents are listed for that and are not ``held``, by file and record."""
        short = told.given.any(axis=1) & ~told.listed
        listed = short | self._whole(chunk, numbered)
        files = [*numbered.files]
        for i in np.flatnonzero(listed).tolist() if held else ():
            listed[i] = (files[int(chunk.files[i])], int(chunk.records[i])) not in held
        return listed

    def _whole(self, chunk: Chunk, numbered: Numbered) -> NDArray[np.bool_]:
        of_sources = _among(chunk.sources, self.sources, numbered.sources)
        return of_sources | _among(chunk.files, self.files, numbered.files)

    def named(self, document: BadDocument) -> BadDocument:
        """Return ``document`` with what it is listed for besides itself."""
        source, file = self.sources.get(document.source), self.files.get(document.file)
        kinds = [kind for kind, why in ((SOURCE, source), (FILE, file)) if why]
        return replace(
            document,
            reasons=(*document.reasons, *kinds),
            stands_out=tuple(dict.fromkeys((*(source or ()), *(file or ())))),
        )


def with_list(
    found: Audit,
    worst: Worst,
    corpus: Corpus,
    measures: Measures,
    workers: int,
    progress: Progress | None,
) -> Audit:
    """Return ``found`` with the documents that are listed, by themselves or for their source.

    ``worst`` holds the first. Where a source stands out for what no document shows by itself, or
    for repetition, the corpus is read again for its documents.
    """
    standing = Standing.of(found)
    if standing and worst.most:
        numbered = Numbered()
        held = {(each.file, each.record) for each in worst.listed()}
        for chunk, measured in measured_of(
            copy(corpus),
            numbered,
            measures,
            workers,
            progress,
            part=lambda chunk: chunk.taken(standing.inside(chunk, numbered)),
        ):
            told = standing.told(chunk, measured, numbered)
            which = standing.listed(chunk, told, numbered, held)
            worst.keep(which, chunk, measured, told, [*numbered.sources], [*numbered.files])
    short = sum(
        (counts for source, counts in worst.short.items() if source not in standing.repeating),
        start=np.zeros(len(REASONS) + 1, dtype=np.int64),
    )
    every = sum(worst.short.values(), start=np.zeros_like(short))
    reasons = Counter(worst.flagged)
    reasons.subtract(dict(zip(REASONS, short.tolist(), strict=False)))
    for kind, names, of in (
        (SOURCE, standing.sources, found.sources),
        (FILE, standing.files, found.shards),
    ):
        if names:
            reasons[kind] = sum(each.documents for each in of if each.name in names)
    bad = worst.bad + int(every[-1] - short[-1])
    return replace(
        found,
        worst=tuple(map(standing.named, worst.listed())),
        bad=bad,
        reasons=dict(reasons),
        flagged=dict(worst.flagged),
        unlisted=int(short[-1]),
        # Nobody looked for what could not be listed anyhow.
        cut=worst.cut or (not worst.most and any((bad, standing.sources, standing.files))),
    )


def _in_all(sources: Sequence[SourceAudit]) -> Mapping[str, tuple[str, ...]]:
    return {source.name: why for source in sources if (why := _measures(source, OF_ALL))}


def _measures(source: SourceAudit, among: Sequence[str]) -> tuple[str, ...]:
    return tuple(each.measure for each in source.stands_out if each.measure in among)


def _among(
    numbers: NDArray[np.int64], names: Iterable[str], numbered: Mapping[str, int]
) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = np.isin(numbers, [numbered[n] for n in names if n in numbered])
    return found
