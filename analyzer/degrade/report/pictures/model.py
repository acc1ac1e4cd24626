"""The parts of a picture: axes, points, lines, panels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from degrade.report.blocks import Tone
from degrade.report.gauge import Gauge

Form = Literal["line", "dots", "steps"]


@dataclass(frozen=True, slots=True)
class Axis:
    """What a direction means. ``ticks`` are places and their words; without, they are chosen.

    ``percent`` shows fractions as percent, ``times`` ratios as multiples.
    """

    label: str
    log: bool = False
    unit: Literal["", "percent", "times"] = ""
    ticks: tuple[tuple[float, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Point:
    """A place with its interval; ``said`` is the figure in words, ``tone`` how it is meant."""

    x: float
    y: float
    low: float | None = None
    high: float | None = None
    said: str = ""
    tone: Tone = None


@dataclass(frozen=True, slots=True)
class Series:
    """A line. ``place`` is 0 for the first candidate to 1 for the last, None for the reference."""

    name: str
    place: float | None
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A height to compare with: a threshold, or where nothing has changed (``tone`` is None)."""

    at: float
    label: str
    tone: Tone = None


@dataclass(frozen=True, slots=True)
class Panel:
    """One set of axes. ``band`` is the range of what is noise; ``x`` stands for the picture's."""

    title: str
    y: Axis
    series: tuple[Series, ...]
    marks: tuple[Mark, ...] = ()
    band: tuple[float, float] | None = None
    x: Axis | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """Panels that share an x axis. ``key`` names its file; ``about`` says how to read it."""

    key: str
    title: str
    about: str
    x: Axis
    form: Form
    panels: tuple[Panel, ...]

    @property
    def legend(self) -> tuple[tuple[str, float | None], ...]:
        """The name and place of each line, where there are several; each once."""
        found = {each.name: each.place for panel in self.panels for each in panel.series}
        return tuple(found.items()) if len(found) > 1 else ()


@dataclass(frozen=True, slots=True)
class ForestRow:
    """A change against its own thresholds; ``noise`` is the band of what is no change."""

    title: str
    change: str
    interval: str
    level: str
    tone: Tone
    gauge: Gauge
    noise: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Forest:
    """All changes that have thresholds, one below the other."""

    key: str
    title: str
    about: str
    rows: tuple[ForestRow, ...]


Drawable = Picture | Forest


def place_of(number: int, of: int) -> float:
    """Return where candidate ``number`` of so many stands, from 0 for the first to 1."""
    return number / (of - 1) if of > 1 else 1.0
