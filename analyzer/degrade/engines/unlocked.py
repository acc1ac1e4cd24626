"""Whether a few threads of one process count as fast as so many processes."""

from __future__ import annotations

from degrade.engines.source import Source
from degrade.plan import Plan

MOST_THREADS = 2
"""Each holds the interpreter's lock for a twentieth of its time, and is let wait for it by others.
More than two were not measured."""
_OWN = frozenset({"degrade", "degrade_metrics"})


def runs_unlocked(plan: Plan, corpus: Source) -> bool:
    """Return whether ``corpus`` is counted by ``plan`` in kernels, which hold no interpreter lock.

    A layer says so by an attribute ``unlocked``. What a plugin measures or keeps is not asked: it
    may hold the lock, and end the process it runs in.
    """
    parts = (part for need in plan.needs for part in (need.summary, need.measure))
    return (
        corpus.unlocked
        and all(getattr(layer, "unlocked", False) for layer in plan.layers.values())
        and all(_is_own(part) for part in parts if part is not None)
    )


def _is_own(part: object) -> bool:
    return str(getattr(part, "__module__", "")).partition(".")[0] in _OWN
