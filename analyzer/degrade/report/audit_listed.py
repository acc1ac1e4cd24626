"""What is said of the documents that an audit lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from degrade.audited import FEWEST_WORDS, Audit, BadDocument, SourceAudit
from degrade.report import figures
from degrade.report.escape import plain

REASONS: Mapping[str, str] = {
    "copies": "copy",
    "near_duplicates": "near-duplicate",
    "terminal_loops": "loop at the end",
    "not_running_text": "no running text",
    "gopher_flagged_lines": "repeated lines or paragraphs",
    "gopher_flagged_top": "one phrase again and again",
    "gopher_flagged_ngrams": "long phrases repeated",
}
_SHOWN_SOURCES = 5
_PLACES = ("source", "file")
_SHOWN_BY_ALL: Mapping[str, str] = {"variety": "variety", "machine_share": "machine text"}


def documents_of(found: Audit) -> str:
    """Return how many documents are listed for themselves, and why."""
    if not found.bad:
        if found.unlisted:
            return "No document is listed for itself."
        return (
            "No document is a copy or nearly one, ends in a loop, fails Gopher's thresholds or is "
            "no running text."
        )
    kinds = "; ".join(
        f"{REASONS[name]}, {figures.count(count)}"
        for name, count in found.reasons.items()
        if count and name in REASONS
    )
    return f"{figures.things(found.bad, 'document')} worth a look: {kinds}."


def listing_of(found: Audit) -> Iterator[str]:
    """Yield what is listed for where it is from, what is not listed, and how long the list is."""
    for kind, sources in zip(_PLACES, (found.sources, found.shards), strict=True):
        of_all = [(source, why) for source in sources if (why := _shown_by_all(source))]
        if not of_all:
            continue
        documents = figures.things(sum(source.documents for source, _ in of_all), "document")
        shown = "; ".join(
            f"{plain(s.name) or '(no source)'}: {why}" for s, why in of_all[:_SHOWN_SOURCES]
        )
        more = len(of_all) - _SHOWN_SOURCES
        shown += f"; and {more:,} more" if more > 0 else ""
        stands = "stands" if len(of_all) == 1 else "stand"
        yield (
            f"Listed after these are all {documents} of {figures.things(len(of_all), kind)} that "
            f"{stands} out for what no document shows by itself ({shown})."
        )
    if found.unlisted:
        several = figures.things(found.unlisted, "document")
        fail, are = ("fails", "is") if found.unlisted == 1 else ("fail", "are")
        yield (
            f"{several} of fewer than {FEWEST_WORDS} words {fail} Gopher's thresholds, which are "
            f"for longer ones, and {are} not listed for that (--write-flags tells which)."
        )
    if found.cut:
        held = figures.count(len(found.worst))
        yield f"The list holds the worst {held} of all these (--worst N for more)."


def _shown_by_all(source: SourceAudit) -> str:
    return ", ".join(
        _SHOWN_BY_ALL[each.measure] for each in source.stands_out if each.measure in _SHOWN_BY_ALL
    )


def place_of(document: BadDocument) -> tuple[str, str]:
    """Return where a document is, and its id and what it is listed for."""
    reasons = [REASONS[name] for name in document.reasons if name in REASONS]
    if document.first_file is not None:
        # What is of another document comes first of the reasons.
        reasons[0] += f" of {plain(document.first_file)}:{document.first_record}"
    for_place = ", ".join(_SHOWN_BY_ALL[measure] for measure in document.stands_out)
    reasons += [f"its {kind} ({for_place})" for kind in _PLACES if kind in document.reasons]
    said = ", ".join(reasons)
    return f"{plain(document.file)}:{document.record}", f"{plain(document.id)}: {said}"
