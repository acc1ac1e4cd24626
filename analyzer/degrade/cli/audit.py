"""``degrade audit CORPUS``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from degrade.cli.options import check_destination, reading_once, store_option, text_fields

_SUFFIXES = (".json", ".html", ".jsonl", ".parquet")


@click.command("audit")
@click.argument("corpus")
@click.option(
    "--source-field",
    metavar="FIELD",
    help="Field that holds the source of a document; else each file is one.",
)
@click.option("--shards", is_flag=True, help="Tell files as well, beside other sources.")
@click.option(
    "--time-field",
    metavar="FIELD",
    help="Field that holds the time of a document, a date or a number: what grows worse, and since "
    "when.",
)
@click.option(
    "--baseline",
    metavar="FILE.profile|NAME",
    help="A profile of good text that sources are held against, beside one another, or the name "
    "of one in the store.",
)
@store_option
@click.option(
    "--human",
    metavar="CORPUS|NAME",
    help="Human text, with --machine: how much of each source is like the one and not the other.",
)
@click.option("--machine", metavar="CORPUS|NAME", help="Machine text, with --human.")
@click.option(
    "--bursts",
    is_flag=True,
    help="Look for phrases that many documents of one source hold, and those of others do not.",
)
@click.option(
    "--worst",
    type=click.IntRange(0),
    default=1000,
    show_default=True,
    metavar="N",
    help="Most documents that are listed.",
)
@click.option(
    "--write-flags",
    metavar="DIR",
    help="Write what was measured of each document to DIR, in files that line up with the "
    "corpus's: attributes as Dolma has them, or Parquet.",
)
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Write what was found: all as .json or as a page in .html, the worst documents as .jsonl "
    "or .parquet. Repeatable.",
)
@reading_once
def command(
    corpus: str,
    outputs: tuple[Path, ...],
    quiet: bool,
    no_progress: bool,
    **given: Any,
) -> int:
    """Audit a corpus: which sources stand out, and which documents are worst.

    For text that a model is to be trained on. Copies, variety, repetition and loops of each source
    against the rest of the corpus, with errors and many tests allowed for.

    A corpus is a file, a folder, a glob, - for standard input or an fsspec URL.
    """
    from degrade.atomic import replace_file
    from degrade.auditing.auditor import audit
    from degrade.cli.progress import Reading
    from degrade.report import audit_files, terminal_audit

    for path in outputs:
        check_destination(path)
        if path.suffix not in _SUFFIXES:
            raise click.UsageError(f"{path}: what is found is written as {', '.join(_SUFFIXES)}")
    default, single = text_fields(given.pop("text_field"))
    with Reading(shown=not (quiet or no_progress), told=not quiet) as shown:
        found = audit(corpus, text_field=single.get(corpus, default), **given, progress=shown)
    for path in outputs:
        replace_file(path, audit_files.content(found, path.suffix))
    if not quiet:
        terminal_audit.show(found, sys.stdout)
        for written_to in (*outputs, *filter(None, [given["write_flags"]])):
            click.echo(f"Written to {written_to}", err=True)
    return 0
