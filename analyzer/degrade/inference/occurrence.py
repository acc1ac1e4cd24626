"""Which n-grams occur in which documents of several corpora."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from degrade.census.kernels import ngram_hashes
from degrade.summaries import Sample
from degrade.text.document import GROUPS
from degrade.text.layer import Layer


@dataclass(frozen=True, slots=True)
class Occurrence:
    """The different n-grams of each document.

    Attributes
    ----------
    ngrams : int64 array, (pairs,), numbers of n-grams, document by document
    bounds : int64 array, (documents + 1,), document i has ``ngrams[bounds[i]:bounds[i + 1]]``
    corpora : int64 array, (documents,), the corpus of each, from 0
    groups : int64 array, (documents,), the group of each, 0 to 63
    places : int64 array, (n-grams, 2), where each first stands in ``data``
    data : uint8 array, the texts, one after the other
    """

    ngrams: NDArray[np.int64]
    bounds: NDArray[np.int64]
    corpora: NDArray[np.int64]
    groups: NDArray[np.int64]
    places: NDArray[np.int64]
    data: NDArray[np.uint8]

    @classmethod
    def of(
        cls, samples: Sequence[Sample], layer: Layer, n: int = 1, *, alike: bool = False
    ) -> Occurrence:
        """Return the n-grams of sampled documents; ``alike`` cuts all at the shortest median."""
        kept = [(i, one) for i, sample in enumerate(samples) for one in sample]
        texts = [one.text.encode("utf-8") for _, one in kept]
        data = np.frombuffer(b"".join(texts), dtype=np.uint8)
        ends = np.zeros(len(texts) + 1, dtype=np.int64)
        np.cumsum([len(text) for text in texts], out=ends[1:])
        segments = layer.segment(data, ends)
        corpora = np.array([i for i, _ in kept], dtype=np.int64)
        groups = np.array([one.cluster % GROUPS for _, one in kept], dtype=np.int64)
        hashes, starts = ngram_hashes(segments.symbols, segments.bounds, n)
        document = np.searchsorted(segments.bounds, starts, side="right") - 1
        if alike:
            lengths = np.diff(segments.bounds)
            medians = [np.median(lengths[corpora == i]) for i in np.unique(corpora)]
            inside = starts + n - segments.bounds[document] <= min(medians, default=0)
            hashes, starts, document = hashes[inside], starts[inside], document[inside]
        known, first, number = np.unique(hashes, return_index=True, return_inverse=True)
        pairs = np.unique(document * max(1, len(known)) + number)
        held = pairs // max(1, len(known))
        bounds = np.searchsorted(held, np.arange(len(kept) + 1))
        begin = starts[first]
        places = np.stack((segments.starts[begin], segments.ends[begin + n - 1]), axis=1)
        return cls(pairs % max(1, len(known)), bounds, corpora, groups, places, data)

    def __len__(self) -> int:
        return len(self.places)

    def text(self, ngram: int) -> str:
        """Return the n-gram as it first stands."""
        start, end = self.places[ngram]
        return self.data[start:end].tobytes().decode("utf-8")

    def frequencies(self, inside: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Return how many of the documents ``inside`` hold each n-gram."""
        taken = np.repeat(inside, np.diff(self.bounds))
        return np.bincount(self.ngrams[taken], minlength=len(self)).astype(np.int64)

    def sums(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the sum of the weights of each document's n-grams, (documents,)."""
        sofar = np.concatenate(([0.0], np.cumsum(weights[self.ngrams])))
        found: NDArray[np.float64] = sofar[self.bounds[1:]] - sofar[self.bounds[:-1]]
        return found
