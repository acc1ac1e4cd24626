"""One or two sentences that say what a comparison found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from degrade.findings import (
    SEVERITY,
    Change,
    Direction,
    FamilyLevel,
    Finding,
    Level,
    ReferenceRole,
)

RARE, DIVERSITY = "rare n-gram loss", "lexical diversity"
ALIKE, REPETITION, SHIFT = "homogeneity", "repetition", "shift"

_WORSE = {ALIKE: "has documents more alike", REPETITION: "repeats itself more"}
_BETTER = {
    RARE: "keeps more rare words and phrases",
    DIVERSITY: "has more variety",
    ALIKE: "has documents less alike",
    REPETITION: "repeats itself less",
}
_LOST = {RARE: "rare words and phrases", DIVERSITY: "variety"}
FAMILIES = (RARE, DIVERSITY, REPETITION, ALIKE)
"""The families of the verdict, in the order in which they are told."""


def headline(
    reference: str,
    candidate: str,
    level: Level,
    direction: Direction,
    families: Mapping[str, FamilyLevel],
    findings: Sequence[Finding],
    ruled_out: Level | None,
    matched_tokens: int,
    reference_role: ReferenceRole | None,
    shifted: bool,
    tokens_needed: int | None = None,
    hollow: str | None = None,
    *,
    matched_length: int | None = None,
    looks: Mapping[str, FamilyLevel] | None = None,
    untested: str | None = None,
    unjudged: bool = False,
    unasked: Sequence[str] = (),
    in_common: str | None = None,
    same: bool = False,
) -> str:
    """Return the verdict in words: what was lost, how far and at what size, then what was not.

    ``findings`` are those of this comparison; a family is described by the metric that set its
    level. With the reference as ``training`` data, rare n-grams are never called an improvement.
    ``hollow`` says that style is all that was taken on, ``untested`` why nothing could be tested,
    ``unjudged`` that no measure sets a level; ``unasked`` are families without one.
    ``in_common`` which documents both have: all, if they are the ``same``. ``looks`` are families
    as they look, chance left aside; ``matched_length`` the tokens of each document that were seen.
    """
    at = f"{matched_tokens:,} tokens"
    if matched_length is not None:
        at += f", the first {matched_length:,} of each document"
    if same:
        first = f"{in_common}: there is nothing to compare."
    elif unjudged:
        first = "No verdict: none of the measures asked for sets a level."
    elif untested is not None:
        first = f"{untested}. {_as_it_looks(candidate, looks or {}, findings, at)}."
    elif level == "inconclusive":
        unclear = _undecided(reference, candidate, looks or {}, findings, ruled_out, at)
        first = f"{unclear}{_enough(tokens_needed)}."
    elif level == "none":
        limit = "even a minor loss" if ruled_out == "minor" else "a moderate loss"
        has = f"{candidate} has what {reference} has, and {limit} is ruled out at"
        first = f"No loss found: {has} {at}."
        if unasked:
            asked = listed(sorted(families, key=_rank))
            first = (
                f"No loss found where it was looked for ({asked}): {limit} is ruled out at {at}. "
                f"Not looked for: {listed(unasked)}."
            )
        if hollow:
            first = f"No loss of words or phrases found at {at}."
    else:
        lost = _losses(families, findings)
        first = f"{candidate} {lost}, seen at {at}."
    sentences = [first, *_newcomers(reference, families, findings)]
    gains = _gains(families, findings, reference_role) if direction in ("better", "mixed") else []
    if hollow:
        sentences.append(hollow)
    if gains:
        sentences.append(f"It {listed(gains)}.")
    if reference_role == "training" and not same:
        why = in_common or f"its model seems to have been trained on {reference}"
        sentences.append(f"Its rare words cannot be judged: {why}.")
    if shifted:
        sentences.append("Word frequencies differ too: a shift, which by itself is no loss.")
    return " ".join(sentences)


def _as_it_looks(
    candidate: str, looks: Mapping[str, FamilyLevel], findings: Sequence[Finding], at: str
) -> str:
    """Return what estimates say where none of them was tested."""
    lost = _losses(looks, findings)
    if lost:
        return f"As it looks, {candidate} {lost}, seen at {at}"
    return f"As it looks, no measure is past its threshold of minor, seen at {at}"


def _undecided(
    reference: str,
    candidate: str,
    looks: Mapping[str, FamilyLevel],
    findings: Sequence[Finding],
    ruled_out: Level | None,
    at: str,
) -> str:
    """Return what is not known: what was tested and is unclear, or could not be computed."""
    lost = _losses(looks, findings)
    if lost:
        return (
            f"This much text cannot tell: as it looks, {candidate} {lost}, seen at {at}, but "
            "chance may have done that"
        )
    start = f"This much text cannot tell: no loss shows between {reference} and {candidate} at {at}"
    missing = [item.title for item in findings if item.primary and item.change is None]
    unclear = any(item.level == "inconclusive" for item in findings)
    if ruled_out not in ("minor", "moderate") and (unclear or not missing):
        reason = "a moderate one is not ruled out"
    elif missing:
        reason = f"not computable here: {listed(missing)}"
    else:
        reason = "it is too little to say that nothing is lost"
    return f"{start}, but {reason}"


def _enough(tokens_needed: int | None) -> str:
    """Return how much text would decide, to be added to what is not known."""
    if tokens_needed is None:
        return ""
    return (
        f"; about {_rounded(tokens_needed):,} tokens of each would decide, "
        "four times in five, if the change is as it looks"
    )


def _losses(families: Mapping[str, FamilyLevel], findings: Sequence[Finding]) -> str:
    """Return the predicate of what was lost: worst family first, then in a fixed order."""
    by_metric = {finding.metric: finding for finding in findings}
    shown = [name for name, family in families.items() if SEVERITY.get(family.level, 0) > 0]
    shown.sort(key=lambda name: (-SEVERITY[families[name].level], _rank(name)))
    details = {name: _detail(by_metric.get(families[name].metric)) for name in shown}
    lost = [_LOST[name] + details[name] for name in shown if name in _LOST]
    first = next((name for name in shown if name in _LOST), None)
    predicates: list[str] = []
    for name in shown:
        if name not in _LOST:
            predicates.append(_WORSE.get(name, f"is worse in {name}") + details[name])
        elif name == first:
            predicates.append(f"has lost {listed(lost)}")
    if len(lost) < 2 or len(predicates) < 2:
        return listed(predicates)
    # The loss is itself a list, so a comma stands before the last verb.
    return f"{', '.join(predicates[:-1])}, and {predicates[-1]}"


def _gains(
    families: Mapping[str, FamilyLevel],
    findings: Iterable[Finding],
    reference_role: ReferenceRole | None,
) -> list[str]:
    """Return what is better, one phrase a family that is not worse in anything."""
    phrases: dict[str, str] = {}
    for finding in findings:
        name = finding.family
        worse = name in families and SEVERITY.get(families[name].level, 0) > 0
        seen = name == RARE and reference_role == "training"
        if finding.primary and finding.direction == "better" and not (worse or seen):
            words = _BETTER.get(name, f"is better in {name}")
            phrases.setdefault(name, words + _detail(finding))
    return [phrases[name] for name in sorted(phrases, key=_rank)]


def _newcomers(
    reference: str, families: Mapping[str, FamilyLevel], findings: Sequence[Finding]
) -> Iterator[str]:
    """Yield what is to be thought of more words where those of the reference are lost."""
    by_metric = {finding.metric: finding for finding in findings}
    lost = RARE in families and SEVERITY.get(families[RARE].level, 0) > 0
    if lost and all(_grown(by_metric.get(name)) for name in ("rare_loss_1", "types_1")):
        more = _detail(by_metric["types_1"]).strip(" ()")
        yield f"It has {more}, but fewer of those of {reference}: new ones, not variety."


def _grown(finding: Finding | None) -> bool:
    low = finding.change.low if finding is not None and finding.change is not None else None
    return low is not None and low > 0


def _rank(family: str) -> int:
    return FAMILIES.index(family) if family in FAMILIES else len(FAMILIES)


def _detail(finding: Finding | None) -> str:
    """Return the change in brackets, in words where the metric has its own."""
    if finding is None or finding.change is None:
        return ""
    words = _DETAILS.get(finding.metric)
    if words is None:
        return f" ({finding.title}: {amount(finding.change, 'lower', 'higher', 'times')})"
    return f" ({words(finding.change)})"


def amount(change: Change, less: str, more: str, times: str) -> str:
    """Return how much less or more, as a share up to double and as a multiple from there."""
    if change.scale == "nats":
        return f"{change.value:.3f} nats"
    if change.scale == "points":
        return f"{100 * abs(change.value):.1f} points {less if change.value < 0 else more}"
    relative = change.value - 1 if change.scale == "ratio" else change.value
    if relative >= 1:
        digits = 0 if relative >= 9 else 1
        return f"{1 + relative:,.{digits}f} {times}"
    percent = 100 * abs(relative)
    said = f"{percent:.0f}%"
    if round(percent) == 0:
        said = "less than 1%"
    elif percent < 100 <= round(percent):
        said = f"{percent:.1f}%" if round(percent, 1) < 100 else "more than 99.9%"
    return f"{said} {less if relative < 0 else more}"


def _kinds(what: str) -> Callable[[Change], str]:
    return lambda change: f"{amount(change, 'fewer', 'more', 'times as many')} {what}"


def _often(what: str) -> Callable[[Change], str]:
    return lambda change: f"{what} {amount(change, 'less often', 'more often', 'times as often')}"


def _rare(what: str) -> Callable[[Change], str]:
    def words(change: Change) -> str:
        # A loss of 0.55 is 55% fewer, and a negative loss so many more.
        fewer = amount(Change(-change.value, None, None, "relative"), "fewer", "more", "times the")
        return f"{fewer} once-seen {what} come back than in fresh reference text"

    return words


_DETAILS: Mapping[str, Callable[[Change], str]] = {
    "types_1": _kinds("different words"),
    "types_2": _kinds("different word pairs"),
    "simpson": _often("two random words are the same"),
    "rare_loss_1": _rare("words"),
    "rare_loss_2": _rare("two-word phrases"),
    "rare_loss_3": _rare("three-word phrases"),
    "shared_4": _often("four-word phrases of two documents are the same"),
    "repetition_4": _kinds("repeats of four-word phrases within a passage"),
}


def listed(items: Sequence[str]) -> str:
    """Return the items with commas between them, and "and" before the last."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def _rounded(tokens: int) -> int:
    """Return ``tokens`` to two digits: it is a rough figure and should look like one."""
    digits = max(0, len(str(tokens)) - 2)
    return round(tokens, -digits)
