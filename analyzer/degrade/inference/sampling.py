"""The error of figures that rest on a sample of n-grams, chosen by hash."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from degrade.census.grouped import Grouped
from degrade.census.remainder import Remainder
from degrade.census.section import Section
from degrade.inference.jackknife import Replicates
from degrade.summaries import Need
from degrade.view import View

SLICES = 32
"""Ranges of hashes, of one width, that are left out in turn; t of 31 degrees of freedom."""


def by_slices(value: Callable[..., float], views: Sequence[View]) -> Replicates | None:
    """Return ``value(*views)`` with each slice of the n-grams left out of all views at once.

    Deviations are shrunk by sqrt(1 - share), so that the variance is that of the sample about what
    all n-grams would give: whether an n-gram is kept is as good as drawn on its own, and of a part
    of all that is looked at, an error is left that the rest alone makes (finite population; Cochran
    1977, eq. 2.19). An n-gram is in the same slice on both sides, so what they have in common
    cancels out as it does in the value. None where every n-gram was counted, and for groups that
    are relabeled: tests of those hold for any n-grams that are looked at.
    """
    sections = [section for view in views for section in view.sections.values()]
    share = min((section.share for section in sections), default=1.0)
    if share == 1 or not all(isinstance(section, Section) for section in sections):
        return None
    whole = value(*views)
    left_out = [
        value(*(_without(view, number) for view in views)) - whole for number in range(SLICES)
    ]
    return Replicates(whole, whole + math.sqrt(1 - share) * np.array(left_out))


def _without(view: View, number: int) -> View:
    sections: Mapping[Need, Grouped] = {
        need: Remainder(section, number, SLICES)
        if isinstance(section, Section) and section.share < 1
        else section
        for need, section in view.sections.items()
    }
    return replace(view, sections=sections)


def said_of_share(share: float) -> str:
    """Return ``1 in 16`` for a share of n-grams that was counted, or a percentage."""
    whole = round(1 / share)
    return f"1 in {whole:,}" if abs(share * whole - 1) < 1e-6 else f"{share:.1%}"
