"""Profiles to findings: what a run of comparisons does, in order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial

import numpy as np

from degrade.aside import begun
from degrade.conclusion import Common, Settings, Subject, conclude_comparison
from degrade.errors import ProfileError, TooLittleTextError
from degrade.exhibits import Curves
from degrade.findings import Caution, Comparison, ReferenceRole, Trend
from degrade.inference.assess import Assessed, Fixed, assess, fix
from degrade.inference.confounders import confounders
from degrade.inference.curves import curves_of
from degrade.inference.exact_levels import with_exact_levels
from degrade.inference.matching import Matching, Side, match, side, with_common_thresholds
from degrade.inference.self_check import Splits, split_reference
from degrade.inference.texts import Texts
from degrade.inference.trend import trends
from degrade.inheritance import Inheritance
from degrade.metric import Metric
from degrade.repetitions import Repetitions
from degrade.text.layer import Layer


@dataclass(frozen=True, slots=True)
class Compared:
    """The comparisons of one reference with every candidate, their trend, curves and warnings.

    ``groups`` is the number of groups of documents of the corpus that has the fewest.
    """

    comparisons: tuple[Comparison, ...]
    warnings: tuple[Caution, ...]
    reference_role: ReferenceRole
    groups: int
    trend: tuple[Trend, ...] = ()
    curves: Curves | None = None


def compare_profiles(
    reference: Subject,
    candidates: Sequence[Subject],
    metrics: Sequence[Metric],
    settings: Settings,
    layer: Layer | None = None,
    absent: Sequence[Metric] = (),
) -> Compared:
    """Compare ``reference`` with each candidate, all at one matched size.

    ``layer`` resolves n-grams to text; without it none is shown. ``absent`` are primaries that were
    not counted: they are listed, and block ``none``. Raises ProfileError where plans
    differ or a profile is empty.
    """
    subjects = (reference, *candidates)
    _check(subjects)
    profiles = [subject.profile for subject in subjects]
    matching = match(profiles)
    if not matching.tokens:
        raise _in_one_group(subjects)
    texts = _texts(subjects, layer)
    sides = _sides(metrics, subjects, matching, texts)
    fixed = fix(metrics, sides)
    splits = _splits(metrics, sides[0], fixed, settings)
    assessed = [
        assess(metrics, sides[0], each, fixed, settings.alpha, settings.reference_role)
        for each in sides[1:]
    ]
    training = any(one.role == "training" for one in assessed)
    role: ReferenceRole = "training" if training else "heldout"
    shared = Repetitions(metrics, layer), Inheritance()
    run = Common(metrics, absent, settings, role, fixed, splits, *shared)
    whole = _whole_documents(metrics, subjects, matching, texts)
    comparisons = tuple(
        conclude_comparison(run, reference, subject, one, whole.get(i), i, layer)
        for i, (subject, one) in enumerate(zip(candidates, assessed, strict=True))
    )
    return Compared(
        comparisons,
        confounders(sides, comparisons, assessed, settings.reference_role, metrics),
        role,
        min(each.groups for each in sides),
        trends([m for m in metrics if m.tested], assessed, settings.alpha, role, settings.seed),
        curves_of(sides) if settings.evidence else None,
    )


def _check(subjects: Sequence[Subject]) -> None:
    first = subjects[0]
    for subject in subjects:
        if not subject.profile.tokens:
            raise TooLittleTextError(
                f"{subject.name}: no tokens of layer {subject.profile.plan.base!r}"
            )
        differences = first.profile.plan.differences(subject.profile.plan)
        if differences:
            raise ProfileError(
                f"{first.name} and {subject.name} were profiled by different plans: "
                f"{'; '.join(differences)}; profile one of them anew"
            )


def _in_one_group(subjects: Sequence[Subject]) -> TooLittleTextError:
    fewest = min(subjects, key=lambda subject: subject.profile.clusters.total)
    profile = fewest.profile
    repeats = profile.contents.repeats()
    if 1 <= 2 * repeats.distinct <= repeats.documents:
        texts = "all the same text"
        if repeats.distinct > 1:
            texts = f"but only {repeats.distinct:,} different texts"
        return TooLittleTextError(
            f"{fewest.name}: {repeats.documents:,} documents, {texts}; without ids of their own, "
            "equal texts count as one document, and comparing takes two groups of documents. If "
            "each was generated on its own, give them ids (--id-field): then they count as that "
            "many"
        )
    total = profile.clusters.total
    clusters = "1 cluster" if total == 1 else f"{total:,} clusters"
    return TooLittleTextError(
        f"{fewest.name}: its text is all in one group of documents (it has "
        f"{profile.documents:,} in {clusters}; the same text without an id is one); comparing "
        "takes two groups, and a test 80 clusters"
    )


def _whole_documents(
    metrics: Sequence[Metric],
    subjects: Sequence[Subject],
    matching: Matching,
    texts: Sequence[Texts],
) -> dict[int, Assessed]:
    """Return the same estimates on whole documents, by candidate, where lengths were matched."""
    if matching.length is None:
        return {}
    plain = match([subject.profile for subject in subjects], lengths=False)
    sides = _sides(metrics, subjects, plain, texts)
    fixed = fix(metrics, sides)
    return {
        i: assess(metrics, sides[0], each, fixed, 0.05, "heldout")
        for i, each in enumerate(sides[1:])
    }


def _texts(subjects: Sequence[Subject], layer: Layer | None) -> list[Texts]:
    """Return the documents of each, to be read only where a metric asks for them."""
    layers = {} if layer is None else {subjects[0].profile.plan.base: layer}
    for subject in subjects:
        layers |= subject.profile.plan.layers
    return [Texts(subject.profile, subject.texts, layers) for subject in subjects]


def _sides(
    metrics: Sequence[Metric],
    subjects: Sequence[Subject],
    matching: Matching,
    texts: Sequence[Texts],
) -> list[Side]:
    """Return the corpora as the run sees them; of sampled n-grams, those that all counted."""
    sides = [
        replace(side(subject.name, subject.profile, matching), texts=each)
        for subject, each in zip(subjects, texts, strict=True)
    ]
    return with_exact_levels(metrics, with_common_thresholds(sides))


def _splits(
    metrics: Sequence[Metric], reference: Side, fixed: Fixed, settings: Settings
) -> Callable[[], Splits] | None:
    """Return what returns the reference in halves, begun now where another core may do that."""
    if not settings.self_check:
        return None
    rng = np.random.default_rng(settings.seed)
    halve = partial(split_reference, metrics, reference, fixed, settings.self_check, rng)
    return begun(halve) if settings.aside else cache(halve)


__all__ = ["Compared", "Settings", "Subject", "compare_profiles"]
