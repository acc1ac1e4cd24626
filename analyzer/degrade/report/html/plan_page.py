"""The page that says how much of an original to keep."""

from __future__ import annotations

from degrade.planned import Planned
from degrade.report.html.page import document
from degrade.report.html.parts import section, sign, toned
from degrade.report.html.pictured import figure
from degrade.report.markup import Markup, clipped, element
from degrade.report.pictures.plan import by_generation, by_share
from degrade.report.plan import ABOUT, Account, Cell, Table, account_of


def plan_page(found: Planned) -> str:
    """Return the page of ``found``: equal plans, equal bytes."""
    account = account_of(found)
    links = [("#keep", "How much to keep"), ("#generations", "By generation")]
    shares, generations = by_share(found), by_generation(found)
    blocks = [
        _hero(account),
        section(
            "shares",
            "How losses go with what is kept",
            figure(shares, "shares") if shares else "",
            *(element("p", note, class_="fine") for note in account.notes),
        ),
        section(
            "generations",
            "By generation",
            figure(generations, "plan") if generations else "",
            *(_table(table) for table in account.tables),
            lead=ABOUT,
        ),
        section("lineages", "Reports", _reports(found), lead="Each way to train on its own."),
    ]
    return document(account.title, [*links, ("#lineages", "Reports")], blocks)


def _hero(account: Account) -> Markup:
    parts: list[str] = [
        element("h1", account.title, id="keep-title", class_="title"),
        element("p", account.headline, class_="headline"),
    ]
    if account.answers[1:]:
        rest = (element("li", answer) for answer in account.answers[1:])
        parts.append(element("ul", *rest, class_="basis"))
    said = filter(None, (*account.warnings, account.spared, *account.regimes))
    parts += [element("p", words, class_="fine") for words in said]
    return element("section", *parts, id="keep", class_="hero", aria_labelledby="keep-title")


def _table(said: Table) -> Markup:
    head = element(
        "tr",
        element("th", "Trained on", scope="col"),
        *(element("th", clipped(name, 60), scope="col") for name in said.columns),
    )
    rows = [
        element("tr", element("th", clipped(name, 80), scope="row"), *map(_cell, cells))
        for name, cells in said.rows
    ]
    return element(
        "div",
        element("h3", said.title),
        element(
            "div",
            element(
                "table",
                element("caption", said.title, class_="unseen"),
                element("thead", head),
                element("tbody", *rows),
                class_="heat",
            ),
            class_="scrolled",
            tabindex=0,
            role="region",
            aria_label=said.title,
        ),
    )


def _cell(said: Cell) -> Markup:
    kind = f"cell {toned(said.tone)}".rstrip()
    tip = f"{said.change} {said.interval}".rstrip()
    return element("td", sign(said.tone), said.change, class_=kind, title=tip)


def _reports(found: Planned) -> Markup:
    names = [course.lineage for course in found.needs[0].courses] if found.needs else []
    return element(
        "ul",
        *(
            element("li", element("a", name, href=f"{name}/report.html"), class_="name")
            for name in names
        ),
        class_="path",
    )
