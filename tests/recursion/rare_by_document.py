"""Loss of n-grams seen in one document, counted document by document."""

from __future__ import annotations

import numpy as np
from scipy.stats import hypergeom


def once_seen_kept(reference, candidate, n, size):
    """Return the shares that come back of the n-grams in one document of half the reference.

    They are looked for in ``size`` documents, of the reference's other half and of the candidate,
    averaged over all choices of half and documents.
    """
    vocabulary = 1 + max(reference.max(), candidate.max())
    held = [_held(documents, n, vocabulary) for documents in (reference, candidate)]
    ngrams, d = held[0]
    e = np.zeros_like(d)
    _, here, there = np.intersect1d(ngrams, held[1][0], assume_unique=True, return_indices=True)
    e[here] = held[1][1][there]
    half = len(reference) // 2
    rare = hypergeom(2 * half, np.arange(len(reference) + 1), half).pmf(1)
    fresh = 1 - hypergeom(half, np.clip(np.arange(len(reference) + 1) - 1, 0, half), size).pmf(0)
    kept = 1 - hypergeom(len(candidate), np.arange(len(candidate) + 1), size).pmf(0)
    return (rare[d] @ fresh[d]) / rare[d].sum(), (rare[d] @ kept[e]) / rare[d].sum()


def _held(documents, n, vocabulary):
    """Return the n-grams of ``documents`` and how many documents hold each."""
    keys = np.zeros((len(documents), documents.shape[1] - n + 1), dtype=np.int64)
    for i in range(n):
        keys = keys * vocabulary + documents[:, i : i + keys.shape[1]]
    return np.unique(np.concatenate([np.unique(row) for row in keys]), return_counts=True)
