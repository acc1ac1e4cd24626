"""Charts as files: SVG as it is drawn, PNG through resvg."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from degrade.errors import UsageError
from degrade.record import Record
from degrade.report.charts.drawing import standalone
from degrade.report.pictures.choice import NAMES, may_be, pictures_of
from degrade.report.pictures.model import Drawable

_ZOOM = 2
_BLANK = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20" viewBox="0 0 40 20">{}</svg>'
)
_WORD = '<text x="2" y="16" font-family="sans-serif" font-size="14">Ag</text>'


class Charts:
    """What both formats have in common: the names of charts."""

    def check(self, name: str) -> None:
        """Raise UsageError where no run has a chart ``name``."""
        if not may_be(name):
            raise UsageError(
                f'no chart is called "{name}"; a file of one chart is named after it: '
                f"{', '.join(NAMES)} (of several candidates forest-1, forest-2, ...)"
            )

    def names(self, record: Record) -> tuple[str, ...]:
        """Return the names of the charts that ``record`` has."""
        return tuple(pictures_of(record).named())


class SvgCharts(Charts):
    """A chart as an SVG file."""

    name = "svg"
    suffixes = (".svg",)

    def draw(self, record: Record, name: str) -> str:
        """Return the chart ``name``. Raises UsageError where there is none."""
        return standalone(_chart(record, name))


class PngCharts(Charts):
    """A chart as a PNG file, twice as large as the SVG."""

    name = "png"
    suffixes = (".png",)

    def draw(self, record: Record, name: str) -> bytes:
        """Return the chart ``name``. Raises UsageError where there is none, or nothing to draw it.

        Letters are those of the machine's fonts: unlike SVG, bytes differ from one to another.
        """
        drawn = standalone(_chart(record, name))
        resvg = _resvg()
        if resvg(svg_string=_BLANK.format(_WORD)) == resvg(svg_string=_BLANK.format("")):
            raise UsageError(
                "this machine has no font to write a PNG with; install one (fonts-dejavu-core), or "
                "take the chart as .svg"
            )
        return bytes(resvg(svg_string=drawn, zoom=_ZOOM))


SVG = SvgCharts()
PNG = PngCharts()


def _chart(record: Record, name: str) -> Drawable:
    charts = pictures_of(record).named()
    if name not in charts:
        known = ", ".join(charts) or "none"
        raise UsageError(
            f'this run has no chart "{name}" (it has: {known}); name the file after one'
        )
    return charts[name]


def _resvg() -> Any:
    try:
        return import_module("resvg_py").svg_to_bytes
    except ImportError:
        raise UsageError(
            "charts as PNG need resvg: pip install 'degrade[png]', or take the chart as .svg"
        ) from None
