"""What is counted of a corpus, chunk by chunk, and the audit that comes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from degrade.audited import Audit, MachineText, SourceAudit
from degrade.auditing.alike import Alike
from degrade.auditing.chunks import Chunk, Numbered
from degrade.auditing.contrasts import Counts, Gathered, Pairs, judged
from degrade.auditing.copies import Copies
from degrade.auditing.flags import Flags
from degrade.auditing.measures import (
    ALIKE,
    COPIES,
    FLAGGED,
    LOOPS,
    NAMES,
    NO_TEXT,
    REPETITION,
    Measured,
    Measures,
)
from degrade.auditing.reasons import Told
from degrade.auditing.shares import Drawing, References, judged_share
from degrade.auditing.variety import Variety
from degrade.auditing.worst import Worst, places
from degrade.readers import Corpus
from degrade.text.document import GROUPS, Batch, Document

_SUMMED = (REPETITION, LOOPS, FLAGGED, NO_TEXT)


@dataclass(frozen=True, slots=True)
class Baseline:
    """Sums of the documents of a baseline, by measure and group."""

    documents: int
    sums: Pairs

    @classmethod
    def of(cls, documents: list[Document], clusters: list[int], measures: Measures) -> Baseline:
        """Return it of ``documents``."""
        groups = np.array([cluster % GROUPS for cluster in clusters], dtype=np.int64)
        found = measures.sums(Batch(documents))
        return cls(len(documents), {
            name: (_by_cell(groups, over, GROUPS), _by_cell(groups, under, GROUPS))
            for name, (over, under) in found.items() if name in _SUMMED
        })  # fmt: skip


def _by_cell(cells: Counts, values: NDArray[np.int64], size: int) -> Counts:
    found = np.zeros(size, dtype=np.int64)
    np.add.at(found, cells, values)
    return found


@dataclass(slots=True)
class Gathering:
    """What is counted of all chunks so far; sums are (cells,), a cell a source and a group."""

    worst: Worst
    flags: Flags | None = None
    references: References | None = None
    drawing: Drawing = field(default_factory=Drawing)
    copies: Copies = field(default_factory=Copies)
    alike: Alike = field(default_factory=Alike)
    variety: Variety = field(default_factory=Variety)
    sums: dict[tuple[str, int], Counts] = field(default_factory=dict)

    def add(self, chunk: Chunk, measured: Measured, numbered: Numbered) -> None:
        """Count the documents of ``chunk``, and what there is to be told of each."""
        cells, at = chunk.cells, places(chunk)
        copied = self.copies.add(measured.digests, at, cells)
        likes = self.alike.add(measured.signatures, measured.digests, at, cells)
        self.variety.add(measured.vocabulary)
        if self.references is not None:
            self.drawing.add(chunk)
        pairs = {name: measured.sums[name] for name in _SUMMED}
        pairs["size"] = measured.words, np.ones_like(cells)
        for name, pair in pairs.items():
            for side, values in enumerate(pair):
                self._sum((name, side), cells, values)
        told = Told.of(measured, copied, likes)
        files = [*numbered.files]
        self.worst.add(chunk, measured, told, [*numbered.sources], files)
        if self.flags is not None:
            self.flags.add(chunk, measured, told, files)

    def _sum(self, key: tuple[str, int], cells: Counts, values: Counts) -> None:
        held = self.sums.get(key, np.zeros(0, dtype=np.int64))
        short = (int(cells.max(initial=0)) // GROUPS + 1) * GROUPS - len(held)
        if short > 0:
            # Twice as many, so that many sources are not copied for each.
            held = np.pad(held, (0, short + len(held)))
        np.add.at(held, cells, values)
        self.sums[key] = held

    def audit(
        self, corpus: Corpus, numbered: Numbered, base: Baseline | None, workers: int
    ) -> Audit:
        """Return what all that shows, without the documents to be listed."""
        # By name, so that sums of fractions do not depend on the order of files.
        names = sorted(numbered.sources)
        order = [numbered.sources[name] for name in names]
        whole: MachineText | None = None
        machine: list[MachineText] = []
        if self.references is not None:
            documents = self._ordered(("size", 1), order).sum(axis=1)
            whole, machine = self.references.shares(self.drawing, order, documents, workers)
        found = self.gathered(order, base)
        sources = self.sources(names, order, found, whole, machine)
        return Audit(
            name=corpus.name,
            documents=sum(source.documents for source in sources),
            words=sum(source.words for source in sources),
            sources=tuple(sorted(sources, key=_rank)),
            worst=(),
            bad=0,
            reasons={},
            copies_among=0.5**self.copies.halvings,
            alike_among=0.5**self.alike.halvings,
            words_among=0.5**self.variety.halvings,
            baseline=base.documents if base else None,
            skipped=dict(sorted(corpus.skipped.items())),
            files=len(numbered.files),
            machine=whole,
        )

    def sources(
        self,
        names: Sequence[str],
        order: Sequence[int],
        found: Gathered,
        whole: MachineText | None = None,
        machine: Sequence[MachineText] = (),
    ) -> list[SourceAudit]:
        """Return the sources ``names`` of the numbers ``order``, of which that was ``found``."""
        copied, alike = found.shares[COPIES][0], found.shares[ALIKE][0]
        documents = self._ordered(("size", 1), order)
        others = [judged_share(each, whole) if whole else None for each in machine]
        sources = []
        for i, told in enumerate(judged(found, others)):
            measured = {each.measure for each in told}
            sources.append(
                SourceAudit(
                    name=names[i],
                    documents=int(documents[i].sum()),
                    words=int(found.words[i].sum()),
                    copies=int(copied[i].sum()),
                    near_duplicates=int(alike[i].sum()),
                    groups=int((documents[i] > 0).sum()),
                    judged=tuple(told),
                    too_little=tuple(name for name in NAMES if name not in measured),
                    machine=machine[i] if machine else None,
                )
            )
        return sources

    def gathered(self, order: Sequence[int], base: Baseline | None) -> Gathered:
        """Return what was counted of the sources of these numbers."""
        shares = {
            name: (self._ordered((name, 0), order), self._ordered((name, 1), order))
            for name in _SUMMED
        }
        for name, counts in ((COPIES, self.copies.counts()), (ALIKE, self.alike.counts())):
            over, under = (_padded(each, max(order) + 1)[order] for each in counts)
            shares[name] = over, under
        words = self.sums["size", 0].reshape(-1, GROUPS)
        types = self.variety.types(words)[order]
        return Gathered(shares, types, words[order], base.sums if base else {})

    def _ordered(self, key: tuple[str, int], order: Sequence[int]) -> Counts:
        ordered: Counts = self.sums[key].reshape(-1, GROUPS)[order]
        return ordered


def _padded(counts: Counts, sources: int) -> Counts:
    return np.pad(counts, ((0, max(0, sources - len(counts))), (0, 0)))


def _rank(source: SourceAudit) -> tuple[float, str]:
    return -max((each.size for each in source.stands_out), default=0.0), source.name
