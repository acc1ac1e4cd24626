"""The end of the page: what to do, what was read, and what each measure means."""

from __future__ import annotations

from degrade.report.explaining import Explained
from degrade.report.html.parts import advice, anchor, folded, section
from degrade.report.markup import Markup, clipped, element
from degrade.report.outline import Input, Outline, worst_of


def blocks(said: Outline) -> list[Markup]:
    """Return the last sections."""
    parts = []
    worst = worst_of(said.sections)
    if worst is not None and worst.advice:
        lead = f"On {clipped(worst.candidate, 80)}:" if len(said.sections) > 1 else ""
        parts.append(section("do", "What should I do?", advice(worst), lead=lead))
    parts.append(
        section(
            "read",
            "What was read, and how",
            element("ul", *(_input(each) for each in said.inputs), class_="inputs"),
            folded("Settings", element("p", said.settings, class_="settings")),
        )
    )
    if said.explanations:
        parts.append(
            section(
                "measures",
                "What each measure means",
                element(
                    "div",
                    *(_explained(each, i) for i, each in enumerate(said.explanations)),
                    class_="measure-list",
                ),
                lead="Also shown by the names in the tables above.",
            )
        )
    return parts


def _input(each: Input) -> Markup:
    parts: list[str] = [
        element("h3", clipped(each.name, 120), element("span", each.role, class_="role")),
        element("p", each.read),
    ]
    if each.skipped:
        parts.append(element("p", each.skipped, class_="skipped"))
    if each.examples:
        shown = (element("li", clipped(text, 400)) for text in each.examples)
        parts.append(folded("Examples of what was skipped", element("ul", *shown)))
    return element("li", *parts)


def _explained(each: Explained, i: int) -> Markup:
    rows = [
        part for label, text in each.rows for part in (element("dt", label), element("dd", text))
    ]
    return element(
        "details",
        element("summary", each.title, element("code", each.metric)),
        element("p", each.description) if each.description else "",
        element("dl", *rows) if rows else "",
        id=anchor(i),
        class_="measure",
    )
