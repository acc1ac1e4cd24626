"""Whether there are independent documents enough for a test, and why not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from degrade.inference.matching import CLUSTERS_PER_GROUP, TESTED_GROUPS, Side
from degrade.profiles import Profile

FEWEST_CLUSTERS = CLUSTERS_PER_GROUP * TESTED_GROUPS
"""Clusters that a test takes, about."""


@dataclass(frozen=True, slots=True)
class TooFew:
    """The corpus of the fewest independent documents, which are too few for a test.

    ``documents`` in ``clusters``; ``texts`` is how many different ones they hold, where copies
    without ids are what makes the clusters so few, and else None.
    """

    corpus: str
    documents: int
    clusters: int
    texts: int | None

    @property
    def cause(self) -> str:
        """Return what is the case, in a sentence without its full stop."""
        if self.texts is None:
            return (
                "Too few independent documents to test anything "
                f"({self.clusters:,} in {self.corpus}, and it takes about {FEWEST_CLUSTERS})"
            )
        different = "one text" if self.texts == 1 else f"{self.texts:,} different texts"
        return (
            f"{self.corpus} holds {self.documents:,} documents but only {different}; without ids "
            "copies count as one document, so nothing can be tested (if each was generated on its "
            "own, give them ids: --id-field)"
        )


def too_few(sides: Sequence[Side]) -> TooFew | None:
    """Return the corpus that has too few independent documents for a test, if one has."""
    if min(each.groups for each in sides) >= TESTED_GROUPS:
        return None
    fewest = min(sides, key=lambda each: each.profile.clusters.total)
    profile = fewest.profile
    return TooFew(fewest.name, profile.documents, profile.clusters.total, copied_texts(profile))


def copied_texts(profile: Profile) -> int | None:
    """Return how many texts a corpus holds, if half of its documents or more copy another's.

    Only of copies that have no id of their own, and so count as one document.
    """
    found, clusters = profile.contents.repeats(), profile.clusters
    by_text = found.exact and found.distinct <= clusters.total and not clusters.given.any()
    # Copies with ids of their own are spread over clusters.
    own = clusters.total > 2 * found.distinct
    few = 1 <= 2 * found.distinct <= found.documents
    return found.distinct if by_text and few and not own else None
