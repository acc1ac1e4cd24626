"""All there is to say of where a text comes from, each corpus read once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

from degrade.api import profile
from degrade.corpora import PROFILE_SUFFIX
from degrade.errors import ProfileError, UndefinedMetricError, UsageError
from degrade.findings import Caution
from degrade.profiles import Profile
from degrade.provenance import DOCUMENTS, excess_words, inherited_phrases, machine_share
from degrade.traces import Looked, Part, Provenance

SHARED = 0.1
"""Share of the smaller of two corpora's text that is in the other too, from which it is told.

Measured on mixtures with a third of generated passages: the share comes out .008 to .011 too low
with 7% of the text in the human reference, .05 to .065 with 67%, and .046 to .052 too high with 33%
in the machine reference.
"""


def trace(
    text: str,
    human: Sequence[str],
    machine: Sequence[str],
    teacher: Sequence[str] = (),
    **options: Any,
) -> Provenance:
    """Return how much of ``text`` is a machine's and what it took over.

    Corpora are paths; of several for one reference, the documents are taken together. ``options``
    are those of ``degrade.profile``. Raises UsageError without a reference, UndefinedMetricError,
    with the documents there are, where there is too little text, and ProfileError where profiles do
    not fit one another or keep no documents.
    """
    given: dict[Part, Sequence[str]] = {"text": [text], "human": human, "machine": machine}
    for part, paths in given.items():
        if not paths:
            raise UsageError(f"no {part} reference to tell the text by; name one")
    if teacher:
        given["teacher"] = teacher
    read = {part: _together(paths, options) for part, paths in given.items()}
    looked = tuple(_looked(part, paths, read[part]) for part, paths in given.items())
    for each in looked:
        if not each.at_hand:
            raise ProfileError(
                f"{each.name}: the profile keeps no documents to look at; make it without --no-text"
            )
    try:
        share = machine_share(read["text"], read["human"], read["machine"])
        excess = excess_words(read["text"], read["human"])
    except UndefinedMetricError as error:
        sizes = ", ".join(f"{each.part} {each.at_hand:,}" for each in looked)
        raise UndefinedMetricError(f"{error} (documents: {sizes})") from error
    inherited = None
    if teacher:
        inherited = inherited_phrases(read["text"], read["human"], read["teacher"])
    share = replace(share, warnings=(*share.warnings, *_overlaps(looked, read)))
    plan = read["text"].plan
    return Provenance(looked, dict(plan.versions)[plan.base], share, excess, inherited)


def _overlaps(looked: Sequence[Looked], read: Mapping[Part, Profile]) -> Iterator[Caution]:
    """Yield the warnings of documents that two of text, human and machine reference share."""
    three = [each for each in looked if each.part != "teacher"]
    for one, other in combinations(three, 2):
        pair = sorted((read[one.part], read[other.part]), key=lambda each: each.documents)
        overlap = pair[0].contents.shared_with(pair[1].contents)
        if overlap.of_text >= SHARED:
            yield Caution(
                "corpora-overlap",
                f"{overlap.common:,} documents stand in {one.name} ({one.part}) and in "
                f"{other.name} ({other.part}): what a reference holds is told by heart. Take them "
                "out of one of the two.",
                {"one": one.part, "other": other.part, "common": overlap.common,
                 "text_share": round(overlap.of_text, 4)},
            )  # fmt: skip


def _together(paths: Sequence[str], options: dict[str, Any]) -> Profile:
    """Return one profile of the documents of all ``paths``, with enough of them at hand."""
    settings = {"metrics": (), "sampled_documents": DOCUMENTS, **options}
    whole, *others = (profile(path, **settings) for path in paths)
    for path, other in zip(paths[1:], others, strict=True):
        try:
            whole.merge(other)
        except ProfileError as error:
            raise ProfileError(f"{paths[0]} and {path}: {error}") from error
    return whole


def _looked(part: Part, paths: Sequence[str], read: Profile) -> Looked:
    names = [path.removesuffix(PROFILE_SUFFIX) for path in paths]
    return Looked(
        ", ".join(names),
        part,
        read.documents,
        len(read.sample),
        read.tokens,
        dict(sorted(read.skipped.items())),
    )
