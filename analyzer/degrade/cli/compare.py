"""``degrade compare REFERENCE CANDIDATE...``."""

from __future__ import annotations

import sys
from typing import Any

import click

from degrade.cli.gate import gated, gating, status_of
from degrade.cli.options import (
    REPORT,
    check_report,
    comparing,
    comparison_options,
    library_options,
    reading_and_counting,
    store_option,
)


@click.command("compare")
@click.argument("reference")
@click.argument("candidates", nargs=-1, required=True, metavar="CANDIDATE...")
@store_option
@comparing(self_check=100)
@REPORT
@gating
@click.option("--details", is_flag=True, help="Show every metric, not only those of the verdict.")
@click.option("--reproducible", is_flag=True, help="Leave times and machine out of the report.")
@reading_and_counting
def command(
    reference: str,
    candidates: tuple[str, ...],
    store: str | None,
    outputs: tuple[str, ...],
    fail_on: str | None,
    allow_inconclusive: bool,
    details: bool,
    reproducible: bool,
    quiet: bool,
    no_progress: bool,
    **given: Any,
) -> int:
    """Compare a reference corpus with one or more candidates, generations in order.

    A corpus is a file, a folder, a glob, - for standard input, an fsspec URL, a .profile, or the
    name of a baseline in the store.
    """
    from degrade import gate
    from degrade.api import compare
    from degrade.baselines import open_baseline
    from degrade.cli.progress import Reading
    from degrade.errors import TooLittleTextError

    for path in outputs:
        check_report(path)
    settings = comparison_options(given)
    options = library_options({**given, "quiet": quiet, "no_progress": no_progress})
    try:
        with Reading(shown=not (quiet or no_progress), told=not quiet) as reading:
            run = compare(
                open_baseline(reference, store),
                *(open_baseline(candidate, store) for candidate in candidates),
                **settings,
                **options,
                reproducible=reproducible,
                progress=reading,
            )
    except TooLittleTextError as error:
        if fail_on is None:
            raise
        # To a gate that is no error: it cannot decide.
        click.echo(f"degrade: {error}", err=True)
        return gate.exit_status(["undecided"], "pass" if allow_inconclusive else "report")
    run = gated(run, fail_on)
    written = [file for path in outputs for file in run.save(path)]
    if not quiet:
        from degrade.report import terminal

        terminal.show(run.record, sys.stdout, details=details)
        for file in written:
            click.echo(f"Report written to {file}", err=True)
    return status_of(run, fail_on, allow_inconclusive=allow_inconclusive)
