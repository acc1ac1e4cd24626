"""Options that several commands share, and what they say to the library."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([KMGT]?)(I?)B?", re.IGNORECASE)


def size(value: str) -> int:
    """Return the bytes that 500MB, 4G or 2GiB say."""
    found = _SIZE.fullmatch(value.strip())
    if not found:
        raise click.BadParameter(f"{value!r} is no size; write 500MB or 4GB")
    number, unit, binary = found.groups()
    power = " KMGT".index(unit.upper() or " ")
    return int(float(number) * (1024 if binary else 1000) ** power)


_READING = (
    click.option("--text-field", multiple=True, metavar="[CORPUS:]FIELD",
                 help="Field that holds the text ('text'); one a corpus, if they differ."),
    click.option("--id-field", metavar="FIELD", help="Field that names a document; 'id' if there."),
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
_COUNTING = (
    click.option("--layer", "--tokenizer", "layer", default="word", show_default=True,
                 metavar="NAME", help="What counts as a word: word, character, spacy:de ..."),
    click.option("--engine", default="local", show_default=True, help="Where to count."),
    click.option("--workers", type=click.IntRange(0), default=0, metavar="N",
                 help="How many count at once; all cores unless told."),
    click.option("--state", metavar="DIR", type=click.Path(file_okay=False, path_type=Path),
                 help="Keep what is counted in DIR, and go on from there after a run broke off."),
    click.option("--capacity", type=click.IntRange(0), metavar="N",
                 help="Most n-grams kept of each order, by their hash; 0 for all there are. "
                 "1048576 unless told, and 8388608 while documents are few."),
    click.option("--memory", type=size, metavar="SIZE",
                 help="Memory for counting, as 500MB or 4GB, instead of --capacity."),
    click.option("--quiet", "-q", is_flag=True, help="Say nothing but errors."),
    click.option("--no-progress", is_flag=True, help="Show no progress."),
)  # fmt: skip


def reading_and_counting(command: Command) -> Command:
    """Add the options by which corpora are read and counted."""
    return _with(command, (*_READING, *_METRICS, *_COUNTING))


def reading(command: Command) -> Command:
    """Add the options by which corpora are read, where no metric is computed of them."""
    return _with(command, (*_READING, *_COUNTING))


def _with(command: Command, options: Sequence[Callable[[Command], Command]]) -> Command:
    for option in reversed(options):
        command = option(command)
    return command


def library_options(given: dict[str, Any]) -> dict[str, Any]:
    """Return what ``degrade.options.Options`` takes, from the command line's options."""
    default, single = "text", {}
    for value in given.pop("text_field"):
        corpus, colon, name = value.rpartition(":")
        if colon and corpus:
            single[corpus] = name
        else:
            default = value
    names = [name for name in given.pop("metric_names", "").split(",") if name.strip()]
    given.pop("quiet")
    given.pop("no_progress")
    return {"metrics": names, "text_field": default, "text_fields": single, **given}


def check_destination(path: Path) -> None:
    """Raise a usage error now rather than after the work if ``path`` cannot be written."""
    if path.is_dir():
        raise click.UsageError(f"{path} is a folder; name a file")
    parent = path.parent
    if parent.exists() and not parent.is_dir():
        raise click.UsageError(f"{parent} is not a folder")
