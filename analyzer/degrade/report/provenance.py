"""What is said of where a text comes from, in words and as JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass

from degrade.report import figures
from degrade.report.codec import encode
from degrade.report.escape import plain
from degrade.traces import Looked, MachineShare, Part, Provenance
from degrade.version import __version__

SCHEMA_VERSION = 1
CHANCE = 2.0
"""Errors by which a share of 0 or 1 may come out beyond it."""
_ROLES: dict[Part, str] = {
    "text": "text",
    "human": "human reference",
    "machine": "machine reference",
    "teacher": "teacher",
}


@dataclass(frozen=True, slots=True)
class Shared:
    """A word or phrase, and the shares of documents that hold it, in the order of the columns."""

    text: str
    shares: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Holdings:
    """Words or phrases that the text holds beyond what is to be expected, the first the clearest.

    ``note`` says how to read them.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[Shared, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Account:
    """A whole report on where a text comes from. Every text in it is plain.

    ``believed`` says that there is no reason against the share among ``warnings``.
    """

    badge: str
    believed: bool
    headline: str
    basis: str
    warnings: tuple[str, ...]
    excess: Holdings
    inherited: Holdings | None
    inputs: tuple[str, ...]
    settings: str


def account_of(found: Provenance) -> Account:
    """Return what a report on ``found`` says."""
    names = {each.part: plain(each.name) for each in found.corpora}
    share = found.share
    believed = not share.warnings
    of = (
        f"{figures.percent(share.share)} of the documents of {names['text']} are like "
        f"{names['machine']} and not like {names['human']}"
    )
    reach = f"[{figures.percent(share.low)} to {figures.percent(share.high)}]"
    headline = f"About {of} {reach}."
    if not believed:
        headline = f"The share is not to be relied on: by their words, {of} {reach}."
    return Account(
        badge=f"{figures.percent(share.share)} machine text" if believed else "Not identified",
        believed=believed,
        headline=headline,
        basis=f"In brackets its 95% interval, with the errors of all three corpora. "
        f"{_by_means(share)} By "
        f"{figures.things(share.words, 'word')}, which tell documents of the references apart "
        f"{figures.percent(share.apart)} of the way; {figures.percent(share.strange)} of the "
        "text's documents are stranger to both than 95% of their own.",
        warnings=tuple(plain(warning.message) for warning in share.warnings),
        excess=_excess(found, names),
        inherited=_inherited(found, names),
        inputs=tuple(_input(each) for each in found.corpora),
        settings=plain(f"degrade {__version__}, layer {found.layer}"),
    )


def _by_means(share: MachineShare) -> str:
    """Return what the second way to the share gives, where that is a share or as good as one."""
    nearest = min(1.0, max(0.0, share.by_means))
    if abs(share.by_means - nearest) > CHANCE * share.error:
        return (
            "The second way, by means of posteriors instead of likelihood, gives no share here (it "
            "falls outside of 0 to 100%): the references do not fit the text."
        )
    return f"By means of posteriors instead of likelihood: {figures.percent(nearest)}."


def _excess(found: Provenance, names: dict[Part, str]) -> Holdings:
    excess = found.excess
    said, note = "no word is", ""
    if excess.words:
        said = (
            "1 word is"
            if len(excess.words) == 1
            else f"{figures.count(len(excess.words))} words are"
        )
        note = (
            f"They mark {figures.percent(excess.touched)} of its documents or more "
            f"[{figures.percent(excess.low)} to {figures.percent(excess.high)}]. Another subject "
            "has words in excess as a machine does: read them."
        )
    return Holdings(
        title=f"In excess: {said} in more documents of {names['text']} than of {names['human']}, "
        "beyond chance",
        columns=(names["human"], names["text"]),
        rows=tuple(
            Shared(plain(word.text), (figures.percent(word.before), figures.percent(word.now)))
            for word in excess.words
        ),
        note=note,
    )


def _inherited(found: Provenance, names: dict[Part, str]) -> Holdings | None:
    if found.inherited is None:
        return None
    phrases = figures.things(len(found.inherited), "phrase") if found.inherited else "no phrase"
    return Holdings(
        title=f"Taken over: {phrases} of {names['teacher']} that {names['human']} hardly has",
        columns=(names["human"], names["teacher"], names["text"]),
        rows=tuple(
            Shared(
                plain(phrase.text),
                tuple(figures.percent(of) for of in (phrase.human, phrase.teacher, phrase.now)),
            )
            for phrase in found.inherited
        ),
        note="",
    )


def _input(corpus: Looked) -> str:
    at_hand = ""
    if corpus.at_hand < corpus.documents:
        at_hand = f", {figures.count(corpus.at_hand)} of them looked at"
    skipped = ""
    if corpus.skipped:
        kinds = (f"{figures.count(n)} {plain(kind)}" for kind, n in corpus.skipped.items())
        skipped = f"; skipped: {', '.join(kinds)}"
    return (
        f"{plain(corpus.name)} ({_ROLES[corpus.part]}): "
        f"{figures.things(corpus.documents, 'document')}{at_hand}, "
        f"{figures.things(corpus.tokens, 'token')}{skipped}"
    )


def dump(found: Provenance) -> str:
    """Return ``found`` as JSON in ASCII: equal findings, equal bytes."""
    document = {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "degrade", "version": __version__},
        **encode(found),
    }
    return json.dumps(document, ensure_ascii=True, allow_nan=False, indent=2) + "\n"
