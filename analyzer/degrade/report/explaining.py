"""What a report says of each metric: its definition, and how to be misled by it."""

from __future__ import annotations

from dataclasses import dataclass

from degrade.record import Record
from degrade.report.escape import plain


@dataclass(frozen=True, slots=True)
class Explained:
    """A metric in words; ``rows`` are (label, text)."""

    metric: str
    title: str
    description: str
    rows: tuple[tuple[str, str], ...]


def explanations_of(record: Record) -> tuple[Explained, ...]:
    """Return what the run file says of its metrics; of runs saved without it, nothing."""
    return tuple(
        Explained(
            plain(each.metric),
            plain(each.title),
            plain(each.description),
            tuple(
                (label, plain(text))
                for label, text in (
                    ("Formula", each.formula),
                    ("No value where", each.undefined),
                    ("Pitfalls", each.pitfalls),
                    ("Source", each.source),
                )
                if text
            ),
        )
        for each in record.metrics
    )
