"""N-grams that stand together in the same documents are parts of one phrase."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

CONSTANT = 0.9
"""Share of its documents in which a longer n-gram goes along, for a context to be constant."""
MOST = 2_000
"""N-grams of one order, the first chosen, whose context is looked at."""

Member = tuple[int, int]
"""An n-gram: the number of its order, from the shortest, and its row there."""


def joined(
    rows: Sequence[NDArray[np.int64]], chosen: Sequence[NDArray[np.int64]], fewest: int = 1
) -> tuple[list[list[Member]], dict[Member, float]]:
    """Return the phrases that n-grams make up, and how constant their context is.

    ``rows`` is, for orders that rise by one, (n-grams, groups): the documents of each group that
    hold each. ``chosen`` are those of each order that may begin a phrase: an n-gram whose context
    is constant, some ``fewest`` longer ones each being held in at least nine tenths of its
    documents, is of one phrase with all of these. With two, the context is constant before and
    behind, or for two words on one side. Constancy is the largest such share, of each n-gram that
    has such a context.
    """
    links: dict[Member, Member] = {}
    constancy: dict[Member, float] = {}
    for order in range(len(rows) - 1):
        longer = rows[order + 1]
        sizes = longer.sum(axis=1)
        for i in chosen[order][:MOST]:
            along, share = _along(rows[order][i], longer, sizes)
            if len(along) < fewest:
                continue
            constancy[order, int(i)] = share
            for j in along:
                _join(links, (order, int(i)), (order + 1, int(j)))
    parts: dict[Member, list[Member]] = {}
    for member in links:
        parts.setdefault(_root(links, member), []).append(member)
    return list(parts.values()), constancy


def _along(
    row: NDArray[np.int64], longer: NDArray[np.int64], sizes: NDArray[np.int64]
) -> tuple[NDArray[np.int64], float]:
    """Return which longer n-grams are held in nearly the same documents, and in what share.

    A longer n-gram is in no more documents of any group than what it holds. That by chance the
    documents of another are as many in nearly every group, and nowhere more, is next to impossible.
    """
    documents = int(row.sum())
    near = np.flatnonzero((sizes >= CONSTANT * documents) & (sizes <= documents))
    near = near[(longer[near] <= row).all(axis=1)]
    return near, float(sizes[near].max(initial=0) / documents)


def _root(links: dict[Member, Member], of: Member) -> Member:
    while links.setdefault(of, of) != of:
        links[of] = links[links[of]]
        of = links[of]
    return of


def _join(links: dict[Member, Member], one: Member, two: Member) -> None:
    links[_root(links, two)] = _root(links, one)
