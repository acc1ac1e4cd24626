"""Profiles of which a sample of n-grams was counted, as those of a census that is full."""

import copy

import numpy as np

from degrade.census.table import ALL_HASHES, Table
from degrade.inference.assess import assess, fix
from degrade.inference.exact_levels import with_exact_levels
from degrade.inference.matching import match, side, with_common_thresholds
from degrade.summaries import Census
from degrade.text.document import LEVELS

_MASK = np.uint64(ALL_HASHES - 1)
_LOW = np.uint64(10)
_FOLD = np.uint64(27)


def changed(profile, change, levels=range(LEVELS)):
    """Return ``profile`` with ``change(need, table)`` for the tables of its ``levels``."""
    made = copy.copy(profile)
    made._levels = tuple(
        {
            need: _census(need, change(need, summary.table))
            if isinstance(summary, Census) and k in levels
            else summary
            for need, summary in level.items()
        }
        for k, level in enumerate(profile.levels)
    )
    return made


def _census(need, table):
    census = Census(need)
    census._runs = [table]
    return census


def sampled(profile, share, levels=range(LEVELS), orders=(1, 2, 3, 4)):
    """Return ``profile`` with the n-grams of ``orders`` that a census of such a share keeps."""
    return changed(
        profile,
        lambda need, table: (
            table.below(round(share * ALL_HASHES)) if need["n"] in orders else table
        ),
        levels,
    )


def rehashed(profile, rng):
    """Return ``profile`` as if n-grams had other hashes: a bijection of 54 bits, drawn."""
    first, factor = (np.uint64(drawn) for drawn in rng.integers(0, ALL_HASHES, 2))

    def table_of(need, table):
        hashes, rest = table.keys >> _LOW, table.keys & np.uint64((1 << 10) - 1)
        hashes ^= first
        for odd in (factor | np.uint64(1), np.uint64(0x9E3779B97F4A7C15)):
            hashes = ((hashes ^ (hashes >> _FOLD)) * odd) & _MASK
        keys = ((hashes ^ (hashes >> _FOLD)) << _LOW) | rest
        order = np.argsort(keys)
        return Table(keys[order], table.occurrences[order], table.documents[order])

    return changed(profile, table_of)


def slid(profile, number):
    """Return ``profile`` with the ``number``-th sixteenth of all hashes in place of the first."""

    def table_of(need, table):
        keys = table.keys ^ np.uint64(number << 60)
        order = np.argsort(keys)
        return Table(keys[order], table.occurrences[order], table.documents[order])

    return changed(profile, table_of)


def sides_of(*profiles):
    """Return profiles as the sides of a run."""
    matching = match(profiles)
    return with_common_thresholds(
        [side(f"corpus {i}", each, matching) for i, each in enumerate(profiles)]
    )


def estimated(metrics, reference, candidate):
    """Return what is assessed of two profiles."""
    sides = with_exact_levels(metrics, sides_of(reference, candidate))
    return assess(metrics, *sides, fix(metrics, sides), 0.05, "heldout")
