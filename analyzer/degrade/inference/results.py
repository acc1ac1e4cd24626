"""From estimates to findings: intervals, levels, what is ruled out and what is undecided."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from degrade.findings import Change, Estimate, FamilyLevel, Finding, ReferenceRole, TextNeeded
from degrade.inference.assess import Assessed, level_setters
from degrade.inference.estimates import Estimated, SideEstimate
from degrade.inference.headline import ALIKE, DIVERSITY, RARE
from degrade.inference.jackknife import Contrast, single, with_sampling
from degrade.inference.judgement import judge, seeming, worst_by_family
from degrade.inference.sample_size import Outlook, Text, outlook, text_needed
from degrade.inference.sampling import counted_twice
from degrade.inference.scales import badness, change
from degrade.inference.substance import Hollow, hollow
from degrade.inference.yardstick import Yardstick
from degrade.metric import DocumentMetric, Metric

NOT_COUNTED = (
    "a saved profile does not hold what it takes; profile that corpus anew with this metric, or "
    "leave it out of --metrics"
)


@dataclass(frozen=True, slots=True)
class Result:
    """The findings of a comparison and what the verdict needs to know of them.

    ``outlooks`` are of all that set the level, ``undecided`` of those that could not tell;
    ``looks`` is the level of each family were estimates without error.
    """

    findings: tuple[Finding, ...]
    shifted: bool
    blocked: bool
    not_computable: tuple[str, ...]
    undecided: tuple[TextNeeded, ...]
    outlooks: tuple[Outlook, ...]
    looks: Mapping[str, FamilyLevel]
    hollow: Hollow | None = None


def findings_of(
    metrics: Sequence[Metric],
    assessed: Assessed,
    yardstick: Yardstick,
    role: ReferenceRole,
    *,
    tested: bool,
    absent: Sequence[Metric] = (),
) -> Result:
    """Return the findings, in the order of ``metrics``.

    Intervals of level-setting primaries are simultaneous, the others hold alone. With the reference
    as training data, rare loss sets no level. Where nothing can be ``tested``, only effects are
    shown. ``absent`` are primaries that were not counted.
    """
    estimates = assessed.estimates
    setters = {metric.name for metric in level_setters(metrics, estimates, role)}
    adjusted = yardstick.adjusted({name: estimates[name].contrast for name in setters})
    findings: list[Finding] = []
    undecided: list[TextNeeded] = []
    outlooks: list[Outlook] = []
    shifted = False
    for metric in metrics:
        if metric.name not in estimates:
            findings.append(replace(_declared(metric), note=assessed.undefined[metric.name]))
            continue
        found = estimates[metric.name]
        sets_level = metric.name in setters
        finding = _measured(
            metric, found, yardstick if tested and metric.tested else None, sets_level=sets_level
        )
        if not tested:
            finding = replace(finding, level="inconclusive" if sets_level else None)
        elif sets_level:
            finding = _judged(metric, finding, found, yardstick, adjusted[metric.name])
        elif metric.scale == "loss" and role == "training":
            finding = _noted(finding, "not counted: the reference was training data")
        elif metric.scale == "divergence" and role == "training":
            finding = _noted(finding, "smaller than it is: the reference was training data")
        if tested and metric.scale == "divergence" and metric.thresholds and metric.primary:
            low = found.contrast.within(yardstick.reach(metric.name, found.contrast))[0]
            shifted = shifted or low > metric.thresholds[0]
        if tested and sets_level:
            outlooks.append(outlook(metric, found, yardstick, assessed))
            if finding.ruled_out not in ("minor", "moderate"):
                needed = text_needed(outlooks[-1], Text.of(assessed))
                undecided += [needed] if needed is not None else []
        findings.append(finding)
    findings = without_praise(findings, worsened(metrics, estimates, yardstick))
    findings += [replace(_declared(metric), note=NOT_COUNTED) for metric in absent]
    missing = tuple(m.name for m in metrics if m.primary and m.name not in estimates)
    blocking = [
        m
        for m in metrics
        if m.name in missing and m.sets_level and not isinstance(m, DocumentMetric)
    ]
    empty = hollow(metrics, findings)
    if empty is not None:
        # Shuffled words make new pairs, and nothing of it is a gain.
        findings = without_praise(findings, {finding.family for finding in findings})
    return Result(
        tuple(findings),
        shifted,
        bool(blocking) or any(metric.sets_level for metric in absent),
        (*missing, *(metric.name for metric in absent)),
        tuple(undecided),
        tuple(outlooks),
        worst_by_family(
            (metric.family, metric.name, seeming(metric, estimates[metric.name]))
            for metric in metrics
            if metric.name in setters
        ),
        empty,
    )


def worsened(
    metrics: Sequence[Metric], estimates: Mapping[str, Estimated], yardstick: Yardstick
) -> set[str]:
    """Return the families in which some primary is worse, if only by its own interval.

    Where rare words and phrases are lost, more variety and less likeness come of words and phrases
    that the reference has not: those families count as worse too.
    """
    found = set()
    for metric in metrics:
        if metric.sets_level and metric.name in estimates:
            contrast = estimates[metric.name].contrast
            ends = contrast.within(yardstick.reach(metric.name, contrast))
            if min(badness(metric, end) for end in ends) > 0:
                found.add(metric.family)
    return found | {DIVERSITY, ALIKE} if RARE in found else found


def without_praise(findings: Sequence[Finding], worsened: set[str]) -> list[Finding]:
    """Return the findings with no improvement in a family that is also worse in something.

    In concentrated text rare words are lost, and what triples there are come back more often: that
    is no gain, as a family is as good as its worst member.
    """
    return [
        replace(f, direction="same") if f.direction == "better" and f.family in worsened else f
        for f in findings
    ]


def _judged(
    metric: Metric, finding: Finding, found: Estimated, yardstick: Yardstick, adjusted: float
) -> Finding:
    judged = judge(metric, found, yardstick)
    return replace(
        finding,
        level=judged.level,
        ruled_out=judged.ruled_out,
        direction=judged.direction,
        p_adjusted=adjusted,
    )


def _noted(finding: Finding, note: str) -> Finding:
    return replace(finding, note=f"{note}; {finding.note}" if finding.note else note)


def _declared(metric: Metric) -> Finding:
    return Finding(
        metric.name,
        metric.title,
        metric.family,
        metric.primary,
        metric.unit,
        metric.worse,
        thresholds=metric.thresholds,
        floor=metric.floor,
    )


def _measured(
    metric: Metric, found: Estimated, yardstick: Yardstick | None, *, sets_level: bool
) -> Finding:
    """Return the values and changes of ``metric``, with intervals where there is a yardstick."""

    def within(contrast: Contrast) -> tuple[float, float] | None:
        if yardstick is None:
            return None
        if sets_level:
            return contrast.within(yardstick.reaches(metric.name, contrast).simultaneous)
        return contrast.within(yardstick.reach(metric.name, contrast))

    difference = None
    if found.difference is not None and metric.floor is not None:
        ends = within(found.difference) or (None, None)
        difference = Change(found.difference.value, ends[0], ends[1], "points")
    tested = yardstick is not None
    return replace(
        _declared(metric),
        reference=_side(metric, found.reference, tested=tested),
        candidate=_side(metric, found.candidate, tested=tested),
        change=change(metric, found.contrast.value, within(found.contrast)),
        difference=difference,
        error=found.contrast.error if tested else None,
        freedom=found.contrast.freedom if tested else None,
        p=yardstick.p(metric.name, found.contrast) if yardstick is not None else None,
        note=found.note,
        histogram=found.histogram,
    )


def _side(metric: Metric, estimate: SideEstimate | None, *, tested: bool) -> Estimate | None:
    if estimate is None:
        return None
    if estimate.replicates is None or not tested:
        return Estimate(estimate.value, counts=estimate.counted())
    alone = single(estimate.replicates)
    if estimate.sample is not None:
        sample = estimate.sample
        pieces = [piece.variance for piece in sample.pieces]
        twice = counted_twice(sample.share, alone.error**2, pieces)
        alone = with_sampling(alone, sample.slices, twice)
    low, high = alone.interval(0.05)
    if metric.scale == "log":
        # The estimate may carry half an event that the reported value does not.
        ratio = estimate.value / math.exp(estimate.replicates.value)
        low, high = math.exp(low) * ratio, math.exp(high) * ratio
    return Estimate(estimate.value, low, high, estimate.counted())
