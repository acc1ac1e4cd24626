"""``degrade provenance CORPUS --human CORPUS --machine CORPUS``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from degrade.cli.options import check_destination, library_options, reading


@click.command("provenance")
@click.argument("corpus")
@click.option(
    "--human",
    multiple=True,
    required=True,
    metavar="CORPUS",
    help="Human text of the same domain and time; repeatable, taken together.",
)
@click.option(
    "--machine",
    multiple=True,
    required=True,
    metavar="CORPUS",
    help="Machine text made by prompts that people use; repeatable, taken together.",
)
@click.option(
    "--teacher",
    multiple=True,
    metavar="CORPUS",
    help="Text of a model that may have taught: show which phrases came over. Repeatable.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE.json",
    help="Write what was found as JSON.",
)
@reading
def command(
    corpus: str,
    human: tuple[str, ...],
    machine: tuple[str, ...],
    teacher: tuple[str, ...],
    output: Path | None,
    quiet: bool,
    no_progress: bool,
    **given: Any,
) -> int:
    """Tell how much of a corpus is machine text, by a human and a machine reference.

    The share of its documents that are like the machine reference and not like the human one, the
    words that it has in excess of human text and, with --teacher, the phrases that it took over.

    A corpus is a file, a folder, a glob, - for standard input, an fsspec URL, or a .profile.
    """
    from degrade.atomic import replace_file
    from degrade.cli.progress import Reading
    from degrade.report import provenance, terminal_provenance
    from degrade.tracing import trace

    if output is not None:
        check_destination(output)
        if output.suffix != ".json":
            raise click.UsageError(f"{output}: what is found is written as .json")
    options = library_options({**given, "quiet": quiet, "no_progress": no_progress})
    with Reading(shown=not (quiet or no_progress), told=not quiet) as shown:
        found = trace(corpus, human, machine, teacher, **options, progress=shown)
    if output is not None:
        replace_file(output, provenance.dump(found))
    if not quiet:
        terminal_provenance.show(found, sys.stdout)
        if output is not None:
            click.echo(f"Written to {output}", err=True)
    return 0
