"""From estimates to findings: intervals, levels, what is ruled out and what is undecided."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from degrade.findings import Change, Estimate, Finding, ReferenceRole, TextNeeded
from degrade.inference.assess import Assessed, level_setters
from degrade.inference.estimates import Estimated, SideEstimate
from degrade.inference.jackknife import holm, single
from degrade.inference.judgement import Reaches, judge, text_needed
from degrade.inference.matching import TESTED_GROUPS
from degrade.inference.scales import change
from degrade.metric import DocumentMetric, Metric


@dataclass(frozen=True, slots=True)
class Result:
    """The findings of a comparison and what the verdict needs to know of them."""

    findings: tuple[Finding, ...]
    shifted: bool
    blocked: bool
    not_computable: tuple[str, ...]
    undecided: tuple[TextNeeded, ...]


def findings_of(
    metrics: Sequence[Metric], assessed: Assessed, alpha: float, role: ReferenceRole
) -> Result:
    """Return the findings, in the order of ``metrics``.

    Intervals of level-setting primaries are simultaneous (Bonferroni), the others at ``alpha``.
    With the reference as training data, rare loss sets no level. With fewer than 16 groups only
    effects are shown.
    """
    estimates = assessed.estimates
    setters = level_setters(metrics, estimates, role)
    simultaneous = alpha / max(1, len(setters))
    tested = assessed.reference.matching.groups >= TESTED_GROUPS
    adjusted = dict(
        zip(
            (metric.name for metric in setters),
            holm([estimates[metric.name].contrast.p for metric in setters]),
            strict=True,
        )
    )
    findings: list[Finding] = []
    undecided: list[TextNeeded] = []
    shifted = False
    tokens = min(
        assessed.reference.profile.tokens,
        assessed.candidate.profile.tokens,
    )
    for metric in metrics:
        if metric.name not in estimates:
            findings.append(replace(_declared(metric), note=assessed.undefined[metric.name]))
            continue
        found = estimates[metric.name]
        sets_level = metric.name in adjusted
        level_alpha = simultaneous if sets_level else alpha
        finding = _measured(metric, found, level_alpha, tested=tested)
        if not tested:
            finding = replace(finding, level="inconclusive" if sets_level else None)
        elif sets_level:
            judged = judge(
                metric,
                found,
                Reaches.of(found.contrast, alpha, simultaneous),
                Reaches.of(found.difference, alpha, simultaneous) if found.difference else None,
            )
            finding = replace(
                finding,
                level=judged.level,
                ruled_out=judged.ruled_out,
                direction=judged.direction,
                p_adjusted=adjusted[metric.name],
            )
        elif metric.sets_level:
            finding = replace(finding, note="not counted: the reference was training data")
        if tested and metric.scale == "divergence" and metric.thresholds and metric.primary:
            shifted = shifted or found.contrast.interval(alpha)[0] > metric.thresholds[0]
        if tested and sets_level and finding.ruled_out not in ("minor", "moderate"):
            undecided.append(text_needed(metric, found.contrast, alpha, simultaneous, tokens))
        findings.append(finding)
    missing = tuple(m.name for m in metrics if m.primary and m.name not in estimates)
    blocking = [
        m
        for m in metrics
        if m.name in missing and m.sets_level and not isinstance(m, DocumentMetric)
    ]
    return Result(tuple(findings), shifted, bool(blocking), missing, tuple(undecided))


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


def _measured(metric: Metric, found: Estimated, alpha: float, *, tested: bool) -> Finding:
    interval = found.contrast.interval(alpha) if tested else None
    difference = None
    if found.difference is not None and metric.floor is not None:
        ends = found.difference.interval(alpha) if tested else (None, None)
        difference = Change(found.difference.value, ends[0], ends[1], "points")
    return replace(
        _declared(metric),
        reference=_side(metric, found.reference, tested=tested),
        candidate=_side(metric, found.candidate, tested=tested),
        change=change(metric, found.contrast.value, interval),
        difference=difference,
        p=found.contrast.p if tested else None,
    )


def _side(metric: Metric, estimate: SideEstimate | None, *, tested: bool) -> Estimate | None:
    if estimate is None:
        return None
    if estimate.replicates is None or not tested:
        return Estimate(estimate.value, counts=estimate.counts)
    low, high = single(estimate.replicates).interval(0.05)
    if metric.scale == "log":
        # The estimate may carry half an event that the reported value does not.
        ratio = estimate.value / math.exp(estimate.replicates.value)
        low, high = math.exp(low) * ratio, math.exp(high) * ratio
    return Estimate(estimate.value, low, high, estimate.counts)
