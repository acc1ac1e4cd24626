"""Curves of whole corpora: word frequencies by rank, and how the vocabulary grows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from degrade.exhibits import Curve
from degrade.record import Record
from degrade.report import figures
from degrade.report.escape import plain
from degrade.report.pictures.model import Axis, Mark, Panel, Picture, Point, Series, place_of

KINDS: Mapping[int, str] = {1: "words", 2: "word pairs", 3: "word triples"}
_FEWEST_WORDS = 25
_SPREAD = 300
"""Range of sizes, largest over smallest, from which growth is shown in logarithms."""


def ranks_of(record: Record) -> Picture | None:
    """Return the rank-frequency curves, or None where the run file has none."""
    found = _plain_curves(record, "rank_frequency", (1,))
    if not found or record.curves is None:
        return None
    panels = [
        Panel(
            "Frequency by rank",
            Axis("occurrences per million words", log=True),
            _series(record, found),
        )
    ]
    against = _against_reference(_plain_curves(record, "words_by_frequency", (1,)))
    if against:
        panels.append(
            Panel(
                "Against the reference",
                Axis("words used so often or more, times the reference's", log=True, unit="times"),
                _series(record, against),
                (Mark(1.0, "as many"),),
                x=Axis("so often or more", log=True),
            )
        )
    return Picture(
        "rank-frequency",
        "How often words are used",
        "By rank, 1 is the most frequent word. Axes are logarithmic, on which natural text is "
        "nearly a straight line; one that ends early has fewer different words. Against the "
        "reference: how many words occur at least once, twice and so on, over how many do there. "
        "Where that line falls to the left, rare words were lost. About "
        f"{figures.count(record.curves.tokens)} tokens of each corpus.",
        Axis("rank", log=True),
        "line",
        tuple(panels),
    )


def _against_reference(curves: list[Curve]) -> list[Curve]:
    """Return all other curves over the first, where that counts enough words to say something."""
    if not curves:
        return []
    first = zip(curves[0].x, curves[0].y, strict=True)
    base = {x: y for x, y in first if y >= _FEWEST_WORDS}
    found = []
    for curve in curves[1:]:
        at = [(x, y / base[x]) for x, y in zip(curve.x, curve.y, strict=True) if x in base]
        if len(at) > 1:
            xs, ys = zip(*at, strict=True)
            found.append(Curve(curve.corpus, curve.n, xs, ys))
    return found


def growth_of(record: Record) -> Picture | None:
    """Return how the number of different n-grams grows with the text, or None."""
    found = _plain_curves(record, "vocabulary_growth", tuple(KINDS))
    if not found:
        return None
    sizes = [x for curve in found for x in curve.x if x > 0]
    log = bool(sizes) and max(sizes) / min(sizes) > _SPREAD
    orders = sorted({curve.n for curve in found})
    panels = tuple(
        Panel(
            f"Different {KINDS[n]}",
            Axis("expected number", log=log),
            _series(record, [curve for curve in found if curve.n == n]),
        )
        for n in orders
    )
    return Picture(
        "vocabulary-growth",
        "How the vocabulary grows with the text",
        "How many different words and phrases to expect in so much text. A line that flattens "
        "early says that more of this text would bring little that is new.",
        Axis("tokens", log=log),
        "line",
        panels,
    )


def _plain_curves(
    record: Record,
    which: Literal["rank_frequency", "words_by_frequency", "vocabulary_growth"],
    orders: tuple[int, ...],
) -> list[Curve]:
    """Return the curves that can be drawn on any axes: of two points or more, all above 0."""
    every: Iterable[Curve] = getattr(record.curves, which) if record.curves is not None else ()
    return [
        curve
        for curve in every
        if curve.n in orders
        and len(curve.x) == len(curve.y) > 1
        and min(*curve.x, *curve.y) > 0
    ]  # fmt: skip


def _series(record: Record, curves: list[Curve]) -> tuple[Series, ...]:
    names = [each.candidate for each in record.comparisons]
    lines = []
    for curve in curves:
        place = place_of(names.index(curve.corpus), len(names)) if curve.corpus in names else None
        points = tuple(
            Point(x, y, said=figures.value(y, ""))
            for x, y in zip(curve.x, curve.y, strict=True)
        )  # fmt: skip
        lines.append(Series(plain(curve.corpus), place, points))
    return tuple(lines)
