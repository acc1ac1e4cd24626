"""A gate on files: compared with a baseline, all together or each on its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from degrade.api import compare
from degrade.corpora import PROFILE_SUFFIX, Opened, load_profile
from degrade.errors import TooLittleTextError, UsageError
from degrade.findings import Comparison
from degrade.gate import Outcome, judged
from degrade.readers import Several
from degrade.run import Run


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of one corpus: files together, or a file on its own.

    ``run`` is the comparison with the baseline; None where there is too little text for any, and
    ``reason`` says so.
    """

    name: str
    outcome: Outcome
    run: Run | None = None
    reason: str = ""

    @property
    def comparison(self) -> Comparison | None:
        """The comparison, where there was one."""
        return self.run.comparisons[0] if self.run else None


def check(
    files: Sequence[str | Path],
    baseline: object,
    *,
    each: bool = False,
    fail_on: str = "moderate",
    **options: Any,
) -> tuple[Checked, ...]:
    """Compare ``files`` with ``baseline``: as one corpus, or ``each`` on its own.

    A file may also be a folder, a glob or a URL. The baseline is a corpus or, so that it is counted
    once for all, a saved profile. ``options`` are those of ``degrade.compare``. Raises DegradeError
    for what a person can mend; too little text is no error, but undecided.
    """
    if not files:
        raise UsageError("nothing to check: name files or folders, or set paths in [check]")
    if each and isinstance(baseline, str | Path) and str(baseline).endswith(PROFILE_SUFFIX):
        baseline = Opened(Path(baseline).stem, None, load_profile(baseline))
    names = [from_here(str(file)) for file in files]
    parts = [(name,) for name in names] if each else [tuple(names)]
    return tuple(_checked(part, baseline, fail_on, options) for part in parts)


def from_here(file: str) -> str:
    """Return a path as it is said from here, if it lies below."""
    here, path = Path.cwd(), Path(file)
    inside = "://" not in file and path.is_absolute() and path.is_relative_to(here)
    return str(path.relative_to(here)) if inside else file


def _checked(
    files: tuple[str, ...], baseline: object, fail_on: str, options: dict[str, Any]
) -> Checked:
    name = files[0] if len(files) == 1 else f"{len(files):,} files"
    try:
        run = compare(baseline, Several(files, name), **options)
    except TooLittleTextError as error:
        return Checked(name, "undecided", reason=str(error))
    found = run.comparisons[0]
    return Checked(name, judged(found.verdict, found.matched_tokens, fail_on), run)


__all__ = ["Checked", "check", "from_here"]
