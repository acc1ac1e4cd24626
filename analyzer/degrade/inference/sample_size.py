"""How small a change a comparison would have shown, and how much text would decide it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from degrade.findings import FEWEST_TOKENS, TextNeeded
from degrade.inference.assess import Assessed
from degrade.inference.estimates import Estimated
from degrade.inference.jackknife import Contrast, Replicates
from degrade.inference.matching import REFERENCE_SIZES, Side, sizes_of, usable
from degrade.inference.scales import badness, shown, threshold, worsening
from degrade.inference.yardstick import Reaches, Yardstick
from degrade.metric import DocumentMetric, Metric, PairMetric

POWER = 0.8
"""How often the smallest change is shown, and with enough text a verdict reached."""
_DOUBLINGS = 40


@dataclass(frozen=True, slots=True)
class Axis:
    """A contrast, where more is worse, and what it has to pass to be shown or ruled out.

    ``minor`` is shown beyond, ``moderate`` ruled out short of, in ``reaches`` errors. With N tokens
    of each corpus the squared error is ``per_token / N`` and that of ``standing``, which more text
    does not take away: a sample of n-grams, or the part of a corpus in which all are counted, has
    room for no more of it.
    """

    contrast: Contrast
    reaches: Reaches
    per_token: float
    minor: float
    moderate: float
    standing: float = 0.0

    def chances(self, tokens: float) -> tuple[float, float]:
        """Return the chances that minor is shown, and moderate ruled out, with ``tokens`` of each.

        The truth lies about the value as far as its present error says: of a value that is itself
        an estimate nothing better is known. The error of new text is itself estimated, as t has it
        (Johnson and Welch 1940: P(t' <= t) is about Phi((t (1 - 1/4f) - d) / sqrt(1 + t^2/2f))).
        """
        value, doubt, freedom = self.contrast.value, self.contrast.error, self.contrast.freedom
        error = math.sqrt(self.per_token / tokens + self.standing**2)

        def chance(margin: float, reach: float) -> float:
            spread = math.hypot(doubt, error * _spread(reach, freedom))
            margin -= error * _centre(reach, freedom)
            return float(ndtr(margin / spread)) if spread else float(margin > 0)

        return (
            chance(value - self.minor, self.reaches.simultaneous),
            chance(self.moderate - value, self.reaches.bound),
        )

    def smallest(self) -> float:
        """Return the change that is shown ``POWER`` of the time at the present error."""
        reach, freedom = self.reaches.simultaneous, self.contrast.freedom
        errors = _centre(reach, freedom) + float(ndtri(POWER)) * _spread(reach, freedom)
        return self.minor + errors * self.contrast.error


def _centre(reach: float, freedom: float) -> float:
    return reach * (1 - 1 / (4 * freedom))


def _spread(reach: float, freedom: float) -> float:
    return math.sqrt(1 + reach**2 / (2 * freedom))


@dataclass(frozen=True, slots=True)
class Outlook:
    """What more text would make of one metric.

    A metric with a floor has two axes: both have to show a level, and either rules it out.
    ``reference`` is what its ratio is of, for the floor in terms of that ratio.
    """

    metric: Metric
    axes: tuple[Axis, ...]
    reference: float | None = None

    def chances(self, tokens: float) -> tuple[float, float]:
        """Return the chances to show ``minor``, and to rule out ``moderate`` without showing it."""
        both = [axis.chances(tokens) for axis in self.axes]
        shows = min(chance for chance, _ in both)
        return shows, min(1 - shows, max(chance for _, chance in both))

    def smallest_change(self) -> float:
        """Return the smallest change that is shown, in the unit of the thresholds."""
        smallest = self.axes[0].smallest()
        if self.reference is not None:
            smallest = max(smallest, math.log1p(self.axes[1].smallest() / self.reference))
        return shown(self.metric, worsening(self.metric) * smallest)


def outlook(metric: Metric, found: Estimated, yardstick: Yardstick, assessed: Assessed) -> Outlook:
    """Return the outlook of a level-setting metric."""
    if metric.thresholds is None:
        raise ValueError(f"{metric.name} sets no level")
    minor, moderate, _ = (threshold(metric, limit) for limit in metric.thresholds)
    floored = metric.floor is not None and found.difference is not None
    correlation = found.correlation if floored else 1.0

    def axis(
        contrast: Contrast,
        parts: tuple[Replicates, Replicates | None],
        minor: float,
        moderate: float,
    ) -> Axis:
        reaches = yardstick.reaches(metric.name, contrast, correlation)
        worse = replace(contrast, value=badness(metric, contrast.value))
        if assessed.reference.of(metric.name) is not assessed.reference:
            return Axis(worse, reaches, 0.0, minor, moderate, contrast.error)
        per_token = _per_token(metric, contrast, parts, assessed)
        return Axis(worse, reaches, per_token, minor, moderate, contrast.sampling)

    ratio = axis(found.contrast, (found.by_candidate, found.by_reference), minor, moderate)
    if not floored or metric.floor is None or found.difference is None:
        return Outlook(metric, (ratio,))
    parts = found.difference_replicates or (found.by_candidate, found.by_reference)
    difference = axis(found.difference, parts, metric.floor, metric.floor)
    return Outlook(metric, (ratio, difference), _share(found))


def _share(found: Estimated) -> float | None:
    """Return the share in the reference that a ratio is of, with its half event."""
    if found.reference is None or found.reference.replicates is None:
        return None
    return math.exp(found.reference.replicates.value)


def _per_token(
    metric: Metric,
    contrast: Contrast,
    parts: tuple[Replicates, Replicates | None],
    assessed: Assessed,
) -> float:
    """Return the squared error of ``contrast``, were each corpus of one token.

    Either side's part of it shrinks with that side's own text: with five times as much reference as
    candidate the error is not that of as much as the candidate has on both sides.
    """
    reference, candidate = assessed.reference, assessed.candidate
    sides = candidate, reference
    if isinstance(metric, DocumentMetric):
        looked_at = [side.profile.tokens for side in sides]
        share = 1.0
    else:
        looked_at = [int(side.sizes.sum()) for side in sides]
        if isinstance(metric, PairMetric):
            selected = reference.at_most(REFERENCE_SIZES * reference.matching.tokens)
            looked_at[1] = sum(
                int(size) for g, size in enumerate(reference.sizes) if selected >> g & 1
            )
        share = min(int(_sizes(side).sum()) / side.profile.tokens for side in sides)
    mine, theirs = parts
    if theirs is None:
        return contrast.error_of_groups**2 * min(looked_at) / share
    return (mine.variance * looked_at[0] + theirs.variance * looked_at[1]) / share


@dataclass(frozen=True, slots=True)
class Text:
    """Tokens of the smaller corpus ``now``, and the ``fewest`` of each of which none is said."""

    now: float
    fewest: float

    @classmethod
    def of(cls, assessed: Assessed) -> Self:
        """Return the text of a comparison; of documents cut at a length, less is looked at."""
        sides = assessed.reference, assessed.candidate
        seen = (usable(_sizes(side)) / side.profile.tokens for side in sides)
        return cls(float(min(side.profile.tokens for side in sides)), FEWEST_TOKENS / min(seen))


def _sizes(side: Side) -> NDArray[np.int64]:
    """Return the tokens of each group that are looked at, of the whole corpus."""
    return sizes_of(side.profile, 0, side.matching.length, side.groups)


def text_needed(view: Outlook, text: Text) -> TextNeeded | None:
    """Return what an undecided metric would have shown, and how much text would decide on it.

    None where no amount would: without any error, at a threshold itself.
    """

    def decided(tokens: float, *, enough: bool) -> float:
        shows, rules_out = view.chances(tokens)
        return shows + rules_out if enough else shows

    tokens = _least_text(decided, text)
    if tokens is None:
        return None
    smallest, unit = view.smallest_change(), view.metric.threshold_unit
    return TextNeeded(view.metric.name, smallest, unit, tokens)


def text_for_verdict(views: Sequence[Outlook], text: Text, *, blocked: bool) -> int | None:
    """Return about how many tokens of each corpus would end in a verdict, or None.

    One metric that shows a loss decides, and so do all that are decided, one way or the other;
    these as if independent, which asks for too much text rather than too little. ``blocked`` says
    that without a loss there will be no verdict; without ``views`` there never is one.
    """
    if not views:
        return None

    def decided(tokens: float, *, enough: bool) -> float:
        chances = [view.chances(tokens) for view in views]
        shows = max((chance for chance, _ in chances), default=0.0)
        every = math.prod(sum(both) for both in chances) if enough and not blocked else 0.0
        return max(shows, every)

    return _least_text(decided, text)


def _least_text(decided: Callable[..., float], text: Text) -> int | None:
    """Return the fewest tokens of each with which ``decided`` is likely; never fewer than now.

    ``decided(tokens, enough=...)`` returns a chance; ``enough`` says that ``none`` may be said.
    """

    def likely(tokens: float) -> bool:
        return decided(tokens, enough=tokens >= text.fewest) >= POWER

    low = high = text.now
    for _ in range(_DOUBLINGS):
        if likely(high):
            break
        low, high = high, 2 * high
    else:
        return None
    while high > 1.001 * low:
        middle = math.sqrt(low * high)
        low, high = (low, middle) if likely(middle) else (middle, high)
    return math.ceil(high)
