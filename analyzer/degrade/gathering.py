"""Everything that a comparison shows for its findings: n-grams, words, phrases, repetitions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import cast

from degrade import planted
from degrade.bursting import BurstSeeker, bursting_ngrams
from degrade.census.section import Section
from degrade.errors import ProfileError
from degrade.evidence import Changed, changed_ngrams
from degrade.exhibits import Evidence
from degrade.inference.exact_levels import counted_in_full
from degrade.inference.matching import Side, folded, in_like_groups
from degrade.inheritance import Inheritance
from degrade.keyness import key_words
from degrade.metric import Exhibit, Metric
from degrade.poisoning import PhraseSeeker, phrases_planted
from degrade.profiles import Profile
from degrade.repetitions import MOST_READ, Repetitions
from degrade.seeking import Ngrams, NgramSeeker, Seeker, Texts, read_through
from degrade.summaries import Census, Need
from degrade.text.document import Document
from degrade.text.layer import Layer

EVIDENCE_ORDERS = (1, 2, 3)
EXHIBIT_ORDERS: Mapping[Exhibit, tuple[int, ...]] = {
    "key words": (1,),
    "planted phrases": planted.ORDERS,
}
"""Orders of the censuses of words that are looked at for what metrics declare to be shown."""


def evidence_of(
    metrics: Sequence[Metric],
    sides: tuple[Side, Side],
    texts: tuple[Texts | None, Texts | None],
    layer: Layer | None,
    repetitions: Repetitions,
    inheritance: Inheritance,
) -> Evidence:
    """Return the n-grams that went and came, and what ``metrics`` declare to be shown for them.

    ``texts`` are the documents of both sides, to look things up in by ``layer``; None for those
    that the profile sampled. ``repetitions`` are those of all corpora of a run, ``inheritance`` is
    that of the candidates so far, in their order. Where a sample of
    n-grams was counted, key words and planted phrases are those of parts of the corpora in which
    all were, and missing where there are no such parts.
    """
    reference, candidate = (each.profile for each in sides)
    shown = {metric.exhibit for metric in metrics if _at_hand(metric.exhibit, reference)}
    pairs, changed = _changed(sides)
    bursting = bursting_ngrams(pairs, changed) if pairs else None
    heirs = inheritance.of(sides[1].name, pairs, changed)
    words = phrases = None
    if "key words" in shown:
        need = Need(Census, layer=reference.plan.base, n=1)
        with suppress(ProfileError):
            mine, theirs = counted_in_full([need], sides)
            words = key_words((mine, theirs), need)
    if "planted phrases" in shown:
        with suppress(ProfileError):
            phrases = phrases_planted(reference, candidate)
    wanted = [
        changed.wanted,
        words.wanted if words else ({}, {}),
        ({}, heirs.wanted if heirs else {}),
    ]
    ngrams = [_ngram_seeker([each[i] for each in wanted], layer) for i in (0, 1)]
    placed = PhraseSeeker(phrases.listed, layer) if phrases and phrases.listed and layer else None
    burst = None
    if bursting and bursting.top and layer:
        burst = BurstSeeker([key for key, _ in bursting.top], layer)
    for i, side in enumerate(sides):
        seekers = (ngrams[i], placed, burst) if i else (ngrams[i],)
        _look([each for each in seekers if each], side, texts[i], repetitions)
    places = tuple(each.places if each else {} for each in ngrams)
    names = [side.name for side in sides]
    return replace(
        changed.shown((places[0], places[1])),
        keywords=words.shown((places[0], places[1])) if words else None,
        planted=phrases.shown(placed) if phrases else None,
        loops=repetitions.loops(names),
        duplicates=repetitions.duplicates(names),
        bursting=bursting.shown(burst) if bursting else None,
        inherited=heirs.shown(places[1]) if heirs else None,
    )


def _ngram_seeker(wanted: Sequence[Ngrams], layer: Layer | None) -> NgramSeeker | None:
    every: dict[int, set[int]] = {}
    for each in wanted:
        for n, hashes in each.items():
            every.setdefault(n, set()).update(hashes)
    return NgramSeeker(every, layer) if layer is not None and any(every.values()) else None


def _look(seekers: list[Seeker], side: Side, texts: Texts | None, repetitions: Repetitions) -> None:
    """Look for everything in one pass, for repetitions of a large corpus in its sample."""
    profile = side.profile
    whole = texts is not None and profile.characters <= MOST_READ
    sampled = not whole and _is_part(profile)
    repeated = repetitions.seekers(side.name, profile, sampled=sampled)
    if whole or texts is None:
        read_through(texts or _sampled(profile), [*seekers, *repeated])
    else:
        read_through(texts, seekers)
        read_through(_sampled(profile), repeated)


def _is_part(profile: Profile) -> bool:
    """Return whether the documents that a profile keeps are less than all of the text."""
    return sum(len(kept.text) for kept in profile.sample) < profile.characters


def _at_hand(exhibit: Exhibit, profile: Profile) -> bool:
    orders = EXHIBIT_ORDERS.get(exhibit, ())
    return len(_held(profile, orders)) == len(orders)


def kept_orders(profile: Profile) -> list[Need]:
    """Return the censuses of words that evidence and survival read, as far as they were kept."""
    return _held(profile, EVIDENCE_ORDERS)


def _held(profile: Profile, orders: Sequence[int]) -> list[Need]:
    needs = (Need(Census, layer=profile.plan.base, n=n) for n in orders)
    return [need for need in needs if need in profile.levels[0]]


def _changed(sides: tuple[Side, Side]) -> tuple[dict[int, tuple[Section, Section]], Changed]:
    """Return the sections of both sides by order, and what changed between them."""
    reference, candidate = in_like_groups(sides)
    pairs = {
        int(need["n"]): (
            cast(Section, reference.section(need)),
            cast(Section, candidate.section(need)),
        )
        for need in kept_orders(reference.profile)
    }
    documents = tuple(
        folded(each.profile.extent(each.level).documents, each.groups)
        for each in (reference, candidate)
    )
    return pairs, changed_ngrams(pairs, (documents[0], documents[1]))


def _sampled(profile: Profile) -> Texts:
    """Return where to look n-grams up where a corpus cannot be read: its profile's sample."""
    return lambda: (Document(kept.text, id=kept.id) for kept in profile.sample)
