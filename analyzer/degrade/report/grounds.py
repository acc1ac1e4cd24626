"""What a verdict rests on: how it was tested, how often such a comparison alarms, what survived."""

from __future__ import annotations

from dataclasses import dataclass

from degrade.findings import Comparison, Permutation, SelfCheck, Survival
from degrade.report import figures
from degrade.report.escape import plain


@dataclass(frozen=True, slots=True)
class Survivors:
    """Training data that came back: ``rows`` are (n-grams, seen, came back, by chance)."""

    title: str
    columns: tuple[str, str, str]
    rows: tuple[tuple[str, str, str, str], ...]
    note: str


def certainty_of(comparison: Comparison) -> list[str]:
    """Return the sentence that says how often such a comparison alarms where nothing changed."""
    if comparison.self_check is None:
        return []
    return [_checked(comparison.self_check, plain(comparison.reference))]


def grounds_of(comparison: Comparison) -> list[str]:
    """Return sentences on the test."""
    said = []
    if comparison.paired:
        said.append(
            "Both corpora have clusters of documents in common, so they are compared in pairs, "
            "cluster by cluster."
        )
    if comparison.permutation is not None:
        said.append(_relabeled(comparison.permutation))
    return said


def _relabeled(permutation: Permutation) -> str:
    which = "all" if permutation.exact else "the true and"
    number = permutation.relabelings - (0 if permutation.exact else 1)
    kind = "ways to tell" if permutation.exact else "random ways of telling"
    return (
        f"P-values and intervals come from {which} {figures.count(number)} {kind} "
        f"{figures.things(permutation.reference_groups, 'group')} of documents from "
        f"{figures.count(permutation.candidate_groups)} others."
    )


def _checked(check: SelfCheck, reference: str) -> str:
    if check.false_alarm_rate is None:
        note = plain(check.note or "no self-check")
        return f"{note[:1].upper()}{note[1:]}."
    alarms = figures.count(check.alarms) if check.alarms else "none"
    rate = figures.whole_percent(check.false_alarm_rate)
    return (
        f"How sure (self-check): {reference} was split in random halves "
        f"{figures.things(check.splits, 'time')} and compared with itself in the same way; "
        f"{alarms} of these would have been called a loss ({rate})."
    )


def survivors_of(comparison: Comparison) -> Survivors | None:
    """Return what came back of training data, where the reference was that."""
    if not comparison.survival:
        return None
    candidate = plain(comparison.candidate)
    return Survivors(
        title=f"What {candidate} kept of its training data",
        columns=("seen there", "came back", "drawn anew"),
        rows=tuple(_survived(each) for each in comparison.survival),
        note=f"Drawn anew: the share that would come back in text drawn at random from the "
        f"frequencies of {plain(comparison.reference)}. More than that is memory, and no sign of "
        "health; less is forgetting. Outside the verdict.",
    )


def _survived(each: Survival) -> tuple[str, str, str, str]:
    kinds = {1: "word", 2: "word pair", 3: "word triple"}
    times = str(each.seen_from) if each.seen_from == each.seen_to else (
        f"{each.seen_from} to {each.seen_to}"
    )  # fmt: skip
    seen = "once" if times == "1" else f"{times} times"
    return (
        figures.things(each.types, kinds.get(each.n, f"{each.n}-gram")),
        seen,
        f"{100 * each.kept:.1f}% [{100 * each.low:.1f}, {100 * each.high:.1f}]",
        f"{100 * each.expected:.1f}%",
    )
