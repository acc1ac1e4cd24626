"""Run files of earlier layouts, brought up to the present one step by step."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from degrade.report.codec import Plain

SCHEMA_VERSION = 2
Step = Callable[[Plain], None]


def upgrade(document: Plain, version: int) -> None:
    """Change ``document``, of layout ``version``, to that of ``SCHEMA_VERSION``.

    Only what a step asks for is looked at; decoding checks all.
    """
    for at in range(version, SCHEMA_VERSION):
        STEPS[at](document)


def _from_1(document: Plain) -> None:
    """Enter what was added while files said 1, so that a 2 has every key.

    None has curves, explanations of metrics, loops, duplicates, bursting or inherited n-grams.
    Files of the first days have no trend, self-check, key words or histograms, and those of some
    later ones no count of alarms, which follows from their rate.
    """
    document.setdefault("trend", [])
    document.setdefault("curves", None)
    document.setdefault("metrics", [])
    for comparison in _objects(document.get("comparisons")):
        for key, value in _ADDED_TO_COMPARISONS.items():
            comparison.setdefault(key, value)
        for finding in _objects(comparison.get("findings")):
            for key, value in {"error": None, "freedom": None, "histogram": []}.items():
                finding.setdefault(key, value)
        for each in _objects([comparison.get("verdict")]):
            each.setdefault("tokens_needed", None)
        for each in _objects([comparison.get("evidence")]):
            each.setdefault("keywords", None)
            each.setdefault("planted", None)
            each.setdefault("loops", [])
            each.setdefault("duplicates", [])
            each.setdefault("bursting", None)
            each.setdefault("inherited", None)
        for each in _objects([comparison["self_check"]]):
            rate, splits = each.get("false_alarm_rate"), each.get("splits")
            if isinstance(rate, int | float) and isinstance(splits, int):
                each.setdefault("alarms", round(rate * splits))


def _objects(found: Plain) -> Iterator[dict[str, Plain]]:
    """Yield the objects of a list; what is none is for decoding to refuse."""
    for each in found if isinstance(found, list) else ():
        if isinstance(each, dict):
            yield each


_ADDED_TO_COMPARISONS: Mapping[str, Plain] = {
    "paired": False,
    "self_check": None,
    "permutation": None,
    "survival": [],
}
STEPS: Mapping[int, Step] = {1: _from_1}
"""What leads from each earlier version to the next."""
