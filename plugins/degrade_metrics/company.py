"""How much of a corpus has company: shares of what is found again elsewhere, at matched size.

The more documents there are, the more of them find their like. So a share is that expected in as
many groups of documents as hold the matched size: of an item in one group whose like is in k of the
G - 1 others, n groups drawn with its own among them hold another with the chance
1 - C(G - 1 - k, n - 1) / C(G - 1, n - 1), and with certainty if its own group holds one.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from degrade.compiled import kernel
from degrade.metric import View
from degrade.urn import missed

GROUPS = 64
_ONE = np.uint64(1)


@kernel
def bits_in(bits: np.uint64) -> int:
    """Return how many bits are set."""
    count = 0
    while bits:
        bits &= bits - _ONE
        count += 1
    return count


@kernel
def folded(bits: np.uint64, groups: int) -> np.uint64:
    """Return the groups that those of a bit set fold into: g modulo ``groups``, a power of 2."""
    width = GROUPS
    while width > groups:
        width //= 2
        bits = (bits | (bits >> np.uint64(width))) & ((_ONE << np.uint64(width)) - _ONE)
    return bits


@kernel
def in_company(
    groups: NDArray[np.int64],
    weights: NDArray[np.float64],
    company: NDArray[np.uint64],
    total: int,
    selected: np.uint64,
    missing: NDArray[np.float64],
) -> float:
    """Return the weight of items in company, expected.

    ``company[i]`` are the groups that hold the like of item i, its own only if it holds another;
    ``total`` is the number that groups are folded to, ``missing[k]`` the chance that none of k
    other groups is drawn.
    """
    found = 0.0
    for i in range(len(groups)):
        if company[i] == 0:
            continue
        own = _ONE << np.uint64(groups[i] % total)
        if not own & selected:
            continue
        others = folded(company[i], total)
        if others & own:
            found += weights[i]
        else:
            found += weights[i] * (1.0 - missing[bits_in(others & selected)])
    return found


@kernel
def repeated_texts(
    groups: NDArray[np.uint64],
    documents: NDArray[np.int64],
    total: int,
    inside: np.uint64,
    selected: np.uint64,
    share: float,
    missing: NDArray[np.float64],
) -> tuple[float, float]:
    """Return the documents beyond the first of each text, expected, and all documents at hand.

    ``groups`` hold each text, as bit sets, in so many ``documents``. At hand are the groups
    ``inside``, or ``selected`` once folded to ``total``; of the documents a ``share`` is drawn.
    """
    repeated, every = 0.0, 0.0
    for i in range(len(groups)):
        # Of a text that several groups hold, only the sum is known: they share it alike.
        here = documents[i] * bits_in(groups[i] & inside) / bits_in(groups[i])
        every += here
        if documents[i] > 1 and here:
            any_drawn = 1.0 - missing[bits_in(folded(groups[i], total) & selected)]
            repeated += max(0.0, here * share - any_drawn)
    return repeated, every


def drawn_groups(view: View) -> float:
    """Return the real number of groups of the view that hold the matched size."""
    return min(view.tokens * view.groups / view.corpus_tokens, float(view.groups))


def weight_in_company(
    view: View,
    groups: NDArray[np.int64],
    weights: NDArray[np.float64],
    company: NDArray[np.uint64],
) -> float:
    """Return the weight of items in company at the matched size, of all in the groups at hand."""
    others, drawn = view.groups - 1, max(0.0, drawn_groups(view) - 1)
    missing = missed(GROUPS, float(others), min(drawn, float(others)))
    total = len(view.selection.sizes)
    return float(in_company(groups, weights, company, total, np.uint64(view.selected), missing))
