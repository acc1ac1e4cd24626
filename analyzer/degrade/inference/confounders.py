"""Reasons to read a run with care, with their numbers."""

from __future__ import annotations

from collections.abc import Sequence

from degrade.findings import FEWEST_TOKENS, Caution, Comparison
from degrade.inference.assess import Assessed
from degrade.inference.matching import LENGTHS_DIFFER, TESTED_GROUPS, Side, mean_length

_SIZES_DIFFER = 16
_OVERLAP = 0.01


def confounders(
    sides: Sequence[Side],
    comparisons: Sequence[Comparison],
    assessed: Sequence[Assessed],
    asked_role: str,
) -> tuple[Caution, ...]:
    """Return the warnings of a run; the first of ``sides`` is the reference."""
    reference, *candidates = sides
    found: list[Caution] = []
    for one in assessed:
        if one.role == "training":
            found.append(_training(reference.name, one.candidate.name, asked_role))
            break
    found += [warning for each in candidates for warning in _pair(reference, each)]
    found += _too_little(reference, comparisons)
    for comparison in comparisons:
        unknown = comparison.verdict.not_computable
        notes = {f.metric: f.note for f in comparison.findings}
        found += [
            Caution(
                "not-computable",
                f"{name} could not be computed for {comparison.candidate}: {notes[name]}.",
                {"metric": name, "candidate": comparison.candidate},
            )
            for name in unknown
        ]
    for each in sides:
        skipped = sum(each.profile.skipped.values())
        if skipped:
            found.append(
                Caution(
                    "input-skipped",
                    f"{skipped:,} records of {each.name} were skipped and are in no figure.",
                    {"corpus": each.name, **dict(sorted(each.profile.skipped.items()))},
                )
            )
    return tuple(found)


def _training(reference: str, candidate: str, asked_role: str) -> Caution:
    how = (
        f"{candidate} repeats rare words and phrases of {reference} far more often than fresh text "
        f"would: its model has seen {reference}"
        if asked_role == "auto"
        else f"{reference} was given as training data"
    )
    return Caution(
        "reference-is-training-data",
        f"{how}. What it memorised looks like no loss, so rare n-gram loss is left out of the "
        "verdict. Hold out a part of the human text from training and compare with that.",
        {"reference": reference, "candidate": candidate},
    )


def _pair(reference: Side, candidate: Side) -> list[Caution]:
    found = []
    lengths = mean_length(reference.profile), mean_length(candidate.profile)
    if max(lengths) > (1 + LENGTHS_DIFFER) * min(lengths):
        length = candidate.matching.length
        found.append(
            Caution(
                "lengths-differ",
                f"Documents of {candidate.name} are {lengths[1]:,.0f} words long on average, those "
                f"of {reference.name} {lengths[0]:,.0f}; n-grams are compared in the first "
                f"{length} words of each document.",
                {
                    "candidate": candidate.name,
                    "reference_mean": round(lengths[0], 2),
                    "candidate_mean": round(lengths[1], 2),
                    "matched_length": length,
                },
            )
        )
    tokens = reference.profile.tokens, candidate.profile.tokens
    ratio = max(tokens) / min(tokens)
    if ratio > _SIZES_DIFFER:
        found.append(
            Caution(
                "sizes-differ",
                f"{candidate.name} and {reference.name} differ {ratio:,.0f} times in size; the "
                "larger is seen through a sample of its documents of the smaller one's size.",
                {"candidate": candidate.name, "ratio": round(ratio, 2)},
            )
        )
    overlap = _overlap(reference, candidate)
    if overlap > _OVERLAP:
        same = "the same" if overlap == 1 else f"in common to {overlap:.0%}"
        found.append(
            Caution(
                "corpora-overlap",
                f"Documents of {candidate.name} and {reference.name} are {same}: what they share "
                "can show no loss.",
                {"candidate": candidate.name, "share": round(overlap, 4)},
            )
        )
    return found


def _overlap(reference: Side, candidate: Side) -> float:
    """Return the share of sampled documents, by content, that both samples hold."""
    mine, theirs = (
        {(kept.hash, kept.content) for kept in each.profile.sample}
        for each in (reference, candidate)
    )
    if not mine or not theirs:
        return 0.0
    # Both keep the smallest hashes, so they can be compared up to the smaller of their largest.
    bound = min(max(mine), max(theirs))
    mine = {key for key in mine if key <= bound}
    theirs = {key for key in theirs if key <= bound}
    return len(mine & theirs) / min(len(mine), len(theirs))


def _too_little(reference: Side, comparisons: Sequence[Comparison]) -> list[Caution]:
    matching = reference.matching
    if matching.groups < TESTED_GROUPS:
        return [
            Caution(
                "too-little-text",
                f"There are too few independent documents for a test (fewer than "
                f"{5 * TESTED_GROUPS} in the smallest corpus): effects are shown without errors.",
                {"groups": matching.groups},
            )
        ]
    if matching.tokens < FEWEST_TOKENS and comparisons:
        return [
            Caution(
                "too-little-text",
                f"Only {matching.tokens:,.0f} words could be matched; below {FEWEST_TOKENS:,} the "
                "absence of a loss is not claimed.",
                {"matched_tokens": int(matching.tokens)},
            )
        ]
    return []
