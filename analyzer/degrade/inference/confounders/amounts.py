"""Corpora that differ in size, in length of documents or in clusters, or hold too little."""

from __future__ import annotations

from collections.abc import Sequence

from degrade.census.table import ALL_HASHES
from degrade.findings import FEWEST_TOKENS, Caution
from degrade.inference.independence import FEWEST_CLUSTERS, too_few
from degrade.inference.matching import LENGTHS_DIFFER, Side, mean_length, sizes_of, usable

SIZES_DIFFER = 16
LISTED_ORDER = 3
"""Longest n-grams of lists."""
CLUSTER_SIZES_DIFFER = 2.0
"""Ratio of mean documents per cluster from which it is told.

Measured on paragraphs of presidential addresses, clustered by address: with 5 a cluster against 20,
the candidate seems to have lost 5% of the once-seen words and 6% of the triples (means of four
draws, each within its interval), with 5 against 60 13 and 15%; with 10 against 15 or 20 nothing
moves.
"""


def lengths_differ(reference: Side, candidate: Side) -> Caution | None:
    """Return the warning that documents differ in length, if they do."""
    lengths = mean_length(reference.profile), mean_length(candidate.profile)
    if max(lengths) <= (1 + LENGTHS_DIFFER) * min(lengths):
        return None
    length = candidate.matching.length
    return Caution(
        "lengths-differ",
        f"Documents of {candidate.name} are {lengths[1]:,.0f} words long on average, those of "
        f"{reference.name} {lengths[0]:,.0f}; n-grams are compared in the first {length} words of "
        "each document.",
        {
            "candidate": candidate.name,
            "reference_mean": round(lengths[0], 2),
            "candidate_mean": round(lengths[1], 2),
            "matched_length": length,
        },
    )


def cluster_sizes_differ(reference: Side, candidate: Side) -> Caution | None:
    """Return the warning that clusters hold more documents on one side, if they do.

    Without given clusters, every document is one of its own.
    """
    given = reference.profile.clusters.mean_given(), candidate.profile.clusters.mean_given()
    means = [1.0 if mean is None else mean for mean in given]
    if max(means) < CLUSTER_SIZES_DIFFER * min(means):
        return None
    fuller, other = (reference, candidate) if means[0] > means[1] else (candidate, reference)
    if None in given:
        said = (
            f"Documents of {fuller.name} come in clusters of {max(means):.1f} on average, those of "
            f"{other.name} were given none. If they belong together too (an author, a prompt), "
            "their intervals are too narrow. Name their clusters (--cluster-field)."
        )
    else:
        seems = (
            f"{candidate.name} can seem to have lost rare n-grams for that reason alone"
            if fuller is candidate
            else f"losses of {candidate.name} can seem smaller than they are"
        )
        said = (
            f"A cluster of {candidate.name} holds {means[1]:.1f} documents on average, one of "
            f"{reference.name} {means[0]:.1f}. More documents of one author or prompt mean fewer "
            f"subjects in as much text: {seems}. Compare as many documents of each cluster."
        )
    return Caution(
        "cluster-sizes-differ",
        said,
        {
            "candidate": candidate.name,
            "reference_mean": None if given[0] is None else round(given[0], 2),
            "candidate_mean": None if given[1] is None else round(given[1], 2),
        },
    )


def sizes_differ(reference: Side, candidate: Side) -> Caution | None:
    """Return the warning that one corpus is many times the other, if it is."""
    tokens = reference.profile.tokens, candidate.profile.tokens
    ratio = max(tokens) / min(tokens)
    if ratio <= SIZES_DIFFER:
        return None
    return Caution(
        "sizes-differ",
        f"{candidate.name} and {reference.name} differ {ratio:,.0f} times in size; the larger is "
        "seen through a sample of its documents of the smaller one's size.",
        {
            "candidate": candidate.name,
            "ratio": round(ratio, 2),
            "reference_tokens": tokens[0],
            "candidate_tokens": tokens[1],
        },
    )


def too_little(sides: Sequence[Side], *, permuted: bool = False) -> Caution | None:
    """Return the warning that the smallest corpus allows no test, or no ``none``, if so.

    A test by permutation is exact with however few groups; ``permuted`` says that there was one.
    """
    matching = sides[0].matching
    groups = min(each.groups for each in sides)
    numbers = {"groups": groups, "matched_tokens": int(matching.tokens)}
    few = too_few(sides)
    if few is not None and not permuted:
        said = (
            f"{few.cause}."
            if few.texts is not None
            else f"There are too few independent documents for a test: {few.clusters:,} in "
            f"{few.corpus}, and it takes about {FEWEST_CLUSTERS}."
        )
        return Caution(
            "too-little-text",
            f"{said} Effects are shown without errors; a test by permutation (--test permutation) "
            "takes about half as many.",
            {
                "corpus": few.corpus,
                "documents": few.documents,
                "clusters": few.clusters,
                "texts": few.texts,
                **numbers,
            },
        )
    if matching.tokens < FEWEST_TOKENS:
        fewest = min(sides, key=_at_hand)
        profile = fewest.profile
        return Caution(
            "too-little-text",
            f"Only {int(matching.tokens):,} words could be matched: {fewest.name} has "
            f"{profile.tokens:,}, and at most four fifths of a corpus are seen at a time; "
            f"below {FEWEST_TOKENS:,} the absence of a loss is not claimed.",
            {"corpus": fewest.name, "clusters": profile.clusters.total, **numbers},
        )
    return None


def _at_hand(side: Side) -> float:
    """Return the words at which a corpus can be seen, cut at the matched length."""
    return usable(sizes_of(side.profile, 0, side.matching.length, side.groups))


def counts_sampled(side: Side) -> Caution | None:
    """Return the warning that n-grams were counted in a sample, if they were.

    ``listed_share`` is the share of the words, pairs and triples that lists of n-grams draw on.
    """
    kept = {
        need: census.table.threshold / ALL_HASHES
        for need, census in side.profile.censuses(side.level)
    }
    if min(kept.values(), default=1.0) == 1:
        return None
    need = min(kept, key=lambda need: kept[need])
    base = side.profile.plan.base
    listed = [kept[n] for n in kept if n["layer"] == base and int(n["n"]) <= LISTED_ORDER]
    return Caution(
        "counts-sampled",
        f"Not all n-grams of {side.name} were counted ({kept[need]:.1%} of those of order "
        f"{need['n']} of layer {need['layer']}, chosen by hash). The same are looked at in the "
        "other corpora. Figures of rare n-grams are scaled to all, and their intervals hold the "
        "error of the sample. What rests on how often n-grams occur is read from a part of the "
        "corpora in which all were counted. Lists of n-grams show only those that were.",
        {
            "corpus": side.name,
            "layer": need["layer"],
            "n": need["n"],
            "share": round(kept[need], 6),
            "sampled": sum(share < 1 for share in kept.values()),
            "listed_share": round(min(listed, default=1.0), 6),
        },
    )
