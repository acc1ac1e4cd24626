"""One source against itself: false alarms, bias, spread and coverage, beside tests that fail."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from calibration_splits import Case, Texts, chosen, compared, each_split, parted, profiled, theta
from numpy.typing import NDArray
from scipy import stats
from scipy.special import gammaln

from degrade.census.section import Section
from degrade.profiles import Profile
from degrade.summaries import Census, Need

WORDS = Need(Census, layer="word", n=1)


@dataclass(frozen=True)
class Trial:
    """What one split gave: (change, error, p) by metric, and the verdict."""

    found: dict[str, tuple[float, float, float]]
    level: str
    tokens: int
    listed: int
    training: bool
    chi_squared: float
    rarefied: float


def trial(texts: Texts, split: int, case: Case) -> Trial:
    """Return what split number ``split`` gives."""
    larger, smaller = parted(texts, case, split)
    reference = profiled(larger, case.metrics, ladder_only=case.ratio >= 100)
    candidate = profiled(smaller, case.metrics)
    comparison = compared(
        reference, candidate, case.metrics, test=case.test, relabelings=case.relabelings
    )
    found = {
        f.metric: (theta(f), f.error if f.error is not None else math.nan,
                   f.p if f.p is not None else math.nan)
        for f in comparison.findings
    }  # fmt: skip
    # The negative controls know no ladder; of one they take what stands for the whole.
    levels = (2 if case.ratio >= 100 else 0, 0)
    pairs = zip((reference, candidate), levels, strict=True)
    counts = [_counts(each, level) for each, level in pairs]
    return Trial(
        found,
        comparison.verdict.level,
        comparison.matched_tokens,
        comparison.evidence.lost_total + comparison.evidence.gained_total,
        any("training data" in (f.note or "") for f in comparison.findings),
        chi_squared(*counts),
        rarefaction(*counts),
    )


def _counts(profile: Profile, level: int) -> dict[int, int]:
    census = profile.levels[level][WORDS]
    assert isinstance(census, Census)
    section = Section(census.table, None, 64)
    frequencies = section.frequencies("occurrences", (1 << 64) - 1)
    return dict(zip(section.hashes.tolist(), frequencies.tolist(), strict=True))


def _aligned(a: dict[int, int], b: dict[int, int]) -> NDArray[np.float64]:
    words = sorted({*a, *b})
    return np.array([[side.get(word, 0) for word in words] for side in (a, b)], dtype=np.float64)


def chi_squared(a: dict[int, int], b: dict[int, int]) -> float:
    """Return the p-value of a chi-squared test on token counts, as if tokens were independent."""
    table = _aligned(a, b)
    common = table.sum(axis=0) * table.sum(axis=1).min() / table.sum() >= 5
    rest = table[:, ~common].sum(axis=1, keepdims=True)
    return float(stats.chi2_contingency(np.hstack((table[:, common], rest)))[1])


def rarefaction(a: dict[int, int], b: dict[int, int]) -> float:
    """Return the p-value of types at equal size, as if tokens were independent.

    Types of the larger side in as many tokens as the smaller has (Hurlbert 1971), against those of
    the smaller; the variance of types in n tokens is that of independent ones, E S(2n) - E S(n).
    """
    large, small = sorted((np.array(list(s.values())) for s in (a, b)), key=lambda c: -c.sum())
    n = int(small.sum())
    pooled = _aligned(a, b).sum(axis=0)
    variance = _types_in(pooled, 2 * n) - _types_in(pooled, n)
    z = (len(small) - _types_in(large, n)) / math.sqrt(variance * (1 + n / float(large.sum())))
    return float(2 * stats.norm.sf(abs(z)))


def _types_in(counts: NDArray[np.float64], drawn: int) -> float:
    """Return the expected types in ``drawn`` tokens drawn without replacement."""
    total = float(counts.sum())
    left = total - counts
    possible = left >= drawn
    missed = gammaln(left + 1) - gammaln(np.where(possible, left - drawn, 0) + 1)
    missed += gammaln(total - drawn + 1) - gammaln(total + 1)
    return float(np.where(possible, 1 - np.exp(missed), 1.0).sum())


def null_table(texts: Texts, cases: Sequence[Case], workers: int) -> None:
    """Print how often nothing is called something, by metric and case."""
    high, cells, worst = 0, 0, 0.0
    for case in cases:
        trials = each_split(texts, partial(trial, case=case), case.splits, workers)
        levels = [t.level for t in trials]
        alarms = sum(level in ("minor", "moderate", "severe") for level in levels)
        tokens = int(np.median([t.tokens for t in trials]))
        kind = "paired" if case.paired else f"{case.ratio}:1"
        print(f"\n{kind}, {case.test}, {len(trials)} splits, seen at {tokens:,} tokens")
        print(f"verdict minor or worse: {alarms / len(trials):.1%} ({alarms}); "
              f"none {levels.count('none')}, inconclusive {levels.count('inconclusive')}; "
              f"taken for training data: {sum(t.training for t in trials)}; "
              f"splits with n-grams listed as lost or gained: "
              f"{sum(t.listed > 0 for t in trials)}")  # fmt: skip
        print(f"{'metric':<28}{'p <= .05':>9}{'bias':>9}{'error':>9}{'bias/error':>11}"
              f"{'spread/error':>13}{'covered':>9}")  # fmt: skip
        for name in (metric.name for metric in chosen(case.metrics)):
            rows = np.array([t.found[name] for t in trials if name in t.found])
            rows = rows[np.isfinite(rows).all(axis=1)] if len(rows) else rows
            if not len(rows):
                print(f"{name:<28}      not computed")
                continue
            change, error, p = rows.T
            rate = float((p <= 0.05).mean())
            cells += 1
            high += rate > 0.08
            worst = max(worst, rate)
            print(f"{name:<28}{rate:>9.1%}{change.mean():>9.4f}{error.mean():>9.4f}"
                  f"{abs(change.mean()) / error.mean():>11.2f}"
                  f"{change.std(ddof=1) / error.mean():>13.2f}{1 - rate:>9.1%}"
                  + ("" if len(rows) == len(trials) else f"  ({len(rows)} splits)"))  # fmt: skip
        for name, values in (
            ("token chi2", [t.chi_squared for t in trials]),
            ("token rarefied", [t.rarefied for t in trials]),
        ):
            print(f"{name:<28}{np.mean(np.array(values) <= 0.05):>9.1%}  (a negative control)")
    if cells:
        # Cells above 8% at nominal 5%, were all calibrated.
        chance = float(stats.binom.sf(math.floor(0.08 * cases[0].splits), cases[0].splits, 0.05))
        p = float(stats.binom.sf(high - 1, cells, chance))
        print(f"\n{high} of {cells} cells above 8% ({cells * chance:.1f} by chance, p = {p:.2f}); "
              f"the worst {worst:.1%}")  # fmt: skip
