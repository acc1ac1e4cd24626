"""The whole page: head, blocks in reading order, style and script."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from degrade.record import Record
from degrade.report.charts.colours import palette, rules, variables
from degrade.report.html import comparisons, endings, openings, shapes
from degrade.report.markup import Markup, clipped, element, joined
from degrade.report.outline import Outline, outline, worst_of


class HtmlReport:
    """The report as one HTML file."""

    name = "html"
    suffixes = (".html", ".htm")

    def render(self, record: Record) -> str:
        """Return the page of ``record``: equal records, equal bytes."""
        return page(outline(record))


REPORTER = HtmlReport()


def page(said: Outline) -> str:
    """Return the page that says ``said``."""
    links = [("#worse", "Verdict"), ("#how-much", "How much"), ("#how-sure", "How sure")]
    links += [("#in-what-way", "In what way"), ("#show-me", "Show me"), ("#do", "What to do")]
    return document(said.title, links if said.sections else [], _blocks(said))


def document(title: str, links: Sequence[tuple[str, str]], blocks: Sequence[Markup]) -> str:
    """Return a page of ``blocks``, with a bar that leads to them."""
    script = _asset("script.js")
    body = joined(
        element("a", "Skip to the report", class_="skip", href="#report"),
        _bar(links),
        element("main", *blocks, id="report"),
        footer(),
        element("dialog", id="explained", aria_label="What a measure means"),
        element("script", Markup(script)),
    )
    return whole(title, body, script)


def footer() -> Markup:
    """Return the foot of a page."""
    said = "Made by degrade. This page is one file and asks for nothing else."
    return element("footer", element("p", said))


def whole(title: str, body: Markup, script: str = "") -> str:
    """Return a page with its head; ``script`` is what its body runs, if anything."""
    said = element("html", _head(title, _style(), script), element("body", body), lang="en")
    return f"<!DOCTYPE html>\n{said}\n"


def _head(title: str, style: str, script: str) -> Markup:
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    return element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name_="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name_="color-scheme", content="light dark"),
        element("meta", name_="referrer", content="no-referrer"),
        element("title", f"{clipped(title, 120)} · degrade"),
        element("style", Markup(style)),
    )


def _bar(links: Sequence[tuple[str, str]]) -> Markup:
    return element(
        "header",
        element("span", "degrade", class_="brand"),
        element(
            "nav",
            *(element("a", text, href=href) for href, text in links),
            aria_label="Questions",
        ),
        element("button", "Dark", type="button", id="theme", hidden=True, aria_pressed="false"),
        class_="bar",
    )


def _blocks(said: Outline) -> list[Markup]:
    worst = worst_of(said.sections)
    if worst is None:
        return [element("h1", said.title), *endings.blocks(said)]
    return [
        openings.hero(said, worst),
        *openings.blocks(said),
        *shapes.blocks(said),
        *comparisons.blocks(said),
        *endings.blocks(said),
    ]


@cache
def _style() -> str:
    light, dark = (
        "".join(f"--{name}:{colour};" for name, colour in palette(dark=dark).items())
        for dark in (False, True)
    )
    return (
        f":root{{color-scheme:light;{light}}}"
        f"@media (prefers-color-scheme:dark){{:root:not([data-theme=light])"
        f"{{color-scheme:dark;{dark}}}}}"
        f":root[data-theme=dark]{{color-scheme:dark;{dark}}}"
        f"@media print{{:root,:root[data-theme],:root:not([data-theme=light])"
        f"{{color-scheme:light;{light}}}}}"
        f"{rules(variables())}{_asset('style.css')}"
    )


@cache
def _asset(name: str) -> str:
    """Return a file of this package, with line ends of one kind: its hash stands in the page."""
    content = files("degrade.report.html").joinpath(name).read_text(encoding="utf-8")
    return "\n".join(content.splitlines()) + "\n"


def _hash(content: str) -> str:
    digest = hashlib.sha256(content.encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"
