"""``degrade check [FILES...]``: the gate of commits and of CI."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import click

from degrade.cli.gate import gated
from degrade.cli.options import (
    check_report,
    comparing,
    comparison_options,
    configured,
    library_options,
    reading_and_counting,
    store_option,
)
from degrade.configuration import LEVELS, ON_INCONCLUSIVE
from degrade.errors import UsageError


@click.command("check")
@click.argument("files", nargs=-1, metavar="[FILES...]")
@click.option(
    "--baseline",
    metavar="CORPUS|NAME",
    help="What files are compared with: a .profile, or the name of one in the store.",
)
@store_option
@click.option(
    "--each/--together",
    default=None,
    help="Judge every file on its own, or all as one corpus.",
)
@click.option("--fail-on", type=click.Choice(LEVELS), help="The mildest level that fails.")
@click.option(
    "--on-inconclusive",
    type=click.Choice(ON_INCONCLUSIVE),
    help="What too little text is: a pass, a failure, or reported by exit status 3.",
)
@click.option("--allow-inconclusive", is_flag=True, help="The same as --on-inconclusive pass.")
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    metavar="FILE|FOLDER/",
    # No path type: it would take away the slash that says folder.
    type=str,
    help="Write the report of files checked together, in the format of the suffix. Repeatable.",
)
@comparing(self_check=0)
@reading_and_counting
def command(
    files: tuple[str, ...],
    baseline: str | None,
    store: str | None,
    each: bool | None,
    fail_on: str | None,
    on_inconclusive: str | None,
    allow_inconclusive: bool,
    outputs: tuple[str, ...],
    quiet: bool,
    no_progress: bool,
    **given: Any,
) -> int:
    """Compare files with a baseline, and fail where they have lost too much.

    Without FILES, those of paths in the settings. Baseline, thresholds and all else may be set in
    [tool.degrade] of pyproject.toml or in degrade.toml; the command line comes first.

    Exit status: 0 passed, 1 failed, 2 an error, 3 too little text to tell.
    """
    from degrade import gate
    from degrade.baselines import from_here, open_baseline, place_of, renewal_of
    from degrade.checking import check
    from degrade.cli.progress import Reading
    from degrade.report import short

    asked: dict[str, Any] = {
        "baseline": baseline,
        "paths": files or None,
        "each": each,
        "fail_on": fail_on,
        "on_inconclusive": "pass" if allow_inconclusive else on_inconclusive,
    }
    settings = configured().check
    settings = replace(settings, **{k: v for k, v in asked.items() if v is not None})
    if settings.baseline is None:
        raise UsageError(
            "no baseline: make one with `degrade profile HUMAN_TEXT -o baseline.profile`, and name "
            f"it by --baseline or as baseline under {configured().place_of('check')}"
        )
    if outputs and settings.each:
        raise UsageError("a report is of files checked together: leave out --each or -o")
    for path in outputs:
        check_report(path)
    opened = open_baseline(settings.baseline, store)
    how = comparison_options(given)
    options = library_options({**given, "quiet": quiet, "no_progress": no_progress})
    with Reading(shown=not (quiet or no_progress), told=not quiet) as reading:
        checked = check(
            settings.paths,
            opened,
            each=settings.each,
            fail_on=settings.fail_on,
            **how,
            **options,
            progress=reading,
        )
    for path in outputs:
        for one in checked:
            if one.run is not None:
                for written in gated(one.run, settings.fail_on).save(path):
                    click.echo(f"Report written to {written}", err=True)
    outcomes = [one.outcome for one in checked]
    if not quiet:
        for one in checked:
            if not settings.each or gate.exit_status([one.outcome], settings.on_inconclusive):
                for line in short.said(
                    one.name, one.outcome, one.comparison, one.reason, settings.fail_on
                ):
                    click.echo(line)
        for line in short.advice(
            outcomes,
            from_here(place_of(opened)),
            renewal_of(settings.baseline, opened),
            settings.on_inconclusive,
            each=settings.each,
            thresholds=configured().place_of("thresholds"),
        ):
            click.echo(line)
    return gate.exit_status(outcomes, settings.on_inconclusive)
