"""How much of a corpus, and of each of its sources, is a machine's, by two references."""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from degrade.api import profile
from degrade.audited import Judged, MachineText
from degrade.auditing.chunks import Chunk
from degrade.auditing.contrasts import Counts
from degrade.baselines import open_baseline
from degrade.errors import UndefinedMetricError, UsageError
from degrade.profiles import Profile
from degrade.provenance import DOCUMENTS, machine_share
from degrade.significance import normal_tail
from degrade.text.document import Document

MEASURE = "machine_share"
EACH, TOGETHER = 500, 20_000
"""Documents that are kept of a source, and of all sources but for the sample of the whole."""
FEWEST = 50
"""Documents of a source, for its share to be told."""
LEAST_POINTS = 0.10
MOST_SOURCES = 100
"""Sources of which shares are told, those of most documents: a second of a core each."""
_LONGEST = 4_096
_WHOLE = -1


@dataclass(slots=True)
class _Drawn:
    """Documents with the smallest hashes of ids; ``bound`` is the largest that can enter."""

    most: int
    bound: int = (1 << 64) - 1
    heap: list[tuple[int, Document]] = field(default_factory=list)
    inside: set[int] = field(default_factory=set)

    def offer(self, key: int, document: Document) -> None:
        if key > self.bound or key in self.inside:
            return
        self.inside.add(key)
        heapq.heappush(self.heap, (-key, document))
        self.cut(self.most)

    def cut(self, most: int) -> None:
        self.most = most
        while len(self.heap) > most:
            self.inside.discard(-heapq.heappop(self.heap)[0])
        if len(self.heap) == most:
            self.bound = -self.heap[0][0] - 1 if most else -1


@dataclass(slots=True)
class Drawing:
    """A sample of the documents of the whole, and one of each source, the same in any order."""

    _by_source: dict[int, _Drawn] = field(default_factory=lambda: {_WHOLE: _Drawn(DOCUMENTS)})

    def add(self, chunk: Chunk) -> None:
        """Offer the documents of ``chunk``."""
        ids = chunk.batch.ids
        for source in (_WHOLE, *np.unique(chunk.sources).tolist()):
            if source not in self._by_source:
                self._by_source[source] = _Drawn(self._each(len(self._by_source)))
                self._share_out()
            drawn = self._by_source[source]
            mine = ids <= np.uint64(max(0, drawn.bound))
            if source != _WHOLE:
                mine &= chunk.sources == source
            for i in np.flatnonzero(mine).tolist():
                document = chunk.batch.document(i)
                text = document.text[:_LONGEST]
                drawn.offer(int(ids[i]), Document(text, document.id, document.cluster))

    @staticmethod
    def _each(sources: int) -> int:
        return min(EACH, TOGETHER // sources)

    def _share_out(self) -> None:
        each = self._each(len(self._by_source) - 1)
        for source, drawn in self._by_source.items():
            if source != _WHOLE and drawn.most > each:
                drawn.cut(each)

    def documents(self, source: int = _WHOLE) -> list[Document]:
        """Return the sampled documents of a source, or of the whole."""
        return [document for _, document in sorted(self._by_source[source].heap, reverse=True)]


@dataclass(frozen=True, slots=True)
class References:
    """Samples of human and of machine text."""

    human: Profile
    machine: Profile

    @classmethod
    def of(
        cls, human: object, machine: object, store: str | None, reading: Mapping[str, object]
    ) -> References | None:
        """Return both, read by ``reading``; None for neither. Raises UsageError for one of them."""
        if human is None and machine is None:
            return None
        if human is None or machine is None:
            missing = "human" if human is None else "machine"
            raise UsageError(
                f"a share of machine text is told by two references: name {missing} text as well "
                f"(--{missing})"
            )
        return cls(_sampled(human, store, reading), _sampled(machine, store, reading))

    def share(self, documents: list[Document]) -> MachineText:
        """Return the share of ``documents``, or why there is none."""
        if len(documents) < FEWEST:
            return MachineText(None, f"fewer than {FEWEST} documents")
        try:
            return MachineText(machine_share(documents, self.human, self.machine, workers=1))
        except UndefinedMetricError as error:
            return MachineText(None, str(error))

    def shares(
        self, drawing: Drawing, sources: Sequence[int], documents: Counts, workers: int
    ) -> tuple[MachineText, list[MachineText]]:
        """Return the share of the whole and those of ``sources``, of so many ``documents``."""
        largest = np.argsort(-documents, kind="stable")[:MOST_SOURCES]
        told = [int(i) for i in largest if documents[i] >= FEWEST]
        taken = [drawing.documents(), *(drawing.documents(sources[i]) for i in told)]
        with ThreadPoolExecutor(workers) as pool:
            whole, *found = pool.map(self.share, taken)
        by_source = dict(zip(told, found, strict=True))
        few, many = (
            f"fewer than {FEWEST} documents",
            f"not among the {MOST_SOURCES} largest sources",
        )
        return whole, [
            by_source.get(i, MachineText(None, few if size < FEWEST else many))
            for i, size in enumerate(documents.tolist())
        ]


def _sampled(corpus: object, store: str | None, reading: Mapping[str, object]) -> Profile:
    options: dict[str, Any] = {"metrics": (), "sampled_documents": DOCUMENTS, **reading}
    made = profile(open_baseline(corpus, store), **options)
    if not len(made.sample):
        raise UsageError(f"{corpus}: it keeps no documents to look at; make it without --no-text")
    return made


def judged_share(mine: MachineText, whole: MachineText) -> Judged | None:
    """Return the share of a source against that of the whole, where it can be relied on.

    Of the whole, only that the references tell it: of several sources it need be no mixture of
    these two.
    """
    one, all_ = mine.share, whole.share
    if one is None or all_ is None or one.warnings or not one.error:
        return None
    if any(warning.code == "references-alike" for warning in all_.warnings):
        return None
    difference = one.by_means - all_.by_means
    return Judged(
        measure=MEASURE,
        unit="share",
        against="whole",
        value=one.share,
        other=all_.share,
        count=round(one.share * one.documents[2]),
        of=one.documents[2],
        other_count=round(all_.share * all_.documents[2]),
        other_of=all_.documents[2],
        low=one.low - all_.share,
        high=one.high - all_.share,
        p=normal_tail(difference / one.error),
        p_adjusted=1.0,
        size=difference / LEAST_POINTS,
        stands_out=False,
    )
