"""``degrade report RUN.json``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

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
    help="Write it; the format follows the suffix. Without, it is shown here.",
)
@click.option("--details", is_flag=True, help="Show every metric, not only those of the verdict.")
def command(run: Path, outputs: tuple[Path, ...], details: bool) -> int:
    """Show a saved run again, or write it in another format."""
    from degrade.api import Run
    from degrade.report import terminal

    for path in outputs:
        check_destination(path)
    loaded = Run.load(run)
    for path in outputs:
        loaded.save(path)
        click.echo(f"Report written to {path}", err=True)
    if not outputs:
        terminal.show(loaded.record, sys.stdout, details=details)
    return 0
