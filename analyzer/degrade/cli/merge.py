"""``degrade merge A.profile B.profile -o FILE.profile``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from degrade.cli.options import check_destination


@click.command("merge")
@click.argument("profiles", nargs=-1, required=True, metavar="PROFILE...")
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE.profile",
    help="Where to write the merged profile.",
)
@click.option("--quiet", "-q", is_flag=True, help="Say nothing but errors.")
def command(profiles: tuple[str, ...], output: Path, quiet: bool) -> int:
    """Merge profiles of parts of a corpus, in any order: the same bytes as of the whole."""
    from degrade.corpora import PROFILE_SUFFIX, load_profile
    from degrade.engines.local import available_cores
    from degrade.engines.merging import merged_files
    from degrade.report.figures import things

    check_destination(output)
    if output.suffix != PROFILE_SUFFIX:
        raise click.UsageError(f"{output}: a profile's name ends in {PROFILE_SUFFIX}")
    _refuse_twice(profiles, output)
    whole = merged_files(profiles, load_profile, available_cores())
    whole.save(output)
    if not quiet:
        counted = things(whole.documents, "document"), things(whole.tokens, "token")
        click.echo(f"{output}: {', '.join(counted)}")
    return 0


def _refuse_twice(profiles: Sequence[str], output: Path) -> None:
    """Raise a usage error where documents would count twice.

    A profile is named twice, or a glob takes in the ``output`` of the same command given before.
    """
    from degrade.corpora import load_profile

    named: dict[Path, str] = {}
    for path in profiles:
        place = Path(path).resolve()
        if place in named:
            raise click.UsageError(f"{path} is named twice: its documents would count twice")
        named[place] = path
    before = named.pop(output.resolve(), None)
    if before is None:
        return
    contents = load_profile(before).contents
    for path in named.values():
        if load_profile(path).contents.shared_with(contents).of_text == 1.0:
            raise click.UsageError(
                f"{before} holds all documents of {path} already, and they would count twice: "
                "leave one of the two out, or write to another file"
            )
