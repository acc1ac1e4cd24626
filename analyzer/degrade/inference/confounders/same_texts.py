"""Texts that a corpus holds more than once, or shares with the other; a reference seen before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from degrade.findings import Caution, Setting
from degrade.inference.assess import Assessed
from degrade.inference.matching import Side
from degrade.record import Role
from degrade.summaries.contents import Overlap

REPEATS_SCATTERED = 0.01
"""Share of the text in documents that repeat one of another group, from which it is told.

Measured on 1,200 passages a side of the same books: where 1% of the reference is such repeats, loss
of once-seen triples reads 16 points instead of 0, at 2% 27 and the level is minor; where 1% of the
candidate is, documents share four-word phrases 1.4 times as often, at 2% 1.9 times.
"""
REPEATS_TOGETHER = 0.05
"""The same where repeats stay in one group, as those without an id do.

Measured on the same: 5% of the reference hide 3 points of lost types and 4 of rare loss, 5% of the
candidate add as much.
"""
OVERLAP = 0.01
"""Share of the smaller corpus's text that is also in the other, from which it is told.

Measured: where a candidate that lost 21% of the once-seen triples has 1% of its text from the
reference, it seems to have lost 11%, with 2% nothing.
"""


def documents_repeat(side: Side, role: Role) -> Caution | None:
    """Return the warning that documents of a corpus repeat one another, if too many do."""
    found = side.profile.contents.repeats()
    scattered = found.scattered >= REPEATS_SCATTERED
    if not scattered and found.of_text < REPEATS_TOGETHER:
        return None
    repeats = found.documents - found.distinct
    counted = f"{repeats:,} of {found.documents:,} documents of {side.name}"
    if not found.exact:
        counted = f"By a sample of texts, about {found.share:.1%} of the documents of {side.name}"
    if role == "candidate":
        told = (
            "That is a loss of variety, and counts as such. If it comes from how the corpus was "
            f"put together and not from its model, take the repeats out of {side.name} and compare "
            "again."
        )
        if not scattered:
            told += (
                " Repeats of one id or cluster count as one document of that many words; if each "
                "was generated on its own, give them ids (--id-field)."
            )
    elif scattered:
        told = (
            "N-grams that are rare but for the repeats seem to come back in fresh text, so rare "
            "n-gram loss looks larger than it is, and other losses smaller. Take the repeats out "
            f"of {side.name} and compare again."
        )
    else:
        told = (
            "That leaves it fewer words and phrases in as much text, so losses look smaller than "
            f"they are. Take the repeats out of {side.name} and compare again."
        )
    return Caution(
        "documents-repeat",
        f"{counted} only repeat the text of another ({found.of_text:.1%} of the text). {told}",
        {
            "corpus": side.name,
            "role": role,
            "documents": found.documents,
            "repeats": repeats,
            "share": round(found.share, 4),
            "text_share": round(found.of_text, 4),
            "scattered_text_share": round(found.scattered, 4),
            "exact": found.exact,
        },
    )


def seen_or_shared(
    reference: Side, candidates: Sequence[Side], assessed: Sequence[Assessed], asked_role: str
) -> Iterator[Caution]:
    """Yield the warnings of a reference that candidates have seen or hold in part.

    Where the role of the reference is training data, one warning has that code: of the first
    candidate that shares no documents with it, or else of the first that does, which explains it.
    """
    shared = {each.name: _overlap(reference, each) for each in candidates}
    seen = [one.candidate.name for one in assessed if one.role == "training"]
    told = next((name for name in seen if shared[name] is None), seen[0] if seen else None)
    for each in candidates:
        overlap = shared[each.name]
        if each.name == told:
            yield _training(reference, each, asked_role, overlap)
        elif overlap is not None:
            yield Caution(
                "corpora-overlap",
                f"{_in_common(reference, each, overlap)}. What they share can show no loss, so "
                f"losses look smaller than they are. {_advice(each, overlap)}",
                {"candidate": each.name, **_numbers(overlap)},
            )


def _advice(candidate: Side, overlap: Overlap) -> str:
    """Return what to do: a corpus that is wholly in the other leaves nothing to compare."""
    other = f"compare with text that is not in {candidate.name}."
    if overlap.share == 1:
        return f"C{other[1:]}"
    return f"Take out of one corpus what is in both, or {other}"


def _overlap(reference: Side, candidate: Side) -> Overlap | None:
    """Return what the smaller corpus shares with the other, None if too little to be told."""
    smaller, larger = _by_size(reference, candidate)
    overlap = smaller.profile.contents.shared_with(larger.profile.contents)
    return overlap if overlap.of_text >= OVERLAP else None


def in_common(reference: Side, candidate: Side) -> str | None:
    """Return which documents both corpora have, None where these are too few to be told."""
    overlap = _overlap(reference, candidate)
    return None if overlap is None else _in_common(reference, candidate, overlap)


def same_documents(reference: Side, candidate: Side) -> bool:
    """Return whether both corpora hold the same documents and no others."""
    one, other = reference.profile.contents, candidate.profile.contents
    return (
        (one.exact and other.exact and bool(len(one.hashes)))
        and np.array_equal(one.hashes, other.hashes)
        and np.array_equal(one.documents, other.documents)
    )


def _by_size(reference: Side, candidate: Side) -> tuple[Side, Side]:
    if reference.profile.documents < candidate.profile.documents:
        return reference, candidate
    return candidate, reference


def _in_common(reference: Side, candidate: Side, overlap: Overlap) -> str:
    smaller, larger = _by_size(reference, candidate)
    if overlap.exact and overlap.share == 1:
        if smaller.profile.documents == larger.profile.documents:
            return f"{candidate.name} and {reference.name} are the same documents"
        return f"All {overlap.documents:,} documents of {smaller.name} are also in {larger.name}"
    counted = f"{overlap.common:,} of {overlap.documents:,} documents of {smaller.name}"
    if not overlap.exact:
        counted += ", in a sample by text,"
    return f"{counted} are also in {larger.name} ({overlap.of_text:.1%} of its text)"


def _numbers(overlap: Overlap) -> dict[str, Setting]:
    return {
        "documents": overlap.documents,
        "common": overlap.common,
        "share": round(overlap.share, 4),
        "text_share": round(overlap.of_text, 4),
        "exact": overlap.exact,
    }


def _training(
    reference: Side, candidate: Side, asked_role: str, overlap: Overlap | None
) -> Caution:
    data: dict[str, Setting] = {"reference": reference.name, "candidate": candidate.name}
    left_out = "so rare n-gram loss is left out of the verdict"
    if overlap is not None:
        cause = "overlap"
        told = (
            f"{_in_common(reference, candidate, overlap)}. What they share can show no loss, and "
            f"makes rare words and phrases come back as if {candidate.name} had been trained on "
            f"{reference.name}, {left_out}. {_advice(candidate, overlap)}"
        )
        data |= {"cause": cause, **_numbers(overlap)}
        if asked_role != "auto":
            told = f"{reference.name} was given as training data. {told}"
    else:
        cause = "memorised" if asked_role == "auto" else "given"
        how = (
            f"{candidate.name} repeats rare words and phrases of {reference.name} far more often "
            f"than fresh text would: its model has seen {reference.name}"
            if asked_role == "auto"
            else f"{reference.name} was given as training data"
        )
        told = (
            f"{how}. What it memorised looks like no loss, {left_out}. Hold out a part of the "
            "human text from training and compare with that."
        )
        data["cause"] = cause
    return Caution("reference-is-training-data", told, data)
