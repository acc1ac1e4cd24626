"""What is said of an audit, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from degrade.audited import Audit, Judged, SourceAudit
from degrade.report import figures
from degrade.report.audit_listed import documents_of, listing_of, place_of
from degrade.report.audit_times import times_of
from degrade.report.audit_whole import Phrases, against_of, phrases_of
from degrade.report.blocks import Tone
from degrade.report.escape import plain
from degrade.traces import MachineShare
from degrade.version import __version__

_SHOWN_SOURCES = 5
MACHINE = "machine_share"
_SHOWN_SHARES = 10
_COUNTED: Mapping[str, str] = {
    "copies": "Copies: {} say the same as another document of the corpus, word by word",
    "near_duplicates": "Near-duplicates: {} are like another, in four fifths of their phrases",
    "repetition_4": "Repetition: {} were said before within the same 50 words",
    "terminal_loops": "Loops: {} end in a phrase said three times running",
    "gopher_flagged": "Gopher: {} fail its thresholds for repetition",
    "not_running_text": "No running text: {} are symbols, numbers, lists or letters at random",
}


@dataclass(frozen=True, slots=True)
class Standout:
    """A source that stands out: its name, its size, and why, the worst first."""

    name: str
    size: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Account:
    """A whole report on an audit. Every text in it is plain.

    The ``tone`` of the badge is that of no source, of some, or of too little to tell. ``listing``
    says what else is listed, and what is not.
    """

    badge: str
    tone: Tone
    headline: str
    sources: tuple[Standout, ...]
    too_little: str
    documents: str
    listing: tuple[str, ...]
    worst: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    machine: Machine | None
    shards: str
    files: tuple[Standout, ...]
    time: str
    trends: tuple[str, ...]
    times: tuple[Standout, ...]
    against: tuple[str, ...]
    bursts: tuple[Phrases, ...]


@dataclass(frozen=True, slots=True)
class Machine:
    """How much is machine text: of all, why not to believe it, and of sources, most first."""

    headline: str
    warnings: tuple[str, ...]
    sources: tuple[tuple[str, str], ...]


def account_of(found: Audit) -> Account:
    """Return what a report on ``found`` says."""
    several, out = len(found.sources), found.standing_out
    times = times_of(found.time)
    badge, tone = _badge(found)
    headline = (
        f"{plain(found.name)}: {figures.things(found.documents, 'document')}, "
        f"{figures.things(found.words, 'word')}, {figures.things(several, 'source')}"
    )
    if several == 1 and found.baseline is None and times is None:
        headline += ". There is nothing to hold one source against: name a field by "
        headline += "--source-field, or good text by --baseline"
    return Account(
        badge=badge,
        tone=tone,
        headline=headline + ".",
        sources=tuple(_standout(source) for source in out),
        too_little=_too_little(found),
        documents=documents_of(found),
        listing=tuple(listing_of(found)),
        worst=tuple(map(place_of, found.worst)),
        notes=tuple(_notes(found)),
        machine=_machine(found),
        shards=_shards(found),
        files=tuple(_standout(each) for each in found.shards if each.stands_out),
        time=times.headline if times else "",
        trends=times.trends if times else (),
        times=tuple(_standout(each) for each in times.standing_out) if times else (),
        against=against_of(found),
        bursts=_bursts(found),
    )


def _badge(found: Audit) -> tuple[str, Tone]:
    """Return how many sources stand out, of a corpus of one source how many times."""
    told, kind = found.sources, "source"
    if len(told) == 1 and not told[0].judged and found.time is not None:
        told, kind = found.time.bins, "time"
    out = sum(bool(each.stands_out) for each in told)
    if out:
        stand = "stands" if out == 1 else "stand"
        return f"{out} of {figures.things(len(told), kind)} {stand} out", "moderate"
    if any(each.judged for each in told):
        return f"No {kind} stands out", "none"
    return f"Too little to tell {kind}s apart", "inconclusive"


def _shards(found: Audit) -> str:
    if not found.shards:
        return ""
    out = sum(bool(each.stands_out) for each in found.shards)
    stand = "stands" if out == 1 else "stand"
    return f"By file: {out} of {figures.things(len(found.shards), 'file')} {stand} out."


def _bursts(found: Audit) -> tuple[Phrases, ...]:
    by_source = phrases_of(found.bursts, "source")
    by_time = phrases_of(found.time.bursts, "time") if found.time else None
    return tuple(each for each in (by_source, by_time) if each is not None)


def _standout(source: SourceAudit) -> Standout:
    worst_first = sorted(source.stands_out, key=lambda each: -each.size)
    size = f"{figures.things(source.documents, 'document')}, {figures.things(source.words, 'word')}"
    return Standout(_named(source.name), size, tuple(map(_reason, worst_first)))


def _reason(of: Judged) -> str:
    if of.measure == MACHINE:
        return (
            f"Machine text: {figures.percent(of.value)} of {figures.things(of.of, 'document')} "
            f"looked at; of the whole corpus {figures.percent(of.other)}."
        )
    if of.unit == "words":
        lost, most, least = (
            figures.percent(1 - end) for end in (of.value / of.other, of.low, of.high)
        )
        mine, others = (figures.count(round(types)) for types in (of.value, of.other))
        return (
            f"Variety: {mine} different words in {figures.count(of.count)}, where other sources "
            f"have {others}: {lost} fewer [{least} to {most}]."
        )
    what = "four-word phrase" if of.measure == "repetition_4" else "document"
    mine = (
        f"{figures.count(of.count)} of {figures.things(of.of, what)} ({figures.percent(of.value)})"
    )
    where = "in the baseline" if of.against == "baseline" else "elsewhere"
    other = (
        f"{figures.count(of.other_count)} of {figures.count(of.other_of)} "
        f"({figures.percent(of.other)})"
    )
    return f"{_COUNTED[of.measure].format(mine)}; {where} {other}."


def _machine(found: Audit) -> Machine | None:
    if found.machine is None:
        return None
    whole = found.machine.share
    if whole is None:
        headline = f"Machine text cannot be told: {plain(found.machine.note)}."
    else:
        about = "About" if not whole.warnings else "Not to be relied on: about"
        headline = (
            f"{about} {_shared(whole)} of {figures.things(whole.documents[2], 'document')} looked "
            "at are machine text and not human text, by the references."
        )
    told = [s for s in found.sources if s.machine is not None and s.machine.share is not None]
    most = sorted(told, key=lambda s: (-_share_of(s), s.name))[:_SHOWN_SHARES]
    warnings = tuple(plain(w.message) for w in whole.warnings) if whole else ()
    rows = tuple((_named(s.name), _said(s)) for s in most) if len(found.sources) > 1 else ()
    return Machine(headline, warnings, rows)


def _share_of(source: SourceAudit) -> float:
    share = source.machine.share if source.machine else None
    return share.share if share else 0.0


def _shared(share: MachineShare) -> str:
    low, high = figures.percent(share.low), figures.percent(share.high)
    return f"{figures.percent(share.share)} [{low} to {high}]"


def _said(source: SourceAudit) -> str:
    share = source.machine.share if source.machine else None
    if share is None:
        return ""
    doubts = ", ".join(warning.code for warning in share.warnings)
    return _shared(share) + (f" (not to be relied on: {doubts})" if doubts else "")


def _too_little(found: Audit) -> str:
    few = [source for source in found.sources if source.too_little]
    if not few or len(found.sources) == 1:
        return ""
    shown = ", ".join(_named(source.name) for source in few[:_SHOWN_SOURCES])
    more = f" and {len(few) - _SHOWN_SOURCES:,} more" if len(few) > _SHOWN_SOURCES else ""
    return (
        f"Too little to tell, by one measure or more: {figures.things(len(few), 'source')} "
        f"({shown}{more})."
    )


def _notes(found: Audit) -> list[str]:
    notes = [
        "A source stands out where it is worse by one measure beyond chance (groups of clusters "
        "as units, false discoveries held to 5% over all sources and measures) and by enough to "
        "matter."
    ]
    if found.baseline is not None:
        notes.append(
            f"Repetition, loops, Gopher's thresholds and what is no running text are held against "
            f"{figures.things(found.baseline, 'document')} of the baseline; copies, "
            "near-duplicates and variety against the rest of the corpus."
        )
    if found.copies_among < 1:
        notes.append(
            f"Copies were looked for among {figures.percent(found.copies_among)} of texts."
        )
    if found.alike_among < 1:
        notes.append(
            f"Near-duplicates were looked for among {figures.percent(found.alike_among)} of "
            "documents."
        )
    if found.words_among < 1:
        notes.append(f"Variety was counted by {figures.percent(found.words_among)} of the words.")
    if found.skipped:
        kinds = ", ".join(f"{figures.count(n)} {plain(kind)}" for kind, n in found.skipped.items())
        notes.append(f"Skipped: {kinds}.")
    notes.append(f"degrade {__version__}, {figures.things(found.files, 'file')}")
    return notes


def _named(source: str) -> str:
    return plain(source) or "(no source)"
