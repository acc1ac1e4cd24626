"""``degrade compare REFERENCE CANDIDATE...``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from degrade.cli.options import check_destination, library_options, reading_and_counting
from degrade.errors import UsageError
from degrade.findings import FEWEST_TOKENS, SEVERITY, Comparison
from degrade.record import Record


@click.command("compare")
@click.argument("reference")
@click.argument("candidates", nargs=-1, required=True, metavar="CANDIDATE...")
@click.option(
    "--reference-role",
    type=click.Choice(["auto", "heldout", "training"]),
    default="auto",
    show_default=True,
    help="Whether the reference was training data of the candidates' models.",
)
@click.option(
    "--alpha",
    type=click.FloatRange(0, 0.5, min_open=True, max_open=True),
    default=0.05,
    show_default=True,
    help="Level of every test; intervals cover 1 - alpha.",
)
@click.option(
    "--test",
    type=click.Choice(["jackknife", "permutation"]),
    default="jackknife",
    show_default=True,
    help="permutation: exact p-values, by telling groups of documents apart at random.",
)
@click.option(
    "--relabelings",
    type=click.IntRange(1),
    default=999,
    show_default=True,
    metavar="N",
    help="Random relabelings of a test by permutation.",
)
@click.option(
    "--self-check",
    type=click.IntRange(0),
    default=100,
    show_default=True,
    metavar="N",
    help="Random halvings of the reference that show how often this alarms; 0 for none.",
)
@click.option(
    "--seed",
    type=click.IntRange(0),
    default=0,
    show_default=True,
    help="Seed of halvings and relabelings.",
)
@click.option(
    "--threshold",
    "thresholds",
    multiple=True,
    metavar="METRIC=MINOR,MODERATE,SEVERE",
    help="Thresholds of a metric, in its unit; repeatable.",
)
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Write the report; the format follows the suffix (.json, .txt). Repeatable.",
)
@click.option(
    "--fail-on",
    type=click.Choice(["minor", "moderate", "severe"]),
    help="Exit 1 at this level or worse, 3 where it cannot be decided.",
)
@click.option("--allow-inconclusive", is_flag=True, help="With --fail-on, pass what is undecided.")
@click.option("--details", is_flag=True, help="Show every metric, not only those of the verdict.")
@click.option("--reproducible", is_flag=True, help="Leave times and machine out of the report.")
@reading_and_counting
def command(
    reference: str,
    candidates: tuple[str, ...],
    outputs: tuple[Path, ...],
    fail_on: str | None,
    allow_inconclusive: bool,
    details: bool,
    thresholds: tuple[str, ...],
    quiet: bool,
    no_progress: bool,
    **given: Any,
) -> int:
    """Compare a reference corpus with one or more candidates, generations in order.

    A corpus is a file, a folder, a glob, - for standard input, an fsspec URL, or a .profile.
    """
    from degrade import registry
    from degrade.api import compare
    from degrade.cli.progress import Reading
    from degrade.report import renderer, terminal

    for path in outputs:
        check_destination(path)
        renderer.renderer_for(path, registry.all_of(registry.REPORTERS))
    names = ("reference_role", "alpha", "test", "relabelings", "self_check", "seed")
    own = {name: given.pop(name) for name in (*names, "reproducible")}
    options = library_options({**given, "quiet": quiet, "no_progress": no_progress})
    with Reading(shown=not (quiet or no_progress), told=not quiet) as reading:
        run = compare(
            reference,
            *candidates,
            **own,
            **options,
            thresholds=dict(_threshold(value) for value in thresholds),
            progress=reading,
        )
    for path in outputs:
        run.save(path)
    if not quiet:
        terminal.show(run.record, sys.stdout, details=details)
        for path in outputs:
            click.echo(f"Report written to {path}", err=True)
    return gate(run.record, fail_on, allow_inconclusive=allow_inconclusive)


def _threshold(value: str) -> tuple[str, tuple[float, ...]]:
    name, _, limits = value.partition("=")
    try:
        return name.strip(), tuple(float(limit) for limit in limits.split(","))
    except ValueError:
        raise UsageError(
            f"--threshold {value}: write METRIC=MINOR,MODERATE,SEVERE, as types_1=0.03,0.10,0.25"
        ) from None


def gate(record: Record, fail_on: str | None, *, allow_inconclusive: bool) -> int:
    """Return the exit status: 1 at ``fail_on`` or worse, 3 where that cannot be decided."""
    if fail_on is None:
        return 0
    limit = SEVERITY[fail_on]
    if any(SEVERITY.get(each.verdict.level, 0) >= limit for each in record.comparisons):
        return 1
    undecided = any(not _decided(each, limit) for each in record.comparisons)
    return 3 if undecided and not allow_inconclusive else 0


def _decided(comparison: Comparison, limit: int) -> bool:
    """Return whether a verdict short of ``limit`` is known to be: the limit itself is ruled out."""
    verdict = comparison.verdict
    if verdict.level != "inconclusive":
        return True
    enough = comparison.matched_tokens >= FEWEST_TOKENS
    return enough and verdict.ruled_out is not None and SEVERITY[verdict.ruled_out] <= limit
