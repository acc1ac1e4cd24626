"""``degrade profile CORPUS -o FILE.profile``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from degrade.cli.options import check_destination, library_options, reading_and_counting


@click.command("profile")
@click.argument("corpus")
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE.profile",
    help="Where to write the profile.",
)
@click.option("--no-text", is_flag=True, help="Keep no sampled documents for examples.")
@reading_and_counting
def command(
    corpus: str,
    output: Path,
    no_text: bool,
    quiet: bool,
    no_progress: bool,
    **given: Any,
) -> int:
    """Reduce a corpus once, to compare it often.

    A profile holds counts and up to 1,000 sampled documents, and no paths: equal corpora give equal
    files, however they were cut and merged.
    """
    from degrade.api import profile
    from degrade.cli.progress import Reading
    from degrade.corpora import PROFILE_SUFFIX
    from degrade.options import Options
    from degrade.planning import left_out
    from degrade.report.figures import things

    check_destination(output)
    if output.suffix != PROFILE_SUFFIX:
        raise click.UsageError(f"{output}: a profile's name ends in {PROFILE_SUFFIX}")
    if corpus.endswith(PROFILE_SUFFIX):
        raise click.UsageError(
            f"{corpus} is a profile already, and holds no text to be counted anew: name the corpus "
            "that it is of"
        )
    options = library_options({**given, "quiet": quiet, "no_progress": no_progress})
    if no_text:
        options["sampled_documents"] = 0
    with Reading(shown=not (quiet or no_progress), told=not quiet) as reading:
        made = profile(corpus, **options, progress=reading)
    made.save(output)
    if not quiet:
        for reason, names in left_out(Options(**options)).items():
            click.echo(f"degrade: left out: {names}: {reason}", err=True)
        skipped = "".join(f", {n:,} {kind} skipped" for kind, n in sorted(made.skipped.items()))
        click.echo(
            f"{output}: {things(made.documents, 'document')}, {things(made.tokens, 'token')}, "
            f"{output.stat().st_size:,} bytes{skipped}"
        )
    return 0
