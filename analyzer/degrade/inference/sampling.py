"""The error of figures that rest on a sample of n-grams, chosen by hash."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from degrade.census.grouped import Grouped
from degrade.census.remainder import Remainder
from degrade.census.section import Section
from degrade.errors import UndefinedMetricError
from degrade.inference.jackknife import Replicates
from degrade.summaries import Need
from degrade.view import View

SLICES = 32
"""Ranges of hashes, of one width, that are left out in turn; t of 31 degrees of freedom."""
PIECES = 8
"""Ranges of hashes that are looked at alone."""
Piece = TypeVar("Piece")


@dataclass(frozen=True, slots=True)
class Sample:
    """What tells the error of an estimate that rests on a ``share`` of all n-grams.

    ``slices`` is the estimate with each of ``SLICES`` slices of the n-grams left out; its variance
    is that of the sample about what all n-grams would give. ``pieces`` are replicates, with each
    group left out, of each of ``PIECES`` pieces of the n-grams alone; none where one has no value.
    """

    share: float
    slices: Replicates
    pieces: tuple[Replicates, ...] = ()


def counted_twice(share: float, of_groups: float, of_pieces: Sequence[float]) -> float:
    """Return the variance that the jackknife of groups and that of the sample have in common.

    What is by chance in the documents of one n-gram and not in those of another makes estimates
    vary with the documents, V_e, and so with the n-grams, (1 - share) V_e. The rest of what varies
    with documents is common to n-grams, V_c. ``of_groups`` is V_c + V_e; in one of K pieces alone
    it is V_c + K V_e, of which ``of_pieces`` are estimates. As for clusters of two kinds, where the
    variance by both at once is taken off (Cameron, Gelbach and Miller 2011, eq. 2.8).
    """
    if not of_pieces:
        return 0.0
    own = (sum(of_pieces) / len(of_pieces) - of_groups) / (len(of_pieces) - 1)
    return (1 - share) * min(max(0.0, own), of_groups)


def share_of(views: Sequence[View]) -> float:
    """Return the least share of n-grams that was counted for ``views``; 1 if all were.

    And for groups that are relabeled: tests of those hold for any n-grams that are looked at.
    """
    sections = [section for view in views for section in view.sections.values()]
    if not all(isinstance(section, Section) for section in sections):
        return 1.0
    return min((section.share for section in sections), default=1.0)


def by_slices(value: Callable[..., float], views: Sequence[View]) -> Replicates:
    """Return ``value(*views)`` with each slice of the n-grams left out of all views at once.

    Deviations are shrunk by sqrt(1 - share), so that the variance is that of the sample about what
    all n-grams would give: whether an n-gram is kept is as good as drawn on its own, and of a part
    of all that is looked at, an error is left that the rest alone makes (finite population; Cochran
    1977, eq. 2.19). An n-gram is in the same slice on both sides, so what they have in common
    cancels out as it does in the value.
    """
    whole = value(*views)
    left_out = [
        value(*(_without(view, number) for view in views)) - whole for number in range(SLICES)
    ]
    return Replicates(whole, whole + math.sqrt(1 - share_of(views)) * np.array(left_out))


def by_pieces(replicated: Callable[..., Piece], views: Sequence[View]) -> tuple[Piece, ...]:
    """Return ``replicated(*views)`` of each piece of the n-grams alone; nothing if one has none."""
    try:
        return tuple(
            replicated(*(_piece(view, number) for view in views)) for number in range(PIECES)
        )
    except UndefinedMetricError:
        return ()


def _without(view: View, number: int) -> View:
    return _changed(view, lambda section: Remainder(section, number, SLICES))


def _piece(view: View, number: int) -> View:
    return _changed(view, lambda section: section.slice(number, PIECES))


def _changed(view: View, change: Callable[[Section], Grouped]) -> View:
    sections: Mapping[Need, Grouped] = {
        need: change(section) if isinstance(section, Section) and section.share < 1 else section
        for need, section in view.sections.items()
    }
    return replace(view, sections=sections)


def said_of_share(share: float) -> str:
    """Return ``1 in 16`` for a share of n-grams that was counted, or ``23.4% of the``."""
    whole = round(1 / share)
    return f"1 in {whole:,}" if abs(share * whole - 1) < 1e-6 else f"{share:.1%} of the"
