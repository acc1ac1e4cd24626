"""How models are trained on one another's text, and on what each generation is trained."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from degrade import registry
from degrade.errors import UsageError
from degrade.generations import Generation
from degrade.text.document import Document

_LARGEST_SEED = 10**18
"""Manifests hold numbers of 64 bits."""
REGIMES = ("replace", "accumulate", "accumulate-subsample")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recursion:
    """How a corpus is trained on, generation after generation.

    Attributes
    ----------
    generations : how many models are trained, each on what the ones before left
    learner, settings : the name of a learner, and its settings by name
    regimes : on what a generation is trained: ``replace``, on the last one alone; ``accumulate``,
        on the original and all that came after; ``accumulate-subsample``, on as many documents of
        these as the original has
    keep : shares of the original that replace documents of the last generation under ``replace``,
        drawn anew each time; each share is a lineage of its own
    temperature, top_p : of drawing text
    heldout : share of the original, by clusters, that no model sees
    seed : of all that is drawn
    seeds : how often all of it is done, each time with the next seed
    """

    generations: int = 5
    learner: str = "ngram"
    settings: Mapping[str, Any]
    regimes: Sequence[str] = ("replace",)
    keep: Sequence[float] = (0.0,)
    temperature: float = 1.0
    top_p: float = 1.0
    heldout: float = 0.5
    seed: int = 0
    seeds: int = 1

    def __post_init__(self) -> None:
        if self.generations < 1:
            raise UsageError(f"{self.generations} generations: simulate 1 or more")
        if self.seeds < 1:
            raise UsageError(f"{self.seeds} seeds: simulate with 1 or more")
        if not 0 <= self.seed <= _LARGEST_SEED - self.seeds:
            raise UsageError(f"seed {self.seed}: a whole number from 0, of 18 digits at most")
        for regime in self.regimes:
            if regime not in REGIMES:
                raise UsageError(f"no regime {regime!r}; {registry.nearest(regime, REGIMES)}")
        for share in self.keep:
            if not 0 <= share <= 1:
                raise UsageError(f"keep {share:g}: a share of the original is 0 to 1")
        if any(self.keep) and "replace" not in self.regimes:
            raise UsageError("keep is for the regime replace: the others keep the whole original")
        if not 0 < self.temperature < math.inf:
            raise UsageError(f"temperature {self.temperature:g}: it is above 0, and finite")
        if not 0 < self.top_p <= 1:
            raise UsageError(f"top-p {self.top_p:g}: it is above 0, and 1 at most")
        if not 0 < self.heldout < 1:
            raise UsageError(f"heldout {self.heldout:g}: a share between 0 and 1")

    def lineages(self) -> Iterator[Lineage]:
        """Yield the lineages that are asked for, each once."""
        for regime in dict.fromkeys(self.regimes):
            for share in dict.fromkeys(self.keep) if regime == "replace" else (0.0,):
                yield Lineage(regime, float(share))

    def replicates(self) -> Iterator[Recursion]:
        """Yield what is done with each seed."""
        for seed in range(self.seed, self.seed + self.seeds):
            yield replace(self, seed=seed, seeds=1)


@dataclass(frozen=True, slots=True)
class Lineage:
    """One way to train generation after generation."""

    regime: str
    keep: float

    @property
    def name(self) -> str:
        """What it is called, also as a folder: ``replace-keep-0.1``."""
        # Digits enough for no two shares to go by one name.
        return f"{self.regime}-keep-{self.keep:.15g}" if self.keep else self.regime

    def parents(self, past: Sequence[Generation]) -> list[Generation]:
        """Return which of the ``past``, the original first, the next one is trained on."""
        if self.regime != "replace" or len(past) == 1:
            return list(past)
        return [past[-1], *past[:1]] if self.keep else [past[-1]]

    def training(self, past: Sequence[Generation], seed: int) -> list[Document]:
        """Return the documents that the next generation is trained on."""
        rng = np.random.Generator(np.random.PCG64(seed))
        original = past[0].documents
        if self.regime == "replace":
            if len(past) == 1:
                return list(original)
            count = round(self.keep * len(original))
            again = _drawn(original, count, rng)
            return [*_drawn(past[-1].documents, len(original) - count, rng), *again]
        pool = [document for each in past for document in each.documents]
        return pool if self.regime == "accumulate" else _drawn(pool, len(original), rng)


def _drawn(documents: Sequence[Document], count: int, rng: np.random.Generator) -> list[Document]:
    chosen = np.sort(rng.permutation(len(documents))[:count])
    return [documents[i] for i in chosen.tolist()]
