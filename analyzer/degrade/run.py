"""A run of comparisons: plain data, with ways to keep and show it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from degrade import registry
from degrade.atomic import replace_file
from degrade.findings import SEVERITY, Caution, Comparison, Finding, Trend, Verdict
from degrade.record import Record
from degrade.report import renderer, run_file

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Run:
    """A reference and its candidates, compared: plain data, with ways to keep and show it."""

    record: Record

    @property
    def comparisons(self) -> tuple[Comparison, ...]:
        """One comparison a candidate, in the order given."""
        return self.record.comparisons

    @property
    def warnings(self) -> tuple[Caution, ...]:
        """Reasons to read the findings with care."""
        return self.record.warnings

    @property
    def verdict(self) -> Verdict:
        """The verdict; of several candidates the worst, and of equals the last."""
        rank = {"inconclusive": 0.5, **SEVERITY}
        return max(reversed(self.comparisons), key=lambda c: rank[c.verdict.level]).verdict

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, one comparison after the other."""
        return tuple(finding for each in self.comparisons for finding in each.findings)

    @property
    def trend(self) -> tuple[Trend, ...]:
        """How each metric moves over several candidates in order; empty for one candidate."""
        return self.record.trend

    def to_frame(self) -> pd.DataFrame:
        """Return a table with one row a finding."""
        from degrade.report.frame import to_frame

        return to_frame(self.record)

    def _repr_html_(self) -> str:
        """Return what a notebook shows: headline and table."""
        from degrade.report.notebook import record_html

        return record_html(self.record)

    def to_html(self, path: str | os.PathLike[str] | None = None) -> str:
        """Return the report as one HTML page; with ``path``, write it there too."""
        from degrade.report.html import REPORTER

        page = REPORTER.render(self.record)
        if path is not None:
            replace_file(path, page)
        return page

    def save(self, path: str | os.PathLike[str]) -> tuple[str, ...]:
        """Write the run in the format of the suffix; return the paths written.

        ``.html``, ``.json``, ``.md``, ``.csv``, ``.parquet``, ``.xml`` (JUnit), ``.txt``, or a
        plugin's. ``.svg`` and ``.png`` hold one chart, the one that the file is named after
        (``trend.svg``); a folder, or a path that ends with a slash, gets all charts as SVG.
        """
        return renderer.write(self.record, path, registry.all_of(registry.REPORTERS))

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Run:
        """Return the run saved as JSON at ``path``."""
        return cls(run_file.read(Path(path)))
