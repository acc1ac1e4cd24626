"""Planted phrases as text: what was written into many documents of a candidate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from degrade.census.kernels import ngram_hashes
from degrade.errors import ProfileError
from degrade.evidence import Place, Texts, batches, place_of
from degrade.inference.matching import match, side
from degrade.planted import Planted, planted
from degrade.profiles import Profile
from degrade.summaries import Census, Need
from degrade.text.document import Batch
from degrade.text.layer import Layer

ORDERS = (1, 2, 3, 4)


class Phrase(Protocol):
    """A phrase by its n-grams: all of them by order, and the one that it is found by."""

    @property
    def n(self) -> int:
        """Order of the one that it is found by."""
        ...

    @property
    def hash(self) -> int:
        """Hash of the one that it is found by."""
        ...

    @property
    def members(self) -> tuple[tuple[int, frozenset[int]], ...]:
        """Hashes of all its n-grams, by order."""
        ...


@dataclass(frozen=True, slots=True)
class PlantedPhrase:
    """A planted phrase, with a place where it stands.

    ``text`` is as much of it as its n-grams cover there, ``context`` text around it with the phrase
    at ``context[start:end]``; None where no document at hand shows it. The other numbers are those
    of ``degrade.planted.Planted``.
    """

    documents: int
    groups: int
    constancy: float
    evidence: float
    p: float
    p_adjusted: float
    text: str | None = None
    context: str | None = None
    start: int = 0
    end: int = 0
    document: str | None = None


def planted_phrases(
    reference: Profile, candidate: Profile, texts: Texts, layer: Layer, most: int = 20
) -> tuple[PlantedPhrase, ...]:
    """Return the ``most`` evident phrases planted in ``candidate``, most evident first.

    ``texts`` gives the candidate's documents, or a sample of them, to look phrases up in. Both
    corpora are looked at whole. Raises ProfileError where the profiles hold too few n-grams.
    """
    base = reference.plan.base
    needs = tuple(Need(Census, layer=base, n=n) for n in ORDERS)
    for profile in (reference, candidate):
        missing = [need.key for need in needs if need not in profile.levels[0]]
        if missing:
            raise ProfileError(f"a profile without {missing[0]} tells no planted phrases")
    matching = match((reference, candidate), lengths=False)
    views = [side("", profile, matching, level=0).view(needs) for profile in (reference, candidate)]
    found = planted(views[0], views[1], needs)[:most]
    places = _places(found, texts, layer)
    return tuple(_shown(each, place) for each, place in zip(found, places, strict=True))


def _shown(found: Planted, place: Place | None) -> PlantedPhrase:
    numbers = (
        found.documents,
        found.groups,
        found.constancy,
        found.evidence,
        found.p,
        found.p_adjusted,
    )
    if place is None:
        return PlantedPhrase(*numbers)
    end = place.start + len(place.text)
    return PlantedPhrase(*numbers, place.text, place.context, place.start, end, place.document)


def _places(found: Sequence[Planted], texts: Texts, layer: Layer) -> list[Place | None]:
    """Return the first place of each phrase, reading no further than it takes."""
    places: list[Place | None] = [None] * len(found)
    missing = set(range(len(found)))
    for batch in batches(texts()) if found else ():
        for i in sorted(missing):
            places[i] = place_in(batch, found[i], layer)
        missing = {i for i in missing if places[i] is None}
        if not missing:
            break
    return places


def place_in(
    batch: Batch, phrase: Phrase, layer: Layer, inside: NDArray[np.bool_] | None = None
) -> Place | None:
    """Return the first place of ``phrase``, as much as its n-grams cover, or None.

    With ``inside``, (documents,), only in these documents.
    """
    segments = batch.segments(layer)
    covered = np.zeros(len(segments.symbols), dtype=np.bool_)
    found = np.empty(0, dtype=np.int64)
    for n, hashes in phrase.members:
        every, starts = ngram_hashes(segments.symbols, segments.bounds, n)
        for at in starts[np.isin(every, np.array(sorted(hashes), dtype=np.uint64))]:
            covered[at : at + n] = True
        if n == phrase.n:
            found = starts[every == np.uint64(phrase.hash)]
    documents = np.searchsorted(segments.bounds, found, side="right") - 1
    if inside is not None:
        found, documents = found[inside[documents]], documents[inside[documents]]
    if not len(found):
        return None
    document, first, last = int(documents[0]), int(found[0]), int(found[0]) + phrase.n - 1
    while first > segments.bounds[document] and covered[first - 1]:
        first -= 1
    while last + 1 < segments.bounds[document + 1] and covered[last + 1]:
        last += 1
    return place_of(batch, int(segments.starts[first]), int(segments.ends[last]))
