"""The evidence explorer: words, phrases and copies that went and came, each where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from degrade.report.blocks import Example, Examples, of_order
from degrade.report.markup import Markup, clipped, element
from degrade.report.outline import Section
from degrade.report.repetitions import Repetition

_LONGEST_NGRAM, _LONGEST_SIDE, _LONGEST_REPEATED = 160, 260, 80
_ALWAYS = ("lost", "gained", "inherited", "bursting")
"""Kinds that were always looked for, so that it is said where there is none."""
_SHORT = 45
"""Of what stands beside an n-gram: shorter than that, its document begins or ends there."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of evidence, with what its lists say of themselves."""

    key: str
    name: str
    title: str
    columns: str
    cards: tuple[Markup, ...]
    note: str


def evidence_list(said: Section, key: str) -> Markup:
    """Return what there is to see of one comparison, searchable where scripts run."""
    kinds = [kind for kind in _kinds(said) if kind.cards or kind.key in _ALWAYS]
    total = sum(len(kind.cards) for kind in kinds)
    chips = [
        element(
            "button",
            f"{kind.name} ",
            element("span", str(len(kind.cards)), class_="n"),
            type="button",
            aria_pressed="false",
            data_only=kind.key,
        )
        for kind in kinds
        if kind.cards
    ]
    tools = element(
        "div",
        element("label", "Find ", element("input", type="search", placeholder="a word or phrase")),
        element("div", *chips, class_="chips", role="group", aria_label="Kinds of evidence"),
        element("span", f"{total} shown", class_="count", role="status"),
        class_="tools",
        hidden=True,
    )
    return element(
        "div", tools if total else "", *(_group(kind) for kind in kinds), class_="evidence", id=key
    )


def _kinds(said: Section) -> Iterator[_Kind]:
    for key, name, examples in (
        ("lost", "Lost", said.lost),
        ("gained", "Gained", said.gained),
        ("inherited", "Inherited", said.inherited),
        ("planted", "Planted", said.planted),
    ):
        if examples is not None:
            yield _examples(key, name, examples, said)
    words = said.keywords
    if words is not None:
        for key, name, uses in (
            ("less", "Used less", words.less),
            ("more", "Used more", words.more),
        ):
            cards = tuple(
                _card(use.word, "word", use.reference, use.candidate, said, use.place, per=True)
                for use in uses
            )
            yield _Kind(key, name, f"Key words, {name.lower()}: {words.title.partition(': ')[2]}",
                        words.columns, cards, "")  # fmt: skip
    for key, name, found in (
        ("bursting", "Bursting", said.bursting),
        ("loops", "Loops", said.loops),
        ("duplicates", "Duplicates", said.duplicates),
    ):
        if found is not None:
            cards = tuple(_repetition(each) for each in found.rows)
            yield _Kind(key, name, found.title, found.note, cards, "")
    survivors = said.survivors
    if survivors is not None:
        cards = tuple(
            element(
                "li", element("p", f"{what}, seen {seen}: {back} came back, drawn anew {drawn}")
            )
            for what, seen, back, drawn in survivors.rows
        )
        yield _Kind("kept", "Kept", survivors.title, survivors.note, cards, "")


def _examples(key: str, name: str, examples: Examples, said: Section) -> _Kind:
    cards = tuple(
        _card(each.ngram, of_order(each.n), each.reference, each.candidate, said, each)
        for each in examples.rows
    )
    return _Kind(key, name, examples.title, examples.columns, cards, examples.unresolved)


def _group(kind: _Kind) -> Markup:
    return element(
        "section",
        element("h4", clipped(kind.title, 400)),
        element("p", clipped(kind.columns, 400), class_="fine") if kind.columns else "",
        element("ol", *kind.cards, class_="cards-list") if kind.cards else "",
        element("p", kind.note, class_="fine") if kind.note else "",
        data_kind=kind.key,
    )


def _card(
    ngram: str,
    order: str,
    reference: str,
    candidate: str,
    said: Section,
    place: Example | None,
    *,
    per: bool = False,
) -> Markup:
    """Return one word or phrase with its counts on both sides, and a place of it."""
    unit = "per 100,000 words" if per else "documents"
    counts = element(
        "p",
        element("b", reference),
        element("span", f" {unit} of {clipped(said.reference, 60)}", class_="unseen"),
        element("span", " → ", aria_hidden="true"),
        element("b", candidate),
        element("span", f" {unit} of {clipped(said.candidate, 60)}", class_="unseen"),
        class_="counts",
    )
    parts: list[str] = [
        element(
            "p",
            element("q", clipped(ngram, _LONGEST_NGRAM)),
            element("span", order, class_="order"),
            class_="ngram",
        ),
        counts,
    ]
    if place is not None and place.match:
        parts.append(
            element(
                "p",
                _end(place.before),
                element("mark", clipped(place.match, _LONGEST_NGRAM)),
                _beginning(place.after),
                class_="context",
            )
        )
    about = (place.course, place.document if place.match else "") if place is not None else ()
    parts += [element("p", clipped(each, 160), class_="document") for each in about if each]
    return element("li", *parts)


def _repetition(said: Repetition) -> Markup:
    """Return a loop or a group of copies, with what is said again marked where it stands."""
    passages = (
        element("p", *(_piece(*piece) for piece in passage.pieces), class_="context again")
        for passage in said.passages
    )
    where = f": {clipped(said.documents, 400)}" if said.documents else ""
    return element(
        "li",
        element(
            "p",
            element("q", clipped(said.text, _LONGEST_REPEATED)),
            element("span", said.size, class_="order"),
            class_="ngram",
        ),
        element("p", element("b", said.often), class_="counts"),
        *passages,
        element("p", said.detail, class_="document") if said.detail else "",
        element("p", f"{clipped(said.corpus, 60)}{where}", class_="document"),
    )


def _piece(text: str, marked: bool) -> str:
    shown = clipped(text, _LONGEST_SIDE)
    return element("mark", shown) if marked else shown


def _end(text: str) -> str:
    """Return the end of what stands before, from a whole word on where it is long."""
    if len(text) <= _SHORT:
        return text
    return f"… {text[-_LONGEST_SIDE:].partition(' ')[2] or text[-_LONGEST_SIDE:]}"


def _beginning(text: str) -> str:
    """Return the beginning of what stands after, up to a whole word where it is long."""
    if len(text) <= _SHORT:
        return text
    return f"{text[:_LONGEST_SIDE].rpartition(' ')[0] or text[:_LONGEST_SIDE]} …"
