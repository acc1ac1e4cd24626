"""Options that several commands share, and what they say to the library."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource

from degrade.errors import UsageError
from degrade.toml_values import bytes_said

if TYPE_CHECKING:
    from degrade.configuration import Configuration

_TYPED = ParameterSource.COMMANDLINE
Command = TypeVar("Command", bound=Callable[..., Any])


def size(value: str) -> int:
    """Return the bytes that 500MB, 4G or 2GiB say."""
    found = bytes_said(value)
    if found is None:
        raise click.BadParameter(f"{value!r} is no size; write 500MB or 4GB")
    return found


_READING = (
    click.option("--text-field", multiple=True, metavar="[CORPUS:]FIELD",
                 help="Field that holds the text ('text'); one a corpus, if they differ."),
    click.option("--id-field", metavar="FIELD",
                 help="Field that names a document; 'id' if there, and '' to take none."),
    click.option("--cluster-field", metavar="FIELD",
                 help="Field that names documents that are not independent: prompt, author."),
    click.option("--split", type=click.Choice(["line", "paragraph"]),
                 help="Take each line or paragraph of plain text as a document."),
    click.option("--format", metavar="NAME",
                 help="Format of all files, where suffix and content do not tell."),
    click.option("--limit", type=click.IntRange(1), metavar="N",
                 help="Read the first N documents of each corpus."),
    click.option("--on-error", type=click.Choice(["fail", "skip"]), default="fail",
                 show_default=True, help="Stop at what cannot be read, or count it and go on."),
)  # fmt: skip
_METRICS = (
    click.option("--metrics", "metric_names", default="default", show_default=True,
                 metavar="NAMES", help="Names or families, by commas, or primary, default, all."),
    click.option("--spacy", metavar="PIPELINE",
                 help="spaCy pipeline, installed or a folder, for metrics of syntax."),
    click.option("--plugin", "plugins", multiple=True, metavar="FILE",
                 type=click.Path(dir_okay=False), help="A Python file with METRICS; repeatable."),
)  # fmt: skip
_WORKERS = click.option("--workers", type=click.IntRange(0), default=0, metavar="N",
                        help="How many count at once; all cores unless told.")  # fmt: skip
_TOLD = (
    click.option("--quiet", "-q", is_flag=True, help="Say nothing but errors."),
    click.option("--no-progress", is_flag=True, help="Show no progress."),
)
_COUNTING = (
    click.option("--layer", "--tokenizer", "layer", default="word", show_default=True,
                 metavar="NAME", help="What counts as a word: word, character, spacy:de ..."),
    click.option("--engine", default="local", show_default=True, metavar="NAME",
                 help="Where to count: local, or ray, on a cluster."),
    click.option("--ray-address", metavar="HOST:PORT",
                 help="The Ray cluster to count on, or auto; one is started here, unless told."),
    _WORKERS,
    click.option("--state", metavar="DIR", type=click.Path(file_okay=False, path_type=Path),
                 help="Keep what is counted in DIR, and go on from there after a run broke off."),
    click.option("--capacity", type=click.IntRange(0), metavar="N",
                 help="Most n-grams kept of each order, by their hash; 0 for all there are. "
                 "1048576 unless told, and 8388608 while documents are few."),
    click.option("--memory", type=size, metavar="SIZE",
                 help="Memory for counting, as 500MB or 4GB, instead of --capacity."),
    *_TOLD,
)  # fmt: skip


_SETTINGS = "degrade.configuration"


def _configure(ctx: click.Context, _: click.Parameter, value: Path | None) -> None:
    """Take the defaults of all options from the project's settings."""
    from degrade import configuration

    found = configuration.find(Path.cwd()) if value is None else configuration.load(value)
    ctx.meta[_SETTINGS] = found
    given = dict(found.options)
    fields = [f"{corpus}:{name}" for corpus, name in given.pop("text_fields", {}).items()]
    if fields or "text_field" in given:
        given["text_field"] = [given.get("text_field", "text"), *fields]
    if "metrics" in given:
        given["metric_names"] = ",".join(given.pop("metrics"))
    given.pop("thresholds", None)
    ctx.default_map = given


def configured() -> Configuration:
    """Return the project's settings, in a command that has ``--config``."""
    found: Configuration = click.get_current_context().meta[_SETTINGS]
    return found


store_option = click.option(
    "--store", metavar="FOLDER", help="The folder or URL where baselines are kept."
)
_CONFIG = click.option(
    "--config", metavar="FILE", is_eager=True, expose_value=False, callback=_configure,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Settings, in a degrade.toml or pyproject.toml; the nearest one above, unless told.",
)  # fmt: skip


def reading_and_counting(command: Command) -> Command:
    """Add the options by which corpora are read and counted."""
    return _with(command, (*_READING, *_METRICS, *_COUNTING, _CONFIG))


def in_store(command: Command) -> Command:
    """Add the options by which a baseline store is found."""
    return _with(command, (store_option, _CONFIG))


def reading(command: Command) -> Command:
    """Add the options by which corpora are read, where no metric is computed of them."""
    return _with(command, (*_READING, *_COUNTING, _CONFIG))


def reading_once(command: Command) -> Command:
    """Add the options by which one corpus is read, where no profile is made of it."""
    return _with(command, (*_READING, _WORKERS, *_TOLD, _CONFIG))


def comparing(*, self_check: int) -> Callable[[Command], Command]:
    """Add the options that say how to compare, with so many halvings in the self-check."""
    own = (
        click.option("--reference-role", type=click.Choice(["auto", "heldout", "training"]),
                     default="auto", show_default=True,
                     help="Whether the reference was training data of the candidates' models."),
        click.option("--alpha", type=click.FloatRange(0, 0.5, min_open=True, max_open=True),
                     default=0.05, show_default=True,
                     help="Level of every test; intervals cover 1 - alpha."),
        click.option("--test", type=click.Choice(["jackknife", "permutation"]),
                     default="jackknife", show_default=True,
                     help="permutation: exact p-values, by telling groups of documents apart at "
                     "random."),
        click.option("--relabelings", type=click.IntRange(1), default=999, show_default=True,
                     metavar="N", help="Random relabelings of a test by permutation."),
        click.option("--self-check", type=click.IntRange(0), default=self_check, show_default=True,
                     metavar="N", help="Random halvings of the reference that show how often this "
                     "alarms; 0 for none."),
        click.option("--seed", type=click.IntRange(0), default=0, show_default=True,
                     help="Seed of halvings and relabelings."),
        click.option("--threshold", "thresholds", multiple=True,
                     metavar="METRIC=MINOR,MODERATE,SEVERE",
                     help="Thresholds of a metric or family, in its unit; repeatable."),
    )  # fmt: skip
    return lambda command: _with(command, own)


def comparison_options(given: dict[str, Any]) -> dict[str, Any]:
    """Take from ``given`` what says how to compare, as ``degrade.compare`` takes it.

    Thresholds of the command line stand beside those of the settings, or in their place.
    """
    names = ("reference_role", "alpha", "test", "relabelings", "self_check", "seed")
    taken = {name: given.pop(name) for name in names}
    typed = dict(_threshold(value) for value in given.pop("thresholds"))
    return {**taken, "thresholds": {**configured().options.get("thresholds", {}), **typed}}


def _threshold(value: str) -> tuple[str, tuple[float, ...]]:
    name, _, limits = value.partition("=")
    try:
        return name.strip(), tuple(float(limit) for limit in limits.split(","))
    except ValueError:
        raise UsageError(
            f"--threshold {value}: write METRIC=MINOR,MODERATE,SEVERE, as types_1=0.03,0.10,0.25"
        ) from None


def _with(command: Command, options: Sequence[Callable[[Command], Command]]) -> Command:
    for option in reversed(options):
        command = option(command)
    return command


def library_options(given: dict[str, Any]) -> dict[str, Any]:
    """Return what ``degrade.options.Options`` takes, from the command line's options."""
    default, single = text_fields(given.pop("text_field"))
    names = [name for name in given.pop("metric_names", "").split(",") if name.strip()]
    given.pop("quiet")
    given.pop("no_progress")
    if given["capacity"] is not None and given["memory"] is not None:
        # Said on the command line, the one stands for the other of the project's settings.
        source = click.get_current_context().get_parameter_source
        for said, other in (("capacity", "memory"), ("memory", "capacity")):
            if (source(said), source(other)) == (_TYPED, ParameterSource.DEFAULT_MAP):
                given[other] = None
    return {"metrics": names, "text_field": default, "text_fields": single, **given}


def text_fields(given: Sequence[str]) -> tuple[str, dict[str, str]]:
    """Return the field of the text, and those of single corpora."""
    default, single = "text", {}
    for value in given:
        corpus, colon, name = value.rpartition(":")
        if value.startswith(":"):
            default = value[1:]
        elif colon and corpus:
            single[corpus] = name
        else:
            default = value
    return default, single


REPORT = click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    metavar="FILE|FOLDER/",
    # No path type: it would take away the slash that says folder.
    type=str,
    help="Write the report; the format follows the suffix: .html, .json, .md, .csv, .parquet, .xml "
    "(JUnit), .txt, or .svg and .png for the chart that the file is named after; a folder gets all "
    "charts. Repeatable.",
)


def check_report(path: str) -> None:
    """Raise a usage error now rather than after the work if no report can be written there."""
    from degrade import registry
    from degrade.report import renderer

    if not renderer.is_folder(path):
        check_destination(Path(path))
    renderer.check(path, registry.all_of(registry.REPORTERS))


def check_destination(path: Path) -> None:
    """Raise a usage error now rather than after the work if ``path`` cannot be written."""
    if path.is_dir():
        raise click.UsageError(f"{path} is a folder; name a file")
    parent = path.parent
    if parent.exists() and not parent.is_dir():
        raise click.UsageError(f"{parent} is not a folder")
