"""``degrade report RUN.json``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from degrade.cli.gate import gated, gating, status_of
from degrade.cli.options import REPORT, check_report


@click.command("report")
@click.argument("run", type=click.Path(path_type=Path))
@REPORT
@click.option("--details", is_flag=True, help="Show every metric, not only those of the verdict.")
@gating
def command(
    run: Path,
    outputs: tuple[str, ...],
    details: bool,
    fail_on: str | None,
    allow_inconclusive: bool,
) -> int:
    """Show a saved run again, or with -o write it in another format.

    Runs of earlier versions are shown too.
    """
    from degrade.report import terminal
    from degrade.run import Run

    for path in outputs:
        check_report(path)
    loaded = gated(Run.load(run), fail_on)
    for path in outputs:
        for written in loaded.save(path):
            click.echo(f"Report written to {written}", err=True)
    if not outputs:
        terminal.show(loaded.record, sys.stdout, details=details)
    return status_of(loaded, fail_on, allow_inconclusive=allow_inconclusive)
