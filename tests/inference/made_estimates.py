"""Invented estimates: normal, with the chi-squared variance that a jackknife of groups has."""

import math

import numpy as np
from scipy import stats

from degrade.findings import FEWEST_TOKENS, SEVERITY, Finding
from degrade.inference.estimates import Estimated, SideEstimate
from degrade.inference.jackknife import Contrast, Replicates, welch
from degrade.inference.judgement import conclude, judge
from degrade.inference.sample_size import Axis, Outlook, Text
from degrade.inference.scales import badness, threshold, worsening
from degrade.inference.yardstick import StudentT
from degrade.options import Options
from degrade.planning import chosen_metrics

METRICS = {m.name: m for m in chosen_metrics(Options(metrics=["primary"]), None) if m.sets_level}
ALPHA = 0.05
STUDENT = StudentT(ALPHA, len(METRICS))
# As the jackknife found them between human texts of 53,000 tokens, to .05.
ORDER = ("shared_4", "simpson", "types_1", "types_2", "rare_loss_1", "rare_loss_2", "rare_loss_3")
CORRELATIONS = np.array([
    [1.0, 0.1, -0.25, -0.4, -0.1, -0.1, 0.35],
    [0.1, 1.0, 0.3, 0.1, 0.2, -0.1, 0.1],
    [-0.25, 0.3, 1.0, 0.75, 0.15, -0.1, -0.1],
    [-0.4, 0.1, 0.75, 1.0, 0.25, -0.15, -0.3],
    [-0.1, 0.2, 0.15, 0.25, 1.0, 0.0, 0.0],
    [-0.1, -0.1, -0.1, -0.15, 0.0, 1.0, 0.2],
    [0.35, 0.1, -0.1, -0.3, 0.0, 0.2, 1.0],
])  # fmt: skip
ERRORS = dict(zip(ORDER, (0.22, 0.03, 0.02, 0.008, 0.03, 0.025, 0.045), strict=True))
NOW = 50_000
TEXT = Text(NOW, FEWEST_TOKENS / 0.8)
RARELY = 1e-4
"""How often a right claim on a rate may fail, on either side."""


def edges(metric):
    """Return the thresholds on the scale where more is worse."""
    return [threshold(metric, limit) for limit in metric.thresholds]


def of_means(values):
    return Replicates(float(values.mean()), (values.sum() - values) / (len(values) - 1))


def estimated(metric, worse, reference, candidate):
    """Return an estimate whose truth is ``worse``, from the noise of groups on either side."""
    a, b = of_means(reference), of_means(candidate)
    theta = worsening(metric) * worse + b.value - a.value
    by_candidate = Replicates(theta, theta - b.value + b.left_out)
    by_reference = Replicates(theta, theta + a.value - a.left_out)
    return Estimated(None, None, welch(theta, a, b), by_candidate, by_reference=by_reference)


def repeated(reference, candidate):
    """Return the estimate of repetition from the shares of repeats in the groups of either side."""
    a, b = of_means(reference), of_means(candidate)
    logs = [Replicates(math.log(each.value), np.log(each.left_out)) for each in (a, b)]
    theta, difference = logs[1].value - logs[0].value, b.value - a.value
    return Estimated(
        SideEstimate(a.value, logs[0], dict),
        SideEstimate(b.value, logs[1], dict),
        welch(theta, *logs),
        Replicates(theta, logs[1].left_out - logs[0].value),
        welch(difference, a, b),
        Replicates(theta, logs[1].value - logs[0].left_out),
        (
            Replicates(difference, b.left_out - a.value),
            Replicates(difference, b.value - a.left_out),
        ),
    )


def noise(rng, groups, error, correlations=None):
    """Return the values of groups, (groups,) or (groups, metrics), whose mean has ``error``."""
    if correlations is None:
        return error * math.sqrt(groups) * rng.standard_normal(groups)
    drawn = rng.standard_normal((groups, len(correlations))) @ np.linalg.cholesky(correlations).T
    return error * math.sqrt(groups) * drawn


def two_sides(rng, groups, error, correlations=None):
    """Return the noise of either side."""
    return [noise(rng, groups, error, correlations) for _ in range(2)]


def all_estimates(rng, groups, worse, shrink=1.0):
    """Return estimates of all primaries with correlated errors, repetition far below the floor."""
    sides = two_sides(rng, groups, 1 / math.sqrt(2), CORRELATIONS)
    found = {}
    for k, name in enumerate(ORDER):
        error = ERRORS[name] * shrink
        a, b = (error * side[:, k] for side in sides)
        found[name] = estimated(METRICS[name], worse.get(name, 0.0), a, b)
    shares = (0.002 * (1 + noise(rng, groups, 0.1)) for _ in range(2))
    found["repetition_4"] = repeated(*shares)
    return found


def outlook_of(name, found):
    """Return the outlook of an estimate from ``NOW`` tokens on either side."""
    metric, contrasts = METRICS[name], [found.contrast]
    minor, moderate, _ = edges(metric)
    limits = [(minor, moderate)]
    if found.difference is not None:
        contrasts.append(found.difference)
        limits.append((metric.floor, metric.floor))
    axes = []
    for contrast, (low, high) in zip(contrasts, limits, strict=True):
        reaches = STUDENT.reaches(name, contrast, found.correlation)
        worse = Contrast(badness(metric, contrast.value), contrast.error, contrast.freedom)
        axes.append(Axis(worse, reaches, NOW * contrast.error**2, low, high))
    share = None if found.reference is None else math.exp(found.reference.replicates.value)
    return Outlook(metric, tuple(axes), share)


def ruled_out(judged, level):
    """Whether ``level`` is ruled out, itself or with a milder one."""
    return judged.ruled_out is not None and SEVERITY[judged.ruled_out] <= SEVERITY[level]


def is_shown(judged, level):
    return SEVERITY.get(judged.level, 0) >= SEVERITY[level]


def verdict_findings(estimates):
    """Return the judged findings of estimates by metric, as ``conclude`` reads them."""
    findings = []
    for name, found in estimates.items():
        metric = METRICS[name]
        judged = judge(metric, found, STUDENT)
        findings.append(
            Finding(
                name, metric.title, metric.family, True, metric.unit, metric.worse,
                level=judged.level, ruled_out=judged.ruled_out, direction=judged.direction,
            )
        )  # fmt: skip
    return findings


def whole_of(estimates, tokens=100_000):
    """Return the verdict over estimates by metric."""
    return conclude(
        verdict_findings(estimates), blocked=False, matched_tokens=0.8 * tokens, tested=True
    )


def plausible(hits, trials, rate):
    """Whether ``hits`` of ``trials`` may come of ``rate``: the central interval of a binomial."""
    return stats.binom.ppf(RARELY, trials, rate) <= hits <= most(trials, rate)


def most(trials, rate):
    """Return the most hits that a rate of at most ``rate`` may come to."""
    return int(stats.binom.isf(RARELY, trials, rate))


def least(trials, rate):
    """Return the fewest hits that a rate of at least ``rate`` may come to."""
    return int(stats.binom.ppf(RARELY, trials, rate))
