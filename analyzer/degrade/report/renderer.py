"""What a report format is, and how a file's suffix chooses it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import PurePath
from typing import Protocol

from degrade.atomic import replace_file
from degrade.errors import UsageError
from degrade.record import Record


class Renderer(Protocol):
    """Renders a run in one format. Registered under the entry-point group ``degrade.reporters``.

    ``suffixes`` begin with a dot and are in lower case; of several that fit, the longest decides.
    """

    @property
    def name(self) -> str:
        """What the format is called."""
        ...

    @property
    def suffixes(self) -> tuple[str, ...]:
        """The suffixes of its files."""
        ...

    def render(self, record: Record) -> str | bytes:
        """Return the file's content; a str is written as UTF-8."""
        ...


def renderer_for(path: str | os.PathLike[str], renderers: Iterable[Renderer]) -> Renderer:
    """Return the renderer whose suffix ``path`` has. Raises UsageError, listing those known."""
    name = PurePath(path).name.lower()
    by_suffix = {suffix: each for each in renderers for suffix in each.suffixes}
    fitting = [suffix for suffix in by_suffix if name.endswith(suffix)]
    if fitting:
        return by_suffix[max(fitting, key=len)]
    known = ", ".join(sorted(by_suffix)) or "none"
    suffix = PurePath(name).suffix
    found = f'the suffix "{suffix}"' if suffix else "a name without a suffix"
    raise UsageError(
        f"{os.fspath(path)}: no report has {found}; the format follows the suffix (known: {known})"
    )


def write(record: Record, path: str | os.PathLike[str], renderers: Iterable[Renderer]) -> None:
    """Write ``record`` to ``path`` in the format of its suffix, whole or not at all."""
    replace_file(path, renderer_for(path, renderers).render(record))
