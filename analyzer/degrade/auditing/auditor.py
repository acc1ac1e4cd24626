"""An audit: a corpus read once, in bounded memory, and what that shows."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from degrade import registry
from degrade.audited import Audit, SourceAudit
from degrade.auditing.chunks import Chunk, Numbered, chunks
from degrade.auditing.contrasts import Counts, Gathered, Pairs, judged
from degrade.auditing.copies import Copies
from degrade.auditing.measures import COPIES, FLAGGED, LOOPS, NAMES, REPETITION, Measured, Measures
from degrade.auditing.variety import Variety
from degrade.auditing.worst import Worst, places
from degrade.corpora import PROFILE_SUFFIX, load_profile
from degrade.engines.local import available_cores
from degrade.errors import ProfileError, UsageError
from degrade.options import Progress
from degrade.readers import Corpus, Fields, OnError, open_corpus
from degrade.readers.plain import Split
from degrade.text.blocks import characters_of
from degrade.text.document import GROUPS, Batch, Document

WORST = 1_000
_SUMMED = (REPETITION, LOOPS, FLAGGED)


def audit(
    corpus: object,
    *,
    source_field: str | None = None,
    baseline: str | Path | None = None,
    worst: int = WORST,
    text_field: str = "text",
    id_field: str | None = None,
    cluster_field: str | None = None,
    split: Split | None = None,
    format: str | None = None,  # noqa: A002 - the option's name
    limit: int | None = None,
    on_error: OnError = "fail",
    workers: int = 0,
    progress: Progress | None = None,
) -> Audit:
    """Return which sources of ``corpus`` stand out, and its worst documents.

    A source is what ``source_field`` holds, or else a file. Each is held against the rest of the
    corpus and, in what documents themselves show, against the sampled documents of the profile
    ``baseline``, where one is given. Memory does not grow with the corpus beyond the capacities of
    ``Copies`` and ``Variety``, and some kilobytes a source. The same comes of any number of
    ``workers`` (0: all cores). Raises UsageError for a profile in place of a corpus and where no
    document names a source, ProfileError for a baseline that keeps no documents.
    """
    if workers < 0 or worst < 0:
        raise UsageError("workers and worst count something: 0 or more")
    if isinstance(corpus, str | Path) and str(corpus).endswith(PROFILE_SUFFIX):
        raise UsageError(f"{corpus}: an audit reads documents, and a profile is a summary of them")
    measures = Measures.found()
    base = _baseline(baseline, measures) if baseline is not None else None
    with open_corpus(
        corpus,
        Fields(text_field, id_field, cluster_field, source_field),
        split=split,
        format=format,
        limit=limit,
        on_error=on_error,
        readers=registry.all_of(registry.READERS),
    ) as opened:
        gathering = _Gathering(Worst(worst))
        numbered = Numbered()
        for chunk, measured in _measured(opened, numbered, measures, workers or available_cores()):
            gathering.add(chunk, measured, numbered)
            if progress is not None:
                progress(opened.name, len(chunk.batch), _characters(chunk.batch))
        if [*numbered.sources] == [""]:
            raise UsageError(f"no document has a source in field {source_field!r}")
        return gathering.audit(opened, numbered, base)


def _characters(batch: Batch) -> int:
    return int(characters_of(batch.data, batch.bounds).sum())


@dataclass(frozen=True, slots=True)
class _Baseline:
    documents: int
    sums: Pairs


def _baseline(path: str | Path, measures: Measures) -> _Baseline:
    sample = [*load_profile(path).sample]
    if not sample:
        raise ProfileError(
            f"{path}: the profile keeps no documents to measure; make it without --no-text"
        )
    batch = Batch([Document(each.text, each.id) for each in sample])
    groups = np.array([each.cluster % GROUPS for each in sample], dtype=np.int64)
    sums = {name: pair for name, pair in measures.sums(batch).items() if name in _SUMMED}
    return _Baseline(len(sample), {
        name: (_by_cell(groups, over, GROUPS), _by_cell(groups, under, GROUPS))
        for name, (over, under) in sums.items()
    })  # fmt: skip


def _measured(
    corpus: Corpus, numbered: Numbered, measures: Measures, workers: int
) -> Iterator[tuple[Chunk, Measured]]:
    """Yield all chunks in order, measured by so many at once."""
    read = chunks(corpus, numbered)
    if workers == 1:
        yield from ((chunk, measures.of(chunk)) for chunk in read)
        return
    waiting: deque[tuple[Chunk, Future[Measured]]] = deque()
    with ThreadPoolExecutor(workers) as pool:
        for chunk in read:
            waiting.append((chunk, pool.submit(measures.of, chunk)))
            if len(waiting) > 2 * workers:
                first, future = waiting.popleft()
                yield first, future.result()
        for first, future in waiting:
            yield first, future.result()


def _by_cell(cells: Counts, values: NDArray[np.int64], size: int) -> Counts:
    found = np.zeros(size, dtype=np.int64)
    np.add.at(found, cells, values)
    return found


@dataclass(slots=True)
class _Gathering:
    """What is counted of all chunks so far; sums are (cells,), a cell a source and a group."""

    worst: Worst
    copies: Copies = field(default_factory=Copies)
    variety: Variety = field(default_factory=Variety)
    sums: dict[tuple[str, int], Counts] = field(default_factory=dict)

    def add(self, chunk: Chunk, measured: Measured, numbered: Numbered) -> None:
        cells = chunk.cells
        before = self.copies.add(measured.digests, places(chunk), cells)
        self.variety.add(measured.vocabulary)
        pairs = {name: measured.sums[name] for name in _SUMMED}
        pairs["size"] = measured.words, np.ones_like(cells)
        for name, pair in pairs.items():
            for side, values in enumerate(pair):
                self._sum((name, side), cells, values)
        self.worst.add(chunk, measured, before, [*numbered.sources], [*numbered.files])

    def _sum(self, key: tuple[str, int], cells: Counts, values: Counts) -> None:
        held = self.sums.get(key, np.zeros(0, dtype=np.int64))
        short = (int(cells.max()) // GROUPS + 1) * GROUPS - len(held)
        if short > 0:
            # Twice as many, so that many sources are not copied for each.
            held = np.pad(held, (0, short + len(held)))
        np.add.at(held, cells, values)
        self.sums[key] = held

    def audit(self, corpus: Corpus, numbered: Numbered, base: _Baseline | None) -> Audit:
        """Return what all that shows."""
        names = [*numbered.sources]
        # By name, so that sums of fractions do not depend on the order of files.
        order = np.array(sorted(range(len(names)), key=names.__getitem__))
        by_source = {
            key: held.reshape(-1, GROUPS)[: len(names)][order] for key, held in self.sums.items()
        }
        words, documents = by_source["size", 0], by_source["size", 1]
        copied, looked = (_padded(each, len(names))[order] for each in self.copies.counts())
        shares = {name: (by_source[name, 0], by_source[name, 1]) for name in _SUMMED}
        shares[COPIES] = copied, looked
        all_words = np.empty_like(words)
        all_words[order] = words
        gathered = Gathered(
            shares, self.variety.types(all_words)[order], words, base.sums if base else {}
        )
        sources = []
        for i, told in enumerate(judged(gathered)):
            measured = {each.measure for each in told}
            sources.append(
                SourceAudit(
                    name=names[order[i]],
                    documents=int(documents[i].sum()),
                    words=int(words[i].sum()),
                    copies=int(copied[i].sum()),
                    groups=int((documents[i] > 0).sum()),
                    judged=tuple(told),
                    too_little=tuple(name for name in NAMES if name not in measured),
                )
            )
        return Audit(
            name=corpus.name,
            documents=int(documents.sum()),
            words=int(words.sum()),
            sources=tuple(sorted(sources, key=_rank)),
            worst=self.worst.listed(),
            bad=self.worst.bad,
            reasons=dict(self.worst.reasons),
            copies_among=0.5**self.copies.halvings,
            words_among=0.5**self.variety.halvings,
            baseline=base.documents if base else None,
            skipped=dict(sorted(corpus.skipped.items())),
            files=len(numbered.files),
        )


def _padded(counts: Counts, sources: int) -> Counts:
    return np.pad(counts, ((0, sources - len(counts)), (0, 0)))


def _rank(source: SourceAudit) -> tuple[float, str]:
    return -max((each.size for each in source.stands_out), default=0.0), source.name
