"""What comparisons found, as frozen plain data.

Undefined values are None and explained by a ``note``; nothing here is NaN.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Literal, cast

from degrade.exhibits import Bin, Evidence

Level = Literal["none", "minor", "moderate", "severe", "inconclusive"]
Direction = Literal["worse", "better", "mixed", "same"]
Scale = Literal["relative", "ratio", "points", "nats"]
ReferenceRole = Literal["heldout", "training"]
Setting = str | int | float | bool | None

FEWEST_TOKENS = 20_000
"""Matched tokens below which ``none`` is not said: losses of vocabulary grow with the size."""
SEVERITY: Mapping[str, int] = {"none": 0, "minor": 1, "moderate": 2, "severe": 3}


@dataclass(frozen=True, slots=True)
class Estimate:
    """A metric on one corpus at the matched size, with its own interval and raw counts.

    ``counts`` names what the value was computed from, over the whole corpus (``types``,
    ``tokens``, ``windows``).
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """How far the candidate lies from the reference, with its interval.

    ``relative`` is candidate / reference - 1; ``ratio`` candidate / reference; ``points`` a share
    lost or a difference of shares, as a fraction; ``nats`` a divergence.
    """

    value: float
    low: float | None
    high: float | None
    scale: Scale


@dataclass(frozen=True, slots=True)
class Finding:
    """One metric, compared.

    ``change`` carries the interval that sets ``level`` (simultaneous over the level-setting
    primaries); ``difference`` is candidate - reference where a metric has an absolute floor;
    ``whole_documents`` is the change without length matching, when lengths were matched.
    ``ruled_out`` is the mildest level this metric alone excludes, or None. ``error`` is the
    standard error of the change where it adds up: of log(candidate / reference) for ``relative``
    and ``ratio``, of log(kept by the candidate / kept by fresh text) for a loss, else of the
    difference; ``freedom`` its degrees of freedom. ``histogram`` is of windows by
    their values, where the metric has bins for them.
    """

    metric: str
    title: str
    family: str
    primary: bool
    unit: str
    worse: Literal["lower", "higher", "either"]
    reference: Estimate | None = None
    candidate: Estimate | None = None
    change: Change | None = None
    difference: Change | None = None
    whole_documents: Change | None = None
    thresholds: tuple[float, float, float] | None = None
    floor: float | None = None
    error: float | None = None
    freedom: float | None = None
    p: float | None = None
    p_adjusted: float | None = None
    level: Level | None = None
    ruled_out: Level | None = None
    direction: Direction | None = None
    note: str | None = None
    histogram: tuple[Bin, ...] = ()


@dataclass(frozen=True, slots=True)
class FamilyLevel:
    """The worst level in a family, and the metric that set it."""

    level: Level
    metric: str


@dataclass(frozen=True, slots=True)
class TextNeeded:
    """For an inconclusive verdict: what this much text would have shown, and what would decide.

    ``smallest_change`` is shown four times in five, on the metric's own scale (``scale``).
    ``tokens`` is rough: of each corpus, to decide on this metric four times in five, if its change
    is what it looks like, give or take its error.
    """

    metric: str
    smallest_change: float
    scale: Scale
    tokens: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the comparison as a whole may be called, and why.

    ``tokens_needed`` is there where the level is ``inconclusive``: roughly the tokens of each
    corpus that would end in another verdict four times in five, if changes are what they look like,
    give or take their errors. None where no amount would.
    """

    level: Level
    ruled_out: Level | None
    direction: Direction
    shifted: bool
    headline: str
    families: Mapping[str, FamilyLevel] = field(default_factory=dict)
    not_computable: tuple[str, ...] = ()
    undecided: tuple[TextNeeded, ...] = ()
    tokens_needed: int | None = None


@dataclass(frozen=True, slots=True)
class SelfCheck:
    """How often the comparison would alarm, and how large a change is noise, were nothing changed.

    The reference was split ``splits`` times in random halves of ``groups`` groups of documents,
    seen at ``tokens`` tokens, and sent through the same comparison at the comparison's errors.

    ``alarms`` splits ended in ``minor`` or worse, a share ``false_alarm_rate``; ``noise_95`` is by
    metric the size of change, in the unit of ``Finding.change``, that 95% of splits stay below once
    they are scaled to the errors of this comparison;
    ``rejection_rate`` by metric the share of splits with p at most alpha. With no splits, ``note``
    says why.
    """

    splits: int
    groups: int = 0
    tokens: int = 0
    alarms: int = 0
    false_alarm_rate: float | None = None
    noise_95: Mapping[str, float] = field(default_factory=dict)
    rejection_rate: Mapping[str, float] = field(default_factory=dict)
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Survival:
    """Of the n-grams seen ``seen_from`` to ``seen_to`` times in training data, the share kept.

    ``types`` is their number; ``expected`` the share that drawing text anew from the same
    frequencies would keep; ``low`` and ``high`` are a 95% interval of ``kept``.
    """

    n: int
    seen_from: int
    seen_to: int
    types: int
    expected: float
    kept: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Permutation:
    """The relabelings of groups that p-values and intervals come from, the true one included.

    ``exact`` says that they were all there are; ``reference_groups`` and ``candidate_groups`` how
    many groups of documents changed places.
    """

    relabelings: int
    exact: bool
    reference_groups: int
    candidate_groups: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """A reference and a candidate, compared at one matched size.

    ``matched_length`` is the number of tokens from the start of each document that census
    statistics looked at, or None for whole documents. ``paired`` says that the corpora share
    clusters and were compared cluster by cluster. ``self_check`` and ``permutation`` are None where
    they were not asked for; ``survival`` is there where the reference was training data.
    """

    reference: str
    candidate: str
    matched_tokens: int
    matched_length: int | None
    verdict: Verdict
    findings: tuple[Finding, ...]
    evidence: Evidence = field(default_factory=Evidence)
    paired: bool = False
    self_check: SelfCheck | None = None
    permutation: Permutation | None = None
    survival: tuple[Survival, ...] = ()

    def _repr_html_(self) -> str:
        """Return what a notebook shows: headline and table."""
        # What was found knows nothing of reports, but for the one that a notebook asks it for.
        shown = import_module("degrade.report.notebook").comparison_html(self)
        return cast(str, shown)


@dataclass(frozen=True, slots=True)
class Trend:
    """One metric over the candidates, taken as generations in the order given.

    ``slope`` is the average change from one generation to the next; a loss in points of a share
    grows by that many points. ``p`` is of no order among them, by the ``test`` named.
    ``first_generation_beyond_minor`` is the first whose loss lies past the threshold ``minor``,
    which it does between ``earliest`` and ``latest``; None there means after the last generation.
    It is None too where losses do not grow and may all lie short of ``minor``. None for ``minor``
    says that the metric is not dated. All of it is about these generations, not about the training
    recipe that made them.
    """

    metric: str
    title: str
    family: str
    primary: bool
    generations: tuple[str, ...]
    slope: Change | None = None
    p: float | None = None
    p_adjusted: float | None = None
    test: Literal["jonckheere", "page"] | None = None
    direction: Direction | None = None
    minor: float | None = None
    first_generation_beyond_minor: str | None = None
    earliest: str | None = None
    latest: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Caution:
    """A reason to read the findings with care, with its numbers."""

    code: str
    message: str
    data: Mapping[str, Setting] = field(default_factory=dict)
