"""A test that fails where generated text has lost too much, under any test runner."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from unittest import SkipTest

from degrade import configuration, gate
from degrade.baselines import open_baseline
from degrade.checking import Checked, check_corpus
from degrade.configuration import LEVELS, ON_INCONCLUSIVE, Configuration
from degrade.errors import UsageError
from degrade.report import short


def assert_no_degradation(
    texts: object,
    baseline: object = None,
    *,
    fail_on: str | None = None,
    on_inconclusive: str | None = None,
    settings: Configuration | None = None,
    **options: Any,
) -> Checked:
    """Raise AssertionError where ``texts`` have lost too much of ``baseline``, saying what.

    Texts are a corpus in any form that ``degrade.compare`` takes; the baseline is another, or the
    name of one in the baseline store. What is not given comes from the project's ``settings``, as
    for ``degrade check`` those nearest to the working folder. ``options`` are those of
    ``degrade.compare``. Where there is too little text to tell, ``on_inconclusive`` says what comes
    of it: ``pass``, ``fail``, or ``report``, by which the test is skipped with the reason.
    """
    __tracebackhide__ = True
    settings = configuration.find(Path.cwd()) if settings is None else settings
    fail_on = _one_of(LEVELS, "fail_on", fail_on or settings.check.fail_on)
    on_inconclusive = _one_of(
        ON_INCONCLUSIVE, "on_inconclusive", on_inconclusive or settings.check.on_inconclusive
    )
    baseline = settings.check.baseline if baseline is None else baseline
    if baseline is None:
        raise UsageError(
            "no baseline: name one, or set baseline in [tool.degrade.check]; `degrade profile "
            "HUMAN_TEXT -o baseline.profile` makes one"
        )
    how = {"self_check": 0, **settings.comparing(), **options}
    how["thresholds"] = {**settings.options.get("thresholds", {}), **options.get("thresholds", {})}
    found = check_corpus(
        texts, open_baseline(baseline, settings.store), name="texts", fail_on=fail_on, **how
    )
    status = gate.exit_status([found.outcome], on_inconclusive)
    if status:
        said = short.said(found.name, found.outcome, found.comparison, found.reason, fail_on)
        raise (AssertionError if status == 1 else SkipTest)("\n".join(said))
    return found


def _one_of(known: tuple[str, ...], name: str, value: str) -> str:
    if value not in known:
        raise UsageError(f"{name} is one of {', '.join(known)}, not {value!r}")
    return value
