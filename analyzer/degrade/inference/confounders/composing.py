"""Corpora whose letters with marks are composed in one and taken apart in the other."""

from __future__ import annotations

import re
from itertools import islice
from unicodedata import is_normalized

from degrade.findings import Caution
from degrade.inference.matching import Side

WORDS_DIFFER = 0.01
"""Difference of shares of words that are not in NFC from which it is told.

Measured on 1,200 passages a side of the same books: where .5% of the candidate's words are taken
apart, 1.7 points more of the once-seen words seem lost, where 4.3% are, 9, and 8 of the triples.
"""
_DOCUMENTS = 200
"""Sampled documents that are looked at."""
_WORD = re.compile(r"\S{1,12}")
"""A word, or a part of what no spaces divide into words."""


def letters_composed_otherwise(reference: Side, candidate: Side) -> Caution | None:
    """Return the warning that words are the same to a reader, and not to who compares code points.

    Layers take text as it is written. Told by the documents that profiles keep, if they keep some.
    """
    shares = [taken_apart(each) for each in (reference, candidate)]
    mine, theirs = shares
    if mine is None or theirs is None or abs(theirs - mine) < WORDS_DIFFER:
        return None
    return Caution(
        "normalization-differs",
        f"{candidate.name} does not write letters with marks as {reference.name} does: "
        f"{theirs:.1%} of its words are not in Unicode's form NFC, and {mine:.1%} of those of "
        f"{reference.name}. The same word, composed and taken apart, counts as lost and as new "
        "though nobody lost it. Bring both to one form (NFC) and compare again.",
        {
            "candidate": candidate.name,
            "reference_share": round(mine, 4),
            "candidate_share": round(theirs, 4),
        },
    )


def taken_apart(side: Side) -> float | None:
    """Return the share of words that are not in NFC; None where there are no documents."""
    words = apart = 0
    for each in islice(side.profile.sample, _DOCUMENTS):
        found = _WORD.findall(each.text)
        words += len(found)
        if not is_normalized("NFC", each.text):
            apart += sum(not is_normalized("NFC", word) for word in found)
    return apart / words if words else None
