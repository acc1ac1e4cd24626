"""What belongs to one candidate: for a single one its evidence, for several all of it in turn."""

from __future__ import annotations

from degrade.report.badges import LEVELS
from degrade.report.html.evidence_list import evidence_list
from degrade.report.html.findings_table import findings_table
from degrade.report.html.openings import basis, families
from degrade.report.html.parts import advice, anchors, badge, section
from degrade.report.html.pictured import figure
from degrade.report.markup import Markup, clipped, element
from degrade.report.outline import Outline, Section, worst_of


def blocks(said: Outline) -> list[Markup]:
    """Return the section that shows words and phrases, candidate by candidate where several."""
    if len(said.sections) == 1:
        return [
            section(
                "show-me",
                "Show me",
                evidence_list(said.sections[0], "e1"),
                element("p", said.elsewhere, class_="fine"),
                lead="Words and phrases behind the figures, each with a place where it stands.",
            )
        ]
    chosen = next(i for i, each in enumerate(said.sections) if each is worst_of(said.sections))
    return [
        section(
            "show-me",
            "Show me, candidate by candidate",
            _switch(said, chosen),
            *(_one(said, each, i) for i, each in enumerate(said.sections)),
            element("p", said.elsewhere, class_="fine"),
            lead="Each candidate on its own: figures, measures, words and phrases.",
        )
    ]


def _switch(said: Outline, chosen: int) -> Markup:
    return element(
        "nav",
        *(
            element(
                "a",
                element("span", clipped(each.candidate, 60), class_="name"),
                badge(LEVELS[each.level], each.level),
                href=f"#c{i + 1}",
                data_show=f"c{i + 1}",
                aria_current="true" if i == chosen else None,
            )
            for i, each in enumerate(said.sections)
        ),
        class_="switch",
        aria_label="Candidates",
    )


def _one(said: Outline, each: Section, i: int) -> Markup:
    key = f"c{i + 1}"
    forest = said.pictures.forests[i]
    return element(
        "section",
        element("h3", clipped(each.candidate, 80), " ", badge(each.badge, each.level)),
        element("p", each.headline, class_="headline small"),
        families(each),
        figure(forest, f"{key}-f") if forest is not None else "",
        basis(each),
        findings_table(each, f"{key}-t", anchors(said)),
        element("h3", "Words and phrases"),
        evidence_list(each, f"{key}-e"),
        *_what_to_do(said, each),
        class_="comparison",
        id=key,
        aria_label=clipped(each.candidate, 80),
        tabindex=-1,
    )


def _what_to_do(said: Outline, each: Section) -> list[Markup]:
    """Return what to do about this candidate; about the worst it is said at the end."""
    if each is worst_of(said.sections) or not each.advice:
        return []
    return [element("h3", f"What to do about {clipped(each.candidate, 80)}"), advice(each)]
