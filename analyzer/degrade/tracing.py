"""All there is to say of where a text comes from, each corpus read once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from degrade.api import profile
from degrade.corpora import PROFILE_SUFFIX
from degrade.errors import ProfileError, UndefinedMetricError, UsageError
from degrade.origins import Looked, Part, Provenance
from degrade.profiles import Profile
from degrade.provenance import DOCUMENTS, excess_words, inherited_phrases, machine_share


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
    plan = read["text"].plan
    return Provenance(looked, dict(plan.versions)[plan.base], share, excess, inherited)


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
