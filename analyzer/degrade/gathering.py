"""Everything that a comparison shows for its findings: n-grams, key words, planted phrases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import cast

from degrade import planted
from degrade.census.section import Section
from degrade.errors import ProfileError
from degrade.evidence import Texts, gather
from degrade.exhibits import Evidence
from degrade.inference.exact_levels import counted_in_full
from degrade.inference.matching import Side, folded, in_like_groups
from degrade.keyness import keywords_of
from degrade.metric import Exhibit, Metric
from degrade.poisoning import planted_phrases
from degrade.profiles import Profile
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
) -> Evidence:
    """Return the n-grams that went and came, and what ``metrics`` declare to be shown for them.

    ``texts`` are the documents of both sides, to look things up in by ``layer``; None for those
    that the profile sampled. Where a sample of n-grams was counted, key words and planted phrases
    are those of parts of the corpora in which all were, and missing where there are no such parts.
    """
    reference, candidate = (each.profile for each in sides)
    looks = tuple(look or _sampled(each.profile) for look, each in zip(texts, sides, strict=True))
    look_up = looks[0], looks[1]
    found = _ngrams(sides, look_up, layer)
    shown = {metric.exhibit for metric in metrics if _at_hand(metric.exhibit, reference)}
    if "key words" in shown:
        words = Need(Census, layer=reference.plan.base, n=1)
        with suppress(ProfileError):
            mine, theirs = counted_in_full([words], sides)
            found = replace(found, keywords=keywords_of((mine, theirs), words, look_up, layer))
    if "planted phrases" in shown:
        with suppress(ProfileError):
            phrases = planted_phrases(reference, candidate, look_up[1], layer)
            found = replace(found, planted=phrases)
    return found


def _at_hand(exhibit: Exhibit, profile: Profile) -> bool:
    orders = EXHIBIT_ORDERS.get(exhibit, ())
    return len(_held(profile, orders)) == len(orders)


def kept_orders(profile: Profile) -> list[Need]:
    """Return the censuses of words that evidence and survival read, as far as they were kept."""
    return _held(profile, EVIDENCE_ORDERS)


def _held(profile: Profile, orders: Sequence[int]) -> list[Need]:
    needs = (Need(Census, layer=profile.plan.base, n=n) for n in orders)
    return [need for need in needs if need in profile.levels[0]]


def _ngrams(sides: tuple[Side, Side], texts: tuple[Texts, Texts], layer: Layer | None) -> Evidence:
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
    return gather(pairs, (documents[0], documents[1]), texts, layer)


def _sampled(profile: Profile) -> Texts:
    """Return where to look n-grams up where a corpus cannot be read: its profile's sample."""
    return lambda: (Document(kept.text, id=kept.id) for kept in profile.sample)
