"""The gate of commands that have a run: at which level they fail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from degrade.run import Run

Command = TypeVar("Command", bound=Callable[..., Any])


def gating(command: Command) -> Command:
    """Add the options of a gate."""
    for option in (
        click.option("--allow-inconclusive", is_flag=True,
                     help="With --fail-on, pass what is undecided."),
        click.option("--fail-on", type=click.Choice(["minor", "moderate", "severe"]),
                     help="Exit 1 at this level or worse, 3 where it cannot be decided."),
    ):  # fmt: skip
        command = option(command)
    return command


def gated(run: Run, fail_on: str | None) -> Run:
    """Return ``run`` with the level it is to fail at among its settings, for formats that tell."""
    if fail_on is None:
        return run
    settings = {**run.record.settings, "fail_on": fail_on}
    return replace(run, record=replace(run.record, settings=settings))


def status_of(run: Run, fail_on: str | None, *, allow_inconclusive: bool) -> int:
    """Return the exit status of a command that gates ``run``, or 0 where it does not."""
    from degrade import gate

    if fail_on is None:
        return 0
    return gate.exit_status(
        [gate.judged(each, fail_on) for each in run.comparisons],
        "pass" if allow_inconclusive else "report",
    )
