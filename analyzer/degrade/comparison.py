"""Profiles to findings: what a run of comparisons does, in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

import numpy as np

from degrade.census.section import Section
from degrade.errors import ProfileError, UndefinedMetricError, UsageError
from degrade.evidence import Texts, gather
from degrade.findings import Caution, Comparison, Evidence, ReferenceRole, Trend, Verdict
from degrade.inference.assess import Assessed, Fixed, assess, fix, level_setters
from degrade.inference.confounders import confounders
from degrade.inference.headline import headline
from degrade.inference.judgement import conclude
from degrade.inference.matching import TESTED_GROUPS, Matching, Side, match, side
from degrade.inference.permutation import ByPermutation, Permuted, permute
from degrade.inference.results import findings_of
from degrade.inference.self_check import SPLITS, Splits, self_check, split_reference
from degrade.inference.survival import survival
from degrade.inference.trend import trends
from degrade.inference.yardstick import StudentT, Yardstick
from degrade.metric import Metric
from degrade.profiles import Profile
from degrade.summaries import Census, Need
from degrade.text.document import Document
from degrade.text.layer import Layer

EVIDENCE_ORDERS = (1, 2, 3)


@dataclass(frozen=True, slots=True)
class Settings:
    """How to compare.

    Attributes
    ----------
    alpha : level of every test; intervals cover 1 - alpha
    reference_role : ``auto``, ``heldout`` or ``training``
    test : ``jackknife``, or ``permutation`` of groups for p-values and the reach of intervals
    self_check : random halvings of the reference in the self-check; 0 leaves it out
    seed : of halvings and relabelings
    """

    alpha: float = 0.05
    reference_role: str = "auto"
    test: str = "jackknife"
    self_check: int = SPLITS
    seed: int = 0

    def __post_init__(self) -> None:
        if not 0 < self.alpha < 0.5:
            raise UsageError(f"alpha is between 0 and 0.5, not {self.alpha:g}")
        if self.test not in ("jackknife", "permutation"):
            raise UsageError(f"a test is jackknife or permutation, not {self.test!r}")
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
class Compared:
    """The comparisons of one reference with every candidate, their trend, and warnings."""

    comparisons: tuple[Comparison, ...]
    warnings: tuple[Caution, ...]
    reference_role: ReferenceRole
    matching: Matching
    trend: tuple[Trend, ...] = ()


@dataclass(frozen=True, slots=True)
class _Common:
    """What all comparisons of a run share."""

    metrics: Sequence[Metric]
    settings: Settings
    role: ReferenceRole
    fixed: Fixed
    splits: Splits | None


def compare_profiles(
    reference: Subject,
    candidates: Sequence[Subject],
    metrics: Sequence[Metric],
    settings: Settings,
    layer: Layer | None = None,
) -> Compared:
    """Compare ``reference`` with each candidate, all at one matched size.

    ``layer`` resolves n-grams to text; without it none is shown. Raises ProfileError where plans
    differ or a profile is empty.
    """
    subjects = (reference, *candidates)
    _check(subjects)
    profiles = [subject.profile for subject in subjects]
    matching = match(profiles)
    if not matching.tokens:
        raise _in_one_group(subjects)
    sides = [side(subject.name, subject.profile, matching) for subject in subjects]
    fixed = fix(metrics, sides)
    assessed = [
        assess(metrics, sides[0], each, fixed, settings.alpha, settings.reference_role)
        for each in sides[1:]
    ]
    training = any(one.role == "training" for one in assessed)
    role: ReferenceRole = "training" if training else "heldout"
    run = _Common(metrics, settings, role, fixed, _splits(metrics, sides[0], fixed, settings))
    whole = _whole_documents(metrics, subjects, matching)
    comparisons = tuple(
        _comparison(run, reference, subject, one, whole.get(i), i, layer)
        for i, (subject, one) in enumerate(zip(candidates, assessed, strict=True))
    )
    return Compared(
        comparisons,
        confounders(sides, comparisons, assessed, settings.reference_role),
        role,
        matching,
        trends(metrics, assessed, settings.alpha, role, settings.seed),
    )


def _check(subjects: Sequence[Subject]) -> None:
    first = subjects[0]
    for subject in subjects:
        if not subject.profile.tokens:
            raise ProfileError(f"{subject.name}: no tokens of layer {subject.profile.plan.base!r}")
        differences = first.profile.plan.differences(subject.profile.plan)
        if differences:
            raise ProfileError(
                f"{first.name} and {subject.name} were profiled by different plans: "
                f"{'; '.join(differences)}; profile one of them anew"
            )


def _in_one_group(subjects: Sequence[Subject]) -> ProfileError:
    fewest = min(subjects, key=lambda subject: subject.profile.clusters.total)
    profile = fewest.profile
    repeats = profile.contents.repeats()
    if 1 <= 2 * repeats.distinct <= repeats.documents:
        texts = "all the same text"
        if repeats.distinct > 1:
            texts = f"but only {repeats.distinct:,} different texts"
        return ProfileError(
            f"{fewest.name}: {repeats.documents:,} documents, {texts}; without ids of their own, "
            "equal texts count as one document, and comparing takes two groups of documents. If "
            "each was generated on its own, give them ids (--id-field): then they count as that "
            "many"
        )
    return ProfileError(
        f"{fewest.name}: its text is all in one group of documents (it has "
        f"{profile.documents:,} in {profile.clusters.total:,} clusters; the same text without an "
        "id is one); comparing takes two groups, and a test 80 clusters"
    )


def _whole_documents(
    metrics: Sequence[Metric], subjects: Sequence[Subject], matching: Matching
) -> dict[int, Assessed]:
    """Return the same estimates on whole documents, by candidate, where lengths were matched."""
    if matching.length is None:
        return {}
    plain = match([subject.profile for subject in subjects], lengths=False)
    sides = [side(subject.name, subject.profile, plain) for subject in subjects]
    fixed = fix(metrics, sides)
    return {
        i: assess(metrics, sides[0], each, fixed, 0.05, "heldout")
        for i, each in enumerate(sides[1:])
    }


def _splits(
    metrics: Sequence[Metric], reference: Side, fixed: Fixed, settings: Settings
) -> Splits | None:
    if not settings.self_check:
        return None
    rng = np.random.default_rng(settings.seed)
    return split_reference(metrics, reference, fixed, settings.self_check, rng)


def _comparison(
    run: _Common,
    reference: Subject,
    candidate: Subject,
    assessed: Assessed,
    whole: Assessed | None,
    place: int,
    layer: Layer | None,
) -> Comparison:
    sides = assessed.reference, assessed.candidate
    matching = sides[0].matching
    metrics, settings, role = run.metrics, run.settings, run.role
    setters = len(level_setters(metrics, assessed.estimates, role))
    yardstick: Yardstick = StudentT(settings.alpha, setters)
    permuted = _permuted(run, assessed, place)
    if permuted is not None:
        divergences = frozenset(m.name for m in metrics if m.scale == "divergence")
        yardstick = ByPermutation(
            settings.alpha, permuted, StudentT(settings.alpha, setters), divergences
        )
    tested = matching.groups >= TESTED_GROUPS or permuted is not None
    result = findings_of(metrics, assessed, yardstick, role, tested=tested)
    findings = result.findings
    if whole is not None:
        plain = findings_of(metrics, whole, StudentT(settings.alpha, setters), role, tested=tested)
        changes = {f.metric: f.change for f in plain.findings}
        findings = tuple(
            replace(f, whole_documents=changes[f.metric]) if f.change is not None else f
            for f in findings
        )
    judged = [f for f in findings if f.level is not None]
    conclusion = conclude(
        judged, blocked=result.blocked, matched_tokens=matching.tokens, tested=tested
    )
    undecided = result.undecided if conclusion.level == "inconclusive" else ()
    verdict = Verdict(
        conclusion.level,
        conclusion.ruled_out,
        conclusion.direction,
        result.shifted,
        headline(
            reference.name,
            candidate.name,
            conclusion.level,
            conclusion.direction,
            conclusion.families,
            findings,
            conclusion.ruled_out,
            int(matching.tokens),
            role,
            result.shifted,
            undecided,
        ),
        conclusion.families,
        result.not_computable,
        undecided,
    )
    return Comparison(
        reference.name,
        candidate.name,
        int(matching.tokens),
        matching.length,
        verdict,
        findings,
        _evidence(reference, candidate, sides, layer),
        paired=sides[1].paired,
        self_check=(
            self_check(run.splits, metrics, assessed, yardstick, role) if run.splits else None
        ),
        permutation=permuted.summary if permuted else None,
        survival=tuple(
            each
            for need in _kept_orders(reference.profile)
            for each in (survival(*sides, need) if role == "training" else ())
        ),
    )


def _permuted(run: _Common, assessed: Assessed, place: int) -> Permuted | None:
    """Return the relabelings asked for; None where groups are too few to change places."""
    if run.settings.test != "permutation":
        return None
    rng = np.random.default_rng((run.settings.seed, place))
    try:
        return permute(run.metrics, assessed, run.fixed, run.role, rng)
    except UndefinedMetricError:
        return None


def _kept_orders(profile: Profile) -> list[Need]:
    """Return the censuses of words that evidence and survival read, as far as they were kept."""
    base = profile.plan.base
    needs = (Need(Census, layer=base, n=n) for n in EVIDENCE_ORDERS)
    return [need for need in needs if need in profile.levels[0]]


def _evidence(
    reference: Subject, candidate: Subject, sides: tuple[Side, Side], layer: Layer | None
) -> Evidence:
    pairs = {
        int(need["n"]): (
            cast(Section, sides[0].section(need)),
            cast(Section, sides[1].section(need)),
        )
        for need in _kept_orders(reference.profile)
    }
    groups = sides[0].matching.groups
    documents = tuple(
        each.profile.extent(each.level).documents.reshape(-1, groups).sum(axis=0) for each in sides
    )
    return gather(
        pairs,
        (documents[0], documents[1]),
        (_texts(reference), _texts(candidate)),
        layer,
    )


def _texts(subject: Subject) -> Texts:
    """Return where to look n-grams up: the corpus itself, or the sample its profile kept."""
    if subject.texts is not None:
        return subject.texts
    return lambda: (Document(kept.text, id=kept.id) for kept in subject.profile.sample)
