"""Ids that stand for more than one document, as where they begin anew in every shard."""

from __future__ import annotations

from degrade.findings import Caution
from degrade.inference.matching import Side

UNLIKE = 0.01
"""Share of a corpus's texts that stand under the id of another, from which it is told."""
UNLIKE_IN_SAMPLES = 0.05
"""The same where texts or ids are too many to be all kept, and either number is an estimate.

Either is off by 0.8% (of 16,384 the largest hash is known), so their ratio by 1.1%.
"""


def ids_repeat(side: Side) -> Caution | None:
    """Return the warning that unlike texts have one id, if no clusters were given.

    Without ids a text is its own, and copies with ids have more ids than texts: only of ids that
    repeat are there fewer.
    """
    clusters, contents = side.profile.clusters, side.profile.contents
    if clusters.given.any():
        return None
    ids, texts = clusters.total, contents.total
    exact = contents.exact and clusters.exact
    if ids >= (1 - (UNLIKE if exact else UNLIKE_IN_SAMPLES)) * texts:
        return None
    about = "" if exact else "about "
    return Caution(
        "ids-repeat",
        f"The {side.profile.documents:,} documents of {side.name} hold {about}{texts:,} different "
        f"texts under {about}{ids:,} ids: documents of one id count as one, so there is less to "
        "test by than there is text. If their ids only begin anew in every file, leave them out "
        "(--id-field ''). If documents of one id do belong together, say so (--cluster-field).",
        {
            "corpus": side.name,
            "documents": side.profile.documents,
            "ids": ids,
            "texts": texts,
            "exact": exact,
        },
    )
