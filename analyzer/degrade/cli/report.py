"""``degrade report RUN.json``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from degrade.cli.gate import gated, gating, status_of
from degrade.cli.options import check_destination


@click.command("report")
@click.argument("run", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Write it; the format follows the suffix (.json, .md, .csv, .parquet, .xml, .txt). "
    "Without, it is shown here.",
)
@click.option("--details", is_flag=True, help="Show every metric, not only those of the verdict.")
@gating
def command(
    run: Path,
    outputs: tuple[Path, ...],
    details: bool,
    fail_on: str | None,
    allow_inconclusive: bool,
) -> int:
    """Show a saved run again, or write it in another format.

    Runs of earlier versions are shown too.
    """
    from degrade import registry
    from degrade.report import renderer, terminal
    from degrade.run import Run

    for path in outputs:
        check_destination(path)
        renderer.renderer_for(path, registry.all_of(registry.REPORTERS))
    loaded = gated(Run.load(run), fail_on)
    for path in outputs:
        loaded.save(path)
        click.echo(f"Report written to {path}", err=True)
    if not outputs:
        terminal.show(loaded.record, sys.stdout, details=details)
    return status_of(loaded, fail_on, allow_inconclusive=allow_inconclusive)
