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


@dataclass(frozen=True, slots=True)
class Burst:
    """A phrase and the source that it is of.

    Attributes
    ----------
    source : its name, or that of the file
    documents, elsewhere : documents of the source, and of all others, that hold the phrase's
        longest n-gram
    groups : groups of clusters, of 64, in which these documents of the source are
    expected : documents of the source that would hold it if all sources were alike
    constancy : share of the documents of its most telling part in which the neighbours of that are
        the same
    p, p_adjusted : of its most telling part
    text, context, start, end : as much of it as its n-grams cover, in the text around it, at
        ``context[start:end]``
    document : where that stands
    """

    source: str
    documents: int
    elsewhere: int
    groups: int
    expected: float
    constancy: float
    p: float
    p_adjusted: float
    text: str = ""
    context: str = ""
    start: int = 0
    end: int = 0
    document: str = ""


@dataclass(frozen=True, slots=True)
class Bursts:
    """The bursts of a corpus, the least likely by chance first, and what was looked at.

    Attributes
    ----------
    found : the bursts asked for, and ``total`` how many there are
    documents : of each source, by name
    tested : pairs of an n-gram and a source, which false discoveries are counted among
    missed : n-grams that so many documents hold, or fewer, may have been passed over for lack of
        memory; 0 where everything was counted
    left_out : n-grams that were not looked at by source, being too many
    """

    found: tuple[Burst, ...]
    total: int
    documents: dict[str, int]
    tested: int
    missed: int
    left_out: int
