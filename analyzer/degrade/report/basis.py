"""What a verdict rests on, in sentences, and how much text would decide where there is none."""

from __future__ import annotations

from collections.abc import Sequence

from degrade.findings import Caution, Comparison, Finding, ReferenceRole, TextNeeded, Verdict
from degrade.report import figures
from degrade.report.escape import plain
from degrade.report.grounds import certainty_of, grounds_of


def needed_of(comparison: Comparison) -> tuple[str, ...]:
    """Return how much text would decide: on each undecided measure, then on the verdict."""
    by_metric = {finding.metric: finding for finding in comparison.findings}
    each = (_needed(item, by_metric.get(item.metric)) for item in comparison.verdict.undecided)
    return (*each, *_needed_for_all(comparison.verdict))


def _needed(item: TextNeeded, finding: Finding | None) -> str:
    title, unit = (finding.title, finding.unit) if finding else (item.metric, "")
    return (
        f"{plain(title)}: four times in five, this much text would have shown a change of "
        f"{figures.size(item.smallest_change, item.scale, unit)}, and about "
        f"{figures.rough(item.tokens)} tokens of each would decide on this one."
    )


def _needed_for_all(verdict: Verdict) -> tuple[str, ...]:
    """Return how much text the verdict takes, where that is not what one measure does."""
    tokens, each = verdict.tokens_needed, [item.tokens for item in verdict.undecided]
    if tokens is None or not each:
        return ()
    if tokens > max(each):
        return (
            f"The verdict takes about {figures.rough(tokens)} tokens of each, more than any one of "
            "them: all have to be decided at the same time.",
        )
    return (
        f"The verdict may take no more than about {figures.rough(tokens)} tokens of each: one "
        "measure that shows a loss is enough.",
    )


def basis_of(
    comparison: Comparison,
    role: ReferenceRole | None,
    warnings: Sequence[Caution],
    layer: str = "word",
) -> tuple[str, ...]:
    """Return what a comparison rests on, how sure it is first.

    ``warnings`` are of the run, and so is the ``layer`` whose symbols counted as words.
    """
    reference, candidate = plain(comparison.reference), plain(comparison.candidate)
    extent = "whole documents"
    if comparison.matched_length is not None:
        extent = f"the first {figures.count(comparison.matched_length)} tokens of each document"
    tokens = figures.count(comparison.matched_tokens)
    said = [*certainty_of(comparison), f"Both seen at {tokens} tokens, in {extent}."]
    if layer != "word":
        said.append(
            f"Words are symbols of the layer {plain(layer)} here, and phrases are of several of "
            "these."
        )
    if role == "heldout":
        said.append(f"{reference} is taken as text that the model of {candidate} has not seen.")
    elif role == "training":
        said.append(
            f"{_why_seen(reference, candidate, warnings)}, so that its rare words come back too "
            "easily: rare n-gram loss is shown but not counted."
        )
    ruled_out = comparison.verdict.ruled_out
    if comparison.verdict.level not in ("none", "severe") and ruled_out in ("moderate", "severe"):
        said.append(f"A {ruled_out} loss is ruled out.")
    missing = [
        plain(finding.title)
        for finding in comparison.findings
        if finding.metric in comparison.verdict.not_computable
    ]
    said += grounds_of(comparison)
    if missing:
        said.append(f"Not computable, so not counted: {'; '.join(missing)}.")
    return tuple(said)


def _why_seen(reference: str, candidate: str, warnings: Sequence[Caution]) -> str:
    """Return why the reference is taken as training data."""
    causes = [w.data.get("cause") for w in warnings if w.code == "reference-is-training-data"]
    if "overlap" in causes:
        return f"{reference} has documents in common with what it is compared with"
    return f"{reference} seems to be text that the model of {candidate} was trained on"
