"""Which pictures a run has, and why it has no others."""

from __future__ import annotations

import re
from dataclasses import dataclass

from degrade.record import Record
from degrade.report.pictures.curves import growth_of, ranks_of
from degrade.report.pictures.forest import forest_of
from degrade.report.pictures.model import Drawable, Forest, Picture
from degrade.report.pictures.spectra import histograms_of, rarity_of, repetition_of
from degrade.report.pictures.trends import trends_of

NAMES = (
    "trend", "forest", "rank-frequency", "vocabulary-growth", "loss-by-rarity", "repetition",
    "histograms",
)  # fmt: skip
"""Of all charts that a run can have; with several candidates, forests are numbered."""


def may_be(name: str) -> bool:
    """Return whether some run has a chart ``name``."""
    return name in NAMES or re.fullmatch(r"forest-[1-9]\d*", name) is not None


@dataclass(frozen=True, slots=True)
class Pictures:
    """The pictures of a run; ``forests`` has one a comparison, None where it has no changes.

    ``missing`` says which pictures the run file has no numbers for, and why.
    """

    trend: Picture | None
    forests: tuple[Forest | None, ...]
    shapes: tuple[Picture, ...]
    missing: tuple[str, ...]

    def named(self) -> dict[str, Drawable]:
        """Return all pictures by the name of their file."""
        every = (self.trend, *self.forests, *self.shapes)
        return {each.key: each for each in every if each is not None}


def pictures_of(record: Record) -> Pictures:
    """Return the pictures of ``record``, in the order in which they are read."""
    several = len(record.comparisons) > 1
    forests = tuple(
        forest_of(comparison, f"forest-{i}" if several else "forest")
        for i, comparison in enumerate(record.comparisons, 1)
    )
    shapes = {
        "curves of rank and frequency": ranks_of(record),
        "growth of the vocabulary": growth_of(record),
        "loss by rarity": rarity_of(record),
        "repetition by length": repetition_of(record),
        "histograms of passages": histograms_of(record),
    }
    return Pictures(
        trends_of(record),
        forests,
        tuple(each for each in shapes.values() if each is not None),
        tuple(f"No {name}: {_why(name, record)}." for name, each in shapes.items() if each is None),
    )


def _why(name: str, record: Record) -> str:
    if name.startswith(("curves", "growth")):
        if record.curves is None:
            return "this run file was written before they were kept; compare again"
        return "no corpus had the counts of all its n-grams" if name.startswith("curves") else (
            "n-grams of words were not counted"
        )  # fmt: skip
    asked = {"loss": "rare n-gram loss", "repetition": "repetition", "histograms": "predictability"}
    return f'compare with --metrics "default,{asked[name.partition(" ")[0]]}"'
