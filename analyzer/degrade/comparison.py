"""Profiles to findings: what a run of comparisons does, in order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from degrade.errors import ProfileError, UndefinedMetricError, UsageError
from degrade.evidence import Texts, gather
from degrade.findings import Caution, Comparison, Evidence, ReferenceRole, Verdict
from degrade.inference.assess import Assessed, assess, findings_of
from degrade.inference.confounders import confounders
from degrade.inference.estimates import anchored
from degrade.inference.headline import headline
from degrade.inference.judgement import conclude
from degrade.inference.matching import TESTED_GROUPS, Matching, Side, match, side
from degrade.metric import CorpusMetric, Metric
from degrade.profiles import Profile
from degrade.summaries import Census, Need
from degrade.text.document import Document
from degrade.text.layer import Layer

EVIDENCE_ORDERS = (1, 2, 3)


@dataclass(frozen=True, slots=True)
class Settings:
    """How to compare. ``alpha`` is the level of every test and one less the intervals' coverage."""

    alpha: float = 0.05
    reference_role: str = "auto"

    def __post_init__(self) -> None:
        if not 0 < self.alpha < 0.5:
            raise UsageError(f"alpha is between 0 and 0.5, not {self.alpha:g}")
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
    """The comparisons of one reference with every candidate, and what the run warns of."""

    comparisons: tuple[Comparison, ...]
    warnings: tuple[Caution, ...]
    reference_role: ReferenceRole
    matching: Matching


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
    anchors = _anchors(metrics, sides[0])
    assessed = [
        assess(metrics, sides[0], each, sides, anchors, settings.alpha, settings.reference_role)
        for each in sides[1:]
    ]
    training = any(one.role == "training" for one in assessed)
    role: ReferenceRole = "training" if training else "heldout"
    whole = _whole_documents(metrics, subjects, matching)
    comparisons = tuple(
        _comparison(reference, subject, metrics, one, role, settings, whole.get(i), layer)
        for i, (subject, one) in enumerate(zip(candidates, assessed, strict=True))
    )
    return Compared(
        comparisons,
        confounders(sides, comparisons, assessed, settings.reference_role),
        role,
        matching,
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


def _anchors(metrics: Iterable[Metric], reference: Side) -> dict[str, Any]:
    anchors: dict[str, Any] = {}
    for metric in metrics:
        if isinstance(metric, CorpusMetric) and metric.anchor is not None:
            try:
                anchors[metric.name] = anchored(metric, reference)
            except UndefinedMetricError as error:
                anchors[metric.name] = error
    return anchors


def _whole_documents(
    metrics: Sequence[Metric], subjects: Sequence[Subject], matching: Matching
) -> dict[int, Assessed]:
    """Return the same estimates on whole documents, by candidate, where lengths were matched."""
    if matching.length is None:
        return {}
    plain = match([subject.profile for subject in subjects], lengths=False)
    sides = [side(subject.name, subject.profile, plain) for subject in subjects]
    anchors = _anchors(metrics, sides[0])
    return {
        i: assess(metrics, sides[0], each, sides, anchors, 0.05, "heldout")
        for i, each in enumerate(sides[1:])
    }


def _comparison(
    reference: Subject,
    candidate: Subject,
    metrics: Sequence[Metric],
    assessed: Assessed,
    role: ReferenceRole,
    settings: Settings,
    whole: Assessed | None,
    layer: Layer | None,
) -> Comparison:
    sides = assessed.reference, assessed.candidate
    matching = sides[0].matching
    tested = matching.groups >= TESTED_GROUPS
    result = findings_of(metrics, assessed, settings.alpha, role)
    findings = result.findings
    if whole is not None:
        changes = {f.metric: f.change for f in findings_of(metrics, whole, 0.05, role).findings}
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
    evidence = _evidence(reference, candidate, sides, layer)
    return Comparison(
        reference.name,
        candidate.name,
        int(matching.tokens),
        matching.length,
        verdict,
        findings,
        evidence,
    )


def _evidence(
    reference: Subject, candidate: Subject, sides: tuple[Side, Side], layer: Layer | None
) -> Evidence:
    base = reference.profile.plan.base
    kept = [Need(Census, layer=base, n=n) for n in EVIDENCE_ORDERS]
    pairs = {
        int(need["n"]): (sides[0].section(need), sides[1].section(need))
        for need in kept
        if need in sides[0].profile.levels[0]
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
