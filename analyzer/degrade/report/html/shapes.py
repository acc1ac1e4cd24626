"""In what way the text differs: the pictures of whole corpora."""

from __future__ import annotations

from degrade.report.html.findings_table import findings_table
from degrade.report.html.parts import anchors, section
from degrade.report.html.pictured import figure
from degrade.report.markup import Markup, element
from degrade.report.outline import Outline


def blocks(said: Outline) -> list[Markup]:
    """Return the section of pictures, and for a single candidate its table of findings."""
    parts: list[str] = []
    if len(said.sections) == 1:
        parts.append(findings_table(said.sections[0], "t1", anchors(said)))
    parts += [figure(picture, picture.key) for picture in said.pictures.shapes]
    parts += [element("p", text, class_="fine") for text in said.pictures.missing]
    return [section("in-what-way", "In what way?", *parts)]
