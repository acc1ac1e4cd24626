"""The blocks of what corpora say again: loops, and documents that are copies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from degrade.exhibits import Copies, Duplicates, Loop, Loops
from degrade.findings import Comparison
from degrade.report import figures
from degrade.report.escape import plain


@dataclass(frozen=True, slots=True)
class Passage:
    """Text of a document in pieces, each marked or not."""

    pieces: tuple[tuple[str, bool], ...]
    document: str


@dataclass(frozen=True, slots=True)
class Repetition:
    """A loop or a group of copies in ``corpus``: its ``text``, how often it is said, and where.

    ``detail`` is what else is to be said of it.
    """

    corpus: str
    text: str
    often: str
    size: str
    passages: tuple[Passage, ...]
    documents: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Repetitions:
    """Loops or copies of both corpora, those of the candidate first; the worst of each first.

    ``note`` says what was looked at, where that is a sample. The first ``of_candidate`` of the rows
    are of the candidate.
    """

    title: str
    note: str
    rows: tuple[Repetition, ...]
    of_candidate: int


def loops_of(comparison: Comparison) -> Repetitions | None:
    """Return the loops, or None where there are none to show."""
    found = tuple(reversed(comparison.evidence.loops))
    if not any(each.total for each in found):
        return None
    said = "; ".join(_looping(each) for each in found)
    return Repetitions(
        title=f"Loops, a phrase said three times running or more: {said}",
        note=_note(found),
        rows=tuple(_loop(plain(each.corpus), loop) for each in found for loop in each.loops),
        of_candidate=len(found[0].loops),
    )


def duplicates_of(comparison: Comparison) -> Repetitions | None:
    """Return the copies of documents, or None where there are none to show."""
    found = tuple(reversed(comparison.evidence.duplicates))
    if not any(each.total for each in found):
        return None
    nearly = any(each.nearly for each in found)
    what = "nearly the text of another" if nearly else "the same text as another"
    said = "; ".join(_copied(each) for each in found)
    return Repetitions(
        title=f"Duplicates, documents with {what}: {said}",
        note=_note(found),
        rows=tuple(_group(plain(each.corpus), group) for each in found for group in each.groups),
        of_candidate=len(found[0].groups),
    )


def _looping(found: Loops) -> str:
    if not found.documents:
        return f"no document of {plain(found.corpus)} was at hand"
    number = figures.count(found.looping) if found.looping else "none"
    return f"in {number} of {_looked_at(found)}"


def _copied(found: Duplicates) -> str:
    if not found.total:
        return f"none of {_looked_at(found)}"
    groups = figures.things(found.total, "group")
    return f"{figures.count(found.copies)} of {_looked_at(found)}, in {groups}"


def _looked_at(found: Loops | Duplicates) -> str:
    return f"{figures.things(found.documents, 'document')} of {plain(found.corpus)}"


def _note(found: Sequence[Loops | Duplicates]) -> str:
    sampled = [plain(each.corpus) for each in found if each.sampled]
    if not sampled:
        return ""
    return f"Of {' and '.join(sampled)} only a sample was looked at."


def _loop(corpus: str, loop: Loop) -> Repetition:
    passage = Passage(pieces_of(loop.context, loop.marks), plain(loop.document))
    return Repetition(
        corpus,
        plain(loop.text),
        f"{figures.things(loop.times, 'time')} running",
        figures.things(loop.words, "word"),
        (passage,),
        plain(loop.document),
    )


def _group(corpus: str, group: Copies) -> Repetition:
    ids = [plain(each) for each in group.ids]
    rest = group.documents - len(ids)
    more = f" and {figures.count(rest)} more" if rest > 0 and ids else ""
    alike = "same text" if group.resemblance >= 1 else f"alike by {group.resemblance:.2f} or more"
    return Repetition(
        corpus,
        plain(group.openings[0].text) if group.openings else "(text not at hand)",
        figures.things(group.documents, "document"),
        alike,
        tuple(
            Passage(pieces_of(each.text, each.marks), plain(each.document))
            for each in group.openings
        ),
        f"{', '.join(ids)}{more}",
    )


def pieces_of(text: str, marks: Sequence[tuple[int, int]]) -> tuple[tuple[str, bool], ...]:
    """Return ``text`` cut at its marks; of two that overlap, the second is cut short."""
    pieces, at = [], 0
    for start, end in marks:
        start, end = max(at, start), max(at, end)
        pieces += [(plain(text[at:start]), False), (plain(text[start:end]), True)]
        at = end
    pieces.append((plain(text[at:]), False))
    return tuple(piece for piece in pieces if piece[0])
