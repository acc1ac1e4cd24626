"""Corpora that are written in other languages or scripts than each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from degrade.findings import Caution
from degrade.inference.jackknife import Replicates, welch
from degrade.inference.matching import Side
from degrade.text.languages import LANGUAGES, UNKNOWN
from degrade.text.scripts import SCRIPTS

SHARES_DIFFER = 0.02
"""Difference of shares from which it is told.

Measured on 1,200 passages a side of the same books: where 2% of the candidate's documents have all
their words replaced, it has 5.8 points more types, where 5% of the reference's have, the level is
minor.
"""
NOISE_ALPHA = 0.01
"""Level of the test that groups of documents differ less, divided by the languages there are."""
LEAST_KNOWN = 0.5
"""Share of the documents on each side whose language must be known, or mixes are not compared."""
_NAMED = 3
_JAPANESE = (SCRIPTS.index("Han"), SCRIPTS.index("Kana"))


@dataclass(frozen=True, slots=True)
class Difference:
    """The share of a language or script in reference and candidate."""

    name: str
    reference: float
    candidate: float


def languages_or_scripts_differ(reference: Side, candidate: Side) -> Caution | None:
    """Return the warning that languages differ, else that scripts do, if one of them does."""
    sides = reference, candidate
    known = [_known(each) for each in sides]
    if min(known) >= LEAST_KNOWN:
        spoken = [np.delete(each.profile.mix.documents, UNKNOWN, axis=0) for each in sides]
        names = tuple(name for i, name in enumerate(LANGUAGES) if i != UNKNOWN)
        found = differences(names, _folded(spoken, sides))
        if found:
            shares = "; ".join(
                f"{d.name} {d.candidate:.1%} instead of {d.reference:.1%}" for d in found[:_NAMED]
            )
            return Caution(
                "languages-differ",
                f"{candidate.name} is not in the languages of {reference.name}: of the documents "
                f"whose language is known, {shares}. Words of a language count as lost or new "
                "though nobody lost them. Compare corpora of one language, or of one mix.",
                {
                    "candidate": candidate.name,
                    "language": found[0].name,
                    "reference_share": round(found[0].reference, 4),
                    "candidate_share": round(found[0].candidate, 4),
                    "languages": len(found),
                    "reference_known": round(known[0], 4),
                    "candidate_known": round(known[1], 4),
                },
            )
    letters = [_letters(each) for each in sides]
    found = differences(SCRIPTS, _folded(letters, sides))
    if not found:
        return None
    shares = "; ".join(
        f"{d.name} {d.candidate:.1%} instead of {d.reference:.1%}" for d in found[:_NAMED]
    )
    return Caution(
        "scripts-differ",
        f"{candidate.name} is not in the scripts of {reference.name}: of the letters, {shares}. "
        "Words in a script count as lost or new though nobody lost them. Compare corpora of one "
        "script, or of one mix.",
        {
            "candidate": candidate.name,
            "script": found[0].name,
            "reference_share": round(found[0].reference, 4),
            "candidate_share": round(found[0].candidate, 4),
            "scripts": len(found),
        },
    )


def differences(names: tuple[str, ...], counts: Sequence[NDArray[np.int64]]) -> list[Difference]:
    """Return what differs by more than ``SHARES_DIFFER`` and noise, the largest first.

    ``counts`` are those of reference and candidate, (names, groups) each.
    """
    folded = [each[:, each.any(axis=0)] for each in counts]
    if min(counts.shape[1] for counts in folded) < 2:
        return []
    present = np.flatnonzero(folded[0].any(axis=1) | folded[1].any(axis=1))
    found = []
    for number in present:
        shares = [_share(counts, int(number)) for counts in folded]
        contrast = welch(shares[1].value - shares[0].value, *shares)
        low, high = contrast.interval(NOISE_ALPHA / len(present))
        if abs(contrast.value) > SHARES_DIFFER and (low > 0 or high < 0):
            found.append(Difference(names[number], shares[0].value, shares[1].value))
    # Rounded, so that of two languages that change places, the first one always comes first.
    return sorted(found, key=lambda d: -round(abs(d.candidate - d.reference), 9))


def _folded(counts: Sequence[NDArray[np.int64]], sides: Sequence[Side]) -> list[NDArray[np.int64]]:
    """Return counts by all groups, (names, GROUPS), by those that each corpus is folded into."""
    return [
        each.reshape(len(each), -1, side.groups).sum(axis=1)
        for each, side in zip(counts, sides, strict=True)
    ]


def _share(counts: NDArray[np.int64], number: int) -> Replicates:
    totals = counts.sum(axis=0)
    held, total = counts[number].sum(), totals.sum()
    left = total - totals
    return Replicates(float(held / total), (held - counts[number]) / left)


def _known(side: Side) -> float:
    documents = side.profile.mix.documents
    total = int(documents.sum())
    return 1 - int(documents[UNKNOWN].sum()) / total if total else 0.0


def _letters(side: Side) -> NDArray[np.int64]:
    """Return letters by script and group; kana count as Han, since style decides between them."""
    letters = side.profile.mix.letters.copy()
    han, kana = _JAPANESE
    letters[han] += letters[kana]
    letters[kana] = 0
    return letters
