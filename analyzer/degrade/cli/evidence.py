"""``degrade evidence RUN.json --metric M``, or ``--kind K``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from degrade.cli.options import check_destination

if TYPE_CHECKING:
    from degrade.kept import Kind


@click.command("evidence")
@click.argument("run", type=click.Path(path_type=Path), metavar="RUN.json")
@click.option("--metric", metavar="NAME", help="The finding to look behind.")
@click.option(
    "--kind",
    type=click.Choice(
        ["lost", "gained", "inherited", "bursting", "words", "planted", "loops", "duplicates"]
    ),
    help="Or what the run file itself holds of this kind.",
)
@click.option(
    "--candidate",
    "--comparison",
    "candidate",
    metavar="NAME",
    help="Of several candidates, this one; else the one that fares worst.",
)
@click.option(
    "--corpus",
    "corpora",
    multiple=True,
    metavar="NAME=PATH",
    help="Where a corpus is now, or a .profile of it; taken as it is. Repeatable.",
)
@click.option(
    "--limit",
    type=click.IntRange(1),
    default=20,
    show_default=True,
    metavar="N",
    help="Show at most N of each kind.",
)
@click.option("--search", default="", metavar="TEXT", help="Show only what holds TEXT.")
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Write it; the format follows the suffix (.json, .csv, .txt). Without, it is shown here.",
)
@click.option("--text-field", metavar="FIELD", help="Field that holds the text, if not as then.")
@click.option("--layer", "--tokenizer", "layer", metavar="NAME", help="Tokenizer, if not as then.")
@click.option("--spacy", metavar="PIPELINE", help="spaCy pipeline, if not as then.")
@click.option(
    "--plugin",
    "plugins",
    multiple=True,
    metavar="FILE",
    type=click.Path(dir_okay=False),
    help="A Python file with METRICS; repeatable.",
)
@click.option("--workers", type=click.IntRange(0), default=0, metavar="N",
              help="How many count at once; all cores unless told.")  # fmt: skip
def command(
    run: Path,
    metric: str | None,
    kind: Kind | None,
    candidate: str | None,
    corpora: tuple[str, ...],
    limit: int,
    search: str,
    outputs: tuple[Path, ...],
    text_field: str | None,
    layer: str | None,
    spacy: str | None,
    plugins: tuple[str, ...],
    workers: int,
) -> int:
    """Show the n-grams, loops or copies behind a finding, or of one kind, each in its context.

    The corpora are read again where the run file says, if they are what they were; where a run was
    made from profiles, n-grams are shown in the documents that these keep. With --kind nothing is
    read but the run file.
    """
    from degrade.atomic import replace_file
    from degrade.behind import behind, comparison_of
    from degrade.kept import kept
    from degrade.report import instances, run_file

    if (metric is None) == (kind is None):
        raise click.UsageError("say what to show: --metric NAME or --kind KIND")
    if kind is not None and corpora:
        raise click.UsageError("--kind shows what the run file holds, and reads no --corpus")
    writers = []
    for path in outputs:
        check_destination(path)
        writers.append(instances.writer_for(path))
    record = run_file.read(run)
    if kind is not None:
        found = kept(comparison_of(record, candidate), kind, most=limit, search=search)
    else:
        found = behind(
            record,
            metric or "",
            candidate=candidate,
            folder=run.parent,
            corpora=dict(_named(each) for each in corpora),
            most=limit,
            search=search,
            text_field=text_field,
            layer=layer,
            spacy=spacy,
            plugins=plugins,
            workers=workers,
        )
    for path, write in zip(outputs, writers, strict=True):
        replace_file(path, write(found))
        click.echo(f"Evidence written to {path}", err=True)
    if not outputs:
        instances.show(found, sys.stdout)
    return 0


def _named(given: str) -> tuple[str, str]:
    name, equals, path = given.partition("=")
    if not (name and equals and path):
        raise click.UsageError(f"--corpus {given}: write NAME=PATH, as gen5=data/gen5")
    return name, path
