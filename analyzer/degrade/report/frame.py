"""A run as a table for pandas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from degrade.findings import Change, Comparison, Estimate, Finding
from degrade.record import Record

if TYPE_CHECKING:
    import pandas as pd

NUMBERS = (
    "reference_value", "reference_low", "reference_high",
    "candidate_value", "candidate_low", "candidate_high",
    "change", "change_low", "change_high",
    "difference", "difference_low", "difference_high",
    "whole_documents", "whole_documents_low", "whole_documents_high",
    "error", "freedom", "p", "p_adjusted", "noise_95", "rejection_rate",
)  # fmt: skip
WHOLE_NUMBERS = ("matched_tokens",)
FLAGS = ("primary",)
COLUMNS = (
    "reference", "candidate", "metric", "title", "family", "primary", "unit", "worse",
    "level", "ruled_out", "direction", "scale", *NUMBERS, "matched_tokens", "note",
)  # fmt: skip


def to_frame(record: Record) -> pd.DataFrame:
    """Return one row a finding, in the order of the record; undefined numbers are NaN.

    Unlike everywhere else, NaN is right here: it is what pandas calls a number not there.
    """
    # Only those who ask for a frame pay the second that pandas takes to load.
    import pandas as pd

    frame = pd.DataFrame(rows_of(record), columns=list(COLUMNS))
    kinds = {
        **dict.fromkeys(NUMBERS, "float64"),
        **dict.fromkeys(WHOLE_NUMBERS, "int64"),
        **dict.fromkeys(FLAGS, "bool"),
    }
    return frame.astype(kinds)


def rows_of(record: Record) -> list[dict[str, object]]:
    """Return a row a finding, by the names of ``COLUMNS``; None is what is not there."""
    return [
        _row(comparison, finding)
        for comparison in record.comparisons
        for finding in comparison.findings
    ]


def _row(comparison: Comparison, finding: Finding) -> dict[str, object]:
    check = comparison.self_check
    return {
        "reference": comparison.reference,
        "candidate": comparison.candidate,
        "metric": finding.metric,
        "title": finding.title,
        "family": finding.family,
        "primary": finding.primary,
        "unit": finding.unit,
        "worse": finding.worse,
        "level": finding.level,
        "ruled_out": finding.ruled_out,
        "direction": finding.direction,
        "scale": finding.change.scale if finding.change else None,
        **_numbers("reference", finding.reference, "reference_value"),
        **_numbers("candidate", finding.candidate, "candidate_value"),
        **_numbers("change", finding.change),
        **_numbers("difference", finding.difference),
        **_numbers("whole_documents", finding.whole_documents),
        "error": finding.error,
        "freedom": finding.freedom,
        "p": finding.p,
        "p_adjusted": finding.p_adjusted,
        "noise_95": check.noise_95.get(finding.metric) if check else None,
        "rejection_rate": check.rejection_rate.get(finding.metric) if check else None,
        "matched_tokens": comparison.matched_tokens,
        "note": finding.note,
    }


def _numbers(
    prefix: str, of: Estimate | Change | None, value: str | None = None
) -> dict[str, float | None]:
    return {
        value or prefix: of.value if of else None,
        f"{prefix}_low": of.low if of else None,
        f"{prefix}_high": of.high if of else None,
    }
