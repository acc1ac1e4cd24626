"""What comparisons show anyway, as listings: key words, planted phrases, n-grams, repetitions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from degrade.exhibits import (
    Duplicates,
    Exemplar,
    Keyword,
    Keywords,
    Loops,
    PlantedPhrase,
    PlantedPhrases,
)
from degrade.exhibits_ngrams import Bursting, Inherited, InheritedNgram
from degrade.findings import Comparison
from degrade.instances import Asked, Instance, Listing, Occurrence

Names = tuple[str, str]
Way = Literal["lost", "gained"]
WAYS: tuple[Way, Way] = ("lost", "gained")


def words_listed(names: Names, found: Keywords, asked: Asked) -> tuple[Listing, ...]:
    """Return the words that the candidate uses less, and those that it uses more."""
    counted = (
        f"occurrences: of {found.reference_tokens:,} words in {names[0]}, of "
        f"{found.candidate_tokens:,} in {names[1]}"
    )
    return tuple(
        _listing(
            f"Words that {names[1]} uses {way}: {total:,} of {found.tested:,} tested, the clearest "
            "first",
            counted,
            ((word.word, 1, word.reference_count, word.candidate_count, word) for word in words),
            where,
            total,
            asked,
        )
        for way, words, total, where in (
            ("less", found.less, found.less_total, names[0]),
            ("more", found.more, found.more_total, names[1]),
        )
    )


def planted_listed(names: Names, found: PlantedPhrases, asked: Asked) -> Listing:
    """Return the phrases planted in the candidate."""
    return _listing(
        f"Planted: {found.total:,} phrases that stand word for word in many documents of "
        f"{names[1]} and in none of {names[0]}, the most evident first",
        f"documents that hold it: of {found.reference_documents:,} in {names[0]}, of "
        f"{found.candidate_documents:,} in {names[1]}",
        ((p.text, p.n, p.reference_count, p.candidate_count, p) for p in found.phrases),
        names[1],
        found.total,
        asked,
    )


def kept_listings(comparison: Comparison, n: int | None, asked: Asked) -> tuple[Listing, ...]:
    """Return the n-grams lost and gained that a run file holds itself, of order ``n`` alone."""
    return tuple(
        changed_listed(comparison, way, n, asked)
        for way in WAYS
        if any(n in (None, each.n) for each in getattr(comparison.evidence, way))
    )


def changed_listed(comparison: Comparison, way: Way, n: int | None, asked: Asked) -> Listing:
    """Return the n-grams ``lost`` or ``gained`` that a run file holds itself."""
    evidence = comparison.evidence
    names = comparison.reference, comparison.candidate
    exemplars = evidence.lost if way == "lost" else evidence.gained
    rows = [each for each in exemplars if n in (None, each.n)]
    counted = ""
    if rows:
        counted = (
            f"documents that hold it: of {rows[0].reference_documents:,} in {names[0]}, of "
            f"{rows[0].candidate_documents:,} in {names[1]}"
        )
    return _listing(
        f"Kept in the run file: n-grams that stand in {'fewer' if way == 'lost' else 'more'} "
        f"documents of {names[1]}",
        counted,
        ((e.ngram, e.n, e.reference_count, e.candidate_count, e) for e in rows),
        names[0] if way == "lost" else names[1],
        len(rows),
        asked,
    )


def bursting_listed(names: Names, found: Bursting, asked: Asked) -> Listing:
    """Return the n-grams that documents of the candidate say again and again."""
    instances = [
        Instance(
            each.ngram,
            each.n,
            each.reference_occurrences,
            each.candidate_occurrences,
            f"in {each.reference_count:,} → {each.candidate_count:,} documents, "
            f"{each.crowding / max(each.usual, 1e-9):.1f} times as crowded as usual",
            ()
            if each.context is None
            else (Occurrence(names[1], each.document or "", each.context, each.marks),),
        )
        for each in found.ngrams
        if asked.wants(each.ngram or "")
    ]
    return Listing(
        f"Kept in the run file: n-grams that documents of {names[1]}, once they hold them, say "
        f"again and again: {found.total:,} of {found.tested:,} tested, the clearest first",
        f"occurrences in {names[0]}, in {names[1]}",
        tuple(instances[: asked.limit]),
        found.total,
        sum(each.ngram is None for each in found.ngrams),
    )


def inherited_listed(names: Names, found: Inherited, asked: Asked) -> Listing:
    """Return the n-grams that the candidate has from the generations before it."""
    instances = [
        Instance(
            each.ngram,
            each.n,
            each.reference_count,
            each.counts[-1] if each.counts else 0,
            f"since {each.since}: {' → '.join(f'{count:,}' for count in each.counts)}",
            _places(names[1], each),
        )
        for each in found.ngrams
        if asked.wants(each.ngram or "")
    ]
    return Listing(
        f"Kept in the run file: {found.total:,} n-grams, rare in {names[0]}, that an earlier "
        f"generation brought in and all since have kept, {names[1]} too",
        f"documents that hold it, in {names[0]} and in {names[1]}",
        tuple(instances[: asked.limit]),
        found.total,
        sum(each.ngram is None for each in found.ngrams),
    )


def loops_listed(found: Loops, asked: Asked) -> Listing:
    """Return the loops of one corpus that a run file holds itself."""
    instances = [
        Instance(
            each.text,
            each.words,
            None,
            None,
            f"{each.times} times running, {each.words} words each",
            (Occurrence(found.corpus, each.document, each.context, each.marks),),
        )
        for each in found.loops
        if asked.wants(each.text)
    ]
    return Listing(
        f"Kept in the run file: loops, wherever they stand in documents of {found.corpus}: "
        f"{found.total:,} phrases said three times running or more",
        "",
        tuple(instances[: asked.limit]),
        found.total,
    )


def duplicates_listed(found: Duplicates, asked: Asked) -> Listing:
    """Return the copies in one corpus that a run file holds itself."""
    what = "nearly the text of another" if found.nearly else "the same text as another"
    instances = [
        Instance(
            each.openings[0].text if each.openings else None,
            0,
            None,
            None,
            f"{each.documents:,} documents{': ' if each.ids else ''}{', '.join(each.ids)}",
            tuple(Occurrence(found.corpus, o.document, o.text, o.marks) for o in each.openings),
        )
        for each in found.groups
        if asked.wants(each.openings[0].text if each.openings else "")
    ]
    return Listing(
        f"Kept in the run file: of {found.documents:,} documents of {found.corpus}, "
        f"{found.copies:,} have {what}",
        "",
        tuple(instances[: asked.limit]),
        found.total,
        sum(not each.openings for each in found.groups),
    )


def _listing(
    title: str,
    counted: str,
    found: Iterable[tuple[str | None, int, int, int, Exemplar | Keyword | PlantedPhrase]],
    where: str,
    total: int,
    asked: Asked,
) -> Listing:
    rows = list(found)
    wanted = [row for row in rows if asked.wants(row[0] or "")]
    pool: Sequence[object] = rows if asked.search else rows[: asked.limit]
    unshown = sum(row[0] is None for row in rows[: len(pool)])
    instances = tuple(
        Instance(text, n, reference, candidate, "", _places(where, place))
        for text, n, reference, candidate, place in wanted[: asked.limit]
    )
    return Listing(title, counted, instances, total, unshown)


def _places(
    where: str, of: Exemplar | Keyword | PlantedPhrase | InheritedNgram
) -> tuple[Occurrence, ...]:
    if of.context is None:
        return ()
    return (Occurrence(where, of.document or "", of.context, ((of.start, of.end),)),)
