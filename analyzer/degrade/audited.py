"""What an audit finds, as frozen plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from degrade.findings import Comparison
from degrade.traces import Bursts, MachineShare

Unit = Literal["share", "words"]
Against = Literal["rest", "baseline", "whole"]
FEWEST_WORDS = 50
"""Words from which on a document is listed for failing Gopher's thresholds.

Rae et al. 2021 look for repetition in what has passed their filters of quality, the first of which
drops documents of fewer words. In so few, a phrase of three words said twice is above a threshold:
of paragraphs of 16 to 50 words by people, 2 to 6% are, and of longer ones .1 to .5%.
"""


@dataclass(frozen=True, slots=True)
class Judged:
    """One measure of one source, against the rest of the corpus or the baseline.

    Attributes
    ----------
    measure : its name, one of ``degrade.auditing.measures.NAMES``, or ``machine_share``
    unit : ``share``, of ``count`` among ``of``; ``words``, distinct ones in so many of ``of``
    value, other : of the source, and of what it is held against
    count, of, other_count, other_of : what shares are of; of ``words``, 0 and the words drawn
    low, high : 95% interval of value less ``other``; of ``words``, of value over ``other``
    p, p_adjusted : one-sided, for the worse, and of ``words`` among sources that differ as these
        do; adjusted over all sources and measures
    size : how far for the worse, as a multiple of the least that is told
    stands_out : it is beyond chance, and large enough
    """

    measure: str
    unit: Unit
    against: Against
    value: float
    other: float
    count: int
    of: int
    other_count: int
    other_of: int
    low: float
    high: float
    p: float
    p_adjusted: float
    size: float
    stands_out: bool


@dataclass(frozen=True, slots=True)
class MachineText:
    """The share of machine text, or None and why there is none."""

    share: MachineShare | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class SourceAudit:
    """A source, what was measured of it, and which measures it was too little for.

    ``copies`` are documents that say the same as another of the corpus, ``near_duplicates`` those
    that are like another without being the same. ``groups`` are groups of clusters, of 64, that it
    has documents in. ``machine`` is None where there were no references.
    """

    name: str
    documents: int
    words: int
    copies: int
    near_duplicates: int
    groups: int
    judged: tuple[Judged, ...]
    too_little: tuple[str, ...]
    machine: MachineText | None = None

    @property
    def stands_out(self) -> tuple[Judged, ...]:
        """The measures by which it does, the worst first."""
        return tuple(each for each in self.judged if each.stands_out)


@dataclass(frozen=True, slots=True)
class BadDocument:
    """A document, where it stands, and what is wrong with it.

    Attributes
    ----------
    id, source, file : its names; the file as it was given
    record : which record of its file, from 1; those that were skipped count, blank lines do not
    reasons : ``copies``, ``near_duplicates``, ``terminal_loops``, ``gopher_flagged_lines`` ..., and
        at the end ``source`` or ``file`` where that stands out for what no document shows by itself
    repeated : share of four-word phrases, in windows of 50 words, that were said before
    words : how many it holds
    said_before : share of its phrases that another document says, or of its characters within
        five-word phrases or lines that it says again itself, whichever is more
    first_file, first_record : where an earlier document is that it repeats, or is almost a copy of
    resemblance : how much it is like that one: 1 where it repeats it, else estimated, to within .05
    stands_out : for ``source`` and ``file``, the measures: ``variety`` or ``machine_share``
    """

    id: str
    source: str
    file: str
    record: int
    reasons: tuple[str, ...]
    repeated: float
    words: int
    said_before: float
    first_file: str | None = None
    first_record: int | None = None
    resemblance: float | None = None
    stands_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TimeTrend:
    """A measure over time.

    Attributes
    ----------
    bins, values : those of enough documents, in order, and the measure in each
    slope, low, high : change from bin to bin and its 95% interval: of shares in points, of variety
        of the logarithm
    p, p_adjusted : two-sided, of no order; adjusted over measures
    direction : ``worse`` or ``better`` where both slope and order show it, else ``same``
    since : the first bin in which a fit that only grows worse has left where it began by the least
        that is told; ``earliest`` and ``latest`` are its interval. None where it does not
    """

    measure: str
    bins: tuple[str, ...]
    values: tuple[float, ...]
    slope: float
    low: float
    high: float
    p: float
    p_adjusted: float
    direction: Literal["worse", "better", "same"]
    since: str | None
    earliest: str | None
    latest: str | None


@dataclass(frozen=True, slots=True)
class TimeAudit:
    """A corpus by time: bins as sources are, in order, and the trend of each measure.

    ``unit`` is ``day``, ``month``, ``year`` or ``number``, ``width`` how many of them a bin holds;
    ``undated`` are documents without a time, ``bursts`` phrases of one bin, where asked for.
    """

    field: str
    unit: Literal["day", "month", "year", "number"]
    width: int
    bins: tuple[SourceAudit, ...]
    undated: int
    trends: tuple[TimeTrend, ...]
    bursts: Bursts | None = None


@dataclass(frozen=True, slots=True)
class Audit:
    """What an audit of a corpus found.

    Attributes
    ----------
    documents, words : of the whole corpus
    sources : those that stand out first, the worst of them at the top; then the others by name
    worst : the worst documents, the first the worst
    bad : documents to be listed for what there is against them by themselves; ``worst`` holds no
        more than were asked for
    reasons : documents to be listed, by reason
    copies_among : share of the different texts among which copies were looked for; 1 for all
    alike_among : share of documents among which those almost alike were looked for; 1 for all
    words_among : share of the different words that variety was counted by; 1 for all
    baseline : documents of the baseline that were measured; None without one
    skipped : records that were no documents, by kind
    machine : how much of a sample of all is machine text; None without references
    time : the same by time; None without a field for it
    shards : files as sources are, the worst first, where sources are others and files were asked
        for
    against : the whole compared with the baseline by primary metrics and the Zipf tail; None
        without one, or where ``against_note`` says why not
    bursts : phrases that many documents of one source hold, and those of others do not; None where
        they were not asked for
    files : how many were read
    flagged : documents by what there is against them by themselves, listed or not
    unlisted : documents that fail Gopher's thresholds and are not listed for that, being short
    cut : whether there are more documents to be listed than were asked for
    """

    name: str
    documents: int
    words: int
    sources: tuple[SourceAudit, ...]
    worst: tuple[BadDocument, ...]
    bad: int
    reasons: Mapping[str, int]
    copies_among: float
    alike_among: float
    words_among: float
    baseline: int | None
    skipped: Mapping[str, int]
    files: int
    machine: MachineText | None = None
    time: TimeAudit | None = None
    shards: tuple[SourceAudit, ...] = ()
    against: Comparison | None = None
    against_note: str = ""
    bursts: Bursts | None = None
    flagged: Mapping[str, int] = field(default_factory=dict)
    unlisted: int = 0
    cut: bool = False

    @property
    def standing_out(self) -> tuple[SourceAudit, ...]:
        """The sources that stand out, the worst first."""
        return tuple(source for source in self.sources if source.stands_out)
