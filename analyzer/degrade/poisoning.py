"""Planted phrases as text: what was written into many documents of a candidate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from degrade.census.kernels import ngram_hashes
from degrade.errors import ProfileError
from degrade.evidence import Place, Texts, batches, place_of
from degrade.exhibits import PlantedPhrase, PlantedPhrases
from degrade.inference.exact_levels import counted_in_full
from degrade.inference.matching import in_like_groups, match, side
from degrade.planted import ORDERS, Planted, planted
from degrade.profiles import Profile
from degrade.summaries import Census, Need
from degrade.text.document import Batch
from degrade.text.layer import Layer


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


def planted_phrases(
    reference: Profile, candidate: Profile, texts: Texts, layer: Layer | None, most: int = 20
) -> PlantedPhrases:
    """Return the ``most`` evident phrases planted in ``candidate``, most evident first.

    ``texts`` gives the candidate's documents, or a sample of them, to look phrases up in by
    ``layer``; without that none is shown. Both corpora are looked at whole, or where n-grams were
    sampled the part in which all were counted. Raises ProfileError where the profiles hold too few
    n-grams.
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
    sides = in_like_groups(counted_in_full(needs, sides))
    views = [each.view(needs) for each in sides]
    found = planted(views[0], views[1], needs)
    listed = found[:most]
    places = _places(listed, texts, layer) if layer is not None else [None] * len(listed)
    documents = [each.profile.extent(each.level).documents.sum() for each in sides]
    return PlantedPhrases(
        tuple(_shown(each, place) for each, place in zip(listed, places, strict=True)),
        len(found),
        int(documents[0]),
        int(documents[1]),
    )


def _shown(found: Planted, place: Place | None) -> PlantedPhrase:
    phrase = PlantedPhrase(
        text=None,
        n=found.n,
        reference_count=0,
        candidate_count=found.documents,
        groups=found.groups,
        constancy=found.constancy,
        evidence=found.evidence,
        p=found.p,
        p_adjusted=found.p_adjusted,
    )
    if place is None:
        return phrase
    return replace(
        phrase,
        text=place.text,
        context=place.context,
        start=place.start,
        end=place.start + len(place.text),
        document=place.document,
    )


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
