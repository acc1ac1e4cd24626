"""The part of a corpus that models learn from, and the text that none of them sees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from degrade.corpora import open_all
from degrade.errors import InputError, UsageError
from degrade.generations import Generation, keep
from degrade.options import Options
from degrade.text.document import Document, stable_hash

FEWEST = 80
"""Independent documents that a part has to have, held out or learned from."""


@dataclass(frozen=True, slots=True)
class Original:
    """What was read: the corpus, and a ``reference`` where one was given.

    ``skipped`` counts by kind what could not be read.
    """

    documents: Sequence[Document]
    reference: Sequence[Document] | None
    skipped: Mapping[str, int]

    def parts(self, folder: Path, share: float, seed: int) -> tuple[Generation, Generation]:
        """Return the text held out and the text learned from, written to ``folder``.

        Without a reference it is ``share`` of the corpus, by clusters drawn with ``seed``. Raises
        InputError where one of them is too small.
        """
        out: Sequence[Document]
        inside: Sequence[Document]
        if self.reference is None:
            out, inside = _parted(self.documents, share, seed)
            made = {"heldout": share, "seed": seed, "skipped": self.skipped}
        else:
            out, inside = self.reference, self.documents
            made = {"heldout": None, "seed": None, "skipped": self.skipped}
        for name, part in {"heldout": out, "gen0": inside}.items():
            if len(_clusters(part)) < FEWEST:
                raise InputError(_too_few(name, part, given=self.reference is not None))
        reference, original = (
            keep(
                folder / f"{name}.jsonl",
                sorted(part, key=lambda each: (each.id, each.text)),
                made,
            )
            for name, part in (("heldout", out), ("gen0", inside))
        )
        return reference, original


def read(corpus: object, reference: object, options: Options) -> Original:
    """Return the documents of both; ``reference`` is None where a part is to be held out."""
    specs = [corpus] if reference is None else [corpus, reference]
    documents: list[list[Document]] = []
    skipped: dict[str, int] = {}
    with ExitStack() as stack:
        for opened in open_all(specs, options, stack):
            if opened.corpus is None:
                raise UsageError(
                    f"{opened.name}: a profile has no text to learn from; give the corpus"
                )
            documents.append(list(opened.corpus.documents()))
            for kind, count in opened.corpus.skipped.items():
                skipped[kind] = skipped.get(kind, 0) + count
    given = documents[1] if len(documents) > 1 else None
    return Original(documents[0], given, dict(sorted(skipped.items())))


def _clusters(documents: Sequence[Document]) -> dict[str, list[Document]]:
    found: dict[str, list[Document]] = {}
    for each in documents:
        found.setdefault(each.cluster or each.id, []).append(each)
    return found


def _parted(
    documents: Sequence[Document], share: float, seed: int
) -> tuple[list[Document], list[Document]]:
    found = _clusters(documents)
    if len(found) < 2 * FEWEST:
        advice = "divide long texts, for example by --split paragraph"
        if len(found) < len(documents):
            advice = f"of {len(documents):,}, those of one cluster count as one"
        raise InputError(
            f"{_independent(len(found))} too few to hold out some and learn "
            f"from the others: it takes {2 * FEWEST}; {advice}"
        )
    out: list[Document] = []
    clusters = sorted(found, key=lambda name: (stable_hash(f"{seed} {name}"), name))
    while clusters and len(out) < share * len(documents):
        out += found[clusters.pop()]
    return out, [document for name in clusters for document in found[name]]


def _independent(count: int) -> str:
    one = count == 1
    return f"{count:,} independent document{'' if one else 's'} {'is' if one else 'are'}"


def _too_few(name: str, part: Sequence[Document], *, given: bool) -> str:
    if given:
        what = "the reference" if name == "heldout" else "the corpus"
        return (
            f"of {what}, {_independent(len(_clusters(part)))} too few: it takes {FEWEST}; divide "
            "long texts, for example by --split paragraph"
        )
    return (
        f"{name} would have fewer than {FEWEST} independent documents: take another share by "
        "--heldout, or more text"
    )
