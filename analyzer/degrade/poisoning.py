"""Planted phrases as text: what was written into many documents of a candidate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from degrade.census.kernels import ngram_hashes
from degrade.errors import ProfileError
from degrade.exhibits import PlantedPhrase, PlantedPhrases
from degrade.inference.exact_levels import counted_in_full
from degrade.inference.matching import in_like_groups, match, side
from degrade.planted import ORDERS, Planted, planted
from degrade.profiles import Profile
from degrade.seeking import Place, Texts, place_of, read_through
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
    """Return the phrases of ``phrases_planted``, looked up in ``texts`` by ``layer``.

    ``texts`` gives the candidate's documents, or a sample of them; without a layer none is shown.
    """
    found = phrases_planted(reference, candidate, most)
    if layer is None or not found.listed:
        return found.shown(None)
    seeker = PhraseSeeker(found.listed, layer)
    read_through(texts, (seeker,))
    return found.shown(seeker)


@dataclass(frozen=True, slots=True)
class PhrasesPlanted:
    """The most evident of ``total`` planted phrases, to be looked up in the text.

    ``documents`` are those of reference and candidate.
    """

    listed: tuple[Planted, ...]
    total: int
    documents: tuple[int, int]

    def shown(self, seeker: PhraseSeeker | None) -> PlantedPhrases:
        """Return them with the places that ``seeker`` found."""
        places = [None] * len(self.listed) if seeker is None else seeker.places
        return PlantedPhrases(
            tuple(_shown(each, place) for each, place in zip(self.listed, places, strict=True)),
            self.total,
            *self.documents,
        )


def phrases_planted(reference: Profile, candidate: Profile, most: int = 20) -> PhrasesPlanted:
    """Return the ``most`` evident phrases planted in ``candidate``, most evident first.

    Both corpora are looked at whole, or where n-grams were sampled the part in which all were
    counted. Raises ProfileError where the profiles hold too few n-grams.
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
    mine, theirs = (int(each.profile.extent(each.level).documents.sum()) for each in sides)
    return PhrasesPlanted(tuple(found[:most]), len(found), (mine, theirs))


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


class PhraseSeeker:
    """Looks for the first place of each of ``phrases``; ``places`` holds it, or None, for each."""

    def __init__(self, phrases: Sequence[Phrase], layer: Layer) -> None:
        self.places: list[Place | None] = [None] * len(phrases)
        self._phrases, self._layer = phrases, layer

    def look(self, batch: Batch) -> bool:
        """Look through ``batch`` for what was not found yet."""
        for i, place in enumerate(self.places):
            if place is None:
                self.places[i] = place_in(batch, self._phrases[i], self._layer)
        return None in self.places


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
