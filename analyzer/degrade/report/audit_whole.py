"""What is said of a whole corpus in an audit: against a baseline, and of its bursts."""

from __future__ import annotations

from dataclasses import dataclass

from degrade.audited import Audit
from degrade.findings import SEVERITY
from degrade.report import figures
from degrade.report.blocks import families_of
from degrade.report.escape import plain
from degrade.traces import Burst, Bursts

_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Phrases:
    """Bursts: how many there are, and pairs of a source and what many of its documents hold."""

    headline: str
    rows: tuple[tuple[str, str], ...]


def against_of(found: Audit) -> tuple[str, ...]:
    """Return what is said of the comparison with a baseline, its headline first."""
    if found.against is not None:
        rows = [row for family in families_of(found.against) for row in family.rows]
        return (
            plain(found.against.verdict.headline),
            *(
                f"{row.title}: {row.change} {row.interval} {row.level}"
                for row in rows
                if SEVERITY.get(row.level, 0) > 0
            ),
        )
    if found.against_note:
        return (f"Not compared with the baseline: {plain(found.against_note)}",)
    return ()


def phrases_of(found: Bursts | None, kind: str) -> Phrases | None:
    """Return what is said of bursts by ``kind``: source, or the unit of time."""
    if found is None:
        return None
    phrases = figures.things(found.total, "phrase")
    bursts = "bursts" if found.total == 1 else "burst"
    headline = f"{phrases} {bursts}: of one {kind}, beyond chance, in the same words."
    if not found.total:
        headline = f"No phrase is of one {kind} beyond chance."
    return Phrases(headline, tuple(_row(each) for each in found.found[:_SHOWN]))


def _row(burst: Burst) -> tuple[str, str]:
    source = plain(burst.source) or "(none)"
    held = f"{figures.count(burst.documents)} here, {figures.count(burst.elsewhere)} elsewhere"
    return source, f"{held}: {plain(burst.text)}"
