"""Homogeneity: how much documents have in common."""

from collections.abc import Iterable, Sequence

from degrade.metric import CorpusMetric, View
from degrade.summaries import Census, Need

FAMILY = "homogeneity"
FOURGRAMS = Need(Census, layer="word", n=4)


def _shared_4(view: View) -> float:
    return view[FOURGRAMS].match_between_groups("documents")


def _shared_4_each(view: View, left_out: Sequence[int | None]) -> Iterable[float]:
    return view[FOURGRAMS].match_between_groups_each("documents", left_out)


METRICS = (
    CorpusMetric(
        name="shared_4",
        instances="shared n-grams",
        title="Same four-word phrase in two documents",
        family=FAMILY,
        unit="probability",
        scale="log",
        worse="higher",
        needs=(FOURGRAMS,),
        compute=_shared_4,
        compute_each=_shared_4_each,
        view="incidence",
        threshold_unit="ratio",
        thresholds=(1.25, 2.0, 5.0),
        primary=True,
        source="Simpson 1949, on document frequencies between groups",
        description="The chance that two distinct 4-grams, drawn from documents of different "
        "groups, are the same: (sum d_t^2 - sum_g sum d_gt^2) / (M^2 - sum_g M_g^2), with d_t the "
        "documents that hold t and M their sum.",
        undefined="fewer than two groups hold documents of four words, or none shares one",
        formula="(sum_t d_t^2 - sum_g sum_t d_gt^2) / (M^2 - sum_g M_g^2), M = sum_t d_t; "
        "d_t documents hold the 4-gram t, d_gt of them in group g",
        pitfalls="A few phrases carry it: boilerplate, quotations, a common prompt or copied "
        "documents raise it as a model does that has learned to say one thing. It does not say "
        "which: see the phrases gained. A narrower subject raises it too.",
    ),
)
