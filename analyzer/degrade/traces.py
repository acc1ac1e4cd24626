"""What is found of where a text comes from, as frozen plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from degrade.findings import Caution

Part = Literal["text", "human", "machine", "teacher"]


@dataclass(frozen=True, slots=True)
class MachineShare:
    """How much of a text is a machine's.

    Attributes
    ----------
    share : of documents, by maximum likelihood; ``low`` to ``high`` is its interval
    by_means : the same from mean posteriors, which no misfit of likelihoods can bend; may pass 0
    error : the standard error, of the text and of both references
    apart : how far apart the references' own documents are told, 0 to 1
    strange : the share of documents stranger to both references than 95% of their own
    documents : of human reference, machine reference and text that were looked at
    words : words that were looked at
    warnings : reasons not to believe it
    """

    share: float
    low: float
    high: float
    by_means: float
    error: float
    apart: float
    strange: float
    documents: tuple[int, int, int]
    words: int
    warnings: tuple[Caution, ...] = ()


@dataclass(frozen=True, slots=True)
class Word:
    """A word and the share of documents that hold it, before and in the text."""

    text: str
    before: float
    now: float

    @property
    def gap(self) -> float:
        """The excess frequency p - q."""
        return self.now - self.before


@dataclass(frozen=True, slots=True)
class Excess:
    """Words in excess, the largest gap first, and how many documents they say were touched.

    ``touched`` is a lower bound: the share of documents that hold one of the words, less the share
    before; words are chosen on one half of the groups and counted on the other, both ways.
    """

    words: tuple[Word, ...]
    touched: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase, and the share of documents that hold it: of human text, a teacher's, and now."""

    text: str
    human: float
    teacher: float
    now: float


@dataclass(frozen=True, slots=True)
class Looked:
    """A corpus that was looked at: of its ``documents``, those at hand.

    ``skipped`` counts records that could not be read, by kind.
    """

    name: str
    part: Part
    documents: int
    at_hand: int
    tokens: int
    skipped: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a text comes from: how much is a machine's, and what it took over.

    ``excess`` is over the human reference; ``inherited`` is None where no teacher was given.
    ``corpora`` are the text and its references, in the order in which they are named.
    """

    corpora: tuple[Looked, ...]
    layer: str
    share: MachineShare
    excess: Excess
    inherited: tuple[Phrase, ...] | None = None
