"""The beginning of the page: verdict, how much, and how it went from candidate to candidate."""

from __future__ import annotations

from degrade.report.badges import LEVELS
from degrade.report.html.parts import badge, section, sign, table, toned
from degrade.report.html.pictured import figure
from degrade.report.markup import Markup, clipped, element
from degrade.report.outline import Generations, Outline, Section
from degrade.report.trend import TrendBlock, TrendRow

_MOST_NAMED = 10
"""Candidates named at the top; of more, the first table says the verdicts."""
SEVERAL = (
    "What the verdict on each candidate rests on, its intervals, its noise and its self-check, "
    "stands below, candidate by candidate."
)


def hero(said: Outline, worst: Section) -> Markup:
    """Return the verdict, in a word and in a sentence: of several candidates that of the worst."""
    several = len(said.sections) > 1
    parts: list[str] = [
        element("p", said.title, class_="title"),
        element("h1", badge(_capital(worst.badge), worst.level, large=True), id="worse-title"),
        element("p", said.headline, class_="headline"),
    ]
    if several and len(said.sections) <= _MOST_NAMED:
        parts.append(
            element(
                "ol",
                *(
                    element(
                        "li",
                        element("span", clipped(each.candidate, 80), class_="name"),
                        badge(LEVELS[each.level], each.level),
                    )
                    for each in said.sections
                ),
                class_="path",
                aria_label="Verdict on each candidate, in order",
            )
        )
    if said.warnings:
        one = len(said.warnings) == 1
        count = "There is 1 reason" if one else f"There are {len(said.warnings)} reasons"
        link = element("a", f"{count} to read this with care.", href="#care")
        parts.append(element("p", link, class_="care"))
    return element(
        "section",
        *parts,
        id="worse",
        class_=f"hero {toned(worst.level)}",
        aria_labelledby="worse-title",
    )


def blocks(said: Outline) -> list[Markup]:
    """Return how much there is, and how sure that is, of the whole run."""
    return [_how_much(said), _how_sure(said)]


def _how_much(said: Outline) -> Markup:
    if said.generations is not None:
        picture = said.pictures.trend
        return section(
            "how-much",
            "How much?",
            _generations(said.generations),
            figure(picture, "trend") if picture else "",
            lead="Change of each measure of the verdict against the reference, candidate by "
            "candidate.",
        )
    return section(
        "how-much",
        "How much?",
        families(said.sections[0]),
        lead="By kind of loss, the worst first; each takes the level of its worst measure. Figures "
        "are changes against the reference, with their intervals in brackets.",
    )


def _how_sure(said: Outline) -> Markup:
    parts: list[str] = []
    if said.trend is not None:
        parts.append(_trend(said.trend))
    if len(said.sections) == 1:
        parts.append(basis(said.sections[0]))
        forest = said.pictures.forests[0]
        if forest is not None:
            parts.append(figure(forest, "forest"))
    else:
        parts.append(element("p", SEVERAL, class_="fine"))
    if said.warnings:
        parts.append(
            element(
                "aside",
                element("h3", "Read with care"),
                element("ul", *(element("li", text) for text in said.warnings)),
                id="care",
                class_="care",
                aria_label="Warnings",
            )
        )
    else:
        parts.append(
            element(
                "p",
                "No reason was found to read the figures with special care: languages, lengths, "
                "sizes, overlap and repeats were looked at.",
                class_="fine",
            )
        )
    parts.append(_legend("How to read the figures", said.legend))
    return section("how-sure", "How sure?", *parts)


def families(said: Section) -> Markup:
    """Return a card for each family: its level, and its measures of the verdict."""
    cards = []
    for block in said.families:
        rows = [row for row in block.rows if row.primary]
        if not rows:
            continue
        items = [
            element(
                "li",
                element("span", row.title, class_="what"),
                element(
                    "span",
                    element("span", row.change or "no value", class_=f"figure {toned(row.tone)}"),
                    element("span", f" {row.interval}", class_="interval"),
                    class_="how",
                ),
            )
            for row in rows
        ]
        level = block.level or (rows[0].level if rows[0].level else "beside the verdict")
        cards.append(
            element(
                "article",
                element("h3", block.name),
                badge(level, block.tone),
                element("p", block.about, class_="fine") if block.about else "",
                element("ul", *items),
                class_=f"card {toned(block.tone)}",
            )
        )
    return element("div", *cards, class_="cards")


def basis(said: Section) -> Markup:
    """Return what a verdict rests on, and how much text would decide."""
    needed = element("ul", *(element("li", text) for text in said.needed), class_="needed")
    return element(
        "div",
        element("ul", *(element("li", text) for text in said.basis)),
        needed if said.needed else "",
        class_="basis",
    )


def _generations(said: Generations) -> Markup:
    head = element(
        "tr",
        element("th", "Measure", scope="col"),
        *(element("th", clipped(name, 60), scope="col") for name in said.columns),
    )
    rows = [
        element(
            "tr",
            element("th", title, scope="row"),
            *(
                element(
                    "td",
                    sign(cell.tone) if i == 0 else "",
                    cell.text,
                    class_=f"cell {toned(cell.tone)}",
                )
                for cell in cells
            ),
        )
        for i, (title, cells) in enumerate(said.rows)
    ]
    return _scrolled(
        element(
            "table",
            element("caption", said.title, class_="unseen"),
            element("thead", head),
            element("tbody", *rows),
            class_="heat",
        ),
        "Measures by candidate",
    )


def _trend(said: TrendBlock) -> Markup:
    columns = ("Measure", "Per generation", "Interval", "p", "Past minor")
    return element(
        "div",
        element("h3", said.title),
        element("p", said.about, class_="fine"),
        table(
            said.title, columns, [_trend_row(row) for row in said.rows if row.primary], kind="stack"
        ),
        _legend("", said.legend),
    )


def _legend(title: str, said: tuple[str, ...]) -> Markup:
    """Return words to know, each before its colon."""
    parts: list[str] = []
    for text in said:
        word, colon, rest = text.partition(": ")
        parts.append(element("dt", word if colon else ""))
        parts.append(element("dd", rest if colon else text))
    return element(
        "div",
        element("h3", title) if title else "",
        element("dl", *parts, class_="words"),
        class_="legend",
    )


def _trend_row(row: TrendRow) -> tuple[str, ...]:
    if row.note and not row.slope:
        return row.title, row.note, "", "", ""
    return row.title, row.slope, row.interval, row.p, row.date or row.note


def _scrolled(child: Markup, name: str) -> Markup:
    """Return a wide table in a box that scrolls on its own, by keyboard too."""
    return element("div", child, class_="scrolled", tabindex=0, role="region", aria_label=name)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
