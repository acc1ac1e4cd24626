"""``degrade simulate CORPUS -o FOLDER``."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from degrade.cli.assignments import assignments
from degrade.cli.options import configured, library_options, reading_and_counting


def _shares(ctx: click.Context, option: click.Parameter, value: str | None) -> list[float] | None:
    """Return the numbers of a list with commas."""
    del ctx
    if value is None:
        return None
    try:
        return [float(part) for part in value.split(",")]
    except ValueError:
        raise click.BadParameter(
            f"{value!r}: write numbers with commas, as 0,0.1,0.25", param=option
        ) from None


_TRAINING = (
    click.option("--generations", type=click.IntRange(1), default=5, show_default=True,
                 metavar="N", help="How many models are trained, one on the other's text."),
    click.option("--learner", default="ngram", show_default=True, metavar="NAME",
                 help="What learns: ngram, unigram, transformer, or a plugin's."),
    click.option("--order", type=int, metavar="N",
                 help="Order of the n-gram model; 3 unless told."),
    click.option("--weights", callback=_shares, metavar="SHARES",
                 help="Weights of its contexts, the longest first: 0.55,0.35,0.10."),
    click.option("--model", metavar="FOLDER",
                 help="Causal language model that the learner transformer trains further."),
    click.option("--device", metavar="NAME",
                 help="Where it computes: cpu, cuda, or auto, a GPU where there is one."),
    click.option("--set", "others", multiple=True, callback=assignments, metavar="NAME=VALUE",
                 help="Another setting of the learner, as layers=4; may be repeated."),
    click.option("--regime", default="replace", show_default=True, metavar="NAMES",
                 help="What a model is trained on, by commas: replace (the last generation), "
                 "accumulate (all there are) or accumulate-subsample (as much of these as the "
                 "original has)."),
    click.option("--keep", callback=_shares, default="0", show_default=True, metavar="SHARES",
                 help="Shares of the original that replace some of the last generation, by "
                 "commas; each is a lineage of its own."),
    click.option("--temperature", type=float, default=1.0, show_default=True,
                 help="Of drawing text."),
    click.option("--top-p", type=float, default=1.0, show_default=True,
                 help="Draw from the most probable words that hold this much together."),
    click.option("--heldout", type=float, metavar="SHARE",
                 help="Share of the original that no model sees, the reference; 0.5 unless told."),
    click.option("--reference", metavar="CORPUS",
                 help="Compare with this text instead, and learn from all of CORPUS."),
    click.option("--seed", type=click.IntRange(0), default=0, show_default=True,
                 help="Seed of all that is drawn."),
    click.option("--seeds", type=click.IntRange(1), default=1, show_default=True, metavar="N",
                 help="Do all of it N times, with the next seed each time; intervals of how much "
                 "to keep are then over seeds."),
)  # fmt: skip


def _training(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed(_TRAINING):
        command = option(command)
    return command


@click.command("simulate")
@click.argument("corpus")
@_training
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Where generations and reports go; what is there and fits is not made again.",
)
@click.option(
    "--corpora",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Also write the text there as folders of parts, gen0, gen0-heldout, gen1 ...; of one "
    "lineage.",
)
@reading_and_counting
def command(
    corpus: str,
    order: int | None,
    weights: list[float] | None,
    model: str | None,
    device: str | None,
    others: dict[str, int | float | str],
    regime: str,
    output: Path,
    corpora: Path | None,
    quiet: bool,
    no_progress: bool,
    **given: Any,
) -> int:
    """Train a model on a corpus, the next one on its text, and so on; tell how much to keep.

    Each generation is as large as the part of the corpus that was learned from, and is compared
    with the part that was held out. With several shares to --keep, it is told which is the least
    that is enough. A run that was broken off goes on when the same command is given again.
    """
    from degrade.cli.progress import Reading
    from degrade.errors import UsageError
    from degrade.report import terminal, terminal_plan
    from degrade.simulation import simulate

    names = ("generations", "learner", "keep", "temperature", "top_p", "reference")
    how = {name: given.pop(name) for name in (*names, "seed", "seeds")}
    heldout = given.pop("heldout")
    if heldout is not None:
        if how["reference"] is not None:
            raise UsageError("with --reference nothing is held out: leave out --heldout")
        how["heldout"] = heldout
    asked = {"order": order, "weights": weights, "model": model, "device": device, **others}
    settings = {name: value for name, value in asked.items() if value is not None}
    options = library_options({**given, "quiet": quiet, "no_progress": no_progress})
    options["thresholds"] = configured().options.get("thresholds", {})
    with Reading(shown=not (quiet or no_progress), told=not quiet) as shown:
        found = simulate(
            corpus,
            output,
            tell=(lambda _: None) if quiet else (lambda step: click.echo(step, err=True)),
            settings=settings,
            regimes=[name.strip() for name in regime.split(",")],
            corpora=corpora,
            **how,
            **options,
            progress=shown,
        )
    if not quiet:
        if len(found) == 1:
            terminal.show(found[0].run.record, sys.stdout)
        terminal_plan.show(found.plan, sys.stdout)
        for each in (*(one.folder for one in found), *found.files):
            click.echo(f"Written to {each}", err=True)
    return 0
