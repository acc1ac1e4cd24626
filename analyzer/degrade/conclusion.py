"""From the estimates of one candidate to its comparison: findings, verdict and evidence."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from degrade.errors import UndefinedMetricError, UsageError
from degrade.exhibits import Evidence
from degrade.findings import Comparison, ReferenceRole, TextNeeded, Verdict
from degrade.gathering import evidence_of, kept_orders
from degrade.inference.assess import Assessed, Fixed, level_setters
from degrade.inference.confounders.same_texts import in_common, same_documents
from degrade.inference.headline import FAMILIES, headline
from degrade.inference.independence import TooFew, too_few
from degrade.inference.judgement import conclude
from degrade.inference.permutation import RELABELINGS, ByPermutation, Permuted, permute
from degrade.inference.results import Result, findings_of, without_praise, worsened
from degrade.inference.sample_size import Text, text_for_verdict
from degrade.inference.self_check import SPLITS, Splits, self_check
from degrade.inference.survival import survival
from degrade.inference.yardstick import StudentT, Yardstick
from degrade.inheritance import Inheritance
from degrade.metric import Metric
from degrade.profiles import Profile
from degrade.repetitions import Repetitions
from degrade.seeking import Texts
from degrade.text.layer import Layer


@dataclass(frozen=True, slots=True)
class Settings:
    """How to compare.

    Attributes
    ----------
    alpha : level of every test; intervals cover 1 - alpha
    reference_role : ``auto``, ``heldout`` or ``training``
    test : ``jackknife``, or ``permutation`` of groups for p-values and the reach of intervals
    relabelings : how many a permutation draws, where there are not fewer in all
    self_check : random halvings of the reference in the self-check; 0 leaves it out
    seed : of halvings and relabelings
    evidence : whether to gather what is behind findings, and curves: more than a verdict takes
    aside : whether a command may take another core for the self-check
    """

    alpha: float = 0.05
    reference_role: str = "auto"
    test: str = "jackknife"
    relabelings: int = RELABELINGS
    self_check: int = SPLITS
    seed: int = 0
    evidence: bool = True
    aside: bool = True

    def __post_init__(self) -> None:
        if not 0 < self.alpha < 0.5:
            raise UsageError(f"alpha is between 0 and 0.5, not {self.alpha:g}")
        if self.test not in ("jackknife", "permutation"):
            raise UsageError(f"a test is jackknife or permutation, not {self.test!r}")
        if self.test == "permutation" and self.relabelings < 1 / self.alpha - 1:
            raise UsageError(
                f"{self.relabelings} relabelings show nothing at {self.alpha:g}; it takes "
                f"{math.ceil(1 / self.alpha - 1)} or more"
            )
        if self.self_check < 0 or self.seed < 0:
            raise UsageError("self_check and seed are 0 or more")
        if self.reference_role not in ("auto", "heldout", "training"):
            raise UsageError(
                f"a reference is auto, heldout or training, not {self.reference_role!r}"
            )


@dataclass(frozen=True, slots=True)
class Subject:
    """A corpus to compare: its profile, and its documents where they can be read again."""

    name: str
    profile: Profile
    texts: Texts | None = None


@dataclass(frozen=True, slots=True)
class Common:
    """What all comparisons of a run share.

    ``absent`` are primaries that were not counted, ``repetitions`` those of the run's corpora;
    ``splits`` returns the reference in halves, when it is asked for;
    ``inheritance`` is told of candidates in their order.
    """

    metrics: Sequence[Metric]
    absent: Sequence[Metric]
    settings: Settings
    role: ReferenceRole
    fixed: Fixed
    splits: Callable[[], Splits] | None
    repetitions: Repetitions
    inheritance: Inheritance


def conclude_comparison(
    run: Common,
    reference: Subject,
    candidate: Subject,
    assessed: Assessed,
    whole: Assessed | None,
    place: int,
    layer: Layer | None,
) -> Comparison:
    """Return the comparison of ``candidate``, the ``place``-th of the run, with ``reference``.

    ``whole`` are the estimates on whole documents where lengths were matched.
    """
    sides = assessed.reference, assessed.candidate
    matching = sides[0].matching
    metrics, role = run.metrics, run.role
    permuted = _permuted(run, assessed, place)
    yardstick = _yardstick(run, assessed, permuted)
    few = too_few(sides) if permuted is None else None
    tested = few is None
    result = findings_of(metrics, assessed, yardstick, role, tested=tested, absent=run.absent)
    if whole is not None:
        plain = findings_of(metrics, whole, _yardstick(run, whole, None), role, tested=tested)
        changes = {f.metric: f.change for f in plain.findings}
        findings = tuple(
            replace(f, whole_documents=changes[f.metric]) if f.change is not None else f
            for f in result.findings
        )
        # Where whole documents are worse, their beginnings give no reason for praise.
        worse = worsened(metrics, whole.estimates, _yardstick(run, whole, None))
        praised = without_praise(findings, worse) if tested else findings
        result = replace(result, findings=tuple(praised))
    return Comparison(
        reference.name,
        candidate.name,
        int(matching.tokens),
        matching.length,
        _verdict(run, assessed, result, few),
        result.findings,
        evidence_of(
            metrics,
            sides,
            (reference.texts, candidate.texts),
            layer,
            run.repetitions,
            run.inheritance,
        )
        if run.settings.evidence
        else Evidence(),
        paired=sides[1].paired,
        self_check=(
            self_check(run.splits(), metrics, assessed, yardstick, role) if run.splits else None
        ),
        permutation=permuted.summary if permuted else None,
        survival=tuple(
            each
            for need in kept_orders(reference.profile)
            for each in (survival(*sides, need) if role == "training" else ())
        ),
    )


def _yardstick(run: Common, assessed: Assessed, permuted: Permuted | None) -> Yardstick:
    setters = len(level_setters(run.metrics, assessed.estimates, run.role))
    student = StudentT(run.settings.alpha, setters)
    if permuted is None:
        return student
    divergences = frozenset(m.name for m in run.metrics if m.scale == "divergence")
    return ByPermutation(run.settings.alpha, permuted, student, divergences)


def _verdict(run: Common, assessed: Assessed, result: Result, few: TooFew | None) -> Verdict:
    tested = few is None
    matching = assessed.reference.matching
    judged = [f for f in result.findings if f.level is not None]
    whole = conclude(judged, blocked=result.blocked, matched_tokens=matching.tokens, tested=tested)
    undecided: tuple[TextNeeded, ...] = ()
    tokens_needed = None
    if tested and whole.level == "inconclusive":
        undecided = result.undecided
        tokens_needed = text_for_verdict(result.outlooks, Text.of(assessed), blocked=result.blocked)
    said = headline(
        assessed.reference.name,
        assessed.candidate.name,
        whole.level,
        whole.direction,
        whole.families,
        result.findings,
        whole.ruled_out,
        int(matching.tokens),
        run.role,
        result.shifted,
        tokens_needed,
        result.hollow.said(assessed.candidate.name, assessed.reference.name)
        if result.hollow
        else None,
        matched_length=matching.length,
        looks=result.looks,
        untested=few.cause if few is not None else None,
        unjudged=not judged and not result.blocked,
        unasked=_unasked((*run.metrics, *run.absent)),
        in_common=in_common(assessed.reference, assessed.candidate),
        same=same_documents(assessed.reference, assessed.candidate),
    )
    return Verdict(
        whole.level,
        whole.ruled_out,
        whole.direction,
        result.shifted,
        said,
        whole.families,
        result.not_computable,
        undecided,
        tokens_needed,
    )


def _unasked(metrics: Sequence[Metric]) -> tuple[str, ...]:
    """Return the families of the verdict of which no metric was asked for."""
    asked = {metric.family for metric in metrics if metric.sets_level}
    return tuple(family for family in FAMILIES if family not in asked)


def _permuted(run: Common, assessed: Assessed, place: int) -> Permuted | None:
    """Return the relabelings asked for; None where groups are too few to change places."""
    if run.settings.test != "permutation":
        return None
    rng = np.random.default_rng((run.settings.seed, place))
    try:
        return permute(run.metrics, assessed, run.fixed, run.role, rng, run.settings.relabelings)
    except UndefinedMetricError:
        return None
