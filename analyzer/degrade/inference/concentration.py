"""Whether the documents that hold something are of one source more than documents at large."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special

from degrade.significance import student_tail_of_normal

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


def upper_tail(here: Counts | Floats, elsewhere: Counts | Floats, share: Floats) -> Floats:
    """Return the chance that of ``here + elsewhere`` documents at least ``here`` are of a source.

    The source has ``share`` of all documents: binomial, P(X >= x) = I_share(x, y + 1), through the
    incomplete beta at real arguments. Of documents drawn without replacement that is a bound.
    """
    found: Floats = np.where(
        here > 0, special.betainc(np.maximum(here, 1e-9), elsewhere + 1.0, share), 1.0
    )
    return found


def concentrated(rows: Counts, totals: Counts, sizes: Counts, documents: int) -> Floats:
    """Return how likely so many documents of one source are by chance, a p-value each.

    ``rows`` is (things, groups): documents of the source that hold each thing, by group of
    clusters; ``totals``, (things,), documents of all sources that hold it; ``sizes`` the documents
    of the source, (things, groups); ``documents`` those of all sources. Counts of the source are
    divided by their overdispersion between groups (Pearson's statistic over its degrees of
    freedom, where above 1), so that documents of one cluster count as one, and p-values are those
    of Student's t with that freedom. Counts elsewhere are left as they are, which can only make p
    larger.
    """
    here = rows.sum(axis=1)
    own = sizes.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        squares = np.where(sizes > 0, rows.astype(np.float64) ** 2 / sizes, 0.0).sum(axis=1)
        statistic = np.nan_to_num(squares * own / here - here)
    freedom = np.maximum(1, (sizes > 0).sum(axis=1) - 1)
    overdispersion = np.maximum(1.0, statistic / freedom)
    p = upper_tail(here / overdispersion, (totals - here).astype(np.float64), own / documents)
    # Overdispersion is itself estimated, from so many groups: t has the tails for that.
    return student_tail_of_normal(p, freedom)


def discoveries(p: Floats, tests: int) -> Floats:
    """Return p-values adjusted to a false discovery rate (Benjamini and Hochberg 1995).

    ``tests`` is how many were looked at; those that are not in ``p`` count as 1.
    """
    order = np.argsort(p)
    ranked = p[order] * tests / np.arange(1, len(p) + 1)
    adjusted = np.empty(len(p))
    adjusted[order] = np.minimum(1.0, np.minimum.accumulate(ranked[::-1])[::-1])
    return adjusted
