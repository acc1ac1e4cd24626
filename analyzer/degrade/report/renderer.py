"""What a report format is, and how a file's suffix chooses it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path, PurePath
from typing import Protocol, runtime_checkable

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


@runtime_checkable
class ChartRenderer(Protocol):
    """Draws one chart of a run; a file is named after its chart. Registered like a ``Renderer``."""

    @property
    def name(self) -> str:
        """What the format is called."""
        ...

    @property
    def suffixes(self) -> tuple[str, ...]:
        """The suffixes of its files."""
        ...

    def check(self, name: str) -> None:
        """Raise UsageError where no run has a chart ``name``."""
        ...

    def names(self, record: Record) -> tuple[str, ...]:
        """Return the names of the charts that there are."""
        ...

    def draw(self, record: Record, name: str) -> str | bytes:
        """Return the chart's file; a str is written as UTF-8. Raises UsageError without one."""
        ...


Reporter = Renderer | ChartRenderer


def is_folder(path: str | os.PathLike[str]) -> bool:
    """Return whether ``path`` is a folder, or is written as one: ``charts/``."""
    return os.fspath(path).endswith(("/", os.sep)) or Path(path).is_dir()


def renderer_for(path: str | os.PathLike[str], renderers: Iterable[Reporter]) -> Reporter:
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


def check(path: str | os.PathLike[str], renderers: Iterable[Reporter]) -> None:
    """Raise UsageError where nothing can be written to ``path``, whatever the run."""
    if not is_folder(path):
        found = renderer_for(path, renderers)
        if isinstance(found, ChartRenderer):
            found.check(PurePath(path).stem)


def write(
    record: Record, path: str | os.PathLike[str], renderers: Iterable[Reporter]
) -> tuple[str, ...]:
    """Write ``record`` to ``path`` in the format of its suffix, whole or not at all.

    A folder gets every chart as SVG. Returns the paths written.
    """
    known = list(renderers)
    if not is_folder(path):
        content = _content(record, path, renderer_for(path, known))
        replace_file(path, content)
        return (os.fspath(path),)
    charts = renderer_for("charts.svg", known)
    if not isinstance(charts, ChartRenderer):
        raise UsageError(f"{os.fspath(path)}: a folder takes charts, and nothing here draws them")
    folder = Path(path)
    # All are drawn before the first is written.
    drawn = {folder / f"{name}.svg": charts.draw(record, name) for name in charts.names(record)}
    for file, chart in drawn.items():
        replace_file(file, chart)
    return tuple(map(str, drawn))


def _content(record: Record, path: str | os.PathLike[str], renderer: Reporter) -> str | bytes:
    if isinstance(renderer, ChartRenderer):
        return renderer.draw(record, PurePath(path).stem)
    return renderer.render(record)
