"""Interpolated n-gram models of words, and the unigram model: closed forms, and a cheap ladder."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from degrade.errors import DegradeError, UsageError
from degrade.findings import Setting
from degrade.learners.drawing import sample
from degrade.learners.successors import Successors, numbered
from degrade.learners.tokens import text_of, tokens_of
from degrade.text.document import Document

_VERSION = 3
_MOST = 8
_ATTEMPTS = 20
"""Times that a text is drawn again which is breaks between paragraphs only."""
WEIGHTS = {1: (1.0,), 2: (0.8, 0.2), 3: (0.55, 0.35, 0.10), 4: (0.50, 0.30, 0.15, 0.05)}
"""By order; the longest context first."""


@dataclass(frozen=True, slots=True)
class Model:
    """Tokens by number, and what followed what."""

    tokens: Sequence[str]
    successors: Successors


class NGram:
    """Mixes how often a word followed the last n - 1 words, the last n - 2, ..., and none.

    ``weights`` are of the longest context first, and add up to 1; that of a context that nothing
    followed goes to the next shorter one. The beginning of a document is a word of its contexts.
    """

    def __init__(self, order: int, weights: Sequence[float]) -> None:
        if len(weights) != order:
            raise UsageError(f"order {order} takes {order} weights, not {len(weights)}")
        if min(weights) < 0 or not math.isclose(sum(weights), 1.0, abs_tol=1e-6):
            listed = ", ".join(f"{weight:g}" for weight in weights)
            raise UsageError(f"weights are shares that add up to 1, not {listed}")
        if weights[-1] == 0:
            raise UsageError("the last weight, of words without context, is above 0")
        self.order = order
        self._weights: NDArray[np.float64] = np.array(weights[::-1], dtype=np.float64)
        self.settings: Mapping[str, Setting] = {
            "order": order,
            "weights": ", ".join(f"{weight:g}" for weight in weights),
            "version": _VERSION,
        }

    def train(self, documents: Sequence[Document], seed: int) -> Model:
        """Count the n-grams of ``documents``; there is nothing random in it."""
        del seed
        told = [tokens_of(document.text) for document in documents]
        if not any(told):
            raise UsageError("there is no word to learn from")
        names, words = numbered(told)
        bounds = np.concatenate([[0], np.cumsum([len(tokens) for tokens in told])])
        return Model(names, Successors.counted(words, bounds.astype(np.int64), self.order))

    def sample(
        self,
        model: Model,
        documents: Sequence[Document],
        seed: int,
        temperature: float,
        top_p: float,
    ) -> list[str]:
        """Return a text for each of ``documents``, of as many tokens."""
        lengths = np.array([len(tokens_of(each.text)) for each in documents], dtype=np.int64)
        tree = model.successors.starts, model.successors.followers, model.successors.below
        rng = np.random.Generator(np.random.PCG64(seed))
        texts = [""] * len(lengths)
        missing = np.flatnonzero(lengths)
        for _ in range(_ATTEMPTS):
            drawn = sample(
                tree, self._weights, lengths[missing], float(temperature), float(top_p), rng
            )
            tokens = [model.tokens[word] for word in drawn.tolist()]
            ends = np.cumsum(lengths[missing]).tolist()
            for i, end in zip(missing.tolist(), ends, strict=True):
                texts[i] = text_of(tokens[end - int(lengths[i]) : end])
            # No reader takes a document without text.
            missing = np.array([i for i in missing.tolist() if not texts[i].strip()], np.int64)
            if not len(missing):
                return texts
        raise DegradeError(
            f"the model writes nothing but breaks between paragraphs where {len(missing):,} short "
            "texts should be: take a higher temperature or top-p"
        )


def ngram(order: int = 3, weights: Sequence[float] | None = None) -> NGram:
    """Return the learner of ``order``; the weights of orders up to 4 need not be given."""
    if not 1 <= order <= _MOST:
        raise UsageError(f"order {order}: an n-gram model is of order 1 to {_MOST}")
    if weights is None and order not in WEIGHTS:
        raise UsageError(f"order {order}: give its {order} weights too, the longest context first")
    return NGram(order, WEIGHTS[order] if weights is None else weights)


def unigram() -> NGram:
    """Return the learner of words without context."""
    return NGram(1, WEIGHTS[1])
