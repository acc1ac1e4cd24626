"""What a run says as a whole, and what can be done about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from degrade.findings import SEVERITY, Caution, Comparison, Level, ReferenceRole
from degrade.record import Record
from degrade.report import figures
from degrade.report.badges import without_measures
from degrade.report.blocks import family_rank
from degrade.report.escape import plain

_FOUND: dict[Level, str] = {
    "none": "no loss found in",
    "minor": "minor loss in",
    "moderate": "moderate loss in",
    "severe": "severe loss in",
    "inconclusive": "not enough text to tell of",
}
_MOST_NAMED = 3
_MOST_RUNS = 8
_PASSED_ON = ("rare n-gram loss", "lexical diversity")


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do, and the command that does it, if there is one."""

    words: str
    command: str = ""

    def __str__(self) -> str:
        """Return both in one line."""
        return f"{self.words}: {self.command}" if self.command else self.words


def overall(record: Record) -> str:
    """Return the verdict on all candidates, then what the worst has lost; of equals the last."""
    if not record.comparisons:
        return ""
    first = record.comparisons[0]
    alone = len(record.comparisons) == 1
    if alone or all(without_measures(each.verdict) for each in record.comparisons):
        return plain(first.verdict.headline)
    runs = [
        (level, [each.candidate for each in members])
        for level, members in groupby(record.comparisons, lambda each: each.verdict.level)
    ]
    said = [f"{_FOUND[level]} {_named(names)}" for level, names in runs[:_MOST_RUNS]]
    if len(runs) > _MOST_RUNS:
        said.append(f"and {len(runs) - _MOST_RUNS} more changes of level")
    rank = {"inconclusive": 0.5, **SEVERITY}
    worst = max(reversed(record.comparisons), key=lambda each: rank[each.verdict.level])
    return plain(f"Against {first.reference}: {', '.join(said)}. {worst.verdict.headline}")


def _named(names: Sequence[str]) -> str:
    """Return ``gen1``, ``gen1 and gen2`` or, of more in a row, ``gen1 to gen5``."""
    if len(names) >= _MOST_NAMED:
        return f"{names[0]} to {names[-1]}"
    return " and ".join(names)


def advice_of(
    comparison: Comparison, role: ReferenceRole | None, warnings: Sequence[Caution] = ()
) -> tuple[Advice, ...]:
    """Return what whoever reads the verdict can do next, the first thing first.

    ``warnings`` are those of the run.
    """
    verdict = comparison.verdict
    said: list[Advice] = []
    candidate, reference = plain(comparison.candidate), plain(comparison.reference)
    harmed = {
        name: family.metric
        for name, family in verdict.families.items()
        if SEVERITY.get(family.level, 0) > 0
    }
    if harmed:
        first = min(harmed, key=family_rank)
        said.append(
            Advice("Keep the run (-o run.json), then look into it", _evidence(harmed[first]))
        )
    if any(name in harmed for name in _PASSED_ON):
        said.append(
            Advice(
                f"A model trained on {candidate} alone cannot learn what is lost here: where it is "
                "to be training data, keep the original text and mix it in."
            )
        )
    if "homogeneity" in harmed:
        said.append(
            Advice(
                "Before blaming a model, look at the phrases that documents share: a common "
                "prompt, boilerplate and copies raise this too."
            )
        )
    if "repetition" in harmed:
        said.append(
            Advice(
                "Look at the loops: repeats often come from how text was sampled (a low "
                "temperature, no penalty), which can be mended without training again."
            )
        )
    if verdict.level == "inconclusive":
        said.append(_until_decided(comparison, warnings))
    if verdict.level == "none":
        said.append(
            Advice(f"Nothing is to be mended. Compare what comes next with {reference} too.")
        )
    if role == "training":
        said.append(
            Advice(
                "Compare with text that the model has not seen: only there can rare words be "
                "judged."
            )
        )
    shift = next((f.metric for f in comparison.findings if f.primary and f.family == "shift"), None)
    if verdict.shifted and shift is not None:
        said.append(
            Advice(
                f"If {candidate} should be of the same subject and style as {reference}, see in "
                "the kept run which words it uses more and less",
                _evidence(shift),
            )
        )
    return tuple(said)


def _until_decided(comparison: Comparison, warnings: Sequence[Caution]) -> Advice:
    """Return what would bring a verdict where there is none."""
    if without_measures(comparison.verdict):
        return Advice("Ask for measures of the verdict too (--metrics primary): only these decide.")
    needed = comparison.verdict.tokens_needed
    names = comparison.reference, comparison.candidate
    few = next(
        (w.data for w in warnings if w.code == "too-little-text" and w.data["corpus"] in names), {}
    )
    if few.get("texts"):
        return Advice(
            f"If each document of {plain(str(few['corpus']))} was generated on its own, give them "
            "ids (--id-field) and compare again: then copies count as that many documents. If not, "
            "take the copies out and compare more text."
        )
    if needed is not None:
        amount = f"about {figures.rough(needed)} tokens of each"
    elif _untested(comparison):
        amount = "more documents that are independent of one another"
    else:
        amount = "more text of both"
    return Advice(f"Compare {amount}: until then this is neither a pass nor a failure.")


def _untested(comparison: Comparison) -> bool:
    """Return whether no finding could be tested, so that none has an error."""
    changed = [each for each in comparison.findings if each.change is not None]
    return bool(changed) and all(each.error is None for each in changed)


def _evidence(metric: str) -> str:
    return f"degrade evidence run.json --metric {plain(metric)}"
