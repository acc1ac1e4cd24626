"""What a run file itself holds of one kind of evidence: of its corpora nothing is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

from degrade.errors import UsageError
from degrade.findings import Comparison
from degrade.instances import Asked, Behind, Listing
from degrade.instances_listed import (
    bursting_listed,
    changed_listed,
    duplicates_listed,
    inherited_listed,
    loops_listed,
    planted_listed,
    words_listed,
)

Kind = Literal["lost", "gained", "inherited", "bursting", "words", "planted", "loops", "duplicates"]
_KINDS: Mapping[Kind, tuple[str, str]] = {
    "lost": ("N-grams lost", ""),
    "gained": ("N-grams gained", ""),
    "inherited": (
        "Inherited n-grams",
        "they take a candidate that others stand before, in degrade compare REFERENCE EARLIER ... "
        "CANDIDATE",
    ),
    "bursting": ("Bursting n-grams", "no n-grams were counted, or the file is too old"),
    "words": ("Key words", "they stand beside metrics of shift, such as jsd_1"),
    "planted": ("Planted phrases", "they stand beside the metric planted_phrases"),
    "loops": ("Loops", "none was found, or no metric of repetition was computed"),
    "duplicates": ("Duplicates", "none was found, or no metric of duplicates was computed"),
}
"""What each kind is called, and why a run may hold none."""
KINDS = tuple(_KINDS)


def listings_kept(comparison: Comparison, kind: Kind, asked: Asked) -> tuple[Listing, ...]:
    """Return what ``comparison`` holds of ``kind``; nothing if it holds none."""
    return _LISTED[kind](comparison, asked)


def kept(comparison: Comparison, kind: Kind, *, most: int = 20, search: str = "") -> Behind:
    """Return what ``comparison`` holds of ``kind``, only such as holds ``search``.

    Raises UsageError where it holds nothing of that kind, saying why.
    """
    title, why = _KINDS[kind]
    listings = listings_kept(comparison, kind, Asked(most, search))
    if not listings:
        raise UsageError(f"{comparison.candidate}: no {title.lower()} in this run: {why}")
    return Behind(kind, title, comparison.reference, comparison.candidate, listings)


def _names(comparison: Comparison) -> tuple[str, str]:
    return comparison.reference, comparison.candidate


def _inherited(comparison: Comparison, asked: Asked) -> tuple[Listing, ...]:
    found = comparison.evidence.inherited
    return () if found is None else (inherited_listed(_names(comparison), found, asked),)


def _bursting(comparison: Comparison, asked: Asked) -> tuple[Listing, ...]:
    found = comparison.evidence.bursting
    return () if found is None else (bursting_listed(_names(comparison), found, asked),)


def _words(comparison: Comparison, asked: Asked) -> tuple[Listing, ...]:
    found = comparison.evidence.keywords
    return () if found is None else words_listed(_names(comparison), found, asked)


def _planted(comparison: Comparison, asked: Asked) -> tuple[Listing, ...]:
    found = comparison.evidence.planted
    return () if found is None else (planted_listed(_names(comparison), found, asked),)


def _loops(comparison: Comparison, asked: Asked) -> tuple[Listing, ...]:
    both = reversed(comparison.evidence.loops)
    return tuple(loops_listed(each, asked) for each in both if each.total)


def _duplicates(comparison: Comparison, asked: Asked) -> tuple[Listing, ...]:
    both = reversed(comparison.evidence.duplicates)
    return tuple(duplicates_listed(each, asked) for each in both if each.total)


_LISTED: Mapping[Kind, Callable[[Comparison, Asked], tuple[Listing, ...]]] = {
    "lost": lambda comparison, asked: (changed_listed(comparison, "lost", None, asked),),
    "gained": lambda comparison, asked: (changed_listed(comparison, "gained", None, asked),),
    "inherited": _inherited,
    "bursting": _bursting,
    "words": _words,
    "planted": _planted,
    "loops": _loops,
    "duplicates": _duplicates,
}
