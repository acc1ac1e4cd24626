"""What is behind a finding, in words, as JSON, as CSV and in a terminal."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TextIO

from rich.cells import cell_len
from rich.console import RenderableType
from rich.text import Text

from degrade.errors import UsageError
from degrade.instances import Behind, Instance, Listing, Occurrence
from degrade.report import figures
from degrade.report.codec import encode
from degrade.report.escape import plain, shortened
from degrade.report.tabular import csv_of
from degrade.report.terminal import FILE_WIDTH, render_lines, show_lines
from degrade.report.terminal_text import cut, prose
from degrade.seeking import CONTEXT
from degrade.version import __version__

SCHEMA_VERSION = 1
COLUMNS = (
    "listing", "text", "n", "reference", "candidate", "detail", "corpus", "document", "context",
    "marked",
)  # fmt: skip
_LONGEST = 200


def write_text(found: Behind) -> str:
    """Return what the terminal shows, in lines of at most 100 columns."""
    return render_lines(lambda width: lines_of(found, width), FILE_WIDTH)


def write_json(found: Behind) -> str:
    """Return ``found`` as JSON in ASCII: equal findings, equal bytes."""
    document = {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "degrade", "version": __version__},
        **encode(found),
    }
    return json.dumps(document, ensure_ascii=True, allow_nan=False, indent=2) + "\n"


def write_csv(found: Behind) -> str:
    """Return a row a place, and one for what has none."""
    return csv_of(COLUMNS, _rows(found))


FORMATS: Mapping[str, Callable[[Behind], str]] = {
    ".txt": write_text,
    ".json": write_json,
    ".csv": write_csv,
}


def writer_for(path: Path) -> Callable[[Behind], str]:
    """Return what writes the format of the suffix. Raises UsageError, listing those known."""
    if path.suffix.lower() not in FORMATS:
        raise UsageError(f"{path}: evidence is written as {', '.join(FORMATS)}")
    return FORMATS[path.suffix.lower()]


def show(found: Behind, stream: TextIO | None = None) -> None:
    """Print ``found`` to ``stream``, as wide and as coloured as it allows."""
    show_lines(lambda width: lines_of(found, width), stream or sys.stdout)


def lines_of(found: Behind, width: int) -> Iterator[RenderableType]:
    """Yield what to print: each listing with its instances, then where the text came from."""
    yield ""
    yield prose(
        f"{plain(found.title)} ({plain(found.metric)}): {plain(found.candidate)} against "
        f"{plain(found.reference)}",
        width,
        style="strong",
    )
    for listing in found.listings:
        yield from _listing(listing, width)
    yield ""
    for note in found.notes:
        yield prose(plain(note), width, style="faint")


def _listing(listing: Listing, width: int) -> Iterator[RenderableType]:
    yield ""
    yield prose(plain(listing.title), width, style="strong")
    if listing.counted:
        yield prose(plain(listing.counted), width, style="faint")
    for instance in listing.instances:
        yield from _instance(instance, width)
    if not listing.instances:
        yield Text("  none to show", style="faint")
    rest = listing.total - len(listing.instances)
    if rest > 0:
        yield Text(
            f"  {figures.count(rest)} more are not listed (--limit, --search).", style="faint"
        )
    if listing.unshown:
        yield prose(
            f"{figures.things(listing.unshown, 'of them has', 'of them have')} no text at hand to "
            "show.",
            width,
            indent=2,
            style="faint",
        )


def _instance(instance: Instance, width: int) -> Iterator[RenderableType]:
    head = Text("  ")
    if instance.reference is not None and instance.candidate is not None:
        counts = f"{figures.count(instance.reference)} → {figures.count(instance.candidate)}"
        head.append(f"{counts:<12}  ", style="faint")
    said = "(text not at hand)" if instance.text is None else plain(instance.text)
    detail = f"  {plain(instance.detail)}" if instance.detail else ""
    room = width - cell_len(head.plain)
    head.append(cut(said, max(20, min(room - cell_len(detail), 60))), style="strong")
    head.append(cut(detail, max(0, width - cell_len(head.plain))), style="faint")
    head.truncate(width)
    yield head
    for place in instance.occurrences:
        yield from _place(place, width)


def _place(place: Occurrence, width: int) -> Iterator[RenderableType]:
    where = shortened(f"{plain(place.corpus)}, {plain(place.document)}", 80)
    text = Text("")
    at = 0
    for start, end in place.marks:
        before = place.context[at:start]
        text.append(plain(before if at else _whole_words(before, 0)))
        text.append(f"[{plain(place.context[start:end])}]", style="match")
        at = end
    text.append(plain(_whole_words(place.context[at:], -1)))
    text.append(f"  ({where})", style="faint")
    yield prose(text, width, indent=6)


def _whole_words(text: str, end: int) -> str:
    """Return ``text`` without what may be half a word at its outer end, where it was cut."""
    if len(text) < CONTEXT:
        return text
    first, _, last = text.partition(" ") if end == 0 else text.rpartition(" ")
    return f"…{last}" if end == 0 and last else f"{first}…" if end and first else text


def _rows(found: Behind) -> Iterator[list[object]]:
    for listing in found.listings:
        for instance in listing.instances:
            head = [
                shortened(listing.title, _LONGEST), instance.text, instance.n, instance.reference,
                instance.candidate, instance.detail,
            ]  # fmt: skip
            for place in instance.occurrences:
                marked = " … ".join(place.context[start:end] for start, end in place.marks)
                yield [*head, place.corpus, place.document, place.context, marked]
            if not instance.occurrences:
                yield [*head, None, None, None, None]
