"""``degrade baseline add|list|show|verify``: profiles that are kept, with what they are of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from degrade.cli.options import in_store, library_options, reading_and_counting, store_option
from degrade.errors import UsageError

if TYPE_CHECKING:
    from degrade.store import Baseline, Store

GATE_FAILED = 1
SMALL = {"metric_names": "primary", "no_text": True}
"""Options of a baseline for git."""
SMALL_BYTES = 10_000_000


@click.group("baseline")
def command() -> None:
    """Keep profiles of human text by name, to measure by when the text itself is gone.

    A store is a folder or an fsspec URL: profiles, and an index that says of each what it is of and
    its SHA-256, which is looked at before it is used.
    """


@command.command("add")
@click.argument("name")
@click.argument("corpus", metavar="CORPUS_OR_PROFILE")
@click.option("--note", default="", metavar="TEXT", help="Where the text comes from, to be kept.")
@click.option("--replace", is_flag=True, help="Put it in the place of one of that name.")
@click.option(
    "--small",
    is_flag=True,
    help="At most 10 MB, for git: --metrics primary --no-text, of as many documents as fit.",
)
@click.option("--no-text", is_flag=True, help="Keep no sampled documents for examples.")
@store_option
@reading_and_counting
def add(
    name: str,
    corpus: str,
    note: str,
    replace: bool,
    small: bool,
    no_text: bool,
    store: str | None,
    quiet: bool,
    no_progress: bool,
    **given: Any,
) -> int:
    """Profile a corpus, or take a profile, and keep it as NAME."""
    from degrade.cli.progress import Reading

    kept = _store(store)
    if small:
        _check_small(corpus)
        no_text = True
        given |= {k: v for k, v in SMALL.items() if k in given and not _typed(k)}
    options = library_options({**given, "quiet": quiet, "no_progress": no_progress})
    if no_text:
        options["sampled_documents"] = 0
    with Reading(shown=not (quiet or no_progress), told=not quiet) as reading:
        most = SMALL_BYTES if small else None
        made = kept.add(
            name, corpus, note=note, replacing=replace, most=most, **options, progress=reading
        )
    if not quiet:
        click.echo(
            f"{name}: {made.content.documents:,} documents, {made.content.tokens:,} tokens, "
            f"{made.bytes:,} bytes, in {kept.shelf.path(made.file)}"
        )
    return 0


def _check_small(corpus: str) -> None:
    from degrade.corpora import PROFILE_SUFFIX

    if corpus.endswith(PROFILE_SUFFIX):
        raise UsageError(f"{corpus}: a profile is kept as it is; --small is for corpora")


def _typed(option: str) -> bool:
    source = click.get_current_context().get_parameter_source(option)
    return source is ParameterSource.COMMANDLINE


@command.command("list")
@in_store
def list_baselines(store: str | None) -> int:
    """List the baselines: name, when it was added, documents, tokens, bytes and the source."""
    entries = _store(store).baselines()
    columns = [
        (
            each.name,
            each.added[:10],
            f"{each.content.documents:,} documents",
            f"{each.content.tokens:,} tokens",
            f"{each.bytes:,} bytes",
            each.note or each.source.path,
        )
        for each in entries
    ]
    widths = [max(map(len, column)) for column in zip(*columns, strict=True)]
    for row in columns:
        cells = [
            text.rjust(width) if 2 <= i <= 4 else text.ljust(width)
            for i, (text, width) in enumerate(zip(row, widths, strict=True))
        ]
        click.echo("  ".join(cells).rstrip())
    if not entries:
        click.echo("no baselines; `degrade baseline add NAME CORPUS` adds one", err=True)
    return 0


@command.command("show")
@click.argument("name")
@in_store
def show(name: str, store: str | None) -> int:
    """Show what NAME is of, and how it was counted."""
    kept = _store(store)
    for label, value in _rows(kept, kept.find(name)):
        click.echo(f"{label:<12} {value}")
    return 0


def _rows(store: Store, entry: Baseline) -> list[tuple[str, str]]:
    source, content = entry.source, entry.content
    sampled = f"{content.sampled_documents:,} documents" if content.sampled_documents else "none"
    return [
        ("name", entry.name),
        ("added", f"{entry.added}, by {entry.tool}"),
        ("note", entry.note or "none"),
        ("source", f"{source.path}: {source.files:,} files, {source.bytes:,} bytes"),
        ("", f"SHA-256 of theirs: {source.sha256}"),
        ("file", f"{store.shelf.path(entry.file)}, {entry.bytes:,} bytes"),
        ("SHA-256", entry.sha256),
        (
            "holds",
            f"{content.documents:,} documents, {content.tokens:,} tokens, "
            f"{content.characters:,} characters",
        ),
        ("n-grams", "all" if content.exact else "a sample, those of the smallest hashes"),
        ("text", sampled),
        ("layers", ", ".join(f"{k}: {v}" for k, v in content.versions.items())),
        ("counted", ", ".join(content.counted)),
    ]


@command.command("verify")
@in_store
def verify(store: str | None) -> int:
    """Look at every file: whether it is there, and still what was added. Exit 1 if one is not."""
    kept = _store(store)
    faults = kept.verify()
    for fault in faults:
        click.echo(fault)
    if faults:
        return GATE_FAILED
    count = len(kept.baselines())
    click.echo(f"{kept.where}: {count:,} baseline{'' if count == 1 else 's'}, as added")
    return 0


def _store(where: str | None) -> Store:
    from degrade.baselines import from_here
    from degrade.store import Store

    if where is None:
        raise UsageError(
            "no store: name its folder or URL by --store, or as store in [tool.degrade]"
        )
    return Store(from_here(where))
