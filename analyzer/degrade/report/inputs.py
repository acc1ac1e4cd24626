"""What was read of each corpus, what was not, and with which settings."""

from __future__ import annotations

from dataclasses import dataclass

from degrade.record import CorpusSummary, Record
from degrade.report import figures
from degrade.report.escape import plain


@dataclass(frozen=True, slots=True)
class Input:
    """What was read of a corpus, and what was not."""

    name: str
    role: str
    read: str
    skipped: str
    examples: tuple[str, ...]


def input_of(corpus: CorpusSummary) -> Input:
    """Return what is said of a corpus that was read."""
    parts = [
        figures.things(corpus.documents, "document"),
        figures.things(corpus.tokens, "token"),
        figures.things(corpus.characters, "character"),
    ]
    if corpus.clusters != corpus.documents:
        parts.insert(1, figures.things(corpus.clusters, "cluster"))
    if corpus.files:
        parts.append(figures.things(len(corpus.files), "file"))
    parts.append("n-grams counted exactly" if corpus.exact else "n-grams counted in a sample")
    skipped = ""
    if corpus.skipped:
        kinds = (f"{figures.count(n)} {plain(kind)}" for kind, n in sorted(corpus.skipped.items()))
        total = figures.count(sum(corpus.skipped.values()))
        skipped = f"{total} skipped: {', '.join(kinds)}"
    return Input(
        name=plain(corpus.name),
        role=corpus.role,
        read=", ".join(parts),
        skipped=skipped,
        examples=tuple(plain(example) for example in corpus.examples),
    )


def settings_of(record: Record) -> str:
    """Return the settings that findings depend on, in one line."""
    said = [
        f"{key} {str(setting).lower() if isinstance(setting, bool) else setting}"
        for key, setting in sorted(record.settings.items())
        if setting is not None
    ]
    return plain(", ".join([f"degrade {record.version}", *said]))
