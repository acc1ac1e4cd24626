"""Halves of corpora: one teaches, the other is scored, and then the other way round.

So every group does both. With a group left out, it neither teaches nor is scored: what is learned
without it is learned anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from degrade.errors import UndefinedMetricError
from degrade.inference.matching import Side
from degrade.inference.texts import Passages, Texts
from degrade.metric import TextMetric

BLOCKS = 16
"""Blocks of groups that are left out in turn: each takes learning anew."""
FEWEST_BLOCKS = 2
"""Blocks of a half that have to hold text."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What is the same in all comparisons of a run.

    ``window`` is the length of what is scored, ``taught`` the tokens that teach, in every corpus.
    """

    window: int
    taught: int


@dataclass(frozen=True, slots=True)
class Half:
    """The documents of one corpus that enter, by block, and those of them that teach.

    ``blocks`` is (documents,), -1 for those that do not enter; ``teaching`` holds, for the halves
    of even and of odd blocks, the numbers of documents.
    """

    passages: Passages
    blocks: NDArray[np.int64]
    teaching: tuple[NDArray[np.int64], NDArray[np.int64]]


@dataclass(frozen=True, slots=True)
class Scores:
    """Sums over the windows of a corpus, by the block they are in.

    Attributes
    ----------
    whole : float64 array, (3, blocks): windows, sum of values, sum of squares
    without : float64 array, (blocks, 3, blocks), without each of the teacher's blocks
    values : float64 array, (windows,), all values
    """

    whole: NDArray[np.float64]
    without: NDArray[np.float64]
    values: NDArray[np.float64]

    def sums(self, teacher: int | None, scored: int | None) -> NDArray[np.float64]:
        """Return the three sums with a block of the teacher and one of the scored left out."""
        found = self.whole if teacher is None else self.without[teacher]
        total: NDArray[np.float64] = found.sum(axis=1)
        return total if scored is None else total - found[:, scored]


def texts_of(side: Side) -> Texts:
    """Return the documents of a corpus. Undefined for some groups of one."""
    if side.texts is None:
        raise UndefinedMetricError("it reads whole corpora, and not some groups of one")
    return side.texts


def _blocks(side: Side, passages: Passages) -> NDArray[np.int64]:
    """Return the block of each document; -1 where its group does not take part in pairs."""
    folded = passages.groups.astype(np.int64) % side.groups
    blocks = folded % min(BLOCKS, side.groups)
    if side.paired:
        held = np.array([side.occupied >> int(g) & 1 for g in range(side.groups)])
        blocks[held[folded] == 0] = -1
    return blocks


def occupied_blocks(metric: TextMetric, side: Side) -> list[int]:
    """Return the blocks that hold text, in order."""
    passages = texts_of(side).passages(metric.layer)
    blocks = _blocks(side, passages)
    return [int(block) for block in np.unique(blocks[(blocks >= 0) & (passages.lengths > 0)])]


def lesson(side: Side, passages: Passages) -> int:
    """Return the tokens that the smaller half of a corpus can teach."""
    blocks = _blocks(side, passages)
    tokens = []
    for parity in (0, 1):
        inside = (blocks >= 0) & (blocks % 2 == parity) & (passages.lengths > 0)
        if len(np.unique(blocks[inside])) < FEWEST_BLOCKS:
            raise UndefinedMetricError("too few groups of documents for halves that teach")
        tokens.append(int(passages.lengths[inside].sum()))
    return min(tokens)


def _half(metric: TextMetric, terms: Terms, side: Side) -> Half:
    passages = texts_of(side).passages(metric.layer)
    blocks = _blocks(side, passages)
    teaching = [
        _first(passages, np.flatnonzero((blocks >= 0) & (blocks % 2 == parity)), terms.taught)
        for parity in (0, 1)
    ]
    return Half(passages, blocks, (teaching[0], teaching[1]))


def _first(passages: Passages, documents: NDArray[np.int64], tokens: int) -> NDArray[np.int64]:
    """Return the first of ``documents``, as many as come nearest to ``tokens``, and at least one.

    Documents come in the order of hashes, so the first ones are of all blocks alike.
    """
    documents = documents[passages.lengths[documents] > 0]
    lengths = passages.lengths[documents]
    sofar = np.cumsum(lengths)
    taken = (sofar <= tokens) | (tokens - sofar + lengths >= sofar - tokens)
    taken[:1] = True
    return documents[taken]


def scores_of(metric: TextMetric, terms: Terms, teacher: Side, scored: Side) -> Scores:
    """Return the scores of one corpus under what another, or its own other half, teaches."""
    known = texts_of(scored).results
    masks = tuple(side.occupied if side.paired else None for side in (teacher, scored))
    key = (
        metric.layer,
        metric.learn,
        metric.score,
        terms,
        teacher.groups,
        scored.groups,
        masks,
        id(teacher.texts),
    )
    if key not in known:
        known[key] = _scored(
            metric, terms, _half(metric, terms, teacher), _half(metric, terms, scored)
        )
    return cast(Scores, known[key])


def _scored(metric: TextMetric, terms: Terms, teacher: Half, scored: Half) -> Scores:
    blocks = int(max(teacher.blocks.max(), scored.blocks.max())) + 1

    def taught(documents: NDArray[np.int64], parity: int) -> tuple[NDArray[np.float64], ...]:
        """Return the values of the blocks of the other parity, and their sums by block."""
        inside = np.flatnonzero((scored.blocks >= 0) & (scored.blocks % 2 != parity))
        learned = metric.learn(teacher.passages.segments, documents)
        segments = scored.passages.segments
        values, places = metric.score(learned, segments, inside, terms.window)
        values = np.asarray(values, dtype=np.float64)
        if not np.isfinite(values).all():
            raise ValueError(f"{metric.name}: a score must be finite")
        of = scored.blocks[places]
        powers = values**0, values, values**2
        sums = [np.bincount(of, weights=power, minlength=blocks) for power in powers]
        return values, np.array(sums)

    left = {
        block: teacher.teaching[block % 2][teacher.blocks[teacher.teaching[block % 2]] != block]
        for block in sorted({*teacher.blocks.tolist()} - {-1})
    }
    # Blocks differ in size, and less text teaches less: all lessons with one left out are alike.
    fewest = min(int(teacher.passages.lengths[documents].sum()) for documents in left.values())
    if not fewest:
        raise UndefinedMetricError("so little text teaches that one block of groups holds it all")
    halves = [taught(teacher.teaching[parity], parity) for parity in (0, 1)]
    without = np.zeros((blocks, 3, blocks))
    for block, documents in left.items():
        lesson = _first(teacher.passages, documents, fewest)
        without[block] = halves[1 - block % 2][1] + taught(lesson, block % 2)[1]
    values = np.concatenate([half[0] for half in halves])
    return Scores(halves[0][1] + halves[1][1], without, values)
