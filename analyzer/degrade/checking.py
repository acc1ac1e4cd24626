"""A gate on files: compared with a baseline, all together or each on its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from degrade.api import compare, reduced
from degrade.baselines import from_here, open_baseline
from degrade.corpora import Opened
from degrade.errors import TooLittleTextError, UsageError
from degrade.findings import SEVERITY, Comparison
from degrade.gate import Outcome, judged
from degrade.options import Options, options_of
from degrade.planning import absent_primaries, chosen_metrics
from degrade.readers import Several
from degrade.readers.paths import find
from degrade.run import Run


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of one corpus: files together, or a file on its own.

    ``run`` is the comparison with the baseline, of a file on its own that did not fail with the
    metrics alone that decide; None where there is too little text for any, and ``reason`` says so.
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
    store: str | None = None,
    **options: Any,
) -> tuple[Checked, ...]:
    """Compare ``files`` with ``baseline``: as one corpus, or ``each`` on its own.

    A file may also be a folder, a glob or a URL, which stands for each of the files there. The
    baseline is a corpus, a saved profile, or the name of one in the baseline ``store``; of a
    profile, nothing is counted again. ``options`` are those of ``degrade.compare``. Raises
    DegradeError for what a person can mend; too little text is no error, but undecided.
    """
    if not files:
        raise UsageError("nothing to check: name files or folders, or set paths in [check]")
    opened = open_baseline(baseline, store)
    names = [from_here(str(file)) for file in files]
    if not each:
        return (_checked(tuple(names), opened, fail_on, options),)
    names = [file.shown for name in names for file in find(name)]
    counted = _counted(opened, options)
    deciding = {**options, "metrics": _deciding(counted, options), "evidence": False}
    return tuple(_one(name, counted, fail_on, deciding, options) for name in names)


def check_corpus(
    corpus: object, baseline: object, *, name: str, fail_on: str = "moderate", **options: Any
) -> Checked:
    """Compare one corpus, in any form that ``degrade.compare`` takes, with ``baseline``."""
    if SEVERITY.get(fail_on, 0) < 1:
        raise UsageError(f"fail_on is minor, moderate or severe, not {fail_on!r}")
    try:
        run = compare(baseline, corpus, **options)
    except TooLittleTextError as error:
        return Checked(name, "undecided", reason=str(error))
    return Checked(name, judged(run.comparisons[0], fail_on), run)


def _counted(baseline: object, options: Mapping[str, Any]) -> Opened:
    """Return a baseline with its profile, counted now if need be, for many comparisons."""
    if isinstance(baseline, Opened):
        # Its file is not looked at again for every one.
        return replace(baseline, file=None)
    with ExitStack() as stack:
        opened, profile = reduced(baseline, _counting(options), stack)
        return Opened(opened.name, None, profile)


def _deciding(baseline: Opened, options: Mapping[str, Any]) -> Sequence[str]:
    """Return the metrics that set the level of a verdict, if any that are asked for do.

    For tests by permutation all primaries, so that the same relabelings are drawn.
    """
    chosen = _counting(options)
    permuted = options.get("test") == "permutation"
    metrics = chosen_metrics(chosen, baseline.profile)
    deciding = [m.name for m in metrics if m.sets_level or (permuted and m.primary)]
    if absent_primaries(chosen, baseline.profile):
        # What the baseline lacks blocks a pass, of every file.
        return chosen.metrics
    return deciding or chosen.metrics


def _counting(options: Mapping[str, Any]) -> Options:
    return options_of({k: v for k, v in options.items() if k in Options.__dataclass_fields__})


def _one(
    file: str, baseline: Opened, fail_on: str, deciding: dict[str, Any], options: dict[str, Any]
) -> Checked:
    """Judge a file by what decides alone; of one that fails, return all that there is to say."""
    found = _checked((file,), baseline, fail_on, deciding)
    return _checked((file,), baseline, fail_on, options) if found.outcome == "failed" else found


def _checked(
    files: tuple[str, ...], baseline: object, fail_on: str, options: dict[str, Any]
) -> Checked:
    name = files[0] if len(files) == 1 else f"{len(files):,} files"
    read = {**options, **_text_field(files, baseline, options)}
    return check_corpus(Several(files, name), baseline, name=name, fail_on=fail_on, **read)


def _text_field(
    files: Sequence[str], baseline: object, options: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the text field of ``files``, and that of the baseline where it has one of its own."""
    single = options.get("text_fields") or {}
    usual = options.get("text_field", "text")
    fields = {single.get(file, usual) for file in files}
    if len(fields) > 1:
        names = ", ".join(sorted(fields))
        raise UsageError(f"files that are one corpus have one text field, not {names}; use --each")
    own = single.get(str(baseline)) if isinstance(baseline, str | Path) else None
    return {"text_field": fields.pop(), "text_fields": {str(baseline): own} if own else {}}


__all__ = ["Checked", "check", "check_corpus"]
