"""Planted phrases as text: what was written into many documents of a candidate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from degrade.census.kernels import ngram_hashes
from degrade.errors import ProfileError
from degrade.evidence import Place, Texts, batches, place_of
from degrade.inference.exact_levels import counted_in_full
from degrade.inference.matching import match, side
from degrade.planted import Planted, planted
from degrade.profiles import Profile
from degrade.summaries import Census, Need
from degrade.text.document import Batch
from degrade.text.layer import Layer

ORDERS = (1, 2, 3, 4)


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
    corpora are looked at whole, or where n-grams were sampled the part in which all were counted.
    Raises ProfileError where the profiles hold too few n-grams.
    """
    base = reference.plan.base
    needs = tuple(Need(Census, layer=base, n=n) for n in ORDERS)
    for profile in (reference, candidate):
        missing = [need.key for need in needs if need not in profile.levels[0]]
        if missing:
            raise ProfileError(f"a profile without {missing[0]} tells no planted phrases")
    matching = match((reference, candidate), lengths=False)
    sides = [
        side(name, profile, matching, level=0)
        for name, profile in (("the reference", reference), ("the candidate", candidate))
    ]
    views = [each.view(needs) for each in counted_in_full(needs, sides)]
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
            places[i] = _place_in(batch, found[i], layer)
        missing = {i for i in missing if places[i] is None}
        if not missing:
            break
    return places


def _place_in(batch: Batch, phrase: Planted, layer: Layer) -> Place | None:
    segments = batch.segments(layer)
    covered = np.zeros(len(segments.symbols), dtype=np.bool_)
    shown: int | None = None
    for n, hashes in phrase.members:
        every, starts = ngram_hashes(segments.symbols, segments.bounds, n)
        for at in starts[np.isin(every, np.array(sorted(hashes), dtype=np.uint64))]:
            covered[at : at + n] = True
        if n == phrase.n:
            at_shown = starts[every == np.uint64(phrase.hash)]
            shown = int(at_shown[0]) if len(at_shown) else None
    if shown is None:
        return None
    document = int(np.searchsorted(segments.bounds, shown, side="right")) - 1
    first, last = shown, shown + phrase.n - 1
    while first > segments.bounds[document] and covered[first - 1]:
        first -= 1
    while last + 1 < segments.bounds[document + 1] and covered[last + 1]:
        last += 1
    return place_of(batch, int(segments.starts[first]), int(segments.ends[last]))
