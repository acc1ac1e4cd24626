"""How much of an original has to be kept, by what lineages that keep some of it have lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from degrade.findings import Change, Finding, Level, Setting
from degrade.inference.enough import Harm, additive, averaged, enough, harm_of, shown
from degrade.planned import Course, Least, Limit, Need, Outcome, Planned, Step
from degrade.record import Record
from degrade.recursion import Lineage

LIMITS: tuple[Limit, ...] = ("minor", "moderate", "severe")
FIRST = ("rare n-gram loss", "lexical diversity", "repetition", "homogeneity")
"""Families in the order in which they are told."""

Seen = Sequence[tuple[Finding, ...]]
"""A measure in one lineage: by generation, the original first, its finding with each seed."""


def planned(
    lineages: Sequence[tuple[Lineage, Sequence[Record]]],
    seeds: Sequence[int],
    settings: Mapping[str, Setting],
) -> Planned:
    """Return how much to keep so that no measure of the verdict reaches a level.

    ``lineages`` are given with the record of each of ``seeds``; all have the same generations.
    """
    record = lineages[0][1][0]
    alpha = record.settings["alpha"]
    confidence = 1.0 - alpha if isinstance(alpha, float) else 0.95
    first = record.comparisons
    primaries = [finding for finding in first[0].findings if finding.primary]
    primaries.sort(
        key=lambda each: FIRST.index(each.family) if each.family in FIRST else len(FIRST)
    )
    return Planned(
        settings=settings,
        generations=len(first) - 1,
        seeds=tuple(seeds),
        basis="comparison" if len(seeds) == 1 else "seeds",
        confidence=confidence,
        needs=tuple(_need(each, lineages, confidence) for each in primaries),
        warnings=_overlap(lineages[0][1]),
    )


def _overlap(records: Sequence[Record]) -> tuple[str, ...]:
    """Return the first warning, of those with each seed, that models saw text of the reference."""
    said = (
        warning.message
        for record in records
        for warning in record.warnings
        if warning.code == "corpora-overlap"
        and warning.data["candidate"] == record.comparisons[0].candidate
    )
    return tuple(islice(said, 1))


def _need(
    measure: Finding, lineages: Sequence[tuple[Lineage, Sequence[Record]]], confidence: float
) -> Need:
    told = [_Lined.of(each, records, measure.metric, confidence) for each, records in lineages]
    sharing = sorted(
        (each for each in told if each.course.regime == "replace"),
        key=lambda each: each.course.keep,
    )
    changes = [step.change for each in told for step in each.course.steps if step.change]
    return Need(
        metric=measure.metric,
        title=measure.title,
        family=measure.family,
        unit=measure.unit,
        thresholds=measure.thresholds,
        worse=measure.worse,
        scale=changes[0].scale if changes else None,
        shares=tuple(each.course.keep for each in sharing),
        courses=tuple(each.course for each in told),
        least=tuple(_least(sharing, measure)),
    )


@dataclass(frozen=True, slots=True)
class _Lined:
    """A measure in one lineage.

    ``worst`` is for each level the worst generation and its harm, ``first`` the harm of the first.
    """

    course: Course
    worst: tuple[tuple[int, Harm] | None, ...]
    first: tuple[Harm | None, ...]

    @classmethod
    def of(
        cls, lineage: Lineage, records: Sequence[Record], metric: str, confidence: float
    ) -> _Lined:
        seen = _seen(metric, records)
        names = [comparison.candidate for comparison in records[0].comparisons]
        steps = tuple(
            _step(name, findings, confidence) for name, findings in zip(names, seen, strict=True)
        )
        worst = tuple(_worst(seen, place, confidence) for place in range(len(LIMITS)))
        most = worst[0][0] if worst[0] else None
        first = tuple(_harm(seen[1], place, confidence) for place in range(len(LIMITS)))
        return cls(Course(lineage.name, lineage.regime, lineage.keep, steps, most), worst, first)


def _worst(seen: Seen, place: int, confidence: float) -> tuple[int, Harm] | None:
    """Return the generation that lost most, and how much; None where one cannot be told.

    A loss that has passed was there: it need not be in the last generation.
    """
    found = []
    for i, findings in enumerate(seen[1:], 1):
        harm = _harm(findings, place, confidence)
        if harm is None:
            return None
        found.append((i, harm))
    return max(found, key=lambda each: each[1].value)


def _seen(metric: str, records: Sequence[Record]) -> Seen:
    return [
        tuple(
            next(each for each in comparison.findings if each.metric == metric)
            for comparison in comparisons
        )
        for comparisons in zip(*(record.comparisons for record in records), strict=True)
    ]


def _step(generation: str, findings: tuple[Finding, ...], confidence: float) -> Step:
    """Return the change of one generation: as it was found, or the mean of several seeds."""
    if len(findings) == 1:
        one = findings[0]
        return Step(generation, one.change, one.level, one.direction == "better")
    changes = [each.change for each in findings if each.change is not None]
    if len(changes) < len(findings):
        return Step(generation, None, None, better=False)
    scale = changes[0].scale
    value, low, high = (
        shown(end, scale)
        for end in averaged([additive(each.value, scale) for each in changes], confidence)
    )
    change = Change(value, low, high, scale)
    level, better = _level(findings, confidence)
    return Step(generation, change, level, better)


def _level(findings: tuple[Finding, ...], confidence: float) -> tuple[Level | None, bool]:
    """Return the worst level that the mean lies surely beyond, and whether it is a gain."""
    level: Level | None = None
    better = False
    for place, limit in enumerate(LIMITS):
        harm = _harm(findings, place, confidence)
        if harm is None or harm.low is None or harm.high is None:
            return None, False
        level = limit if harm.low > 1.0 else level or "none"
        better = better or harm.high < -1.0
    return level, better


def _harm(findings: tuple[Finding, ...], place: int, confidence: float) -> Harm | None:
    harms = [harm_of(each, place) for each in findings]
    known = [harm for harm in harms if harm is not None]
    if len(known) < len(harms):
        return None
    return known[0] if len(known) == 1 else Harm(*averaged([h.value for h in known], confidence))


def _least(sharing: Sequence[_Lined], measure: Finding) -> Iterator[Least]:
    """Yield the least share for each level, or nothing where it cannot be told."""
    if not sharing or measure.thresholds is None:
        return
    shares = [each.course.keep for each in sharing]
    for place, limit in enumerate(LIMITS):
        worst = [found for each in sharing if (found := each.worst[place]) is not None]
        if len(worst) < len(sharing):
            return
        share = enough(shares, [harm for _, harm in worst])
        outcome: Outcome = "between"
        if share.keep is None:
            outcome = "largest-is-not-enough"
        elif share.keep == shares[0]:
            outcome = "smallest-is-enough"
        yield Least(
            limit=limit,
            at=measure.thresholds[place],
            outcome=outcome,
            keep=share.keep,
            low=share.low,
            high=share.high,
            interval=share.interval,
            worst=sharing[-1].course.steps[worst[-1][0]],
            alone=(first := sharing[-1].first[place]) is not None and first.value > 1.0,
        )
