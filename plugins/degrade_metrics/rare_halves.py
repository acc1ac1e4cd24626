"""Rare n-grams, counted: what is seen once in half the reference, and how much text is rare."""

from __future__ import annotations

from functools import partial

from degrade.errors import UndefinedMetricError
from degrade.metric import PairMetric, View
from degrade.summaries import Need
from degrade_metrics.halves import halved_counts, opposite
from degrade_metrics.rare_ngrams import FAMILY, ORDERS

RARE = 7
"""Occurrences in half the reference up to which an n-gram is rare."""


def once_seen_kept(reference: View, candidate: View, need: Need) -> tuple[float, float]:
    """Return what shares of n-grams that occur once in half the reference occur again.

    In its other half, and in as much text of the candidate; both halves in turn, several halvings.
    """
    seen = fresh = returned = 0.0
    for counts in halved_counts(reference, candidate, need):
        for half in (0, 1):
            once = counts[:, counts[half] == 1]
            others = opposite(half, paired=reference.paired)
            seen += once.shape[1]
            fresh += int((once[1 - half] > 0).sum())
            returned += sum(int((once[j] > 0).sum()) for j in others) / len(others)
    if not fresh:
        raise UndefinedMetricError("nothing seen once in half the reference is in its other half")
    return fresh / seen, returned / seen


def rare_mass(reference: View, candidate: View, need: Need) -> tuple[float, float]:
    """Return what shares of fresh reference text, and of the candidate, are rare n-grams.

    Rare are those that occur one to ``RARE`` times in half the reference; the other half is fresh.
    Both halves in turn, several halvings.
    """
    fresh = here = 0.0
    sizes = [0.0, 0.0]
    for counts in halved_counts(reference, candidate, need):
        totals = counts.sum(axis=1)
        for half in (0, 1):
            rare = counts[:, (counts[half] > 0) & (counts[half] <= RARE)].sum(axis=1)
            others = opposite(half, paired=reference.paired)
            fresh += int(rare[1 - half])
            sizes[0] += int(totals[1 - half])
            here += sum(int(rare[j]) for j in others) / len(others)
            sizes[1] += sum(int(totals[j]) for j in others) / len(others)
    if not fresh:
        raise UndefinedMetricError("nothing rare in half the reference is in its other half")
    if not sizes[1]:
        raise UndefinedMetricError("no document of the candidate is long enough to hold one")
    return fresh / sizes[0], here / sizes[1]


METRICS = (
    *(
        PairMetric(
            name=f"once_seen_loss_{n}",
            instances="once-seen n-grams",
            title=f"{what.capitalize()} of a single occurrence lost",
            family=FAMILY,
            unit="share kept",
            scale="loss",
            worse="higher",
            needs=(need,),
            compute=partial(once_seen_kept, need=need),
            threshold_unit="points",
            default=False,
            source="survival of what is drawn once, Shumailov et al. 2024 (late-stage collapse of "
            "the tails), against a held-out half",
            description=f"As rare_loss_{n}, of the {what} that occur exactly once in half the "
            "reference, as hapax legomena do: several times in one document is not once.",
            formula="1 - (share of once-seen that the candidate holds) / (share that the other "
            "half holds), at equal sizes, both halves in turn",
            undefined="nothing seen once in half the reference is in its other half",
            pitfalls="What occurs once depends on how much text the reference has: compare it "
            "within a run, not between runs. Misspellings are once-seen too. Its error is about "
            "twice the spread of halves of one corpus. Pairs and triples take some 2 s for every "
            "100,000 words.",
        )
        for n, what, need in ORDERS
    ),
    *(
        PairMetric(
            name=f"rare_mass_{n}",
            title=f"Text made of rare {what}",
            family=FAMILY,
            unit=f"share of {n}-grams",
            scale="log",
            worse="lower",
            needs=(need,),
            compute=partial(rare_mass, need=need),
            threshold_unit="relative",
            default=False,
            source="probability mass of the reference's tail, Shumailov et al. 2024; split in "
            "halves so that what is rare is not chosen by the text it is measured on",
            description=f"How much of the candidate is {what} that are rare in the reference (1 "
            f"to {RARE} occurrences in half of it), beside how much of fresh reference text is.",
            formula="sum of counts in the candidate of n-grams with 1 <= count <= "
            f"{RARE} in one half of the reference, over all counts; the baseline likewise in the "
            "other half; both halves in turn",
            undefined="nothing rare in half the reference is in its other half",
            pitfalls="A candidate can keep the mass and lose the variety, saying few rare words "
            "often: read it beside the losses. What is rare depends on the size of the reference.",
        )
        for n, what, need in ORDERS
    ),
)
