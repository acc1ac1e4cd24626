"""Near in style and poorer in content: took on the style, not the substance.

After Gudibande et al. 2023 (The False Promise of Imitating Proprietary LLMs): imitations are taken
for as good as what they imitate, since they sound like it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from degrade.findings import Finding
from degrade.inference.headline import amount, listed
from degrade.metric import Metric

FEWEST_NEAR = 3
"""Metrics of style, all of them near, that it takes to call a style the same."""


@dataclass(frozen=True, slots=True)
class Hollow:
    """What shows that a candidate sounds like the reference, and what it says less of."""

    near: tuple[Finding, ...]
    lost: tuple[Finding, ...]

    def said(self, candidate: str, reference: str) -> str:
        """Return it in a sentence."""
        style = listed([_lowered(finding.title) for finding in self.near])
        less = listed([f"{_lowered(f.title)} ({_by(f)})" for f in self.lost])
        return (
            f"{candidate} took on the style of {reference}, not the substance: near in {style}, "
            f"worse in {less}."
        )


def hollow(metrics: Sequence[Metric], findings: Sequence[Finding]) -> Hollow | None:
    """Return how the candidate is near in style and surely poorer in content, if it is.

    A style is near if every metric of it that could be computed, three or more, changes by less
    than its threshold ``minor``; content is poorer if the interval of some metric of it lies beyond
    that threshold.
    """
    by_name = {metric.name: metric for metric in metrics}
    near, lost = [], []
    for finding in findings:
        metric = by_name.get(finding.metric)
        if metric is None or finding.change is None or metric.thresholds is None:
            continue
        minor = metric.thresholds[0]
        if metric.aspect == "style":
            if abs(finding.change.value) >= minor:
                return None
            near.append(finding)
        elif metric.aspect == "content" and _surely_worse(metric, finding):
            lost.append(finding)
    if len(near) < FEWEST_NEAR or not lost:
        return None
    return Hollow(tuple(near), tuple(lost))


def _surely_worse(metric: Metric, finding: Finding) -> bool:
    change, limits = finding.change, metric.thresholds
    if change is None or change.low is None or change.high is None or limits is None:
        return False
    if metric.scale == "loss" or metric.worse == "higher":
        return change.low > limits[0]
    return metric.worse == "lower" and change.high < -limits[0]


def _lowered(title: str) -> str:
    return title[:1].lower() + title[1:]


def _by(finding: Finding) -> str:
    return "" if finding.change is None else amount(finding.change, "less", "more", "times")
