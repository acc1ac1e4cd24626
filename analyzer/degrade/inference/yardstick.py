"""By what the findings of a comparison are measured: Student's t, or relabelings of its groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from degrade.inference.jackknife import Contrast, holm, level_of_either


@dataclass(frozen=True, slots=True)
class Reaches:
    """How many errors intervals reach to either side of a value.

    ``simultaneous`` is of the interval that holds together with those of the other level-setting
    metrics, ``bound`` of the one-sided bound at the metric's own level, shared out where either of
    two bounds suffices.
    """

    simultaneous: float
    bound: float


class Yardstick(Protocol):
    """P-values and the reaches of intervals, by metric."""

    def reaches(self, metric: str, contrast: Contrast, correlation: float = 1.0) -> Reaches:
        """Return the reaches of a metric that sets the level.

        ``correlation`` is that of its two contrasts where either rules out.
        """
        ...

    def reach(self, metric: str, contrast: Contrast) -> float:
        """Return the reach of the two-sided interval of one metric alone."""
        ...

    def p(self, metric: str, contrast: Contrast) -> float:
        """Return the two-sided p-value of no difference."""
        ...

    def adjusted(self, contrasts: Mapping[str, Contrast]) -> Mapping[str, float]:
        """Return p-values adjusted over the metrics that set the level."""
        ...


@dataclass(frozen=True, slots=True)
class StudentT:
    """Student's t with Welch's degrees of freedom, Bonferroni over ``setters`` metrics, Holm."""

    alpha: float
    setters: int

    def reaches(self, metric: str, contrast: Contrast, correlation: float = 1.0) -> Reaches:
        """Return t at 1 - alpha / 2K, and one-sided at 1 - alpha or at each one's share of it."""
        del metric
        simultaneous = contrast.reach(self.alpha / max(1, self.setters))
        alpha = level_of_either(self.alpha, correlation) if correlation < 1 else self.alpha
        return Reaches(simultaneous, contrast.reach(2 * alpha))

    def reach(self, metric: str, contrast: Contrast) -> float:
        """Return t at 1 - alpha / 2."""
        del metric
        return contrast.reach(self.alpha)

    def p(self, metric: str, contrast: Contrast) -> float:
        """Return the p-value of t."""
        del metric
        return contrast.p

    def adjusted(self, contrasts: Mapping[str, Contrast]) -> Mapping[str, float]:
        """Return Holm's p-values."""
        return dict(zip(contrasts, holm([c.p for c in contrasts.values()]), strict=True))
