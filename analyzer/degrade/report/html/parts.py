"""Pieces that several blocks of the page are made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from degrade.report.blocks import Tone
from degrade.report.markup import Markup, element
from degrade.report.outline import Advice, Outline, Section

_SIGNS = {
    "none": "✓",
    "better": "✓",
    "minor": "▲",
    "moderate": "▲▲",
    "severe": "▲▲▲",
    "inconclusive": "?",
}


def section(key: str, title: str, *children: str, lead: str = "") -> Markup:
    """Return a part of the page under a heading."""
    return element(
        "section",
        element("h2", title, id=f"{key}-title"),
        element("p", lead, class_="lead") if lead else "",
        *children,
        id=key,
        aria_labelledby=f"{key}-title",
    )


def badge(text: str, tone: Tone, *, large: bool = False) -> Markup:
    """Return a level as a word, with a sign and a colour: never by colour alone."""
    kind = f"badge {toned(tone)}{' large' if large else ''}".replace("  ", " ")
    return element("span", sign(tone), text, class_=kind)


def sign(tone: Tone) -> Markup:
    """Return the sign of a level, which screen readers pass over; the word is beside it."""
    found = _SIGNS.get(tone or "")
    return element("span", found, class_="sign", aria_hidden="true") if found else Markup()


def toned(tone: Tone) -> str:
    """Return the class of a level's colour, or none."""
    return f"t-{tone}" if tone else ""


def table(
    caption: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    kind: str = "plain",
    head: bool = True,
) -> Markup:
    """Return a table of texts; with ``head`` the first of each row is its header."""
    body = []
    for row in rows:
        cells = []
        for i, (column, text) in enumerate(zip(columns, row, strict=True)):
            if head and i == 0:
                cells.append(element("th", text, scope="row"))
            else:
                cells.append(element("td", text, data_label=column or None))
        body.append(element("tr", *cells))
    return element(
        "table",
        element("caption", caption, class_="unseen"),
        element("thead", element("tr", *(element("th", c, scope="col") for c in columns))),
        element("tbody", *body),
        class_=kind,
    )


def folded(summary: str, *children: str, kind: str = "") -> Markup:
    """Return what is shown on request."""
    return element("details", element("summary", summary), *children, class_=kind or None)


def anchor(i: int) -> str:
    """Return the id of the i-th explanation."""
    return f"m{i + 1}"


def anchors(said: Outline) -> dict[str, str]:
    """Return the id of each metric's explanation."""
    return {each.metric: anchor(i) for i, each in enumerate(said.explanations)}


def advice(said: Section) -> Markup:
    """Return what to do about the verdict on one candidate, in order."""
    return element("ol", *(_step(each) for each in said.advice), class_="advice")


def _step(each: Advice) -> Markup:
    command = element("code", each.command) if each.command else ""
    return element("li", element("p", each.words, ":" if command else ""), command)
