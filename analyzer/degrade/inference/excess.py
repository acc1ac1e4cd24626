"""Words in more documents than was to be expected (Kobak et al. 2024)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from degrade.errors import UndefinedMetricError
from degrade.inference.jackknife import Contrast, Replicates, welch
from degrade.inference.occurrence import Occurrence
from degrade.traces import Excess, Word

BEFORE, TEXT = 0, 1
BLOCKS = 16
FALSE_DISCOVERY = 0.05
GAP = 0.01
"""Excess p - q from which a word counts, however common it was."""
RATIO = 2.0
"""Ratio p / q from which a word counts, however small its excess."""
FEWEST = 5
"""Documents that hold a word, for it to be tested."""
_LIMITS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5)
"""Frequencies below which words form a set; the one with the largest excess is taken."""


def excess_of(found: Occurrence, alpha: float = 0.05) -> Excess:
    """Return the excess of corpus 1 of ``found`` over corpus 0."""
    blocks = found.groups % BLOCKS
    every = np.ones(len(blocks), dtype=bool)
    p, q = _shares(found, every)
    chosen = np.flatnonzero(_in_excess(found, every))
    words = sorted(
        (Word(found.text(int(i)), float(q[i]), float(p[i])) for i in chosen),
        key=lambda word: (-word.gap, word.text),
    )
    # Documents that hold one of the words chosen elsewhere, and documents, by corpus and block.
    holding: NDArray[np.float64] = np.zeros((2, BLOCKS))
    there: NDArray[np.float64] = np.zeros((2, BLOCKS))
    for parity in (0, 1):
        marked = _best(found, blocks % 2 != parity)
        holds = found.sums(marked.astype(np.float64)) > 0
        for corpus in (BEFORE, TEXT):
            inside = (found.corpora == corpus) & (blocks % 2 == parity)
            there[corpus] += np.bincount(blocks[inside], minlength=BLOCKS)
            holding[corpus] += np.bincount(blocks[inside], weights=holds[inside], minlength=BLOCKS)
    contrast = _touched(holding, there)
    low, high = contrast.interval(alpha)
    return Excess(tuple(words), contrast.value, low, high)


def _touched(holding: NDArray[np.float64], there: NDArray[np.float64]) -> Contrast:
    """Return the share that holds one, in the text less before, with both errors."""
    total = [float(holding[c].sum() / max(1.0, there[c].sum())) for c in (BEFORE, TEXT)]
    parts = []
    for corpus in (BEFORE, TEXT):
        occupied = np.flatnonzero(there[corpus])
        if len(occupied) < 2:
            raise UndefinedMetricError("too few documents for an excess")
        held, size = holding[corpus][occupied], there[corpus][occupied]
        left: NDArray[np.float64] = (held.sum() - held) / (size.sum() - size)
        parts.append(Replicates(total[corpus], left))
    return welch(total[TEXT] - total[BEFORE], *parts)


def _shares(
    found: Occurrence, inside: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the share of documents that hold each word, in the text and before."""
    shares = []
    for corpus in (TEXT, BEFORE):
        mine = inside & (found.corpora == corpus)
        shares.append(found.frequencies(mine) / max(1, int(mine.sum())))
    return shares[0], shares[1]


def _in_excess(found: Occurrence, inside: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which words are in excess: by gap or ratio, and beyond chance (Benjamini-Hochberg)."""
    sides = [inside & (found.corpora == corpus) for corpus in (BEFORE, TEXT)]
    before, now = (found.frequencies(side) for side in sides)
    documents = [int(side.sum()) for side in sides]
    if not all(documents):
        raise UndefinedMetricError("too few documents for an excess")
    beyond = beyond_chance(before, now, documents[0], documents[1], before + now >= FEWEST)
    p, q = _shares(found, inside)
    found_in: NDArray[np.bool_] = beyond & ((p - q >= GAP) | (p >= RATIO * q))
    return found_in


def beyond_chance(
    before: NDArray[np.int64],
    now: NDArray[np.int64],
    documents_before: int,
    documents_now: int,
    tested: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    """Return which of the ``tested`` n-grams more documents hold than before, beyond chance.

    Of the documents that hold one on either side, those of one side are binomial; false discoveries
    are held by Benjamini and Hochberg.
    """
    where = np.flatnonzero(tested)
    share = documents_now / (documents_before + documents_now)
    p_values = np.asarray(stats.binom.sf(now[where] - 1, (before + now)[where], share))
    order = np.argsort(p_values, kind="stable")
    ranks = np.arange(1, len(order) + 1)
    passed = np.flatnonzero(p_values[order] * len(order) <= FALSE_DISCOVERY * ranks)
    found = np.zeros(len(before), dtype=bool)
    if len(passed):
        found[where[order[: passed[-1] + 1]]] = True
    return found


def _best(found: Occurrence, inside: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the set of words in excess that tells the most documents.

    Common words are everywhere before, and say nothing of any document: only those less frequent
    than a limit are taken, the limit that gives the largest excess of the set.
    """
    marked = _in_excess(found, inside)
    p, _ = _shares(found, inside)
    best, gap = marked, -1.0
    for limit in _LIMITS:
        some = marked & (p < limit)
        holds = found.sums(some.astype(np.float64)) > 0
        shares = [float(holds[inside & (found.corpora == c)].mean()) for c in (BEFORE, TEXT)]
        if shares[1] - shares[0] > gap:
            best, gap = some, shares[1] - shares[0]
    return best
