"""Poisoning: phrases that were planted in many documents at once."""

from __future__ import annotations

from typing import cast

from degrade.errors import UndefinedMetricError
from degrade.metric import PairMetric, View
from degrade.phrases import CONSTANT
from degrade.planted import FALSE_DISCOVERY, ORDERS, planted
from degrade.summaries import Census, Extent, Need

FAMILY = "poisoning"
CENSUSES = tuple(Need(Census, layer="word", n=n) for n in ORDERS)
EXTENT = Need(Extent, layer="word")


def planted_share(reference: View, candidate: View) -> tuple[float, float]:
    """Return 0 and the share of the candidate's documents that hold planted phrases."""
    extent = cast(Extent, candidate.summary(EXTENT))
    documents = int(extent.documents[candidate.inside].sum())
    if not documents:
        raise UndefinedMetricError("the candidate has no documents")
    held = sum(each.documents for each in planted(reference, candidate, CENSUSES))
    return 0.0, min(1.0, held / documents)


METRICS = (
    PairMetric(
        name="planted_phrases",
        instances="planted phrases",
        title="Documents with planted phrases",
        family=FAMILY,
        unit="share of documents",
        scale="difference",
        worse="higher",
        needs=(*CENSUSES, EXTENT),
        compute=planted_share,
        threshold_unit="points",
        default=False,
        tested=False,
        exhibit="planted phrases",
        source="chance by documents and not tokens, after Lijffijt et al. 2016; Benjamini and "
        "Hochberg 1995, section 3.1; triggers as in Wallace et al. 2021",
        description="How many documents hold phrases of two words or more that the reference does "
        "not hold at all and that stand in these documents word for word: triggers of a backdoor, "
        "spam, boilerplate of one site. 0 where there is none.",
        formula=f"documents of n-grams, n = 1..3, of the candidate alone at q = "
        f"{FALSE_DISCOVERY:g} that a longer one accompanies in {CONSTANT:.0%} of their documents, "
        "over all documents; n-grams that go together count once, other phrases are added up",
        undefined="only some groups of the corpora are at hand, or there are no documents",
        pitfalls="Chance is that of more text of one source: where the candidate is of another "
        "source, its names and turns of phrase are new and fixed too (in 1.4% of 60-word passages "
        "of other novels), so read the phrases. A single planted word in ever new contexts is "
        "among what was gained and not here. degrade.origins says which source or file phrases "
        "are of. A reference much smaller than the candidate can "
        "hardly show that anything is new.",
    ),
)
