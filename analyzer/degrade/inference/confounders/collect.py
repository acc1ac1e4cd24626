"""All warnings of a run, in the order in which they are told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from degrade.findings import Caution, Comparison
from degrade.inference.assess import Assessed
from degrade.inference.confounders.amounts import (
    cluster_sizes_differ,
    counts_sampled,
    lengths_differ,
    sizes_differ,
    too_little,
)
from degrade.inference.confounders.composing import letters_composed_otherwise
from degrade.inference.confounders.fitting import layer_does_not_fit
from degrade.inference.confounders.repeated_ids import ids_repeat
from degrade.inference.confounders.same_texts import documents_repeat, seen_or_shared
from degrade.inference.confounders.writing import languages_or_scripts_differ
from degrade.inference.matching import Side
from degrade.inference.substance import hollow
from degrade.metric import Metric


def confounders(
    sides: Sequence[Side],
    comparisons: Sequence[Comparison],
    assessed: Sequence[Assessed],
    asked_role: str,
    metrics: Sequence[Metric] = (),
) -> tuple[Caution, ...]:
    """Return the warnings of a run; the first of ``sides`` is the reference."""
    reference, *candidates = sides
    found: list[Caution | None] = [*seen_or_shared(reference, candidates, assessed, asked_role)]
    found += layer_does_not_fit(sides)
    found += [documents_repeat(reference, "reference"), ids_repeat(reference)]
    for each in candidates:
        found += [
            documents_repeat(each, "candidate"),
            ids_repeat(each),
            languages_or_scripts_differ(reference, each),
            letters_composed_otherwise(reference, each),
            lengths_differ(reference, each),
            cluster_sizes_differ(reference, each),
            sizes_differ(reference, each),
        ]
    permuted = bool(comparisons) and all(each.permutation for each in comparisons)
    found.append(too_little(sides, permuted=permuted))
    found += [counts_sampled(each) for each in sides]
    found += [*_hollow(comparisons, metrics), *_not_computable(comparisons), *_skipped(sides)]
    return tuple(warning for warning in found if warning is not None)


def _hollow(comparisons: Sequence[Comparison], metrics: Sequence[Metric]) -> Iterator[Caution]:
    for comparison in comparisons:
        found = hollow(metrics, comparison.findings)
        if found is not None:
            yield Caution(
                "style-without-substance",
                f"{found.said(comparison.candidate, comparison.reference)} What looks better "
                "elsewhere is called no improvement.",
                {
                    "candidate": comparison.candidate,
                    "near": ", ".join(finding.metric for finding in found.near),
                    "lost": ", ".join(finding.metric for finding in found.lost),
                },
            )


def _not_computable(comparisons: Sequence[Comparison]) -> Iterator[Caution]:
    for comparison in comparisons:
        notes = {finding.metric: finding.note for finding in comparison.findings}
        for name in comparison.verdict.not_computable:
            yield Caution(
                "not-computable",
                f"{name} could not be computed for {comparison.candidate}: {notes[name]}.",
                {"metric": name, "candidate": comparison.candidate},
            )


def _skipped(sides: Sequence[Side]) -> Iterator[Caution]:
    for each in sides:
        skipped = each.profile.skipped
        if skipped.total():
            yield Caution(
                "input-skipped",
                f"{skipped.total():,} records of {each.name} were skipped and are in no figure.",
                {"corpus": each.name, **dict(sorted(skipped.items()))},
            )
