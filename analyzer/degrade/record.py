"""A whole run, as frozen plain data: all that renderers see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from degrade.exhibits import Curves
from degrade.findings import Caution, Comparison, ReferenceRole, Setting, Trend
from degrade.version import __version__

Role = Literal["reference", "candidate"]


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file that was read."""

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class CorpusSummary:
    """What was read of one corpus. ``skipped`` counts problems by kind; ``examples`` shows some."""

    name: str
    role: Role
    documents: int
    tokens: int
    characters: int
    clusters: int
    exact: bool = True
    reference_role: ReferenceRole | None = None
    skipped: Mapping[str, int] = field(default_factory=dict)
    examples: tuple[str, ...] = ()
    files: tuple[InputFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """What there is to know of a metric: what it measures, how, and how to be misled by it."""

    metric: str
    title: str
    description: str
    formula: str
    undefined: str
    pitfalls: str
    source: str


@dataclass(frozen=True, slots=True)
class Record:
    """A whole run: what a run file holds and every renderer shows.

    ``trend`` has one entry a metric where there are several candidates. ``run`` holds times and
    facts of the machine, and is empty in a reproducible run; ``version`` is that of the degrade
    that measured.
    """

    settings: Mapping[str, Setting]
    corpora: tuple[CorpusSummary, ...]
    comparisons: tuple[Comparison, ...]
    trend: tuple[Trend, ...] = ()
    warnings: tuple[Caution, ...] = ()
    run: Mapping[str, Setting] = field(default_factory=dict)
    version: str = __version__
    curves: Curves | None = None
    metrics: tuple[Explanation, ...] = ()
